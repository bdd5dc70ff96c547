//! Records, enums, fixed and unions: what is checked once their parts are there.

use std::collections::HashSet;

use super::{Context, Open, Refusal, Rest, Space, unfinished};
use crate::json::{Value, ValueId};
use crate::model::{Fields, Kind, Named, NodeId, Primitive, Step, Symbols};
use crate::name::Name;
use crate::print::{self, Stage};
use crate::seen::Seen;

/// The largest array of a Java virtual machine.
const FIXED_SIZE_MAX: i32 = i32::MAX - 8;

impl Context {
    pub(super) fn record(
        &mut self,
        source: ValueId,
        space: Option<&str>,
        place: Option<(NodeId, Step)>,
        is_error: bool,
    ) -> Result<Open, Refusal> {
        let name = self.name(source, space)?;
        not_a_primitive(&name)?;
        let list = self.graph.json.get(source, "fields");
        let fields = list.and_then(|list| Some((list, self.graph.json.items(list)?.len())));
        let Some((list, count)) = fields else {
            return Err(Refusal::new(format!("Record has no fields: {}", self.show(source))));
        };
        let node = self.push(unfinished(), source, place);
        let space: Space = name.space().map(Into::into);
        let rest = Rest::Fields { name, is_error, list, done: Vec::with_capacity(count) };
        Ok(Open { node, source, space, rest })
    }

    pub(super) fn finish_record(&mut self, record: Open) -> Result<(), Refusal> {
        let Rest::Fields { name, is_error, done, .. } = record.rest else {
            unreachable!("only a record is finished as one")
        };
        let mut seen = Seen::default();
        for (position, field) in done.iter().enumerate() {
            if !seen.insert(&field.name) {
                let first = done.iter().position(|other| other.name == field.name);
                let show = |position: usize| {
                    let field = &done[position];
                    let kind = self.graph.kind(field.schema).loud();
                    format!("{} type:{kind} pos:{position}", field.name)
                };
                let message = format!(
                    "Duplicate field {} in record {}: {} and {}.",
                    field.name,
                    name.full(),
                    show(position),
                    show(first.unwrap_or(position))
                );
                return Err(Refusal::at(message, field.source));
            }
        }
        let named = self.named(record.source, name)?;
        let fields = Fields { list: done, is_error };
        self.graph.nodes[record.node.index()].kind = Kind::Record(named, fields);
        self.define(record.node)
    }

    pub(super) fn enumeration(
        &mut self,
        source: ValueId,
        space: Option<&str>,
        place: Option<(NodeId, Step)>,
    ) -> Result<NodeId, Refusal> {
        let name = self.name(source, space)?;
        let list = self.graph.json.get(source, "symbols");
        let Some(values) = list.and_then(|list| self.graph.json.items(list)) else {
            return Err(Refusal::new(format!("Enum has no symbols: {}", self.show(source))));
        };
        not_a_primitive(&name)?;
        let mut list: Vec<Box<str>> = Vec::with_capacity(values.len());
        let mut seen = Seen::default();
        for &value in values {
            let Some(symbol) = self.graph.json.text(value) else {
                return Err(Refusal::at("Null name", value));
            };
            self.rules.names.check(symbol).map_err(|error| Refusal::at(error, value))?;
            if !seen.insert(symbol) {
                return Err(Refusal::at(format!("Duplicate enum symbol: {symbol}"), value));
            }
            list.push(symbol.into());
        }
        let default: Option<Box<str>> = self.graph.text(source, "default").map(Into::into);
        if let Some(default) = default.as_deref().filter(|&default| !seen.contains(default)) {
            let symbols = list.join(", ");
            return Err(Refusal::new(format!(
                "The Enum Default: {default} is not in the enum symbol set: [{symbols}]"
            )));
        }
        let named = self.named(source, name)?;
        let node = self.push(Kind::Enum(named, Symbols { list, default }), source, place);
        self.define(node)?;
        Ok(node)
    }

    pub(super) fn fixed(
        &mut self,
        source: ValueId,
        space: Option<&str>,
        place: Option<(NodeId, Step)>,
    ) -> Result<NodeId, Refusal> {
        let name = self.name(source, space)?;
        let size = match self.graph.json.get(source, "size").map(|size| self.graph.json.value(size))
        {
            Some(Value::Integer(size)) => i32::try_from(*size).ok(),
            _ => None,
        };
        let Some(size) = size else {
            return Err(Refusal::new(format!("Invalid or no size: {}", self.show(source))));
        };
        not_a_primitive(&name)?;
        let Ok(bytes) = u32::try_from(size) else {
            return Err(Refusal::new(format!("Malformed data. Length is negative: {size}")));
        };
        if size > FIXED_SIZE_MAX {
            return Err(Refusal::new(format!(
                "Cannot read arrays longer than {FIXED_SIZE_MAX} bytes in Java library"
            )));
        }
        let named = self.named(source, name)?;
        let node = self.push(Kind::Fixed(named, bytes), source, place);
        self.define(node)?;
        Ok(node)
    }

    /// A union may hold neither a union nor two branches of one name.
    pub(super) fn check_union(&self, union: NodeId) -> Result<(), Refusal> {
        let Kind::Union(branches) = self.graph.kind(union) else { return Ok(()) };
        let mut seen = Seen::default();
        for &branch in branches {
            if matches!(self.graph.kind(branch), Kind::Union(_)) {
                let text = print::canonical(&self.graph, union, &[], Stage::Parsing)
                    .map_err(Refusal::new)?;
                return Err(Refusal::new(format!("Nested union: {text}")));
            }
            let name = self.graph.branch_name(branch);
            if !seen.insert(name) {
                return Err(Refusal::new(format!("Duplicate in union:{name}")));
            }
        }
        Ok(())
    }

    fn name(&self, source: ValueId, space: Option<&str>) -> Result<Name, Refusal> {
        let space = self.graph.text(source, "namespace").or(space);
        let text = self.required_text(source, "name", "No name in schema")?;
        Name::new(text, space, self.rules.names).map_err(Refusal::new)
    }

    fn named(&self, source: ValueId, name: Name) -> Result<Named, Refusal> {
        let mut aliases: Vec<Name> = Vec::new();
        let mut seen = HashSet::new();
        for alias in self.aliases(source)? {
            let alias = Name::new(&alias, name.space(), self.rules.names).map_err(Refusal::new)?;
            if seen.insert(alias.shared()) {
                aliases.push(alias);
            }
        }
        Ok(Named { name, aliases })
    }

    /// The aliases of a type or a field, each once.
    pub(super) fn aliases(&self, source: ValueId) -> Result<Vec<Box<str>>, Refusal> {
        let json = &self.graph.json;
        let Some(list) = json.get(source, "aliases") else { return Ok(vec![]) };
        let Some(values) = json.items(list) else {
            return Err(Refusal::at(format!("aliases not an array: {}", self.show(source)), list));
        };
        let mut aliases: Vec<Box<str>> = Vec::new();
        let mut seen = Seen::default();
        for &value in values {
            let Some(alias) = json.text(value) else {
                let message = format!("alias not a string: {}", self.show(value));
                return Err(Refusal::at(message, value));
            };
            if seen.insert(alias) {
                aliases.push(alias.into());
            }
        }
        Ok(aliases)
    }
}

fn not_a_primitive(name: &Name) -> Result<(), Refusal> {
    match Primitive::from_word(name.full()) {
        Some(_) => {
            let message = format!("Schemas may not be named after primitives: {}", name.full());
            Err(Refusal::new(message))
        }
        None => Ok(()),
    }
}
