//! What the test binaries share: cases as files, processes, ports, real clients.

#![allow(missing_docs)]

pub mod cases;
pub mod java;
