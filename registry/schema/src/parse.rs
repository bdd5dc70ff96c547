//! From text to a schema of some language.

pub use schema_avro::{EntityKind, Tagged};

use schema_avro::Rules;
use thiserror::Error;

use crate::Language;

/// A parsed schema; cheap to clone.
#[derive(Clone, Debug)]
pub enum Schema {
    Avro(schema_avro::Schema),
}

/// What a text is parsed for, which decides how strict the parser is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To become a new version: names and defaults are checked.
    New,
    /// It is stored already, or is only looked up: it must be readable, no more.
    Stored,
}

/// Why a text is no schema; the parser's own words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidSchema {
    /// The parser refused it.
    #[error("{text}")]
    Refused { language: Language, text: String },
    /// No parser for this language is here.
    #[error("Invalid schema type {0}")]
    Unsupported(Language),
}

/// Parses a schema whose references have the given texts, in order.
pub fn parse(
    language: Language,
    text: &str,
    references: &[&str],
    purpose: Purpose,
) -> Result<Schema, InvalidSchema> {
    match language {
        Language::Avro => {
            let rules = match purpose {
                Purpose::New => Rules::NEW,
                Purpose::Stored => Rules::STORED,
            };
            schema_avro::parse(text, references, rules)
                .map(Schema::Avro)
                .map_err(|error| InvalidSchema::Refused { language, text: error.to_string() })
        }
        Language::Json | Language::Protobuf => Err(InvalidSchema::Unsupported(language)),
    }
}

impl Schema {
    /// The language.
    pub fn language(&self) -> Language {
        match self {
            Self::Avro(_) => Language::Avro,
        }
    }

    /// The text that the registry keeps and hashes.
    pub fn canonical(&self) -> String {
        match self {
            Self::Avro(schema) => schema.canonical(),
        }
    }

    /// The text that schemas of equal meaning share.
    pub fn normalized(&self) -> Result<String, InvalidSchema> {
        match self {
            Self::Avro(schema) => schema.normalized().map_err(|error| refused(&error)),
        }
    }

    /// The text with the types of references written out, where the language knows such a form.
    pub fn resolved(&self) -> Result<String, InvalidSchema> {
        match self {
            Self::Avro(schema) => schema.resolved().map_err(|error| refused(&error)),
        }
    }

    /// The records and fields that have tags.
    pub fn tags(&self) -> Result<Vec<Tagged>, InvalidSchema> {
        match self {
            Self::Avro(schema) => schema.tags().map_err(|error| refused(&error)),
        }
    }

    /// Of some tagged entities those that the text has as well.
    pub fn having(&self, tagged: Vec<Tagged>) -> Vec<Tagged> {
        match self {
            Self::Avro(schema) => schema.having(tagged),
        }
    }

    /// The canonical text with tags added, then others removed.
    pub fn with_tags(&self, add: &[Tagged], remove: &[Tagged]) -> Result<String, InvalidSchema> {
        match self {
            Self::Avro(schema) => schema.with_tags(add, remove).map_err(|error| refused(&error)),
        }
    }

    /// The names of its own fields, in their order, if it has any.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::Avro(schema) => schema.field_names(),
        }
    }
}

/// A refusal in Avro's words.
fn refused(error: &impl std::error::Error) -> InvalidSchema {
    InvalidSchema::Refused { language: Language::Avro, text: error.to_string() }
}
