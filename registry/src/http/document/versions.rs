//! `/subjects/{subject}/versions` and below.

use http::Method;
use openapi::{
    error::ErrorCode,
    ids::{SchemaId, Version},
    paths,
    schemas::{RegisterRequest, RegisterResponse, SchemaVersion, TagsRequest},
};
use serde_json::json;

use super::{
    operation::Entry,
    parameter::{
        ACCEPTS_UNKNOWN, DELETED, DELETED_AS_NEGATIVE, DELETED_ONLY, FIND_TAGS, FORCE, FORMAT,
        LIMIT, NORMALIZE, OFFSET, PERMANENT, REFERENCE_FORMAT,
    },
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Versions";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::VERSIONS),
            (TAG, "listVersions", "List the versions of a subject"),
            Success::json("Their numbers, ascending.", Shape::plain::<Vec<i32>>()),
        )
        .takes(&[DELETED, DELETED_ONLY, DELETED_AS_NEGATIVE, OFFSET, LIMIT])
        .fails(&[ErrorCode::SubjectNotFound]),
        register(),
        Entry::new(
            (Method::GET, paths::VERSION),
            (TAG, "getVersion", "Read a version"),
            Success::json("The schema with its id.", Shape::of::<SchemaVersion<'_>>()),
        )
        .takes(&[DELETED, FORMAT, REFERENCE_FORMAT, FIND_TAGS, ACCEPTS_UNKNOWN])
        .fails(&MISSING)
        .fails(&[ErrorCode::InvalidSchema]),
        Entry::new(
            (Method::GET, paths::VERSION_SCHEMA),
            (TAG, "getVersionText", "Read the text of a version"),
            Success::json("The schema's text, as it is.", Shape::anything()),
        )
        .takes(&[DELETED, FORMAT])
        .fails(&MISSING)
        .fails(&[ErrorCode::InvalidSchema]),
        Entry::new(
            (Method::GET, paths::VERSION_REFERENCED_BY),
            (TAG, "listReferrers", "List the schemas that refer to a version"),
            Success::json("Their ids.", Shape::list::<SchemaId>()),
        )
        .takes(&[DELETED, OFFSET, LIMIT])
        .fails(&MISSING),
        tags(),
        delete(),
    ]
}

const MISSING: [ErrorCode; 2] = [ErrorCode::SubjectNotFound, ErrorCode::VersionNotFound];

/// Why a schema is not registered.
const REFUSED: [ErrorCode; 7] = [
    ErrorCode::IncompatibleSchema,
    ErrorCode::IncompatibleSchemaRich,
    ErrorCode::InvalidSchema,
    ErrorCode::InvalidVersion,
    ErrorCode::OperationNotPermitted,
    ErrorCode::SchemaTooLarge,
    ErrorCode::InvalidRuleSet,
];

fn register() -> Entry {
    Entry::new(
        (Method::POST, paths::VERSIONS),
        (TAG, "registerSchema", "Register a schema"),
        Success::json(
            "The id, whether the schema is new or not.",
            Shape::of::<RegisterResponse<'_>>(),
        ),
    )
    .about(
        "Registering the same schema again is the same id and no new version. The id is also that \
         which the schema has in other subjects of the context.",
    )
    .takes(&[NORMALIZE, FORCE, FORMAT, ACCEPTS_UNKNOWN])
    .reads(Shape::of::<RegisterRequest>(), json!({"schema": "{\"type\":\"string\"}"}))
    .fails(&REFUSED)
    .writes()
}

fn tags() -> Entry {
    Entry::new(
        (Method::POST, paths::VERSION_TAGS),
        (TAG, "editTags", "Register a version anew with other tags, metadata or rules"),
        Success::json("The id of what is registered.", Shape::of::<RegisterResponse<'_>>()),
    )
    .takes(&[FORMAT, ACCEPTS_UNKNOWN])
    .reads(
        Shape::of::<TagsRequest>(),
        json!({"tagsToAdd": [{
            "schemaEntity": {"entityPath": "Order.id", "entityType": "sr_field"},
            "tags": ["PII"],
        }]}),
    )
    .fails(&MISSING)
    .fails(&REFUSED)
    .writes()
}

fn delete() -> Entry {
    Entry::new(
        (Method::DELETE, paths::VERSION),
        (TAG, "deleteVersion", "Delete a version"),
        Success::json("The number of the version deleted.", Shape::of::<Version>()),
    )
    .about("Softly, so that the schema can still be read by id; then, with `permanent`, for good.")
    .takes(&[PERMANENT])
    .fails(&MISSING)
    .fails(&[
        ErrorCode::VersionSoftDeleted,
        ErrorCode::VersionNotSoftDeleted,
        ErrorCode::OperationNotPermitted,
        ErrorCode::ReferenceExists,
    ])
    .writes()
}
