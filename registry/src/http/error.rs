//! Failures out: the one place that maps a failure to status, code and message.

mod operation;

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use openapi::{
    error::{ErrorBody, ErrorCode},
    ids::InvalidSubject,
};
use registry_core::rules::Rejected;

pub(super) use operation::Operation;

use super::dialect::Dialect;
use crate::{limits::RETRY_AFTER_SECONDS, service::RegistryError};

/// A failure on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    code: ErrorCode,
    message: String,
    retry: bool,
}

impl ApiError {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry: false }
    }

    /// A failure that may be gone a moment later.
    pub(super) fn later(message: String) -> Self {
        Self { code: ErrorCode::Unavailable, message, retry: true }
    }

    /// The body that tells it.
    pub(super) fn body(&self) -> ErrorBody {
        ErrorBody { error_code: self.code.code(), message: self.message.clone() }
    }

    /// The failure as the caller of a reading operation sees it.
    pub(super) fn reading(error: RegistryError) -> Self {
        match error {
            RegistryError::Rejected(rejected) => rejected.into(),
            RegistryError::Write(_) => Self::new(ErrorCode::Internal, "Internal Server Error"),
            RegistryError::Replaying { .. } | RegistryError::Busy | RegistryError::Stopping => {
                Self { code: ErrorCode::Unavailable, message: capital(&error), retry: true }
            }
        }
    }

    /// The failure as the caller of a writing operation sees it.
    pub(super) fn writing(operation: &Operation, error: RegistryError) -> Self {
        match error {
            RegistryError::Write(failure) => operation.failure(failure),
            other => Self::reading(other),
        }
    }

    /// The failure with the code that it has in a dialect.
    pub(super) fn told_in(self, dialect: Dialect) -> Self {
        let code = match (self.code, dialect) {
            (ErrorCode::IncompatibleSchema, Dialect::Rich) => ErrorCode::IncompatibleSchemaRich,
            (code, _) => code,
        };
        Self { code, ..self }
    }
}

impl From<InvalidSubject> for ApiError {
    fn from(invalid: InvalidSubject) -> Self {
        Rejected::from(invalid).into()
    }
}

impl From<Rejected> for ApiError {
    fn from(rejected: Rejected) -> Self {
        Self::new(code(&rejected), rejected.to_string())
    }
}

/// The code of each refusal.
fn code(rejected: &Rejected) -> ErrorCode {
    match rejected {
        Rejected::InvalidSubject(_) => ErrorCode::InvalidSubject,
        Rejected::InvalidVersion(_) => ErrorCode::InvalidVersion,
        Rejected::SubjectNotFound(_) => ErrorCode::SubjectNotFound,
        Rejected::VersionNotFound(_) => ErrorCode::VersionNotFound,
        Rejected::SchemaNotFound | Rejected::SchemaIdNotFound(_) | Rejected::GuidNotFound(_) => {
            ErrorCode::SchemaNotFound
        }
        Rejected::SubjectSoftDeleted(_) => ErrorCode::SubjectSoftDeleted,
        Rejected::SubjectNotSoftDeleted(_) => ErrorCode::SubjectNotSoftDeleted,
        Rejected::VersionSoftDeleted(..) => ErrorCode::VersionSoftDeleted,
        Rejected::VersionNotSoftDeleted(..) => ErrorCode::VersionNotSoftDeleted,
        Rejected::SubjectConfigNotFound(_) => ErrorCode::SubjectConfigNotFound,
        Rejected::SubjectModeNotFound(_) => ErrorCode::SubjectModeNotFound,
        Rejected::Incompatible { .. } => ErrorCode::IncompatibleSchema,
        Rejected::InvalidSchema(_) | Rejected::UnknownLanguage(_) => ErrorCode::InvalidSchema,
        Rejected::SchemaTooLarge => ErrorCode::SchemaTooLarge,
        Rejected::InvalidLevel(_) => ErrorCode::InvalidCompatibilityLevel,
        Rejected::InvalidMode(_) => ErrorCode::InvalidMode,
        Rejected::InMode { .. }
        | Rejected::ModeImmutable
        | Rejected::IdTaken(..)
        | Rejected::VersionTaken(..)
        | Rejected::ReadOnlyServer
        | Rejected::RegistrationClosed(_)
        | Rejected::SubjectsExist => ErrorCode::OperationNotPermitted,
        Rejected::InvalidRuleSet(_) => ErrorCode::InvalidRuleSet,
        Rejected::ReferenceExists(..) => ErrorCode::ReferenceExists,
        Rejected::ContextNotEmpty(_) => ErrorCode::ContextNotEmpty,
        Rejected::NotSupported(_)
        | Rejected::NeedsRefused(_)
        | Rejected::TooMany(..)
        | Rejected::TooLargeToUndelete
        | Rejected::Batch(_) => ErrorCode::Unprocessable,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.body()).expect("a number and a text have a JSON form");
        let status = StatusCode::from_u16(self.code.status()).expect("codes begin with a status");
        let mut response = (status, body).into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        if self.retry {
            let seconds = HeaderValue::from(RETRY_AFTER_SECONDS);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.code.code(), self.message)
    }
}

/// No such path.
pub(super) async fn not_found() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "HTTP 404 Not Found")
}

/// No such method on this path.
pub(super) async fn method_not_allowed() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "HTTP 405 Method Not Allowed")
}

/// None of what is produced is acceptable.
pub(super) fn not_acceptable() -> ApiError {
    ApiError::new(ErrorCode::NotAcceptable, "HTTP 406 Not Acceptable")
}

fn capital(error: &RegistryError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use openapi::ids::{InvalidSubject, InvalidVersion, SchemaId, Subject, Version, VersionRef};
    use schema::{CompatibilityLevel, UnknownLanguage};

    use super::*;
    use crate::{cli::page, writer::WriteFailure};

    /// Stands in refusals where the pages have a placeholder for a number.
    const NUMBER: u32 = 7_777_777;

    /// Refusals over placeholders, with the placeholder of their number.
    fn refusals() -> Vec<(Rejected, &'static str)> {
        let subject = || "{subject}".parse::<Subject>().unwrap();
        let version = Version::new(NUMBER.into()).unwrap();
        let unknown_level = "{level}".parse::<CompatibilityLevel>().unwrap_err();
        let (name, context) = ("{subject}".into(), "{context}".into());
        vec![
            (InvalidSubject("{subject}".to_owned()).into(), ""),
            (InvalidVersion("{version}".to_owned()).into(), ""),
            (Rejected::SubjectNotFound(subject()), ""),
            (Rejected::VersionNotFound(VersionRef::Number(version)), "{version}"),
            (Rejected::SchemaNotFound, ""),
            (Rejected::SchemaIdNotFound(NUMBER.into()), "{id}"),
            (Rejected::SubjectSoftDeleted(subject()), ""),
            (Rejected::SubjectNotSoftDeleted(subject()), ""),
            (Rejected::VersionSoftDeleted(subject(), version), "{version}"),
            (Rejected::VersionNotSoftDeleted(subject(), version), "{version}"),
            (Rejected::SubjectConfigNotFound(subject()), ""),
            (Rejected::SubjectModeNotFound(subject()), ""),
            (
                Rejected::Incompatible {
                    subject: subject(),
                    details: vec!["{details}".to_owned()],
                },
                "",
            ),
            (UnknownLanguage("{type}".to_owned()).into(), ""),
            (Rejected::SchemaTooLarge, ""),
            (unknown_level.into(), ""),
            (Rejected::InMode { subject: name, context, mode: "in read-only" }, ""),
            (Rejected::ModeImmutable, ""),
            (Rejected::IdTaken(SchemaId::new(NUMBER.into()).unwrap(), "{context}".into()), "{id}"),
            (Rejected::VersionTaken(subject(), version), "{version}"),
            (Rejected::SubjectsExist, ""),
            (Rejected::ReadOnlyServer, ""),
            (Rejected::RegistrationClosed(subject()), ""),
            (Rejected::NeedsRefused(subject()), ""),
            (Rejected::ReferenceExists(subject(), version), "{version}"),
            (Rejected::ContextNotEmpty("{context}".into()), ""),
        ]
    }

    fn assert_told(code: ErrorCode, message: &str) {
        assert!(page(code).contains(message), "the page of {} lacks: {message}", code.code());
    }

    #[test]
    fn pages_tell_refusals_as_they_are_answered() {
        for (rejected, placeholder) in refusals() {
            let error = ApiError::from(rejected);
            let message = error.message.replace(&NUMBER.to_string(), placeholder);
            assert_told(error.code, &message);
        }
    }

    #[test]
    fn an_incompatible_schema_has_a_code_in_each_dialect() {
        let details = vec!["{details}".to_owned()];
        let subject = "{subject}".parse().unwrap();
        let error = ApiError::from(Rejected::Incompatible { subject, details });
        assert_eq!(error.clone().told_in(Dialect::Terse), error);
        let rich = error.told_in(Dialect::Rich);
        assert_eq!(rich.code, ErrorCode::IncompatibleSchemaRich);
        assert_told(rich.code, &rich.message);
    }

    #[test]
    fn pages_tell_failed_writes_as_they_are_answered() {
        for operation in [
            Operation::Register,
            Operation::DeleteVersion,
            Operation::DeleteSubject("{subject}".to_owned()),
            Operation::PutConfig,
            Operation::DeleteConfig,
            Operation::PutMode,
            Operation::DeleteMode,
            Operation::DeleteContext,
            Operation::Undelete,
        ] {
            assert_told(ErrorCode::StoreError, &format!("`{}`", operation.store()));
            let timeout = operation.timeout().replace(" operation timed out", "");
            assert_told(ErrorCode::OperationTimeout, &format!("`{timeout}`"));
            let unknown = operation.failure(WriteFailure::NotWriter);
            assert_told(unknown.code, &unknown.message);
        }
    }

    #[test]
    fn pages_tell_why_nothing_is_answered_yet() {
        for error in [
            RegistryError::Replaying { records: NUMBER.into() },
            RegistryError::Busy,
            RegistryError::Stopping,
        ] {
            let error = ApiError::reading(error);
            let message = error.message.replace(&NUMBER.to_string(), "{records}");
            assert_told(error.code, &format!("`{message}`"));
        }
    }
}
