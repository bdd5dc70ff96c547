//! Whether a repeated definition is the same again.
//! Compared are kind, full name, properties, symbols, size, and of fields name, type, default,
//! order and properties; not docs, aliases or the default of an enum, nor record against error.

use crate::ids::IdSet;
use crate::json::{Member, ValueId};
use crate::model::{Field, Graph, Kind, NodeId, Owner, properties};

pub(super) fn equal(graph: &Graph, left: NodeId, right: NodeId) -> bool {
    let mut pairs = vec![(left, right)];
    let mut seen = IdSet::default();
    while let Some((left, right)) = pairs.pop() {
        let (left, right) = (graph.follow(left), graph.follow(right));
        if left == right || !seen.insert((left, right)) {
            continue;
        }
        if !equal_here(graph, left, right, &mut pairs) {
            return false;
        }
    }
    true
}

/// Compares two nodes; their parts are left to do.
fn equal_here(
    graph: &Graph,
    left: NodeId,
    right: NodeId,
    pairs: &mut Vec<(NodeId, NodeId)>,
) -> bool {
    let (left, right) = (graph.node(left), graph.node(right));
    let names = left.kind.named().map(|named| &named.name);
    if names != right.kind.named().map(|named| &named.name) {
        return false;
    }
    let same = match (&left.kind, &right.kind) {
        (Kind::Primitive(left), Kind::Primitive(right)) => left == right,
        (Kind::Array(left), Kind::Array(right)) | (Kind::Map(left), Kind::Map(right)) => {
            pairs.push((*left, *right));
            true
        }
        (Kind::Union(left), Kind::Union(right)) => {
            pairs.extend(left.iter().copied().zip(right.iter().copied()));
            left.len() == right.len()
        }
        (Kind::Fixed(_, left), Kind::Fixed(_, right)) => left == right,
        (Kind::Enum(_, left), Kind::Enum(_, right)) => left.list == right.list,
        (Kind::Record(_, left), Kind::Record(_, right)) => {
            let both = left.list.iter().zip(&right.list);
            pairs.extend(both.clone().map(|(left, right)| (left.schema, right.schema)));
            left.list.len() == right.list.len()
                && both.into_iter().all(|(left, right)| equal_fields(graph, left, right))
        }
        _ => false,
    };
    same && equal_properties(graph, left.source, right.source, Owner::of(&left.kind))
}

fn equal_fields(graph: &Graph, left: &Field, right: &Field) -> bool {
    let defaults = match (left.default, right.default) {
        (Some(left), Some(right)) => graph.json.equal(left, right),
        (left, right) => left.is_none() && right.is_none(),
    };
    defaults
        && left.name == right.name
        && left.order == right.order
        && equal_properties(graph, left.source, right.source, Owner::Field)
}

fn equal_properties(graph: &Graph, left: ValueId, right: ValueId, owner: Owner) -> bool {
    let sorted = |source| {
        let mut members: Vec<&Member> = properties(graph, source, owner).collect();
        members.sort_unstable_by_key(|member| &member.key);
        members
    };
    let (left, right) = (sorted(left), sorted(right));
    left.len() == right.len()
        && left
            .iter()
            .zip(&right)
            .all(|(left, right)| left.key == right.key && graph.json.equal(left.value, right.value))
}
