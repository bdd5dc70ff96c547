//! Why a text is not a schema.

use std::fmt;

/// A text that is not an Avro schema. Displays as the sentence that Avro Java gives, which clients
/// of the incumbent see and compare.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct ParseError {
    /// Avro Java's sentence.
    pub message: String,
    /// What it is about, where one place can be named.
    pub place: Option<Place>,
}

/// A place in a schema text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The text that it is in.
    pub document: Document,
    /// Bytes from the start of that text.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in UTF-16 units, from 1.
    pub column: usize,
}

/// One of the texts that make up a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Document {
    /// The referenced schema at this position of the list that was given.
    Reference(usize),
    /// The schema itself.
    Main,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column, .. } = self;
        match self.document {
            Document::Main => write!(f, "line {line}, column {column}"),
            Document::Reference(index) => {
                write!(f, "line {line}, column {column} of reference {index}")
            }
        }
    }
}

/// A schema that is legal but has no text of the wanted form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FormError(pub(crate) String);
