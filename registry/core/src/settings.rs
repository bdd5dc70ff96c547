//! What the operator decides for the whole registry.

use schema::CompatibilityLevel;

/// The server-wide choices that rules consult.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The level where nothing is configured (`schema.compatibility.level`).
    pub compatibility_level: CompatibilityLevel,
    /// Whether modes may be changed at all (`mode.mutability`).
    pub mode_mutability: bool,
    /// The largest schema text, in bytes; what a log entry can hold with room for its envelope.
    pub schema_size_max: usize,
}
