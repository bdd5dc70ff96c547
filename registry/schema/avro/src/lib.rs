//! Avro schemas: model, parser, text forms, fingerprints and the reader/writer rules.
//!
//! A text becomes a [`Schema`] by [`parse`]; what it prints is what Avro Java 1.12 prints, byte for
//! byte, and what it refuses is refused in Avro Java's words, because ids and clients hang on both.
//!
//! ```
//! use syngraph_schema_avro::{Rules, parse};
//!
//! let text = r#"{"name": "a.User", "type": "record", "fields": [{"type": "int", "name": "age"}]}"#;
//! let user = parse(text, &[], Rules::NEW)?;
//! assert_eq!(user.name(), Some("a.User"));
//! assert_eq!(
//!     user.canonical(),
//!     r#"{"type":"record","name":"User","namespace":"a","fields":[{"name":"age","type":"int"}]}"#,
//! );
//!
//! let list = parse(r#"{"type": "array", "items": "a.User"}"#, &[text], Rules::NEW)?;
//! assert_eq!(list.canonical(), r#"{"type":"array","items":"a.User"}"#);
//! # Ok::<(), syngraph_schema_avro::ParseError>(())
//! ```
//!
//! Pure: no files, no sockets, no clock. No input overflows the stack, since every walk is a loop
//! over its own stack, and none takes exponential time or space: see [`limits`].

#![warn(missing_docs)]

pub mod fingerprint;
pub mod limits;

mod compat;
mod error;
mod ids;
mod json;
mod model;
mod name;
mod parse;
mod print;
mod rules;
mod schema;
mod seen;
mod tags;

pub use compat::{Verdict, check};
pub use error::{Document, FormError, ParseError, Place};
pub use rules::Rules;
pub use schema::{Schema, parse};
pub use tags::{EntityKind, Tagged, TagsError};
