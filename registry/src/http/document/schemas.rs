//! `/schemas`, `/schemas/types` and `/schemas/guids/{guid}`: schemas across subjects.

use http::Method;
use openapi::{
    error::ErrorCode,
    paths,
    schemas::{ContextId, ExtendedSchema, SchemaString},
};

use super::{
    operation::Entry,
    parameter::{
        ACCEPTS_UNKNOWN, ALIASES, DELETED, FORMAT, LATEST_ONLY, LIMIT, OFFSET, RULE_TYPE,
        SUBJECT_PREFIX,
    },
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Schemas";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::SCHEMAS),
            (TAG, "listSchemas", "List schemas across subjects"),
            Success::json("Versions, by subject and number.", Shape::list::<ExtendedSchema<'_>>()),
        )
        .about("Without a prefix, those of the default context. No more than a thousand at once.")
        .takes(&[
            SUBJECT_PREFIX,
            DELETED,
            LATEST_ONLY,
            ALIASES,
            RULE_TYPE,
            OFFSET,
            LIMIT,
            ACCEPTS_UNKNOWN,
        ]),
        Entry::new(
            (Method::GET, paths::SCHEMA_TYPES),
            (TAG, "listSchemaTypes", "List the types of schemas"),
            Success::json("What `schemaType` may say.", Shape::plain::<Vec<String>>()),
        )
        .stateless(),
        Entry::new(
            (Method::GET, paths::SCHEMA_BY_GUID),
            (TAG, "getSchemaByGuid", "Read a schema by the hash of its content"),
            Success::json("The schema.", Shape::of::<SchemaString<'_>>()),
        )
        .takes(&[FORMAT, ACCEPTS_UNKNOWN])
        .fails(&[ErrorCode::SchemaNotFound, ErrorCode::InvalidSchema]),
        Entry::new(
            (Method::GET, paths::IDS_OF_GUID),
            (TAG, "listIdsOfGuid", "List the ids of a content"),
            Success::json("Its id in each context that has it.", Shape::list::<ContextId>()),
        ),
    ]
}
