//! The text from which a normalized schema is read: full names, properties and aliases sorted,
//! defaults rewritten by type. Reading it again and printing that canonically normalizes.
//! Its oddities are those of the incumbent, since hashes hang on them: keys are written unescaped,
//! a default that the first branch of a union cannot hold is dropped.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Descend, Stage, Style, walk};
use crate::json::push_text;
use crate::model::{Field, Fields, Graph, Kind, NodeId, Order, Owner, Symbols, properties};
use crate::seen::Seen;

mod logical;
mod value;

use value::push_value;

pub(crate) fn normal(graph: &Graph, root: NodeId, known: &[Arc<str>]) -> Result<String, String> {
    let known = known.iter().map(|name| &**name).collect();
    let mut style = Normal { graph, known, out: String::new(), failure: None };
    walk(graph, root, Stage::Done, &mut style)?;
    Ok(style.out)
}

struct Normal<'g> {
    graph: &'g Graph,
    known: Seen<'g>,
    out: String,
    failure: Option<String>,
}

impl<'g> Style<'g> for Normal<'g> {
    fn begin(&mut self, node: NodeId, _space: Option<&'g str>) -> Descend {
        let kind = self.graph.kind(node);
        let Some(named) = kind.named() else {
            self.out.push_str(match kind {
                Kind::Array(_) => "{\"type\":\"array\",\"items\":",
                Kind::Map(_) => "{\"type\":\"map\",\"values\":",
                Kind::Union(_) => "[",
                _ => {
                    self.primitive(node);
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
        self.out.push_str("{\"name\":");
        self.quoted(full);
        self.out.push_str(",\"type\":");
        self.quoted(kind.word());
        if matches!(kind, Kind::Record(..)) {
            self.out.push_str(",\"fields\":[");
            return Descend::Yes;
        }
        self.body(node);
        self.named_tail(node);
        Descend::No
    }

    fn separate(&mut self) {
        self.out.push(',');
    }

    fn begin_field(&mut self, fields: &'g Fields, index: usize) {
        let field = &fields.list[index];
        if matches!(self.graph.kind(field.schema), Kind::Union(branches) if branches.is_empty()) {
            self.failure = Some("Index 0 out of bounds for length 0".into());
        }
        self.out.push_str("{\"name\":");
        self.quoted(&field.name);
        self.out.push_str(",\"type\":");
    }

    fn end_field(&mut self, fields: &'g Fields, index: usize) {
        self.field_tail(&fields.list[index]);
        self.out.push('}');
    }

    fn end(&mut self, node: NodeId) {
        match self.graph.kind(node) {
            Kind::Union(_) => self.out.push(']'),
            Kind::Record(..) => {
                self.out.push(']');
                self.named_tail(node);
            }
            _ => {
                self.properties(self.graph.node(node).source, Owner::Type);
                self.out.push('}');
            }
        }
    }

    fn failure(&mut self) -> Option<String> {
        self.failure.take()
    }
}

impl<'g> Normal<'g> {
    /// What an enum or a fixed has of its own.
    fn body(&mut self, node: NodeId) {
        match self.graph.kind(node) {
            Kind::Enum(_, symbols) => {
                self.out.push_str(",\"symbols\":[");
                for (index, symbol) in symbols.list.iter().enumerate() {
                    if index > 0 {
                        self.separate();
                    }
                    self.quoted(symbol);
                }
                self.out.push(']');
            }
            Kind::Fixed(_, size) => {
                // Writing to a text cannot fail.
                let _ = write!(self.out, ",\"size\":{size}");
                logical::push(self.graph, node, &mut self.out);
            }
            _ => {}
        }
    }

    fn primitive(&mut self, node: NodeId) {
        let word = self.graph.kind(node).word();
        let source = self.graph.node(node).source;
        if properties(self.graph, source, Owner::Type).next().is_none() {
            self.quoted(word);
            return;
        }
        self.out.push_str("{\"type\":");
        self.quoted(word);
        logical::push(self.graph, node, &mut self.out);
        self.properties(source, Owner::Type);
        self.out.push('}');
    }

    /// What a named type has behind its parts.
    fn named_tail(&mut self, node: NodeId) {
        let graph = self.graph;
        let kind = graph.kind(node);
        let source = graph.node(node).source;
        if let Some(doc) = graph.text(source, "doc").filter(|doc| !doc.is_empty()) {
            self.out.push_str(",\"doc\":");
            push_text(&mut self.out, doc);
        }
        if let Some(named) = kind.named() {
            let aliases = named.aliases.iter().map(|alias| alias.dotted(&named.name));
            self.aliases(aliases.collect());
        }
        if let Kind::Enum(_, Symbols { default: Some(default), .. }) = kind {
            self.out.push_str(",\"default\":");
            push_text(&mut self.out, default);
        }
        self.properties(source, Owner::of(kind));
        self.out.push('}');
    }

    fn field_tail(&mut self, field: &'g Field) {
        if field.order != Order::Ascending {
            self.out.push_str(",\"order\":");
            self.quoted(field.order.word());
        }
        if let Some(doc) = self.graph.text(field.source, "doc") {
            self.out.push_str(",\"doc\":");
            push_text(&mut self.out, doc);
        }
        self.aliases(field.aliases.iter().map(ToString::to_string).collect());
        if let Some(default) = field.default {
            self.value(",\"default\":", default, Some(field.schema));
        }
        self.properties(field.source, Owner::Field);
    }

    fn aliases(&mut self, mut aliases: Vec<String>) {
        if aliases.is_empty() {
            return;
        }
        aliases.sort_by(|left, right| left.encode_utf16().cmp(right.encode_utf16()));
        aliases.dedup();
        for (index, alias) in aliases.iter().enumerate() {
            self.out.push_str(if index == 0 { ",\"aliases\":[" } else { "," });
            push_text(&mut self.out, alias);
        }
        self.out.push(']');
    }

    fn properties(&mut self, source: crate::json::ValueId, owner: Owner) {
        let mut sorted: Vec<_> = properties(self.graph, source, owner).collect();
        sorted.sort_by(|left, right| left.key.encode_utf16().cmp(right.key.encode_utf16()));
        for property in sorted {
            let key = format!(",\"{}\":", property.key);
            let before = self.out.len();
            self.value(&key, property.value, None);
            if self.out.len() == before && self.failure.is_none() {
                self.failure = Some(format!("Property beyond 64 bits: {}", property.key));
            }
        }
    }

    /// A value behind its key, or neither if the value has no form of this type.
    fn value(&mut self, key: &str, value: crate::json::ValueId, schema: Option<NodeId>) {
        let before = self.out.len();
        self.out.push_str(key);
        match push_value(self.graph, value, schema, &mut self.out) {
            Ok(true) => {}
            Ok(false) => self.out.truncate(before),
            Err(failure) => self.failure = self.failure.take().or(Some(failure)),
        }
    }

    /// Names are not escaped here.
    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }
}
