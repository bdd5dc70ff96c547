//! What a compatibility check found, as data, and the sentences built from it.
//!
//! A check asks whether a reader's schema can read what was written with a writer's schema; it does
//! not know which of the two is the new one. So a [`Finding`] speaks of reader and writer, and who
//! is who is said when its [message](Finding::message) is wanted.
//!
//! ```
//! use syngraph_findings::{Finding, Location, Side};
//!
//! let finding = Finding {
//!     rule: "TYPE_MISMATCH",
//!     path: "/fields/0/type".into(),
//!     reader: Location::main("/fields/0/type"),
//!     writer: Some(Location::main("/fields/1/type")),
//!     detail: "reader type: INT not compatible with writer type: LONG".into(),
//!     template: "The type (path '{path}') of a field in the {reader} schema \
//!                does not match with the {writer} schema",
//!     causes: vec![],
//! };
//! assert_eq!(
//!     finding.message(Side::New),
//!     "{errorType:'TYPE_MISMATCH', description:'The type (path '/fields/0/type') of a field in \
//!      the new schema does not match with the old schema', additionalInfo:'reader type: INT not \
//!      compatible with writer type: LONG'}",
//! );
//! ```
//!
//! Not here: any rule of any schema format.

#![warn(missing_docs)]

mod finding;
mod side;

pub use finding::{Finding, Location};
pub use side::Side;
