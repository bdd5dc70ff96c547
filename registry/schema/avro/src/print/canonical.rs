//! The text that Avro Java's `toString` gives: what the registry stores, hashes and serves.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Descend, Stage, Style, walk};
use crate::json::{self, ValueId, push_text};
use crate::limits;
use crate::model::{Field, Fields, Graph, Kind, Named, NodeId, Order, Owner, properties};
use crate::seen::Seen;
use crate::tags::{Edits, TAGS};

/// The canonical text; `known` names are written as names from the start. The error is a text that
/// nests too deep to be read again.
pub(crate) fn canonical(
    graph: &Graph,
    root: NodeId,
    known: &[Arc<str>],
    stage: Stage<'_>,
) -> Result<String, String> {
    with_tags(graph, root, known, stage, &Edits::default())
}

/// The same with other tags.
pub(crate) fn with_tags(
    graph: &Graph,
    root: NodeId,
    known: &[Arc<str>],
    stage: Stage<'_>,
    edits: &Edits,
) -> Result<String, String> {
    let known = known.iter().map(|name| &**name).collect();
    let mut style = Canonical {
        graph,
        stage,
        edits,
        known,
        out: String::with_capacity(1 << 10),
        depth: 0,
        deepest: 0,
    };
    walk(graph, root, stage, &mut style)?;
    Ok(style.out)
}

struct Canonical<'g, 's> {
    graph: &'g Graph,
    stage: Stage<'s>,
    edits: &'s Edits,
    known: Seen<'g>,
    out: String,
    /// Objects and arrays that are open, and the most that were.
    depth: usize,
    deepest: usize,
}

impl<'g> Style<'g> for Canonical<'g, '_> {
    fn begin(&mut self, node: NodeId, space: Option<&'g str>) -> Descend {
        let graph = self.graph;
        match graph.kind(node) {
            Kind::Primitive(_) => {
                self.primitive(node);
                Descend::No
            }
            Kind::Array(_) => self.open("{\"type\":\"array\",\"items\":", 1),
            Kind::Map(_) => self.open("{\"type\":\"map\",\"values\":", 1),
            Kind::Union(_) => self.open("[", 1),
            Kind::Unresolved(name, full, _) => {
                self.stand_in(name, full, space);
                Descend::No
            }
            Kind::Fixed(named, _) | Kind::Enum(named, _) | Kind::Record(named, _) => {
                self.named(node, named, space)
            }
        }
    }

    fn separate(&mut self) {
        self.out.push(',');
    }

    fn begin_field(&mut self, fields: &'g Fields, index: usize) {
        self.open("{\"name\":", 1);
        push_text(&mut self.out, &fields.list[index].name);
        self.out.push_str(",\"type\":");
    }

    fn end_field(&mut self, fields: &'g Fields, index: usize) {
        self.field_tail(&fields.list[index]);
        self.out.push('}');
        self.depth -= 1;
    }

    fn end(&mut self, node: NodeId) {
        let source = self.graph.node(node).source;
        match self.graph.kind(node) {
            Kind::Union(_) => self.out.push(']'),
            Kind::Record(named, _) => {
                self.depth -= 1;
                self.out.push(']');
                self.properties(source, Owner::Type);
                self.type_aliases(named);
                self.out.push('}');
            }
            _ => {
                self.properties(source, Owner::Type);
                self.out.push('}');
            }
        }
        self.depth -= 1;
    }

    fn failure(&mut self) -> Option<String> {
        let (depth, max) = (self.deepest, limits::PRINT_DEPTH_MAX);
        (depth > max).then(|| {
            format!(
                "com.fasterxml.jackson.core.exc.StreamConstraintsException: Document nesting depth ({}) exceeds the maximum allowed ({max}, from `StreamWriteConstraints.getMaxNestingDepth()`)",
                max + 1
            )
        })
    }
}

impl<'g> Canonical<'g, '_> {
    fn open(&mut self, text: &str, levels: usize) -> Descend {
        self.out.push_str(text);
        self.depth += levels;
        self.deepest = self.deepest.max(self.depth);
        Descend::Yes
    }

    fn primitive(&mut self, node: NodeId) {
        let word = self.graph.kind(node).word();
        let source = self.graph.node(node).source;
        if properties(self.graph, source, Owner::Type).next().is_none() {
            push_text(&mut self.out, word);
            return;
        }
        self.open("{", 1);
        self.attribute_first("type", word);
        self.properties(source, Owner::Type);
        self.out.push('}');
        self.depth -= 1;
    }

    fn named(&mut self, node: NodeId, named: &'g Named, space: Option<&str>) -> Descend {
        let graph = self.graph;
        if !self.known.insert(named.name.full()) {
            push_text(&mut self.out, named.name.qualified(space));
            return Descend::No;
        }
        let kind = graph.kind(node);
        let is_error = matches!(kind, Kind::Record(_, fields) if fields.is_error);
        self.open("{", 1);
        self.attribute_first("type", if is_error { "error" } else { kind.word() });
        self.name_and_doc(node, named, space);
        match kind {
            Kind::Record(..) if self.stage.has_fields(node) => {
                return self.open(",\"fields\":[", 1);
            }
            // Nothing is known of a record that is being resolved but what stands here.
            Kind::Record(..) => {}
            _ => {
                self.body(kind);
                self.properties(graph.node(node).source, Owner::of(kind));
                self.type_aliases(named);
            }
        }
        self.out.push('}');
        self.depth -= 1;
        Descend::No
    }

    /// What an enum or a fixed has of its own.
    fn body(&mut self, kind: &Kind) {
        match kind {
            Kind::Enum(_, symbols) => {
                self.out.push_str(",\"symbols\":");
                self.texts(symbols.list.iter().map(|symbol| &**symbol));
                if let Some(default) = &symbols.default {
                    self.attribute("default", default);
                }
            }
            Kind::Fixed(_, size) => self.attribute_bare("size", *size),
            _ => {}
        }
    }

    fn name_and_doc(&mut self, node: NodeId, named: &Named, space: Option<&str>) {
        self.attribute("name", named.name.short());
        if named.name.space() != space {
            self.attribute("namespace", named.name.space().unwrap_or_default());
        }
        if let Some(doc) = self.graph.text(self.graph.node(node).source, "doc") {
            self.attribute("doc", doc);
        }
    }

    /// What Java puts where a name is not resolved yet; only messages show it.
    fn stand_in(&mut self, name: &crate::name::Name, full: &str, space: Option<&str>) {
        self.out.push('{');
        self.attribute_first("type", "record");
        self.attribute("name", name.short());
        if name.space() != space {
            self.attribute("namespace", name.space().unwrap_or_default());
        }
        self.attribute("doc", "unresolved schema");
        self.out.push_str(",\"fields\":[]");
        self.attribute("org.apache.avro.idl.unresolved.name", full);
        self.out.push('}');
    }

    fn field_tail(&mut self, field: &'g Field) {
        if let Some(doc) = self.graph.text(field.source, "doc") {
            self.attribute("doc", doc);
        }
        if let Some(default) = field.default {
            self.out.push_str(",\"default\":");
            let reached = json::print(&self.graph.json, default, &mut self.out, self.depth);
            self.deepest = self.deepest.max(reached);
        }
        if field.order != Order::Ascending {
            self.attribute("order", field.order.word());
        }
        if !field.aliases.is_empty() {
            self.out.push_str(",\"aliases\":");
            self.texts(field.aliases.iter().map(|alias| &**alias));
        }
        self.properties(field.source, Owner::Field);
    }

    fn type_aliases(&mut self, named: &'g Named) {
        if !named.aliases.is_empty() {
            let space = named.name.space();
            self.out.push_str(",\"aliases\":");
            self.texts(named.aliases.iter().map(|alias| alias.qualified(space)));
        }
    }

    fn properties(&mut self, source: ValueId, owner: Owner) {
        let mut edited = if self.edits.is_empty() { None } else { self.edits.get(&source) };
        for property in properties(self.graph, source, owner) {
            if property.key.as_bytes() == TAGS.as_bytes()
                && let Some(tags) = edited.take()
            {
                self.tags(tags);
                continue;
            }
            self.out.push(',');
            push_text(&mut self.out, &property.key);
            self.out.push(':');
            let reached = json::print(&self.graph.json, property.value, &mut self.out, self.depth);
            self.deepest = self.deepest.max(reached);
        }
        self.tags(edited.map_or(&[], |tags| tags));
    }

    fn tags(&mut self, tags: &[String]) {
        if !tags.is_empty() {
            self.out.push(',');
            push_text(&mut self.out, TAGS);
            self.out.push(':');
            self.texts(tags.iter().map(String::as_str));
        }
    }

    fn attribute(&mut self, key: &str, text: &str) {
        self.out.push(',');
        self.attribute_first(key, text);
    }

    fn attribute_bare(&mut self, key: &str, value: u32) {
        // Writing to a text cannot fail.
        let _ = write!(self.out, ",\"{key}\":{value}");
    }

    fn attribute_first(&mut self, key: &str, text: &str) {
        push_text(&mut self.out, key);
        self.out.push(':');
        push_text(&mut self.out, text);
    }

    fn texts<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        self.out.push('[');
        for (index, text) in texts.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            push_text(&mut self.out, text);
        }
        self.out.push(']');
        self.deepest = self.deepest.max(self.depth + 1);
    }
}
