//! The Avro rules against Avro Java itself: pairs, prints, refusals, and what can be decoded.
//! Needs Java 17 and Maven; without them every test here says so and passes, unless `CI=true`.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod differences;
mod generate;
mod pairs;
mod prints;
mod properties;
