//! Where parsed schemas come from. The service keeps a bounded cache behind this seam; tests and
//! the offline tools parse each time.

use std::sync::Arc;

use openapi::ids::{Subject, Version};
use schema::{InvalidSchema, Language, Purpose, Schema};
use thiserror::Error;

use crate::{
    limits::REFERENCES_MAX,
    state::{Content, State, target},
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
    #[error("No schema reference found for subject \"{subject}\" and version {version}")]
    NoReference { subject: Arc<str>, version: u32 },
    #[error("more than {REFERENCES_MAX} references")]
    TooManyReferences,
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
    let mut found = Vec::new();
    collect_references(state, subject, content, &mut found)?;
    let references: Vec<&str> = found.iter().map(|(_, content)| &*content.text).collect();
    let (text, purpose) = (&*content.text, Purpose::Stored);
    let source = Source { language, text, references: &references, purpose, normalize: false };
    Ok(parser.parse(source)?)
}

type Found = ((Arc<str>, u32), Arc<Content>);

/// The schemas referred to, depth first, each once and after those that it needs.
fn collect_references(
    state: &State,
    subject: &Subject,
    content: &Content,
    found: &mut Vec<Found>,
) -> Result<(), Unusable> {
    let mut open = vec![(subject.clone(), children(subject, content))];
    let mut waiting: Vec<Found> = Vec::new();
    while let Some((_, pending)) = open.last_mut() {
        let Some(key) = pending.pop() else {
            open.pop();
            found.extend(waiting.pop());
            continue;
        };
        let seen = |list: &[Found]| list.iter().any(|(other, _)| *other == key);
        if seen(found) || seen(&waiting) {
            continue;
        }
        if found.len() + waiting.len() >= REFERENCES_MAX {
            return Err(Unusable::TooManyReferences);
        }
        let target = Subject::trusted(key.0.clone());
        let row = Version::new(key.1.into()).and_then(|version| state.version(&target, version));
        let missing = || Unusable::NoReference { subject: key.0.clone(), version: key.1 };
        let content = state.content_of(&target, row.ok_or_else(missing)?).clone();
        open.push((target.clone(), children(&target, &content)));
        waiting.push((key, content));
    }
    Ok(())
}

/// The direct references, last first, since they are taken from the end.
fn children(subject: &Subject, content: &Content) -> Vec<(Arc<str>, u32)> {
    let from = subject.shared();
    content.references.iter().rev().filter_map(|reference| target(&from, reference)).collect()
}
