//! A registry reduced to its logs: commands in, records out, replayed and compacted at will.

use std::{collections::HashMap, sync::Arc};

use openapi::{
    config::ConfigUpdate,
    ids::{Subject, VersionRef},
};
use proptest::prelude::*;
use registry_core::{
    parser::PlainParser,
    record::Record,
    rules::{self, Answer, Command, NewSchema, Outcome, Prepared},
    settings::Settings,
    state::{Position, State, Visibility},
};
use schema::Language;

const SETTINGS: Settings = Settings::UPSTREAM;

/// Something a client does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Register(u8, u8),
    DeleteSubject(u8, bool),
    DeleteVersion(u8, VersionRef, bool),
    Level(Option<u8>, &'static str),
    ResetLevel(Option<u8>),
    Mode(Option<u8>, &'static str),
    ResetMode(Option<u8>),
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
    /// Every id of a context with the text it was given for.
    pub(crate) given: Vec<((String, u32), String)>,
    end: i64,
}

pub(crate) fn command() -> impl Strategy<Value = Act> {
    let subject = 0..4u8;
    let scope = proptest::option::of(0..4u8);
    let version = (0..5i64).prop_map(|number| match openapi::ids::Version::new(number) {
        Some(version) => VersionRef::Number(version),
        None => VersionRef::Latest,
    });
    prop_oneof![
        8 => (subject.clone(), 0..6u8).prop_map(|(s, t)| Act::Register(s, t)),
        2 => (subject.clone(), any::<bool>()).prop_map(|(s, p)| Act::DeleteSubject(s, p)),
        5 => (subject, version, any::<bool>()).prop_map(|(s, v, p)| Act::DeleteVersion(s, v, p)),
        1 => (scope.clone(), prop::sample::select(vec!["NONE", "FULL", "BACKWARD"]))
            .prop_map(|(s, l)| Act::Level(s, l)),
        1 => scope.clone().prop_map(Act::ResetLevel),
        1 => (scope.clone(), prop::sample::select(vec!["READWRITE", "READONLY"]))
            .prop_map(|(s, m)| Act::Mode(s, m)),
        1 => scope.prop_map(Act::ResetMode),
        2 => Just(Act::DeleteContext),
    ]
}

/// The context of the last two subjects.
const CONTEXT: &str = ".other";

fn subject(number: u8) -> Subject {
    let context = if number < 2 { String::new() } else { format!(":{CONTEXT}:") };
    format!("{context}subject-{number}").parse().expect("a subject")
}

/// Texts of which some may follow each other and some may not.
fn text(number: u8) -> String {
    let kind =
        ["\"int\"", "\"long\"", "\"string\"", "\"bytes\"", "[\"null\",\"int\"]", "\"double\""];
    let kind = kind[usize::from(number)];
    format!(r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":{kind}}}]}}"#)
}

impl Act {
    fn command(&self) -> Command {
        let scope = |scope: &Option<u8>| scope.map(|number| subject(number).shared());
        match self {
            Self::Register(number, schema) => {
                let (subject, text) = (subject(*number), text(*schema));
                Command::Register(Arc::new(NewSchema::new(subject, Language::Avro, text)))
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
            Self::Mode(number, mode) => Command::PutMode {
                scope: scope(number),
                mode: Some((*mode).to_owned()),
                force: false,
            },
            Self::ResetMode(number) => {
                Command::DeleteMode { scope: scope(number), recursive: false }
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
        if let (Answer::Registered { id, .. }, Act::Register(to, schema)) = (&decision.answer, act)
        {
            let context = subject(*to).context().to_owned();
            self.given.push(((context, id.get()), text(*schema)));
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

/// Everything that can be asked, as text.
pub(crate) fn answers(state: &State) -> Vec<String> {
    let mut all = Vec::new();
    for name in state.subjects(Visibility::All) {
        let subject = Subject::trusted(name.clone());
        for (version, row) in state.versions(&subject, Visibility::All) {
            let text = &state.content_of(&subject, row).text;
            all.push(format!(
                "{name} {version} {} {} {} {text}",
                row.id, row.deleted, row.timestamp
            ));
        }
        let (config, mode) = (state.config(&Some(name.clone())), state.mode(&Some(name.clone())));
        all.push(format!("{name} {config:?} {mode:?}"));
        all.push(format!(
            "{name} latest {:?}",
            state.resolve(&subject, VersionRef::Latest, Visibility::Active)
        ));
    }
    for (context, ids) in state.contexts() {
        let held: Vec<_> = (0..=ids.id_max).map(|id| ids.holders_of(id).count()).collect();
        all.push(format!("{context} {} {} {held:?}", ids.exists(), ids.id_max));
    }
    all.push(format!("{:?} {:?}", state.config(&None), state.mode(&None)));
    all
}
