//! Parsing Canonical Form: what of a schema decides how data is read, and nothing else.
//! As Avro Java builds it: texts are quoted and not escaped.

use std::fmt::Write as _;

use super::{Descend, Stage, Style, walk};
use crate::model::{Fields, Graph, Kind, NodeId};
use crate::seen::Seen;

pub(crate) fn parsing_form(graph: &Graph, root: NodeId) -> String {
    let mut style = ParsingForm { graph, known: Seen::default(), out: String::new() };
    // This style never fails.
    let _ = walk(graph, root, Stage::Done, &mut style);
    style.out
}

struct ParsingForm<'g> {
    graph: &'g Graph,
    known: Seen<'g>,
    out: String,
}

impl<'g> Style<'g> for ParsingForm<'g> {
    fn begin(&mut self, node: NodeId, _space: Option<&'g str>) -> Descend {
        let kind = self.graph.kind(node);
        let Some(named) = kind.named() else {
            self.out.push_str(match kind {
                Kind::Array(_) => "{\"type\":\"array\",\"items\":",
                Kind::Map(_) => "{\"type\":\"map\",\"values\":",
                Kind::Union(_) => "[",
                _ => {
                    self.quoted(kind.word());
                    return Descend::No;
                }
            });
            return Descend::Yes;
        };
        let full = named.name.full();
        if !self.known.insert(full) {
            self.quoted(full);
            return Descend::No;
        }
        let word = kind.word();
        // Writing to a text cannot fail.
        let _ = write!(self.out, "{{\"name\":\"{full}\",\"type\":\"{word}\"");
        self.body(kind)
    }

    fn separate(&mut self) {
        self.out.push(',');
    }

    fn begin_field(&mut self, fields: &'g Fields, index: usize) {
        self.out.push_str("{\"name\":");
        self.quoted(&fields.list[index].name);
        self.out.push_str(",\"type\":");
    }

    fn end_field(&mut self, _fields: &'g Fields, _index: usize) {
        self.out.push('}');
    }

    fn end(&mut self, node: NodeId) {
        self.out.push_str(match self.graph.kind(node) {
            Kind::Union(_) => "]",
            Kind::Record(..) => "]}",
            _ => "}",
        });
    }

    fn failure(&mut self) -> Option<String> {
        None
    }
}

impl ParsingForm<'_> {
    /// What a named type has behind its name.
    fn body(&mut self, kind: &Kind) -> Descend {
        match kind {
            Kind::Enum(_, symbols) => {
                for (index, symbol) in symbols.list.iter().enumerate() {
                    self.out.push_str(if index == 0 { ",\"symbols\":[" } else { "," });
                    self.quoted(symbol);
                }
                self.out.push_str(if symbols.list.is_empty() { ",\"symbols\":[]}" } else { "]}" });
                Descend::No
            }
            Kind::Fixed(_, size) => {
                let _ = write!(self.out, ",\"size\":{size}}}");
                Descend::No
            }
            _ => {
                self.out.push_str(",\"fields\":[");
                Descend::Yes
            }
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }
}
