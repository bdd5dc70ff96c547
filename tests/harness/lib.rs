//! What the test binaries share: cases as files, processes, ports, real clients.
#![allow(clippy::unwrap_used, reason = "a test's helper fails the test that calls it")]
#![allow(missing_docs)]

pub mod case;
pub mod cases;
pub mod repository;
