//! Writing schemas. One walk in print order, and a style for each text form.
//! A named type is written out at its first use and by name afterwards, so every text is bounded by
//! the schema. The walk is a loop; how deep the text nests is counted, and refused beyond a limit.

mod canonical;
mod normal;
mod parsing_form;

pub(crate) use canonical::{canonical, with_tags};
pub(crate) use normal::normal;
pub(crate) use parsing_form::parsing_form;

use crate::model::{Fields, Graph, Kind, NodeId};
use crate::parse::Resolution;

/// Which moment of a schema's life is shown: messages show types that are not whole yet.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stage<'a> {
    /// Forward references are stand-ins.
    Parsing,
    /// Some are linked, some records have no fields yet.
    Resolving(&'a Resolution),
    Done,
}

impl Stage<'_> {
    pub(crate) fn follow(self, graph: &Graph, id: NodeId) -> NodeId {
        match self {
            Stage::Resolving(resolution) => resolution.follow(graph.follow(id)),
            Stage::Parsing | Stage::Done => graph.follow(id),
        }
    }
}

/// How the parts of a schema are written.
trait Style<'g> {
    /// Writes what comes before the parts of a node, or all of it: then there is nothing to do.
    fn begin(&mut self, node: NodeId, space: Option<&'g str>) -> Descend;
    fn separate(&mut self);
    fn begin_field(&mut self, fields: &'g Fields, index: usize);
    fn end_field(&mut self, fields: &'g Fields, index: usize);
    fn end(&mut self, node: NodeId);
    /// Why writing cannot go on.
    fn failure(&mut self) -> Option<String>;
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Descend {
    Yes,
    No,
}

/// A node whose parts are being written.
struct Open<'g> {
    node: NodeId,
    space: Option<&'g str>,
    next: usize,
}

fn walk<'g>(
    graph: &'g Graph,
    root: NodeId,
    stage: Stage<'_>,
    style: &mut impl Style<'g>,
) -> Result<(), String> {
    let mut open: Vec<Open<'g>> = Vec::new();
    let mut enter = Some((root, None));
    loop {
        if let Some((node, space)) = enter.take() {
            let node = stage.follow(graph, node);
            if style.begin(node, space) == Descend::Yes {
                let space = match graph.kind(node) {
                    Kind::Record(named, _) => named.name.space(),
                    _ => space,
                };
                open.push(Open { node, space, next: 0 });
            }
        }
        if let Some(failure) = style.failure() {
            return Err(failure);
        }
        let Some(top) = open.last_mut() else { return Ok(()) };
        if let Some(part) = advance(graph, top, style) {
            enter = Some((part, top.space));
        } else {
            style.end(top.node);
            open.pop();
        }
    }
}

/// Ends the part before and begins the next one.
fn advance<'g>(graph: &'g Graph, top: &mut Open<'g>, style: &mut impl Style<'g>) -> Option<NodeId> {
    let index = top.next;
    top.next += 1;
    match graph.kind(top.node) {
        Kind::Array(part) | Kind::Map(part) => (index == 0).then_some(*part),
        Kind::Union(parts) => {
            if (1..parts.len()).contains(&index) {
                style.separate();
            }
            parts.get(index).copied()
        }
        Kind::Record(_, fields) => {
            if index > 0 {
                style.end_field(fields, index - 1);
            }
            let field = fields.list.get(index)?;
            if index > 0 {
                style.separate();
            }
            style.begin_field(fields, index);
            Some(field.schema)
        }
        _ => None,
    }
}
