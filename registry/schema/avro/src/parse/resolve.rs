//! Linking forward references, once a text is built.
//! Avro Java copies the whole graph with a visitor, checks every default again while it does so,
//! and reaches a record through a forward reference in the middle of another. What is refused, and
//! with which words, follows from that order, so the order is replayed here; nothing is copied.

use super::context::Context;
use super::default::check_default;
use super::{Refusal, ValueId};
use crate::ids::{IdMap, IdSet, NodeSet};
use crate::json::Value;
use crate::model::{Field, Graph, Kind, NodeId, Owner, properties};
use crate::print::Stage;
use crate::seen::Seen;

/// How far resolving has come.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    /// Where stand-ins lead.
    targets: IdMap<NodeId, NodeId>,
    /// Nodes that have a copy.
    copied: NodeSet,
    /// Records whose copy has its fields.
    complete: NodeSet,
    /// Nodes that are done with all they reach.
    settled: NodeSet,
}

impl Resolution {
    pub(crate) fn has_fields(resolution: &Resolution, record: NodeId) -> bool {
        resolution.complete.contains(record)
    }

    pub(crate) fn follow(&self, id: NodeId) -> NodeId {
        self.targets.get(&id).copied().unwrap_or(id)
    }
}

/// Resolves what was read from one text and gives its root.
pub(super) fn resolve(context: &mut Context, root: NodeId) -> Result<NodeId, Refusal> {
    let mut resolver = Resolver { resolution: Resolution::default(), context };
    if resolver.context.is_name_new {
        for index in 0..resolver.context.order.len() {
            let definition = resolver.context.order[index];
            resolver.visit_all(definition)?;
        }
    }
    let node = resolver.context.graph.node(root);
    if let Kind::Unresolved(name, ..) = &node.kind {
        let message = format!("Unknown schema: {}", name.full());
        return Err(Refusal::at(message, node.source));
    }
    let named = node.kind.named().map(|named| &named.name);
    let known = named.and_then(|name| resolver.context.definition(name.full()));
    if known.is_none() {
        resolver.visit_all(root)?;
    }
    let targets = resolver.resolution.targets;
    for id in context.unresolved.drain(..) {
        if let Kind::Unresolved(_, _, link) = &mut context.graph.nodes[id.index()].kind {
            *link = targets.get(&id).copied();
        }
    }
    context.is_name_new = false;
    context.document += 1;
    Ok(known.unwrap_or(root))
}

struct Resolver<'a> {
    resolution: Resolution,
    context: &'a mut Context,
}

/// One run of the visitor; a forward reference starts another inside.
struct Visit {
    todo: Vec<Todo>,
    visited: Visited,
    /// The stand-in that this run resolves, and its definition.
    link: Option<(NodeId, NodeId)>,
}

/// Nodes up to which a list is looked through.
const FEW: usize = 32;

/// The nodes that one run has met: a list, and a table of the same once it is long.
#[derive(Default)]
struct Visited {
    list: Vec<NodeId>,
    table: IdSet<NodeId>,
}

impl Visited {
    /// Takes a node; false if it was met already.
    fn insert(&mut self, id: NodeId) -> bool {
        if self.list.len() < FEW {
            if self.list.contains(&id) {
                return false;
            }
        } else {
            if self.table.is_empty() {
                self.table.extend(&self.list);
            }
            if !self.table.insert(id) {
                return false;
            }
        }
        self.list.push(id);
        true
    }
}

enum Todo {
    Node(NodeId),
    After(NodeId),
}

impl Visit {
    fn new(start: NodeId, link: Option<(NodeId, NodeId)>) -> Self {
        let mut todo = Vec::with_capacity(FEW);
        todo.push(Todo::Node(start));
        Self { todo, visited: Visited::default(), link }
    }
}

impl Resolver<'_> {
    /// Visits a node and all it reaches.
    fn visit_all(&mut self, start: NodeId) -> Result<(), Refusal> {
        let mut visits = vec![Visit::new(start, None)];
        let mut reached: Vec<NodeId> = Vec::new();
        while let Some(visit) = visits.last_mut() {
            match visit.todo.pop() {
                Some(Todo::Node(id)) => {
                    self.context.spend(1)?;
                    let id = self.context.graph.follow(id);
                    if self.resolution.settled.contains(id) || !visit.visited.insert(id) {
                        continue;
                    }
                    if let Some(inner) = self.node(id, visit)? {
                        visits.push(inner);
                    }
                }
                Some(Todo::After(id)) => self.after(id)?,
                None => {
                    if let Some((stand_in, definition)) = visit.link {
                        self.link(stand_in, definition);
                    }
                    reached.append(&mut visit.visited.list);
                    visits.pop();
                }
            }
        }
        for id in reached {
            self.resolution.settled.insert(id);
        }
        Ok(())
    }

    /// Enters a node; a stand-in may ask for another run first.
    fn node(&mut self, id: NodeId, visit: &mut Visit) -> Result<Option<Visit>, Refusal> {
        let graph = &self.context.graph;
        match graph.kind(id) {
            Kind::Array(part) | Kind::Map(part) => {
                visit.todo.extend([Todo::After(id), Todo::Node(*part)]);
            }
            Kind::Union(parts) => {
                visit.todo.push(Todo::After(id));
                visit.todo.extend(parts.iter().map(|&part| Todo::Node(part)));
            }
            Kind::Record(_, fields) => {
                self.resolution.copied.insert(id);
                visit.todo.push(Todo::After(id));
                visit.todo.extend(fields.list.iter().rev().map(|field| Todo::Node(field.schema)));
            }
            Kind::Unresolved(_, full, _) => {
                if self.resolution.targets.contains_key(&id) {
                    return Ok(None);
                }
                let Some(definition) = self.context.definition(full) else {
                    let message = format!("Undefined schema: {full}");
                    return Err(Refusal::at(message, graph.node(id).source));
                };
                if !self.resolution.copied.contains(definition) {
                    return Ok(Some(Visit::new(definition, Some((id, definition)))));
                }
                self.link(id, definition);
            }
            Kind::Primitive(_) | Kind::Fixed(..) | Kind::Enum(..) => {
                self.resolution.copied.insert(id);
            }
        }
        Ok(None)
    }

    fn link(&mut self, stand_in: NodeId, definition: NodeId) {
        self.resolution.targets.insert(stand_in, definition);
    }

    /// Leaves a container: its copy is made out of the copies of its parts.
    fn after(&mut self, id: NodeId) -> Result<(), Refusal> {
        let source = self.context.graph.node(id).source;
        let checked = match self.context.graph.kind(id) {
            Kind::Union(branches) => self.check_branches(branches),
            Kind::Record(..) if self.resolution.complete.contains(id) => Ok(()),
            Kind::Record(..) => {
                self.check_defaults(id)?;
                self.resolution.complete.insert(id);
                check_properties(&self.context.graph, source)
            }
            _ => check_properties(&self.context.graph, source),
        };
        checked.map_err(|refusal| refusal.or_at(source))
    }

    fn check_defaults(&mut self, record: NodeId) -> Result<(), Refusal> {
        if !self.context.rules.check_defaults {
            return Ok(());
        }
        let stage = Stage::Resolving(&self.resolution);
        for index in 0.. {
            let Some(field) = field_at(&self.context.graph, record, index) else { break };
            let Some(default) = field.default else { continue };
            let name = |graph: &Graph| {
                field_at(graph, record, index)
                    .map(|field| field.name.to_string())
                    .unwrap_or_default()
            };
            check_default(self.context, (field.schema, default), stage, name)?;
        }
        Ok(())
    }

    /// Names that were stand-ins may turn out to be the same.
    fn check_branches(&self, branches: &[NodeId]) -> Result<(), Refusal> {
        let mut seen = Seen::default();
        for &branch in branches {
            let graph = &self.context.graph;
            let name = graph.branch_name(self.resolution.follow(graph.follow(branch)));
            if !seen.insert(name) {
                return Err(Refusal::new(format!("Duplicate in union:{name}")));
            }
        }
        Ok(())
    }
}

fn field_at(graph: &Graph, record: NodeId, index: usize) -> Option<&Field> {
    match graph.kind(record) {
        Kind::Record(_, fields) => fields.list.get(index),
        _ => None,
    }
}

/// Properties of containers are copied through Java objects, which hold no integer beyond 64 bits.
fn check_properties(graph: &Graph, source: ValueId) -> Result<(), Refusal> {
    for property in properties(graph, source, Owner::Type) {
        if matches!(graph.json.value(property.value), Value::BigInteger(_)) {
            let message = format!("Can't set a property to null: {}", property.key);
            return Err(Refusal::at(message, property.value));
        }
        let mut rest = vec![property.value];
        while let Some(value) = rest.pop() {
            if matches!(graph.json.value(value), Value::BigInteger(_)) {
                let message =
                    "Cannot invoke \"Object.getClass()\" because \"<parameter1>\" is null";
                return Err(Refusal::at(message, value));
            }
            rest.extend_from_slice(graph.json.items(value).unwrap_or_default());
            let members = graph.json.members(value).unwrap_or_default();
            rest.extend(members.iter().map(|member| member.value));
        }
    }
    Ok(())
}
