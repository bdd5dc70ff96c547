//! One face over the schema formats: parsing, canonical text, levels and findings.
//! Not here: the rules of any format (each has its own crate), subjects, versions, ids.
//! Pure: no I/O, no clock, no async. No parser can open a socket or a file.

mod check;
mod language;
mod level;
mod parse;

pub use check::{Direction, Obstacle, check};
pub use language::{Language, UnknownLanguage};
pub use level::{CompatibilityLevel, UnknownLevel};
pub use parse::{EntityKind, InvalidSchema, Purpose, Schema, Tagged, parse};
