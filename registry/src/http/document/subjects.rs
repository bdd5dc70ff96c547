//! `/subjects` and `/subjects/{subject}`.

use http::Method;
use openapi::{
    error::ErrorCode,
    ids::{Subject, Version},
    paths,
    schemas::{RegisterRequest, SchemaVersion},
};
use serde_json::json;

use super::{
    operation::Entry,
    parameter::{
        ACCEPTS_UNKNOWN, DELETED, DELETED_ONLY, FORMAT, KEY, LIMIT, NORMALIZE, OFFSET, PERMANENT,
        SUBJECT_PREFIX, VALUE,
    },
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Subjects";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::SUBJECTS),
            (TAG, "listSubjects", "List subjects"),
            Success::json("Their names, sorted.", Shape::list::<Subject>()),
        )
        .takes(&[SUBJECT_PREFIX, DELETED, DELETED_ONLY, OFFSET, LIMIT]),
        Entry::new(
            (Method::POST, paths::SUBJECT),
            (TAG, "lookupSchema", "Look a schema up in a subject"),
            Success::json("The version that has the schema.", Shape::of::<SchemaVersion<'_>>()),
        )
        .about(
            "Tells whether a schema is registered, under which id and version. Nothing is written. \
             What is not found under an unqualified name is sought in the other contexts.",
        )
        .takes(&[NORMALIZE, DELETED, FORMAT, ACCEPTS_UNKNOWN])
        .reads(Shape::of::<RegisterRequest>(), json!({"schema": "{\"type\":\"string\"}"}))
        .fails(&[
            ErrorCode::SubjectNotFound,
            ErrorCode::SchemaNotFound,
            ErrorCode::InvalidSchema,
            ErrorCode::InvalidVersion,
        ]),
        Entry::new(
            (Method::GET, paths::SUBJECT_METADATA),
            (TAG, "getVersionByMetadata", "Read the newest version with certain metadata"),
            Success::json("The schema with its id.", Shape::of::<SchemaVersion<'_>>()),
        )
        .takes(&[KEY, VALUE, DELETED, FORMAT, ACCEPTS_UNKNOWN])
        .fails(&[
            ErrorCode::SubjectNotFound,
            ErrorCode::SchemaNotFound,
            ErrorCode::InvalidSchema,
        ]),
        Entry::new(
            (Method::DELETE, paths::SUBJECT),
            (TAG, "deleteSubject", "Delete all versions of a subject"),
            Success::json("The numbers of the versions deleted.", Shape::list::<Version>()),
        )
        .about(
            "Softly, so that the schemas can still be read by id; then, with `permanent`, for good.",
        )
        .takes(&[PERMANENT])
        .fails(&[
            ErrorCode::SubjectNotFound,
            ErrorCode::SubjectSoftDeleted,
            ErrorCode::SubjectNotSoftDeleted,
            ErrorCode::OperationNotPermitted,
            ErrorCode::ReferenceExists,
        ])
        .writes(),
    ]
}
