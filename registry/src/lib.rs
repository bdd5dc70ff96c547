//! The service: writer, log engines, HTTP and command line; the binary syngraph.

pub mod cli;
pub mod config;
pub mod serve;
pub mod telemetry;
pub mod verify;
