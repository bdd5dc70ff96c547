//! The contract: ids, paths, bodies and error codes that both sides of the wire compile against.
//!
//! One file per resource of the API. Nothing here decides anything and nothing here does I/O;
//! the state of a registry and the records of its log are other types, in other rooms.
//!
//! ```
//! use syngraph_openapi::ids::{Subject, VersionRef};
//!
//! let subject: Subject = "orders-value".parse()?;
//! assert_eq!(subject.name(), "orders-value");
//! assert_eq!("latest".parse(), Ok(VersionRef::Latest));
//! # Ok::<(), syngraph_openapi::ids::InvalidSubject>(())
//! ```

pub mod limits;

pub mod error;
pub mod ids;
pub mod paths;

pub mod batch;
pub mod compatibility;
pub mod config;
pub mod contracts;
pub mod explain;
pub mod mode;
pub mod schemas;
pub mod server;

mod maybe;
