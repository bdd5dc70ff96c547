//! Where parsed schemas come from. The service keeps a bounded cache behind this seam; tests and
//! the offline tools parse each time.

use std::sync::Arc;

use openapi::ids::Subject;
use schema::{InvalidSchema, Language, Purpose, Schema};
use thiserror::Error;

use crate::{
    references::{self, Unresolved},
    state::{Content, State},
};

/// A parsed schema with the text that the registry keeps.
#[derive(Debug)]
pub struct Parsed {
    pub schema: Schema,
    pub text: String,
}

/// What to parse.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub language: Language,
    pub text: &'a str,
    /// The texts of the references, each after those that it refers to itself.
    pub references: &'a [&'a str],
    pub purpose: Purpose,
    /// Whether schemas of equal meaning should get equal text.
    pub normalize: bool,
}

/// Parses, or remembers having parsed.
pub trait Parser: Send + Sync {
    fn parse(&self, source: Source<'_>) -> Result<Arc<Parsed>, InvalidSchema>;
}

/// Parses each time.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainParser;

impl Parser for PlainParser {
    fn parse(&self, source: Source<'_>) -> Result<Arc<Parsed>, InvalidSchema> {
        let Source { language, text, references, purpose, normalize } = source;
        let schema = schema::parse(language, text, references, purpose)?;
        if !normalize {
            let text = schema.canonical();
            return Ok(Arc::new(Parsed { schema, text }));
        }
        let normalized = schema.normalized()?;
        let schema = schema::parse(language, &normalized, references, Purpose::Stored)?;
        Ok(Arc::new(Parsed { text: schema.canonical(), schema }))
    }
}

/// Why a stored schema cannot be used by a check.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unusable {
    #[error(transparent)]
    Invalid(#[from] InvalidSchema),
    #[error("Invalid schema type {0}")]
    UnknownType(Arc<str>),
    #[error(transparent)]
    Unresolved(#[from] Unresolved),
}

/// Parses what is stored, references first.
pub fn parse_stored(
    parser: &dyn Parser,
    state: &State,
    subject: &Subject,
    content: &Content,
) -> Result<Arc<Parsed>, Unusable> {
    let language = content.schema_type.parse::<Language>();
    let language = language.map_err(|_| Unusable::UnknownType(content.schema_type.clone()))?;
    let found = references::contents(state, subject, &content.references)?;
    let references: Vec<&str> = found.iter().map(|content| &*content.text).collect();
    let (text, purpose) = (&*content.text, Purpose::Stored);
    let source = Source { language, text, references: &references, purpose, normalize: false };
    Ok(parser.parse(source)?)
}
