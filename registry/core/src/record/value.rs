//! Values. Fields are read leniently, since many writers made them, and written in upstream's order
//! with empty ones left out.

use serde::{Deserialize, Serialize};

use openapi::{
    config::Config,
    contracts::{Metadata, Reference, RuleSet},
};

use super::{Key, Undecodable, json, short};

/// What a key was set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Schema(Box<SchemaValue>),
    Config(Box<Config>),
    Mode(ModeValue),
    DeleteSubject(Watermark),
    /// The key says all.
    ClearSubject(SubjectValue),
    /// The key says all.
    Context(ContextValue),
    /// Kept as it stands.
    Association(Box<str>),
    IdMark(MarkValue),
    /// The identity, a UUID.
    LogIdentity(Identity),
    /// The version of the form.
    Format(FormatVersion),
}

/// A version of a subject as the log holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SchemaValue {
    pub subject: String,
    pub version: i64,
    pub id: i64,
    /// Only where metadata is encrypted and the hash cannot be computed again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub md5: Option<String>,
    /// Absent for Avro: every reader understands that, also those before other types came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_type: Option<String>,
    #[serde(skip_serializing_if = "is_empty")]
    pub references: Option<Vec<Reference>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    pub schema: String,
    pub deleted: bool,
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
fn is_empty(references: &Option<Vec<Reference>>) -> bool {
    references.as_ref().is_none_or(Vec::is_empty)
}

/// A mode with its scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModeValue {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub mode: String,
}

/// Versions up to this one are soft-deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watermark {
    #[serde(default)]
    pub subject: String,
    pub version: u32,
}

/// A value that repeats the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubjectValue {
    #[serde(default)]
    pub subject: String,
}

/// A value that repeats the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContextValue {
    #[serde(default)]
    pub tenant: String,
    #[serde(default)]
    pub context: String,
}

/// The highest id given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkValue {
    pub id: u32,
}

/// Which log this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub id: String,
}

/// The form in which the logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatVersion {
    pub version: u32,
}

/// A configuration with its scope, as the log holds it.
#[derive(Serialize)]
struct ConfigValue<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(flatten)]
    config: &'a Config,
}

impl Value {
    /// Reads the value of a key; none where the key's records have none.
    pub(super) fn decode(key: &Key, bytes: &[u8]) -> Result<Option<Self>, Undecodable> {
        fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Undecodable> {
            serde_json::from_slice(bytes)
                .map_err(|error| Undecodable(format!("the value is not understood: {error}")))
        }
        Ok(Some(match key {
            Key::Schema { .. } => {
                let value = short::schema_value(bytes).map_or_else(|| read(bytes), Ok)?;
                Self::Schema(Box::new(value))
            }
            Key::Config(_) => Self::Config(read(bytes)?),
            Key::Mode(_) => Self::Mode(read(bytes)?),
            Key::DeleteSubject(_) => Self::DeleteSubject(read(bytes)?),
            Key::ClearSubject(_) => Self::ClearSubject(read(bytes)?),
            Key::Context { .. } => Self::Context(read(bytes)?),
            Key::Association(_) => Self::Association(String::from_utf8_lossy(bytes).into()),
            Key::Noop => return Ok(None),
            Key::IdMark(_) => Self::IdMark(read(bytes)?),
            Key::LogIdentity => Self::LogIdentity(read(bytes)?),
            Key::Format => Self::Format(read(bytes)?),
        }))
    }

    /// The bytes to write.
    pub(super) fn encode(&self, key: &Key) -> Vec<u8> {
        match self {
            Self::Schema(value) => short::printed(value).unwrap_or_else(|| json::print(value)),
            Self::Config(config) => {
                let Key::Config(subject) = key else { unreachable!("a configuration has its key") };
                json::print(&ConfigValue { subject: subject.as_deref(), config })
            }
            Self::Mode(value) => json::print(value),
            Self::DeleteSubject(value) => json::print(value),
            Self::ClearSubject(value) => json::print(value),
            Self::Context(value) => json::print(value),
            Self::Association(text) => text.as_bytes().to_vec(),
            Self::IdMark(value) => json::print(value),
            Self::LogIdentity(value) => json::print(value),
            Self::Format(value) => json::print(value),
        }
    }
}
