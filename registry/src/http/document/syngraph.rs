//! What Confluent has no path for, under `/syngraph/v1`.

use http::Method;
use openapi::{
    batch::{BatchRefusal, BatchRequest, BatchResponse},
    error::ErrorCode,
    explain::ExplainResponse,
    ids::Version,
    paths,
    schemas::RegisterRequest,
};
use serde_json::json;

use super::{
    operation::Entry,
    parameter::{FORCE, NORMALIZE},
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Syngraph";

pub(super) fn operations() -> Vec<Entry> {
    vec![batch_register(), explain_id(), undelete_subject(), undelete_version()]
}

fn batch_register() -> Entry {
    Entry::new(
        (Method::POST, paths::BATCH_REGISTER),
        (TAG, "batchRegister", "Register a set of schemas, all or none"),
        Success::json("What they became, in order.", Shape::of::<BatchResponse>()),
    )
    .about(
        "The schemas may refer to each other in any order. When one is refused, none is registered, \
         and the reason of each that is refused is told.",
    )
    .takes(&[NORMALIZE, FORCE])
    .reads(
        Shape::of::<BatchRequest>(),
        json!({"schemas": [{"subject": "orders-value", "schema": "{\"type\":\"string\"}"}]}),
    )
    .refuses(Shape::of::<BatchRefusal>())
    .fails(&[
        ErrorCode::InvalidSchema,
        ErrorCode::InvalidVersion,
        ErrorCode::OperationNotPermitted,
    ])
    .writes()
}

fn explain_id() -> Entry {
    Entry::new(
        (Method::POST, paths::EXPLAIN_ID),
        (TAG, "explainId", "Ask why a schema has its id, or would get a new one"),
        Success::json("The reason, and what it follows from.", Shape::of::<ExplainResponse>()),
    )
    .about("Nothing is written.")
    .takes(&[NORMALIZE])
    .reads(Shape::of::<RegisterRequest>(), json!({"schema": "{\"type\":\"string\"}"}))
    .fails(&[ErrorCode::InvalidSchema, ErrorCode::InvalidVersion])
}

fn undelete_subject() -> Entry {
    Entry::new(
        (Method::POST, paths::UNDELETE_SUBJECT),
        (TAG, "undeleteSubject", "Take back the soft deletion of a subject"),
        Success::json("The numbers of the versions that are back.", Shape::list::<Version>()),
    )
    .fails(&UNDELETING)
    .writes()
}

fn undelete_version() -> Entry {
    Entry::new(
        (Method::POST, paths::UNDELETE_VERSION),
        (TAG, "undeleteVersion", "Take back the soft deletion of a version"),
        Success::json("The number of the version that is back.", Shape::of::<Version>()),
    )
    .fails(&UNDELETING)
    .fails(&[ErrorCode::VersionNotFound])
    .writes()
}

/// A version that is back must be able to refer to what it refers to.
const UNDELETING: [ErrorCode; 3] =
    [ErrorCode::SubjectNotFound, ErrorCode::InvalidSchema, ErrorCode::OperationNotPermitted];
