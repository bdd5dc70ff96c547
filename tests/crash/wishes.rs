//! What clients ask for in a run, and the schemas that they use.
//! Not here: what becomes of a wish (`ledger`).

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use openapi::config::ConfigUpdate;
use openapi::ids::{Subject, Version, VersionRef};
use registry_core::rules::{Command, NewSchema};
use registry_core::state::Scope;
use schema::Language;

/// A schema: a record with one field of a kind; variants of a kind have the same meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text {
    pub(crate) kind: usize,
    pub(crate) variant: usize,
}

const KINDS: [&str; 7] =
    ["\"int\"", "\"long\"", "\"double\"", "\"string\"", "\"bytes\"", "[\"null\",\"int\"]", "3"];
/// Lengths of the documentation that makes variants differ; the last ones fill sectors
/// and segments.
const LENGTHS: [usize; 4] = [1, 300, 900, 2_500];

/// For each kind, those that it reads, beside itself.
const READS: [&[usize]; 6] = [&[], &[0], &[0, 1], &[4], &[3], &[0]];

impl Text {
    /// The one kind that is no schema.
    const INVALID: usize = 6;

    pub(crate) fn any(random: &mut fastrand::Rng) -> Self {
        Self { kind: random.usize(..KINDS.len()), variant: random.usize(..LENGTHS.len()) }
    }

    /// The one that says so; the registry keeps no others here.
    pub(crate) fn of(json: &str) -> Self {
        static ALL: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
            let variants = |kind| (0..LENGTHS.len()).map(move |variant| Text { kind, variant });
            (0..KINDS.len()).flat_map(variants).map(|text| (text.json(), text)).collect()
        });
        *ALL.get(json).unwrap_or_else(|| panic!("nobody registered {json}"))
    }

    pub(crate) fn is_valid(self) -> bool {
        self.kind != Self::INVALID
    }

    pub(crate) fn can_read(self, writer: Self) -> bool {
        self.kind == writer.kind || READS[self.kind].contains(&writer.kind)
    }

    /// As it is sent, which is also as it is kept.
    pub(crate) fn json(self) -> String {
        let (kind, doc) = (KINDS[self.kind], "d".repeat(LENGTHS[self.variant]));
        let field = format!(r#"{{"name":"f","type":{kind}}}"#);
        format!(r#"{{"type":"record","name":"R","doc":"{doc}","fields":[{field}]}}"#)
    }
}

/// Something that a client asks for. Subjects are numbers here; no scope is the global one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wish {
    Register { subject: u8, text: Text },
    DeleteSubject { subject: u8, permanent: bool },
    DeleteVersion { subject: u8, version: Option<u32>, permanent: bool },
    PutLevel { scope: Option<u8>, level: &'static str },
    ResetLevel { scope: Option<u8> },
    PutMode { scope: Option<u8>, mode: Option<&'static str> },
    ResetMode { scope: Option<u8> },
}

pub(crate) fn subject(number: u8) -> Subject {
    format!("subject-{number}").parse().unwrap()
}

fn scope(number: Option<u8>) -> Scope {
    number.map(|number| subject(number).shared())
}

impl Wish {
    pub(crate) fn any(random: &mut fastrand::Rng) -> Self {
        let subject = random.u8(..3);
        let scope = random.bool().then_some(subject);
        let permanent = random.bool();
        match random.u8(..40) {
            0..16 => Self::Register { subject, text: Text::any(random) },
            16..19 => Self::DeleteSubject { subject, permanent },
            19..31 => {
                let version = random.u32(..5);
                let version = (version > 0).then_some(version);
                Self::DeleteVersion { subject, version, permanent }
            }
            31..35 => Self::PutLevel { scope, level: level(random) },
            35 => Self::ResetLevel { scope },
            36 => Self::PutMode { scope, mode: mode(random) },
            _ => Self::ResetMode { scope },
        }
    }

    pub(crate) fn command(self) -> Command {
        match self {
            Self::Register { subject, text } => Command::Register(Arc::new(schema(subject, text))),
            Self::DeleteSubject { subject: number, permanent } => {
                Command::DeleteSubject { subject: subject(number), permanent }
            }
            Self::DeleteVersion { subject: number, version, permanent } => {
                let number_of = |version: u32| Version::new(version.into()).unwrap();
                let version =
                    version.map_or(VersionRef::Latest, |v| VersionRef::Number(number_of(v)));
                Command::DeleteVersion { subject: subject(number), version, permanent }
            }
            Self::PutLevel { scope: number, level } => {
                let compatibility_level = Some(Some(level.to_owned()));
                let update = ConfigUpdate { compatibility_level, ..ConfigUpdate::default() };
                Command::PutConfig { scope: scope(number), update: Box::new(update) }
            }
            Self::ResetLevel { scope: number } => Command::DeleteConfig { scope: scope(number) },
            Self::PutMode { scope: number, mode } => Command::PutMode {
                scope: scope(number),
                mode: mode.map(str::to_owned),
                force: false,
            },
            Self::ResetMode { scope: number } => {
                Command::DeleteMode { scope: scope(number), recursive: false }
            }
        }
    }
}

fn schema(number: u8, text: Text) -> NewSchema {
    NewSchema::new(subject(number), Language::Avro, text.json())
}

/// Mostly none, or nothing would ever be registered.
fn level(random: &mut fastrand::Rng) -> &'static str {
    let levels = ["NONE", "NONE", "NONE", "BACKWARD", "FORWARD", "FULL", "FULL_TRANSITIVE", "HIGH"];
    levels[random.usize(..levels.len())]
}

fn mode(random: &mut fastrand::Rng) -> Option<&'static str> {
    [Some("READONLY"), Some("READWRITE"), None][random.usize(..3)]
}
