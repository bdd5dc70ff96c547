//! From texts to a schema: the referenced texts in their order, then the main one, each read,
//! built, resolved and only then followed by the next, as Avro Java's parser does when it is used
//! again and again.
//! Rooms: `build` makes nodes out of JSON, `context` knows the names, `default` checks defaults,
//! `equal` compares repeated definitions, `resolve` links forward references.

mod build;
mod context;
mod default;
mod equal;
mod resolve;
mod stored;

use std::sync::Arc;

use context::Context;
pub(crate) use resolve::Resolution;

use crate::error::{Document, ParseError, Place};
use crate::json::{self, Fault, ValueId, line_and_column};
use crate::model::{Graph, NodeId};
use crate::name::NameRule;
use crate::print::{self, Stage};
use crate::rules::Rules;

/// What parsing yields: the graph, its root, and the names that references make known.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) graph: Graph,
    pub(crate) root: NodeId,
    pub(crate) known: Vec<Arc<str>>,
    pub(crate) canonical: String,
}

/// A refusal before it is given its place.
#[derive(Debug)]
pub(crate) struct Refusal {
    message: String,
    at: Option<ValueId>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None }
    }

    fn at(message: impl Into<String>, value: ValueId) -> Self {
        Self { message: message.into(), at: Some(value) }
    }

    fn or_at(mut self, value: ValueId) -> Self {
        self.at = self.at.or(Some(value));
        self
    }
}

pub(crate) fn parse(text: &str, references: &[&str], rules: Rules) -> Result<Parsed, ParseError> {
    let mut context = Context::new(rules);
    let mut known = Vec::new();
    for (index, reference) in references.iter().enumerate() {
        let root = parse_text(&mut context, reference, Document::Reference(index))?;
        known.extend(context.graph.kind(root).named().map(|named| named.name.shared()));
    }
    let root = parse_text(&mut context, text, Document::Main)?;
    let main = context.document - 1;
    let mut graph = context.finish();
    if rules.names_once_parsed != NameRule::None {
        stored::check(&graph, root, main, rules.names_once_parsed)
            .map_err(|refusal| refuse(&graph, text, Document::Main, refusal))?;
    }
    let canonical = print::canonical(&graph, root, &known, Stage::Done)
        .map_err(|error| ParseError { message: error, place: None })?;
    graph.nodes.shrink_to_fit();
    Ok(Parsed { graph, root, known, canonical })
}

/// Reads, builds and resolves one text.
fn parse_text(context: &mut Context, text: &str, document: Document) -> Result<NodeId, ParseError> {
    let fault = |fault: Fault| ParseError {
        message: fault.render(text),
        place: fault.offset.map(|offset| place(text, document, offset)),
    };
    let (value, end) = json::read(text, &mut context.graph.json).map_err(fault)?;
    // Few types take less text than this.
    context.graph.nodes.reserve(text.len() / 32);
    let Some(value) = value else {
        return Err(ParseError { message: "Cannot parse <null> schema".into(), place: None });
    };
    let root = build::build(context, value)
        .and_then(|root| resolve::resolve(context, root))
        .map_err(|refusal| refuse(&context.graph, text, document, refusal))?;
    let dangling = text[end..].trim_matches(|character| character <= ' ');
    if dangling.is_empty() {
        return Ok(root);
    }
    let message = format!("dangling content after end of schema: {dangling}");
    Err(ParseError { message, place: Some(place(text, document, end)) })
}

fn refuse(graph: &Graph, text: &str, document: Document, refusal: Refusal) -> ParseError {
    let offset = refusal.at.map(|value| graph.json.offset(value));
    ParseError {
        message: refusal.message,
        place: offset.map(|offset| place(text, document, offset)),
    }
}

fn place(text: &str, document: Document, offset: usize) -> Place {
    let (line, column) = line_and_column(text, offset);
    Place { document, offset, line, column }
}
