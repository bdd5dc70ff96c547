//! Why a command is refused, in upstream's words: clients compare them.

use std::sync::Arc;

use openapi::ids::{InvalidSubject, InvalidVersion, SchemaId, Subject, Version, VersionRef};
use schema::{UnknownLanguage, UnknownLevel};
use thiserror::Error;

use crate::references::Unresolved;

/// A refusal. Each variant has one error code; the mapping is the service's.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Rejected {
    #[error(transparent)]
    InvalidSubject(#[from] InvalidSubject),
    #[error(transparent)]
    InvalidVersion(#[from] InvalidVersion),
    #[error("Subject '{0}' not found.")]
    SubjectNotFound(Subject),
    #[error("Version {0} not found.")]
    VersionNotFound(VersionRef),
    #[error("Schema not found")]
    SchemaNotFound,
    #[error("Schema {0} not found")]
    SchemaIdNotFound(i64),
    #[error("Schema {0} not found")]
    GuidNotFound(String),
    #[error("Subject '{0}' was soft deleted.Set permanent=true to delete permanently")]
    SubjectSoftDeleted(Subject),
    #[error("Subject '{0}' was not deleted first before being permanently deleted")]
    SubjectNotSoftDeleted(Subject),
    #[error("Subject '{0}' Version {1} was soft deleted.Set permanent=true to delete permanently")]
    VersionSoftDeleted(Subject, Version),
    #[error("Subject '{0}' Version {1} was not deleted first before being permanently deleted")]
    VersionNotSoftDeleted(Subject, Version),
    #[error("Subject '{0}' does not have subject-level compatibility configured")]
    SubjectConfigNotFound(Subject),
    #[error("Subject '{0}' does not have subject-level mode configured")]
    SubjectModeNotFound(Subject),
    #[error(
        "Schema being registered is incompatible with an earlier schema for subject \
         \"{subject}\", details: [{}]", details.join(", ")
    )]
    Incompatible { subject: Subject, details: Vec<String> },
    #[error("{0}")]
    InvalidSchema(String),
    #[error(transparent)]
    UnknownLanguage(#[from] UnknownLanguage),
    #[error("Register operation failed because schema is too large")]
    SchemaTooLarge,
    #[error(transparent)]
    InvalidLevel(#[from] UnknownLevel),
    #[error("{0}")]
    InvalidMode(&'static str),
    #[error("Subject {subject} in context {context} is {mode} mode")]
    InMode { subject: Arc<str>, context: Arc<str>, mode: &'static str },
    #[error("Mode changes are not allowed")]
    ModeImmutable,
    #[error("Overwrite new schema with id {0} in context {1} is not permitted.")]
    IdTaken(SchemaId, Arc<str>),
    #[error("Overwrite version {1} of subject {0} is not permitted.")]
    VersionTaken(Subject, Version),
    #[error("Cannot import since found existing subjects")]
    SubjectsExist,
    #[error("{0}")]
    InvalidRuleSet(String),
    #[error("More than {0} {1}")]
    TooMany(usize, &'static str),
    #[error("The versions together are too large to be brought back at once")]
    TooLargeToUndelete,
    #[error("This server is read-only")]
    ReadOnlyServer,
    #[error("Subject {0} is not open to registration by this caller")]
    RegistrationClosed(Subject),
    #[error("The schema needs one of subject {0}, which is refused")]
    NeedsRefused(Subject),
    /// Why each item of a set is refused, in the order of the request.
    #[error("{} of {} schemas are refused, and none is registered", .0.iter().flatten().count(), .0.len())]
    Batch(Vec<Option<Rejected>>),
    #[error(
        "One or more references exist to the schema \
         {{magic=1,keytype=SCHEMA,subject={0},version={1}}}."
    )]
    ReferenceExists(Subject, Version),
    #[error("The specified context '{0}' is not empty.")]
    ContextNotEmpty(Arc<str>),
    /// Asked for something that upstream has and this server does not have yet.
    #[error("{0}")]
    NotSupported(String),
}

/// The text for a mode that is none.
pub(super) const INVALID_MODE: &str =
    "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.";

impl From<Unresolved> for Rejected {
    fn from(unresolved: Unresolved) -> Self {
        Self::InvalidSchema(unresolved.to_string())
    }
}

impl Rejected {
    /// The refusal of an operation that a subject's mode forbids.
    pub(super) fn in_mode(subject: &Subject, mode: &'static str) -> Self {
        Self::InMode { subject: subject.shared(), context: subject.context().into(), mode }
    }
}
