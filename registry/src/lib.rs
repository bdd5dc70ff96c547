//! The service: writer, log engines, HTTP and command line; the binary syngraph.

pub mod chain;
pub mod cli;
pub mod config;
pub mod limits;
pub mod metrics;
pub mod telemetry;

pub mod http;
pub mod lookout;
pub mod serve;
pub mod service;

pub mod cache;
pub mod encoder;
pub mod log;
pub mod open;
pub mod replay;
pub mod verify;
pub mod writer;
