//! Why a wish is not granted, without the words.

use registry_core::rules::Rejected;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    SubjectNotFound,
    SubjectSoftDeleted,
    SubjectNotSoftDeleted,
    VersionNotFound,
    VersionSoftDeleted,
    VersionNotSoftDeleted,
    Incompatible,
    InvalidSchema,
    InvalidLevel,
    ReadOnly,
}

impl Refusal {
    pub(crate) fn of(rejected: &Rejected) -> Self {
        match rejected {
            Rejected::SubjectNotFound(_) => Self::SubjectNotFound,
            Rejected::SubjectSoftDeleted(_) => Self::SubjectSoftDeleted,
            Rejected::SubjectNotSoftDeleted(_) => Self::SubjectNotSoftDeleted,
            Rejected::VersionNotFound(_) => Self::VersionNotFound,
            Rejected::VersionSoftDeleted(..) => Self::VersionSoftDeleted,
            Rejected::VersionNotSoftDeleted(..) => Self::VersionNotSoftDeleted,
            Rejected::Incompatible { .. } => Self::Incompatible,
            Rejected::InvalidSchema(_) => Self::InvalidSchema,
            Rejected::InvalidLevel(_) => Self::InvalidLevel,
            Rejected::InMode { .. } => Self::ReadOnly,
            other => panic!("nothing here is refused so: {other}"),
        }
    }
}
