//! The face of a parsed schema.

use std::fmt;
use std::sync::Arc;

use crate::error::{FormError, ParseError};
use crate::model::{Graph, Kind, NodeId};
use crate::parse::{self, Parsed};
use crate::print::{self, Stage};
use crate::rules::Rules;

/// A parsed schema. Cloning is cheap, and a schema never changes.
#[derive(Clone)]
pub struct Schema {
    inner: Arc<Inner>,
}

struct Inner {
    parsed: Parsed,
    references: Box<[Box<str>]>,
    rules: Rules,
}

/// Parses a schema text. The texts of its references come in their order; each may use the types
/// of those before it, and the top-level type of each is printed as a name.
pub fn parse(text: &str, references: &[&str], rules: Rules) -> Result<Schema, ParseError> {
    let parsed = parse::parse(text, references, rules)?;
    let references = references.iter().map(|&reference| reference.into()).collect();
    Ok(Schema { inner: Arc::new(Inner { parsed, references, rules }) })
}

impl Schema {
    /// The text that is stored, hashed and served: Avro Java's print form.
    pub fn canonical(&self) -> String {
        self.inner.parsed.canonical.clone()
    }

    /// The canonical text of the normalized schema. Not every legal schema has one: see the error.
    pub fn normalized(&self) -> Result<String, FormError> {
        let Parsed { graph, root, known, .. } = &self.inner.parsed;
        let text = print::normal(graph, *root, known).map_err(FormError)?;
        let references: Vec<&str> =
            self.inner.references.iter().map(|reference| &**reference).collect();
        let normalized = parse::parse(&text, &references, self.inner.rules);
        normalized.map(|parsed| parsed.canonical).map_err(|error| FormError(error.message))
    }

    /// The canonical text with the types of references written out.
    pub fn resolved(&self) -> Result<String, FormError> {
        let (graph, root) = (self.graph(), self.root());
        print::canonical(graph, root, &[], Stage::Done).map_err(FormError)
    }

    /// Parsing Canonical Form; see [`crate::fingerprint`] for what is made of it.
    pub fn parsing_form(&self) -> String {
        print::parsing_form(self.graph(), self.root())
    }

    /// The full name of the record that this is; other types have none.
    pub fn name(&self) -> Option<&str> {
        match self.graph().kind(self.root()) {
            Kind::Record(named, _) => Some(named.name.full()),
            _ => None,
        }
    }

    /// The names of the fields, in their order, if this is a record.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        let fields = match self.graph().kind(self.root()) {
            Kind::Record(_, fields) => &fields.list[..],
            _ => &[],
        };
        fields.iter().map(|field| &*field.name)
    }

    pub(crate) fn reference_count(&self) -> usize {
        self.inner.references.len()
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.inner.parsed.graph
    }

    /// The names that references make known.
    pub(crate) fn known(&self) -> &[Arc<str>] {
        &self.inner.parsed.known
    }

    pub(crate) fn root(&self) -> NodeId {
        self.inner.parsed.root
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.inner.parsed.canonical).finish()
    }
}
