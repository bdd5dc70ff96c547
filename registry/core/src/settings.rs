//! What the operator decides for the whole registry.

use schema::CompatibilityLevel;

/// The server-wide choices that rules consult.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent choice of the operator's"
)]
pub struct Settings {
    /// The level where nothing is configured (`schema.compatibility.level`).
    pub compatibility_level: CompatibilityLevel,
    /// Whether nothing may be written at all.
    pub read_only: bool,
    /// Whether modes may be changed at all (`mode.mutability`).
    pub mode_mutability: bool,
    /// Whether names and defaults of new schemas are checked where nothing is configured
    /// (`schema.validate.new.schemas`).
    pub validate_new_schemas: bool,
    /// Whether fields are held against the reserved ones where nothing is configured
    /// (`schema.validate.fields`).
    pub validate_fields: bool,
    /// Whether one name may stand for one version only among all that a schema refers to
    /// (`schema.providers.reference.versions.strict`).
    pub reference_versions_strict: bool,
    /// Whether a subject without a name is refused (`schema.reject.empty.subject`).
    pub reject_empty_subject: bool,
    /// The largest schema text, in bytes; what a log entry can hold with room for its envelope.
    pub schema_size_max: usize,
}

impl Settings {
    /// What upstream does where the operator says nothing.
    pub const UPSTREAM: Self = Self {
        compatibility_level: CompatibilityLevel::Backward,
        read_only: false,
        mode_mutability: true,
        validate_new_schemas: true,
        validate_fields: false,
        reference_versions_strict: false,
        reject_empty_subject: false,
        schema_size_max: 1 << 20,
    };
}
