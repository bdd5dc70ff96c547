//! The seven compatibility levels.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// What a new schema must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompatibilityLevel {
    None,
    Backward,
    BackwardTransitive,
    Forward,
    ForwardTransitive,
    Full,
    FullTransitive,
}

/// Not one of the seven (error code 42203).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "Invalid compatibility level. Valid values are none, backward, forward, full, \
     backward_transitive, forward_transitive, and full_transitive"
)]
pub struct UnknownLevel(pub String);

impl CompatibilityLevel {
    /// All levels.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::Backward,
        Self::BackwardTransitive,
        Self::Forward,
        Self::ForwardTransitive,
        Self::Full,
        Self::FullTransitive,
    ];

    /// The name on the wire and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Backward => "BACKWARD",
            Self::BackwardTransitive => "BACKWARD_TRANSITIVE",
            Self::Forward => "FORWARD",
            Self::ForwardTransitive => "FORWARD_TRANSITIVE",
            Self::Full => "FULL",
            Self::FullTransitive => "FULL_TRANSITIVE",
        }
    }

    /// Whether every active version counts, not the newest alone.
    pub const fn is_transitive(self) -> bool {
        matches!(self, Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive)
    }

    /// Whether the new schema must read data of the old.
    pub const fn reads_old(self) -> bool {
        matches!(
            self,
            Self::Backward | Self::BackwardTransitive | Self::Full | Self::FullTransitive
        )
    }

    /// Whether the old schema must read data of the new.
    pub const fn read_by_old(self) -> bool {
        matches!(self, Self::Forward | Self::ForwardTransitive | Self::Full | Self::FullTransitive)
    }
}

impl fmt::Display for CompatibilityLevel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for CompatibilityLevel {
    type Err = UnknownLevel;

    /// In any letter case.
    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        let found = Self::ALL.iter().find(|level| level.name().eq_ignore_ascii_case(text));
        found.copied().ok_or_else(|| UnknownLevel(text.to_owned()))
    }
}
