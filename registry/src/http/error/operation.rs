//! What was being done when the log failed, in upstream's words.

use openapi::error::ErrorCode;
use registry_core::rules::Rejected;

use super::ApiError;
use crate::writer::WriteFailure;

/// What was being done; upstream words a failing store by operation (`registry-api` 1.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) enum Operation {
    Register,
    DeleteVersion,
    DeleteSubject(String),
    PutConfig,
    DeleteConfig,
    PutMode,
    DeleteMode,
    DeleteContext,
    Undelete,
}

impl Operation {
    pub(super) fn failure(&self, failure: WriteFailure) -> ApiError {
        match failure {
            WriteFailure::TooLarge if *self == Self::Register => Rejected::SchemaTooLarge.into(),
            WriteFailure::TooLarge | WriteFailure::Store => {
                ApiError::new(ErrorCode::StoreError, self.store())
            }
            WriteFailure::Unknown => ApiError::new(ErrorCode::OperationTimeout, self.timeout()),
            WriteFailure::NotWriter => {
                ApiError::new(ErrorCode::LeaderUnknown, "Leader not known.".to_owned())
            }
        }
    }

    pub(super) fn store(&self) -> String {
        match self {
            Self::Register => {
                "Register schema operation failed while writing to the Kafka store".to_owned()
            }
            Self::DeleteVersion => {
                "Delete Schema Version operation failed while writing to the Kafka store".to_owned()
            }
            Self::DeleteSubject(subject) => format!("Error while deleting the subject {subject}"),
            Self::PutConfig => "Failed to update compatibility level".to_owned(),
            Self::DeleteConfig => "Failed to delete compatibility level".to_owned(),
            Self::PutMode => "Failed to update mode".to_owned(),
            Self::DeleteMode => "Failed to delete mode".to_owned(),
            Self::DeleteContext => "Error while deleting context".to_owned(),
            Self::Undelete => "Undelete operation failed while writing to the store".to_owned(),
        }
    }

    pub(super) fn timeout(&self) -> String {
        let operation = match self {
            Self::Register => "Register",
            Self::DeleteVersion => "Delete Schema Version",
            Self::DeleteSubject(_) => "Delete subject",
            Self::PutConfig => "Update config",
            Self::DeleteConfig => "Delete config",
            Self::PutMode => "Update mode",
            Self::DeleteMode => "Delete mode",
            Self::DeleteContext => "Delete context",
            Self::Undelete => "Undelete",
        };
        format!("{operation} operation timed out")
    }
}
