//! The life of the process: what it refuses to start on, what it answers before it is ready, how it
//! stops, and what `verify` says of what it left behind.
//! Not here: kill -9 (`crash`), flags and exit codes of wrong use (`cli`), the API itself (`api`).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod callers;
mod opening;
mod refusals;
mod stopping;
