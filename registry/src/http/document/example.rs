//! An example of each code. Refusals are made as the rules make them, so that what the document shows
//! is what is answered.

use openapi::{
    error::ErrorCode,
    ids::{InvalidSubject, InvalidVersion, SchemaId, Subject, Version, VersionRef},
};
use registry_core::rules::Rejected;
use schema::CompatibilityLevel;
use utoipa::openapi::example::{Example, ExampleBuilder};

use super::response::title;
use crate::{
    http::{
        dialect::Dialect,
        error::{ApiError, Operation},
    },
    service::RegistryError,
    writer::WriteFailure,
};

/// The example of a code.
pub(super) fn of(code: ErrorCode) -> Example {
    let body = failure(code).body();
    let body = serde_json::to_value(body).expect("a number and a text have a JSON form");
    ExampleBuilder::new().summary(title(code)).value(Some(body)).build()
}

/// A failure with this code.
fn failure(code: ErrorCode) -> ApiError {
    let made = refusals().into_iter().map(ApiError::from).chain(breakdowns());
    let told = WORDS.iter().map(|(code, words)| ApiError::new(*code, *words));
    let found = made.chain(told).find(|error| error.body().error_code == code.code());
    found.expect("every code has an example")
}

/// What the server answers when it cannot do its work.
fn breakdowns() -> Vec<ApiError> {
    let writing = |failure| ApiError::writing(&Operation::Register, RegistryError::Write(failure));
    vec![
        ApiError::reading(RegistryError::Replaying { records: 120_000 }),
        writing(WriteFailure::Store),
        writing(WriteFailure::Unknown),
        writing(WriteFailure::NotWriter),
        ApiError::from(incompatible()).told_in(Dialect::Rich),
    ]
}

/// Refusals by the rules, one for each of their codes.
fn refusals() -> Vec<Rejected> {
    let subject: Subject = "orders-value".parse().expect("an ordinary name");
    let version = Version::FIRST;
    let id = SchemaId::new(7).expect("an ordinary id");
    let level = "backwards".parse::<CompatibilityLevel>().expect_err("no level is called so");
    vec![
        Rejected::SubjectNotFound(subject.clone()),
        Rejected::VersionNotFound(VersionRef::Number(version)),
        Rejected::SchemaIdNotFound(id.get().into()),
        Rejected::SubjectSoftDeleted(subject.clone()),
        Rejected::SubjectNotSoftDeleted(subject.clone()),
        Rejected::VersionSoftDeleted(subject.clone(), version),
        Rejected::VersionNotSoftDeleted(subject.clone(), version),
        Rejected::SubjectConfigNotFound(subject.clone()),
        Rejected::SubjectModeNotFound(subject.clone()),
        incompatible(),
        Rejected::InvalidSchema(SYNTAX.to_owned()),
        InvalidVersion("first".to_owned()).into(),
        level.into(),
        Rejected::InvalidMode(
            "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.",
        ),
        Rejected::ModeImmutable,
        Rejected::InvalidRuleSet("Missing rule name".to_owned()),
        Rejected::ReferenceExists(subject, version),
        InvalidSubject("__GLOBAL".to_owned()).into(),
        Rejected::SchemaTooLarge,
        Rejected::ContextNotEmpty(".eu".into()),
    ]
}

fn incompatible() -> Rejected {
    let subject = "orders-value".parse().expect("an ordinary name");
    Rejected::Incompatible { subject, details: vec![DIFFERENCE.to_owned()] }
}

const DIFFERENCE: &str = "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field \
    'paid' at path '/fields/1' in the new schema has no default value and is missing in the old \
    schema', additionalInfo:'paid'}";
const SYNTAX: &str = "Invalid schema of type AVRO, details: Undefined schema: Order";

/// The words of failures that no rule makes, and of those that only other servers answer.
const WORDS: &[(ErrorCode, &str)] = &[
    (ErrorCode::BadRequest, "The request body is not a JSON object"),
    (ErrorCode::NotFound, "HTTP 404 Not Found"),
    (ErrorCode::MethodNotAllowed, "HTTP 405 Method Not Allowed"),
    (ErrorCode::NotAcceptable, "HTTP 406 Not Acceptable"),
    (ErrorCode::RequestTimeout, "The request body did not arrive"),
    (ErrorCode::PayloadTooLarge, "The request body is larger than 8388608 bytes"),
    (ErrorCode::UnsupportedMediaType, "HTTP 415 Unsupported Media Type"),
    (ErrorCode::Unprocessable, "register.request must not be null (was null)"),
    (ErrorCode::HeadersTooLarge, "HTTP 431 Request Header Fields Too Large"),
    (ErrorCode::Internal, "Internal Server Error"),
    (ErrorCode::Timeout, "Request timed out"),
    (ErrorCode::IdMismatch, "Schema already registered with id 7 instead of input id 8"),
    (ErrorCode::ForwardingFailed, "Error while forwarding register schema request to the leader"),
    (
        ErrorCode::UnreadableAnswer,
        "Unrecognized token 'upstream': was expecting (JSON String, Number, Array, Object or token \
         'null', 'true' or 'false')",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_example_that_carries_it() {
        for code in ErrorCode::ALL {
            let value = of(*code).value.unwrap();
            assert_eq!(value["error_code"], code.code());
            assert!(!value["message"].as_str().unwrap().is_empty());
        }
    }
}
