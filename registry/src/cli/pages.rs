//! The page of each error code, as it stands under `docs/errors/`, in the binary: a code without a
//! page does not compile, and who runs the binary has the pages of its version without a network.

use openapi::error::ErrorCode;

/// Paths to include are literals, so a function cannot make them.
macro_rules! embedded {
    ($code:literal) => {
        include_str!(concat!("../../../docs/errors/", $code, ".md"))
    };
}

/// The page of a code, in Markdown.
pub fn page(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadRequest => embedded!(400),
        ErrorCode::NotFound => embedded!(404),
        ErrorCode::MethodNotAllowed => embedded!(405),
        ErrorCode::NotAcceptable => embedded!(406),
        ErrorCode::RequestTimeout => embedded!(408),
        ErrorCode::IncompatibleSchema => embedded!(409),
        ErrorCode::PayloadTooLarge => embedded!(413),
        ErrorCode::UnsupportedMediaType => embedded!(415),
        ErrorCode::Unprocessable => embedded!(422),
        ErrorCode::HeadersTooLarge => embedded!(431),
        ErrorCode::Internal => embedded!(500),
        ErrorCode::Unavailable => embedded!(503),
        ErrorCode::Timeout => embedded!(504),
        ErrorCode::SubjectNotFound => embedded!(40401),
        ErrorCode::VersionNotFound => embedded!(40402),
        ErrorCode::SchemaNotFound => embedded!(40403),
        ErrorCode::SubjectSoftDeleted => embedded!(40404),
        ErrorCode::SubjectNotSoftDeleted => embedded!(40405),
        ErrorCode::VersionSoftDeleted => embedded!(40406),
        ErrorCode::VersionNotSoftDeleted => embedded!(40407),
        ErrorCode::SubjectConfigNotFound => embedded!(40408),
        ErrorCode::SubjectModeNotFound => embedded!(40409),
        ErrorCode::IncompatibleSchemaRich => embedded!(40901),
        ErrorCode::InvalidSchema => embedded!(42201),
        ErrorCode::InvalidVersion => embedded!(42202),
        ErrorCode::InvalidCompatibilityLevel => embedded!(42203),
        ErrorCode::InvalidMode => embedded!(42204),
        ErrorCode::OperationNotPermitted => embedded!(42205),
        ErrorCode::ReferenceExists => embedded!(42206),
        ErrorCode::IdMismatch => embedded!(42207),
        ErrorCode::InvalidSubject => embedded!(42208),
        ErrorCode::SchemaTooLarge => embedded!(42209),
        ErrorCode::InvalidRuleSet => embedded!(42210),
        ErrorCode::ContextNotEmpty => embedded!(42211),
        ErrorCode::StoreError => embedded!(50001),
        ErrorCode::OperationTimeout => embedded!(50002),
        ErrorCode::ForwardingFailed => embedded!(50003),
        ErrorCode::LeaderUnknown => embedded!(50004),
        ErrorCode::UnreadableAnswer => embedded!(50005),
    }
}
