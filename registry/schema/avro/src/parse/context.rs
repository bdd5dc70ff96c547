//! What a parser knows while it goes from text to text: nodes, and which names are defined.
//! A name that is not known yet gets a stand-in, which is what makes forward references legal.

use std::collections::HashMap;
use std::sync::Arc;

use super::Refusal;
use super::equal::equal;
use crate::json::ValueId;
use crate::limits;
use crate::model::{Graph, Kind, Node, NodeId, Primitive, Step};
use crate::name::Name;
use crate::rules::Rules;

pub(super) struct Context {
    pub(super) graph: Graph,
    pub(super) rules: Rules,
    /// Which text is being read.
    pub(super) document: u32,
    /// Definitions by full name, the first of each.
    names: HashMap<Arc<str>, NodeId>,
    /// The same in the order in which they became known.
    pub(super) order: Vec<NodeId>,
    /// Whether the text that is being read defined a new name.
    pub(super) is_name_new: bool,
    /// Stand-ins handed out so far, over all texts, and those of this text.
    stand_ins: usize,
    pub(super) unresolved: Vec<NodeId>,
    pub(super) steps: usize,
}

impl Context {
    pub(super) fn new(rules: Rules) -> Self {
        Self {
            graph: Graph::default(),
            rules,
            document: 0,
            names: HashMap::new(),
            order: Vec::new(),
            is_name_new: false,
            stand_ins: 0,
            unresolved: Vec::new(),
            steps: 0,
        }
    }

    pub(super) fn push(
        &mut self,
        kind: Kind,
        source: ValueId,
        place: Option<(NodeId, Step)>,
    ) -> NodeId {
        let id = NodeId::new(self.graph.nodes.len());
        self.graph.nodes.push(Node { kind, source, document: self.document, place });
        id
    }

    /// What a name means here: a primitive, a known definition, or a stand-in for a later one.
    pub(super) fn find(
        &mut self,
        name: &str,
        space: Option<&str>,
        source: ValueId,
        place: Option<(NodeId, Step)>,
    ) -> NodeId {
        if let Some(primitive) = Primitive::from_word(name) {
            return self.push(Kind::Primitive(primitive), source, place);
        }
        let full: Arc<str> = match space {
            Some(space) if !name.contains('.') => format!("{space}.{name}").into(),
            _ => name.into(),
        };
        if let Some(&known) = self.names.get(&full).or_else(|| self.names.get(name)) {
            return known;
        }
        let stand_in = Name::stand_in(self.stand_ins);
        self.stand_ins += 1;
        let id = self.push(Kind::Unresolved(stand_in, full, None), source, place);
        self.unresolved.push(id);
        id
    }

    pub(super) fn definition(&self, full: &str) -> Option<NodeId> {
        self.names.get(full).copied()
    }

    /// Makes a definition known, unless an equal one is.
    pub(super) fn define(&mut self, id: NodeId) -> Result<(), Refusal> {
        let named = self.graph.kind(id).named().expect("only named types are defined");
        named.name.check_parts(self.rules.names).map_err(Refusal::new)?;
        let full = named.name.shared();
        match self.names.get(&full) {
            Some(&known) if equal(&self.graph, known, id) => Ok(()),
            Some(_) => Err(Refusal::new(format!("Can't redefine: {full}"))),
            None => {
                self.is_name_new = true;
                self.names.insert(full, id);
                self.order.push(id);
                Ok(())
            }
        }
    }

    /// Counts work that a hostile text could make endless.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Refusal> {
        self.steps += steps;
        if self.steps > limits::STEPS_MAX {
            return Err(Refusal::new("Schema takes too many steps to resolve"));
        }
        Ok(())
    }

    /// The graph with every edge leading straight to its definition.
    pub(super) fn finish(self) -> Graph {
        let mut graph = self.graph;
        for index in 0..graph.nodes.len() {
            let id = NodeId::new(index);
            let mut kind =
                std::mem::replace(&mut graph.nodes[index].kind, Kind::Primitive(Primitive::Null));
            match &mut kind {
                Kind::Array(part) | Kind::Map(part) => *part = follow(&graph, id, *part),
                Kind::Union(parts) => {
                    for part in parts {
                        *part = follow(&graph, id, *part);
                    }
                }
                Kind::Record(_, fields) => {
                    for field in &mut fields.list {
                        field.schema = follow(&graph, id, field.schema);
                    }
                }
                _ => {}
            }
            graph.nodes[index].kind = kind;
        }
        graph
    }
}

/// `owner` is taken out of the graph at this moment; an edge to itself stays.
fn follow(graph: &Graph, owner: NodeId, edge: NodeId) -> NodeId {
    if edge == owner { edge } else { graph.follow(edge) }
}
