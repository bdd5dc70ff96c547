//! Tags: the property `confluent:tags` on records and fields, found and edited.
//! An entity is one that the schema's own text spells out. What stands in a referenced text belongs
//! to that schema, whose tags are found and edited there.

use std::collections::{HashMap, HashSet};

use crate::error::FormError;
use crate::ids::IdMap;
use crate::json::ValueId;
use crate::limits::TAG_PATHS_SIZE_MAX;
use crate::model::{Graph, Kind};
use crate::print::{self, Stage};
use crate::schema::Schema;
use crate::seen::Seen;

/// The property that holds the tags of what it stands on.
pub(crate) const TAGS: &str = "confluent:tags";

/// What a tag can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// Named by its full name.
    Record,
    /// Named by the full name of its record, a dot and its own name.
    Field,
}

/// A record or field with tags: those that it has, or those to add or to remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// What it is.
    pub kind: EntityKind,
    /// Its name.
    pub path: String,
    /// In their order.
    pub tags: Vec<String>,
}

/// Why tags cannot be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagsError {
    /// Nothing in the text has that name.
    #[error("no {} is called {path}", .kind.word())]
    NoEntity {
        /// What was sought.
        kind: EntityKind,
        /// Under this name.
        path: String,
    },
    /// The edited schema has no text.
    #[error(transparent)]
    Form(#[from] FormError),
}

/// New tags by the JSON that defines what they stand on; none take the property away.
pub(crate) type Edits = IdMap<ValueId, Vec<String>>;

impl Schema {
    /// Every record and field that has tags, as they are printed: a record before its fields, and
    /// these before what is in them.
    pub fn tags(&self) -> Result<Vec<Tagged>, FormError> {
        let graph = self.graph();
        let mut found = Vec::new();
        let mut size = 0;
        for entity in self.entities() {
            let tags = tags_of(graph, entity.source);
            if tags.is_empty() {
                continue;
            }
            let path = entity.path();
            size += path.len();
            if size > TAG_PATHS_SIZE_MAX {
                let message = format!("tagged names of more than {TAG_PATHS_SIZE_MAX} bytes");
                return Err(FormError(message));
            }
            found.push(Tagged { kind: entity.kind(), path, tags });
        }
        Ok(found)
    }

    /// Of some tagged entities those that the text has as well.
    pub fn having(&self, tagged: Vec<Tagged>) -> Vec<Tagged> {
        let entities = self.entities();
        let known: HashSet<_> =
            entities.iter().map(|entity| (entity.record, entity.field)).collect();
        let is_here = |it: &Tagged| it.name().is_some_and(|name| known.contains(&name));
        tagged.into_iter().filter(is_here).collect()
    }

    /// The canonical text with tags added, then others removed. An entity without tags left has no
    /// property left.
    pub fn with_tags(&self, add: &[Tagged], remove: &[Tagged]) -> Result<String, TagsError> {
        let graph = self.graph();
        let entities = self.entities();
        let known = entities.iter().map(|entity| ((entity.record, entity.field), entity.source));
        let known: HashMap<_, _> = known.collect();
        let mut edits = Edits::default();
        for (change, tagged) in add
            .iter()
            .map(|it| (Change::Add, it))
            .chain(remove.iter().map(|it| (Change::Remove, it)))
        {
            let missing = || TagsError::NoEntity { kind: tagged.kind, path: tagged.path.clone() };
            let name = tagged.name().ok_or_else(missing)?;
            let source = *known.get(&name).ok_or_else(missing)?;
            let tags = edits.entry(source).or_insert_with(|| tags_of(graph, source));
            change.apply(tags, &tagged.tags);
        }
        let text = print::with_tags(graph, self.root(), self.known(), Stage::Done, &edits);
        text.map_err(|message| FormError(message).into())
    }

    /// The records and fields that the text spells out, as they are printed.
    fn entities(&self) -> Vec<Entity<'_>> {
        let graph = self.graph();
        let mut seen: Seen<'_> = self.known().iter().map(|name| &**name).collect();
        let (mut open, mut found) = (vec![self.root()], Vec::new());
        while let Some(node) = open.pop() {
            let node = graph.follow(node);
            match graph.kind(node) {
                Kind::Array(part) | Kind::Map(part) => open.push(*part),
                Kind::Union(parts) => open.extend(parts.iter().rev()),
                Kind::Record(named, fields) if seen.insert(named.name.full()) => {
                    let (record, source) = (named.name.full(), graph.node(node).source);
                    found.push(Entity { record, field: None, source });
                    found.extend(fields.list.iter().map(|field| Entity {
                        record,
                        field: Some(&*field.name),
                        source: field.source,
                    }));
                    open.extend(fields.list.iter().rev().map(|field| field.schema));
                }
                _ => {}
            }
        }
        found
    }
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Add,
    Remove,
}

impl Change {
    fn apply(self, tags: &mut Vec<String>, asked: &[String]) {
        match self {
            Self::Add => {
                let had = std::mem::take(tags);
                let mut seen = Seen::default();
                let both = had.iter().chain(asked);
                tags.extend(both.filter(|tag| seen.insert(tag)).cloned());
            }
            Self::Remove => {
                let gone: Seen<'_> = asked.iter().map(String::as_str).collect();
                tags.retain(|tag| !gone.contains(tag));
            }
        }
    }
}

impl EntityKind {
    fn word(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Field => "field",
        }
    }
}

impl Tagged {
    /// The record and the field that the path names; a field's name has no dot.
    fn name(&self) -> Option<(&str, Option<&str>)> {
        match self.kind {
            EntityKind::Record => Some((&self.path, None)),
            EntityKind::Field => {
                self.path.rsplit_once('.').map(|(record, field)| (record, Some(field)))
            }
        }
    }
}

/// A record, or one of its fields.
#[derive(Debug, Clone, Copy)]
struct Entity<'g> {
    record: &'g str,
    field: Option<&'g str>,
    /// The JSON that defines it.
    source: ValueId,
}

impl Entity<'_> {
    fn kind(self) -> EntityKind {
        if self.field.is_some() { EntityKind::Field } else { EntityKind::Record }
    }

    fn path(self) -> String {
        match self.field {
            Some(field) => [self.record, ".", field].concat(),
            None => self.record.to_owned(),
        }
    }
}

/// The tags that a definition has; what is no text is none.
fn tags_of(graph: &Graph, source: ValueId) -> Vec<String> {
    let json = &graph.json;
    let list = json.get(source, TAGS).and_then(|list| json.items(list)).unwrap_or_default();
    list.iter().filter_map(|tag| json.text(*tag)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rules, parse};

    const TEXT: &str = r#"{"type":"record","name":"User","namespace":"a","fields":[
        {"name":"ssn","type":"string","confluent:tags":["PII","PCI"],"doc":"d"},
        {"name":"home","type":["null",{"type":"record","name":"Home","fields":[
            {"name":"city","type":"string","confluent:tags":["PII", 5]}],
            "confluent:tags":["PLACE"],"aliases":["House"]}]},
        {"name":"next","type":["null","User"],"confluent:tags":[]}]}"#;

    fn tagged(kind: EntityKind, path: &str, tags: &[&str]) -> Tagged {
        let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        Tagged { kind, path: path.to_owned(), tags }
    }

    fn field(path: &str, tags: &[&str]) -> Tagged {
        tagged(EntityKind::Field, path, tags)
    }

    fn record(path: &str, tags: &[&str]) -> Tagged {
        tagged(EntityKind::Record, path, tags)
    }

    #[test]
    fn tags_are_found_in_the_order_of_print() {
        let schema = parse(TEXT, &[], Rules::NEW).unwrap();
        assert_eq!(
            schema.tags().unwrap(),
            [
                field("a.User.ssn", &["PII", "PCI"]),
                record("a.Home", &["PLACE"]),
                field("a.Home.city", &["PII"]),
            ]
        );
        assert_eq!(parse("\"int\"", &[], Rules::NEW).unwrap().tags(), Ok(Vec::new()));
    }

    #[test]
    fn tags_are_added_and_removed_in_place() {
        let schema = parse(TEXT, &[], Rules::NEW).unwrap();
        let add = [record("a.User", &["X"]), field("a.User.next", &["Y", "Y"])];
        let remove = [field("a.User.ssn", &["PCI"]), record("a.Home", &["PLACE", "Z"])];
        let expected = r#"{"type":"record","name":"User","namespace":"a","fields":[{"name":"ssn","type":"string","doc":"d","confluent:tags":["PII"]},{"name":"home","type":["null",{"type":"record","name":"Home","fields":[{"name":"city","type":"string","confluent:tags":["PII",5]}],"aliases":["House"]}]},{"name":"next","type":["null","User"],"confluent:tags":["Y"]}],"confluent:tags":["X"]}"#;
        let edited = schema.with_tags(&add, &remove).unwrap();
        assert_eq!(edited, expected);
        assert_eq!(parse(&edited, &[], Rules::NEW).unwrap().canonical(), edited);
        assert_eq!(schema.with_tags(&[], &[]).unwrap(), schema.canonical());
    }

    #[test]
    fn what_is_added_and_removed_at_once_is_gone() {
        let schema = parse(TEXT, &[], Rules::NEW).unwrap();
        let both = [record("a.Home", &["NEW"])];
        assert_eq!(schema.with_tags(&both, &both).unwrap(), schema.canonical());
    }

    #[test]
    fn what_the_text_does_not_spell_out_has_no_tags_here() {
        let place = r#"{"type":"record","name":"Place","fields":[],"confluent:tags":["T"]}"#;
        let main = r#"{"type":"array","items":"Place"}"#;
        let schema = parse(main, &[place], Rules::NEW).unwrap();
        assert_eq!(schema.tags(), Ok(Vec::new()));
        for wanted in [record("Place", &["T"]), field("Place.x", &["T"]), field("x", &["T"])] {
            let missing = TagsError::NoEntity { kind: wanted.kind, path: wanted.path.clone() };
            assert_eq!(schema.with_tags(&[], &[wanted]), Err(missing));
        }
    }

    #[test]
    fn names_repeated_for_many_fields_are_bounded() {
        let name = "N".repeat(1 << 20);
        let fields =
            (0..17).map(|at| format!(r#"{{"name":"f{at}","type":"int","confluent:tags":["T"]}}"#));
        let fields = fields.collect::<Vec<_>>().join(",");
        let text = format!(r#"{{"type":"record","name":"{name}","fields":[{fields}]}}"#);
        assert!(parse(&text, &[], Rules::NEW).unwrap().tags().is_err());
    }
}
