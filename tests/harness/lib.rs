//! What the test binaries share: cases as files, processes, ports, real clients.
#![allow(clippy::unwrap_used, reason = "a test's helper fails the test that calls it")]
#![allow(missing_docs)]

pub mod case;
pub mod cases;
mod client;
pub mod go;
pub mod http;
pub mod java;
pub mod maven;
pub mod node;
pub mod python;
pub mod repository;
pub mod server;
pub mod skip;

pub use http::{Http, Response};
pub use server::Server;
