//! Is this schema registered under this subject (`registry-api` 1.5, POST /subjects/{subject})?

use std::sync::Arc;

use openapi::ids::{SchemaId, Subject, Version};

use super::{NewSchema, Rejected, completion::Carried, read::Read};
use crate::{
    parser::Parser,
    state::{Content, State, Visibility},
};

/// The version under which a subject has a schema, or the subject of that name in another context.
pub fn lookup(
    state: &State,
    parser: &dyn Parser,
    wanted: &NewSchema,
    visibility: Visibility,
) -> Result<Found, Rejected> {
    let found = within(state, parser, wanted, visibility);
    let missing = match found {
        Err(missing @ (Rejected::SubjectNotFound(_) | Rejected::SchemaNotFound)) => missing,
        settled => return settled,
    };
    let there = |subject: &Subject| state.has_subject(subject, visibility);
    let elsewhere = state.elsewhere(&wanted.subject).filter(there);
    let found = elsewhere.map(|subject| {
        let wanted = NewSchema { subject, ..wanted.clone() };
        within(state, parser, &wanted, visibility)
    });
    found.into_iter().find_map(Result::ok).ok_or(missing)
}

/// Where a schema is registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub subject: Subject,
    pub version: Version,
    pub id: SchemaId,
    pub content: Arc<Content>,
    /// When it was written, in epoch milliseconds.
    pub timestamp: i64,
    /// Soft-deleted.
    pub deleted: bool,
}

fn within(
    state: &State,
    parser: &dyn Parser,
    wanted: &NewSchema,
    visibility: Visibility,
) -> Result<Found, Rejected> {
    let subject = &wanted.subject;
    let read = Read::stored(state, parser, wanted)?;
    if !state.has_subject(subject, visibility) {
        return Err(Rejected::SubjectNotFound(subject.clone()));
    }
    let carried = Carried::as_asked(wanted);
    let hash = read.hash(&carried);
    let found = read.versions(state, parser, subject, &carried, hash, visibility, |_| true);
    let (version, row) = found.ok_or(Rejected::SchemaNotFound)?;
    Ok(Found {
        subject: subject.clone(),
        version,
        id: SchemaId::new(row.id.into()).ok_or(Rejected::SchemaNotFound)?,
        content: state.content_of(subject, row).clone(),
        timestamp: row.timestamp,
        deleted: row.deleted,
    })
}
