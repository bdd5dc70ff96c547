//! A registry reduced to its logs: commands in, records out, replayed and compacted at will.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use openapi::{
    config::ConfigUpdate,
    contracts::{Metadata, Reference},
    ids::{SchemaId, Subject, Version, VersionRef},
};
use proptest::prelude::*;
use registry_core::{
    parser::PlainParser,
    record::Record,
    rules::{self, Answer, Command, NewSchema, Outcome, Prepared, Ready},
    settings::Settings,
    state::{Content, Position, State},
};
use schema::Language;

const SETTINGS: Settings = Settings::UPSTREAM;

/// Something a client does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Register(u8, u8),
    /// With an owner among its properties.
    RegisterOwned(u8, u8, u8),
    /// As this version or not at all.
    RegisterAs(u8, u8, u8),
    /// A schema that refers to a subject, to this version or the latest.
    Refer(u8, u8, Option<u8>),
    /// A subject and one that refers to it, together.
    Batch(u8, u8),
    /// As another registry has it: text, id and version.
    Import(u8, u8, u8, u8),
    UndeleteSubject(u8),
    UndeleteVersion(u8, VersionRef),
    DeleteSubject(u8, bool),
    DeleteVersion(u8, VersionRef, bool),
    Level(Option<u8>, &'static str),
    ResetLevel(Option<u8>),
    Mode(Option<u8>, &'static str, bool),
    ResetMode(Option<u8>, bool),
    DeleteContext,
}

/// An entry as a log keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) offset: i64,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(crate) log: Vec<Entry>,
    pub(crate) marks: Vec<Entry>,
    pub(crate) state: State,
    /// Every generated id of a context with the content it was given for.
    pub(crate) given: Vec<((String, u32), Arc<Content>)>,
    end: i64,
}

pub(crate) fn command() -> impl Strategy<Value = Act> {
    let subject = 0..4u8;
    let scope = proptest::option::of(0..4u8);
    let version = (0..5i64).prop_map(|number| match Version::new(number) {
        Some(version) => VersionRef::Number(version),
        None => VersionRef::Latest,
    });
    prop_oneof![
        8 => (subject.clone(), 0..6u8).prop_map(|(s, t)| Act::Register(s, t)),
        1 => (subject.clone(), 0..6u8, 0..2u8).prop_map(|(s, t, o)| Act::RegisterOwned(s, t, o)),
        1 => (subject.clone(), 0..6u8, 1..4u8).prop_map(|(s, t, v)| Act::RegisterAs(s, t, v)),
        4 => (4..6u8, 0..4u8, proptest::option::of(1..3u8)).prop_map(|(s, t, v)| Act::Refer(s, t, v)),
        1 => (0..4u8, 0..6u8).prop_map(|(s, t)| Act::Batch(s, t)),
        4 => (subject, 0..6u8, 1..9u8, 1..5u8).prop_map(|(s, t, i, v)| Act::Import(s, t, i, v)),
        1 => (0..6u8).prop_map(Act::UndeleteSubject),
        2 => (0..6u8, version.clone()).prop_map(|(s, v)| Act::UndeleteVersion(s, v)),
        2 => (0..6u8, any::<bool>()).prop_map(|(s, p)| Act::DeleteSubject(s, p)),
        6 => (0..6u8, version, any::<bool>()).prop_map(|(s, v, p)| Act::DeleteVersion(s, v, p)),
        1 => (scope.clone(), prop::sample::select(vec!["NONE", "FULL", "BACKWARD"]))
            .prop_map(|(s, l)| Act::Level(s, l)),
        1 => scope.clone().prop_map(Act::ResetLevel),
        2 => (scope.clone(), prop::sample::select(MODES), any::<bool>())
            .prop_map(|(s, m, f)| Act::Mode(s, m, f)),
        2 => (scope, any::<bool>()).prop_map(|(s, r)| Act::ResetMode(s, r)),
        2 => Just(Act::DeleteContext),
    ]
}

const MODES: &[&str] = &["READWRITE", "READONLY", "IMPORT", "IMPORT"];

/// The context of some subjects.
const CONTEXT: &str = ".other";

fn subject(number: u8) -> Subject {
    let context = if matches!(number, 0 | 1 | 4) { String::new() } else { format!(":{CONTEXT}:") };
    format!("{context}subject-{number}").parse().expect("a subject")
}

/// Texts of which some may follow each other and some may not.
fn text(number: u8) -> String {
    let kind =
        ["\"int\"", "\"long\"", "\"string\"", "\"bytes\"", "[\"null\",\"int\"]", "\"double\""];
    let kind = kind[usize::from(number)];
    format!(r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":{kind}}}]}}"#)
}

fn new(number: u8, text: String) -> NewSchema {
    NewSchema::new(subject(number), Language::Avro, text)
}

fn referring(from: u8, to: u8, version: Option<u8>) -> NewSchema {
    let text = r#"{"type":"record","name":"U","fields":[{"name":"r","type":"R"}]}"#;
    let reference = Reference {
        name: Some("R".to_owned()),
        // Written with its context, so that it is not read in that of the referrer.
        subject: Some(format!(":{}:{}", subject(to).context(), subject(to).name())),
        version: Some(version.map_or(-1, i32::from)),
    };
    NewSchema { references: vec![reference], ..new(from, text.to_owned()) }
}

impl Act {
    fn command(&self) -> Command {
        let register = |new: NewSchema| Command::Register(Arc::new(new));
        let scope = |scope: &Option<u8>| scope.map(|number| subject(number).shared());
        match self {
            Self::Register(number, schema) => register(new(*number, text(*schema))),
            Self::RegisterOwned(number, schema, owner) => {
                let properties: BTreeMap<_, _> = [("owner", owner.to_string())].into();
                // As a body says it: what is empty there is none.
                let sent =
                    serde_json::json!({"properties": properties, "tags": {}, "sensitive": []});
                let metadata: Metadata = serde_json::from_value(sent).expect("metadata");
                register(NewSchema { metadata: Some(metadata), ..new(*number, text(*schema)) })
            }
            Self::RegisterAs(number, schema, version) => {
                let version = Version::new((*version).into()).map(VersionRef::Number);
                register(NewSchema { version, ..new(*number, text(*schema)) })
            }
            Self::Refer(from, to, version) => register(referring(*from, *to, *version)),
            Self::Batch(number, schema) => {
                let first = Arc::new(referring(4 + number / 2, *number, None));
                let set = [first, Arc::new(new(*number, text(*schema)))];
                Command::RegisterAll(Arc::new(set))
            }
            Self::Import(number, schema, id, version) => {
                let version = Version::new((*version).into()).map(VersionRef::Number);
                let id = SchemaId::new((*id).into());
                register(NewSchema { id, version, ..new(*number, text(*schema)) })
            }
            Self::UndeleteSubject(number) => Command::UndeleteSubject { subject: subject(*number) },
            Self::UndeleteVersion(number, version) => {
                Command::UndeleteVersion { subject: subject(*number), version: *version }
            }
            Self::DeleteSubject(number, permanent) => {
                Command::DeleteSubject { subject: subject(*number), permanent: *permanent }
            }
            Self::DeleteVersion(number, version, permanent) => Command::DeleteVersion {
                subject: subject(*number),
                version: *version,
                permanent: *permanent,
            },
            Self::Level(number, level) => {
                let compatibility_level = Some(Some((*level).to_owned()));
                let update = ConfigUpdate { compatibility_level, ..ConfigUpdate::default() };
                Command::PutConfig { scope: scope(number), update: Box::new(update) }
            }
            Self::ResetLevel(number) => Command::DeleteConfig { scope: scope(number) },
            Self::Mode(number, mode, force) => {
                let (scope, mode) = (scope(number), Some((*mode).to_owned()));
                Command::PutMode { scope, mode, force: *force }
            }
            Self::ResetMode(number, recursive) => {
                Command::DeleteMode { scope: scope(number), recursive: *recursive }
            }
            Self::DeleteContext => Command::DeleteContext { context: CONTEXT.into() },
        }
    }
}

impl History {
    /// Does what the writer does, with logs that never fail.
    pub(crate) fn act(&mut self, act: &Act) {
        let prepared = rules::prepare(&self.state, &SETTINGS, &PlainParser, act.command());
        let Ok(Prepared::Ready(ready)) = prepared else { return };
        let Outcome::Decided(decision) = rules::decide(&self.state, &SETTINGS, &ready) else {
            return;
        };
        if let (Answer::Registered { id, content, .. }, Ready::Register(registration)) =
            (&decision.answer, &ready)
        {
            let context = registration.subject().context();
            let known = self.state.context(context).and_then(|ids| ids.id_of(content.hash));
            if known.is_none() && !matches!(act, Act::Import(..)) {
                self.given.push(((context.to_owned(), id.get()), content.clone()));
            }
        }
        let mut draft = self.state.clone();
        for (offset, record) in (self.end..).zip(&decision.records) {
            draft.apply(Position { offset, timestamp: offset }, &Ok(record.clone()));
        }
        for mark in rules::due_marks(&draft) {
            draft.apply_mark(&mark);
            let (key, value) = mark.encode();
            self.marks.push(Entry { offset: 0, key, value });
        }
        for record in &decision.records {
            let (key, value) = record.encode();
            self.log.push(Entry { offset: self.end, key, value });
            self.end += 1;
        }
        self.state = draft;
    }

    /// The state that the logs give.
    pub(crate) fn replayed(&self) -> State {
        let mut state = State::default();
        for entry in &self.log {
            let position = Position { offset: entry.offset, timestamp: entry.offset };
            state.apply(position, &Record::decode(&entry.key, entry.value.as_deref()));
        }
        for entry in &self.marks {
            let mark = Record::decode(&entry.key, entry.value.as_deref()).expect("our own mark");
            state.apply_mark(&mark);
        }
        state
    }

    /// Keeps the newest entry of each key below a point, and tombstones only sometimes.
    pub(crate) fn compact(&mut self, chance: u8) {
        let point = self.log.len() * usize::from(chance % 4 + 1) / 4;
        let newest: HashMap<Vec<u8>, usize> = self.log[..point]
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.key.clone(), at))
            .collect();
        let mut at = 0;
        self.log.retain(|entry| {
            let index = at;
            at += 1;
            let current = newest.get(&entry.key) == Some(&index);
            index >= point || (current && (entry.value.is_some() || chance.is_multiple_of(2)))
        });
    }

    /// Goes on from what the logs say.
    pub(crate) fn restart(&mut self) {
        self.state = self.replayed();
    }
}
