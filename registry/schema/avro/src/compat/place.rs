//! The right JSON pointers: where in its own text a schema says what a finding is about.
//! A named type is said once, so a use of it leads to its definition, in a reference perhaps.

use findings::Location;

use crate::json::ValueId;
use crate::model::{Graph, Kind, NodeId, Step};
use crate::schema::Schema;

/// A place in one schema: a use of a type, or an attribute of a definition.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    /// The whole text.
    Root,
    /// A part of a node.
    Part(NodeId, Step),
    Attribute(NodeId, &'static str),
    /// A field of a record, its type not meant.
    Field(NodeId, usize),
}

pub(super) fn location(schema: &Schema, at: At) -> Location {
    let graph = schema.graph();
    let (node, mut tokens, source) = match at {
        At::Root => (schema.root(), vec![], None),
        At::Part(node, step) => (node, tokens(step), part_source(graph, node, step)),
        At::Attribute(node, key) => {
            let source = graph.node(node).source;
            (node, vec![key.to_owned()], graph.json.get(source, key))
        }
        At::Field(node, index) => {
            let source = match graph.kind(node) {
                Kind::Record(_, fields) => Some(fields.list[index].source),
                _ => None,
            };
            (node, vec![index.to_string(), "fields".into()], source)
        }
    };
    let main = schema.reference_count();
    let reference = match at {
        At::Root => None,
        _ => Some(graph.node(node).document as usize).filter(|&document| document < main),
    };
    if !matches!(at, At::Root) {
        let mut above = graph.node(node).place;
        while let Some((parent, step)) = above {
            tokens.extend(self::tokens(step));
            above = graph.node(parent).place;
        }
    }
    let pointer = tokens.iter().rev().fold(String::new(), |pointer, token| pointer + "/" + token);
    let offset = source.map(|source| graph.json.offset(source));
    Location { reference, pointer, offset }
}

/// The tokens of a step, last first.
fn tokens(step: Step) -> Vec<String> {
    match step {
        Step::Items => vec!["items".into()],
        Step::Values => vec!["values".into()],
        Step::Branch(index) => vec![index.to_string()],
        Step::Field(index) => vec!["type".into(), index.to_string(), "fields".into()],
    }
}

/// The JSON that says what a part is.
fn part_source(graph: &Graph, node: NodeId, step: Step) -> Option<ValueId> {
    let source = graph.node(node).source;
    match (step, graph.kind(node)) {
        (Step::Items, _) => graph.json.get(source, "items"),
        (Step::Values, _) => graph.json.get(source, "values"),
        (Step::Branch(index), _) => graph.json.items(source)?.get(index).copied(),
        (Step::Field(index), Kind::Record(_, fields)) => {
            graph.json.get(fields.list.get(index)?.source, "type")
        }
        (Step::Field(_), _) => None,
    }
}
