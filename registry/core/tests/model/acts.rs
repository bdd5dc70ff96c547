//! What clients do.

use std::sync::Arc;

use openapi::{
    contracts::Reference,
    ids::{SchemaId, Subject, Version, VersionRef},
};
use proptest::prelude::*;
use registry_core::rules::{Command, NewSchema};
use schema::Language;

/// The context of some subjects.
pub(crate) const CONTEXT: &str = ":.other:";

/// Something a client does. Subjects are numbered; the last two refer to others.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Register(u8, u8),
    /// To this version, or the latest.
    Refer(u8, u8, Option<u32>),
    /// Text, id, version.
    Import(u8, u8, u32, u32),
    /// The latest, or this one; for good?
    DeleteVersion(u8, Option<u32>, bool),
    DeleteSubject(u8, bool),
    UndeleteVersion(u8, u32),
    UndeleteSubject(u8),
    /// By force?
    Mode(Place, &'static str, bool),
}

/// What a mode is set on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Subject(u8),
    Default,
    Other,
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let place = prop_oneof![
        4 => (0..6u8).prop_map(Place::Subject),
        1 => Just(Place::Default),
        1 => Just(Place::Other),
    ];
    let modes =
        prop::sample::select(&["READWRITE", "READWRITE", "READONLY", "IMPORT", "IMPORT"][..]);
    let version = proptest::option::of(1..4u32);
    prop_oneof![
        8 => (0..4u8, 0..4u8).prop_map(|(s, t)| Act::Register(s, t)),
        4 => (4..6u8, 0..4u8, version.clone()).prop_map(|(s, t, v)| Act::Refer(s, t, v)),
        4 => (0..4u8, 0..4u8, 1..8u32, 1..5u32).prop_map(|(s, t, i, v)| Act::Import(s, t, i, v)),
        6 => (0..6u8, version, any::<bool>()).prop_map(|(s, v, p)| Act::DeleteVersion(s, v, p)),
        3 => (0..6u8, any::<bool>()).prop_map(|(s, p)| Act::DeleteSubject(s, p)),
        2 => (0..6u8, 1..5u32).prop_map(|(s, v)| Act::UndeleteVersion(s, v)),
        1 => (0..6u8).prop_map(Act::UndeleteSubject),
        3 => (place, modes, any::<bool>()).prop_map(|(p, m, f)| Act::Mode(p, m, f)),
    ]
}

/// Whether a subject lies in the other context.
pub(crate) fn is_other(number: u8) -> bool {
    matches!(number, 2 | 3 | 5)
}

pub(crate) fn name(number: u8) -> String {
    format!("{}subject-{number}", if is_other(number) { CONTEXT } else { "" })
}

fn subject(number: u8) -> Subject {
    name(number).parse().expect("a subject")
}

pub(crate) fn text(number: u8) -> String {
    let kind = ["int", "long", "string", "bytes"][usize::from(number)];
    format!(r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"{kind}"}}]}}"#)
}

fn version(number: u32) -> VersionRef {
    VersionRef::Number(Version::new(number.into()).expect("above zero"))
}

fn new(number: u8, text: String) -> NewSchema {
    NewSchema::new(subject(number), Language::Avro, text)
}

impl Act {
    pub(crate) fn command(&self) -> Command {
        match self {
            Self::Register(number, schema) => {
                Command::Register(Arc::new(new(*number, text(*schema))))
            }
            Self::Refer(from, to, number) => {
                Command::Register(Arc::new(referring(*from, *to, *number)))
            }
            Self::Import(number, schema, id, as_version) => {
                let (id, version) = (SchemaId::new((*id).into()), Some(version(*as_version)));
                Command::Register(Arc::new(NewSchema {
                    id,
                    version,
                    ..new(*number, text(*schema))
                }))
            }
            Self::DeleteVersion(number, which, permanent) => Command::DeleteVersion {
                subject: subject(*number),
                version: which.map_or(VersionRef::Latest, version),
                permanent: *permanent,
            },
            Self::DeleteSubject(number, permanent) => {
                Command::DeleteSubject { subject: subject(*number), permanent: *permanent }
            }
            Self::UndeleteVersion(number, which) => {
                Command::UndeleteVersion { subject: subject(*number), version: version(*which) }
            }
            Self::UndeleteSubject(number) => Command::UndeleteSubject { subject: subject(*number) },
            Self::Mode(place, mode, force) => {
                let scope = match place {
                    Place::Subject(number) => Some(subject(*number).shared()),
                    Place::Default => None,
                    Place::Other => Some(CONTEXT.into()),
                };
                Command::PutMode { scope, mode: Some((*mode).to_owned()), force: *force }
            }
        }
    }
}

fn referring(from: u8, to: u8, version: Option<u32>) -> NewSchema {
    let text = r#"{"type":"record","name":"U","fields":[{"name":"r","type":"R"}]}"#;
    // With its context, so that it is not read in that of the referrer.
    let target = if is_other(to) { name(to) } else { format!(":.:{}", name(to)) };
    let number = version.map_or(-1, |number| i32::try_from(number).expect("small"));
    let reference =
        Reference { name: Some("R".to_owned()), subject: Some(target), version: Some(number) };
    NewSchema { references: vec![reference], ..new(from, text.to_owned()) }
}
