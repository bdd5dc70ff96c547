//! `/compatibility/subjects/{subject}/versions` and below.

use http::Method;
use openapi::{
    compatibility::CompatibilityResponse, error::ErrorCode, paths, schemas::RegisterRequest,
};
use serde_json::json;

use super::{
    operation::Entry,
    parameter::{NORMALIZE, VERBOSE},
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Compatibility";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        check(
            (Method::POST, paths::COMPATIBILITY),
            (TAG, "checkAgainstHistory", "Check a schema against what its level asks for"),
        ),
        check(
            (Method::POST, paths::COMPATIBILITY_VERSION),
            (TAG, "checkAgainstVersion", "Check a schema against one version"),
        )
        .fails(&[ErrorCode::VersionNotFound]),
    ]
}

fn check(
    route: (Method, &'static str),
    called: (&'static str, &'static str, &'static str),
) -> Entry {
    let verdict = Shape::of::<CompatibilityResponse>();
    Entry::new(route, called, Success::json("Whether it could be registered.", verdict))
        .about("Nothing is written. With `verbose`, an invalid schema is a verdict too.")
        .takes(&[VERBOSE, NORMALIZE])
        .reads(Shape::of::<RegisterRequest>(), json!({"schema": "{\"type\":\"string\"}"}))
        .fails(&[ErrorCode::InvalidSchema, ErrorCode::InvalidVersion])
}
