//! The schema languages.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A schema language. A new one is a list of compiler errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    Avro,
    Json,
    Protobuf,
}

/// A `schemaType` that no parser here understands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("Invalid schema type {0}")]
pub struct UnknownLanguage(pub String);

impl Language {
    /// What this build parses and checks; the others are served as stored.
    pub const SUPPORTED: &'static [Self] = &[Self::Avro];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avro => "AVRO",
            Self::Json => "JSON",
            Self::Protobuf => "PROTOBUF",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Case-sensitive, as upstream.
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text {
            "AVRO" => Ok(Self::Avro),
            "JSON" => Ok(Self::Json),
            "PROTOBUF" => Ok(Self::Protobuf),
            other => Err(UnknownLanguage(other.to_owned())),
        }
    }
}
