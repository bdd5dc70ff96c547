//! `/schemas/ids/{id}` and below.

use http::Method;
use openapi::{
    error::ErrorCode,
    ids::Subject,
    paths,
    schemas::{SchemaString, SubjectVersion},
};

use super::{
    operation::Entry,
    parameter::{
        ACCEPTS_UNKNOWN, DELETED, FETCH_MAX_ID, FIND_TAGS, FORMAT, LIMIT, OF_SUBJECT, OFFSET,
        REFERENCE_FORMAT,
    },
    response::Success,
    schemas::TAG,
    shape::Shape,
};

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::SCHEMA_BY_ID),
            (TAG, "getSchemaById", "Read a schema by its id"),
            Success::json("The schema.", Shape::of::<SchemaString<'_>>()),
        )
        .about("A soft-deleted schema is still answered, so that old messages can be read.")
        .takes(&[OF_SUBJECT, FETCH_MAX_ID, FORMAT, REFERENCE_FORMAT, FIND_TAGS, ACCEPTS_UNKNOWN])
        .fails(&[ErrorCode::SchemaNotFound, ErrorCode::InvalidSchema]),
        Entry::new(
            (Method::GET, paths::SCHEMA_BY_ID_TEXT),
            (TAG, "getTextById", "Read the text of a schema by its id"),
            Success::json("The schema's text, as it is.", Shape::anything()),
        )
        .takes(&[OF_SUBJECT, FORMAT])
        .fails(&[ErrorCode::SchemaNotFound, ErrorCode::InvalidSchema]),
        Entry::new(
            (Method::GET, paths::SCHEMA_BY_ID_SUBJECTS),
            (TAG, "listSubjectsOfId", "List the subjects that use an id"),
            Success::json("Their names.", Shape::list::<Subject>()),
        )
        .takes(&[OF_SUBJECT, DELETED, OFFSET, LIMIT])
        .fails(&[ErrorCode::SchemaNotFound]),
        Entry::new(
            (Method::GET, paths::SCHEMA_BY_ID_VERSIONS),
            (TAG, "listVersionsOfId", "List the versions that use an id"),
            Success::json("Subjects with versions.", Shape::list::<SubjectVersion>()),
        )
        .takes(&[OF_SUBJECT, DELETED, OFFSET, LIMIT])
        .fails(&[ErrorCode::SchemaNotFound]),
    ]
}
