//! Is this schema registered under this subject (`registry-api` 1.5, POST /subjects/{subject})?

use std::sync::Arc;

use openapi::ids::{SchemaId, Subject, Version};
use schema::Purpose;

use super::{NewSchema, Rejected, register::invalid};
use crate::{
    identity::hash,
    parser::{Parser, Source},
    state::{Content, State, Visibility},
};

/// The version under which a subject has a schema, or the subject of that name in another context.
pub fn lookup(
    state: &State,
    parser: &dyn Parser,
    wanted: &NewSchema,
    visibility: Visibility,
) -> Result<Found, Rejected> {
    let subject = &wanted.subject;
    let found = within(state, parser, wanted, subject.clone(), visibility);
    let missing = match found {
        Err(missing @ (Rejected::SubjectNotFound(_) | Rejected::SchemaNotFound)) => missing,
        settled => return settled,
    };
    let elsewhere = state.elsewhere(subject);
    let found = elsewhere.map(|other| within(state, parser, wanted, other, visibility));
    found.into_iter().find_map(Result::ok).ok_or(missing)
}

/// Where a schema is registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub subject: Subject,
    pub version: Version,
    pub id: SchemaId,
    pub content: Arc<Content>,
}

fn within(
    state: &State,
    parser: &dyn Parser,
    wanted: &NewSchema,
    subject: Subject,
    visibility: Visibility,
) -> Result<Found, Rejected> {
    let config = state.effective_config(&subject);
    let normalize = wanted.normalize || config.is_some_and(|c| c.value.normalize == Some(true));
    let (language, text) = (wanted.language, wanted.text.as_str());
    let source = Source { language, text, references: &[], purpose: Purpose::Stored, normalize };
    let parsed = parser.parse(source).map_err(|error| invalid(language, &error))?;
    if !state.has_subject(&subject, visibility) {
        return Err(Rejected::SubjectNotFound(subject));
    }
    let (metadata, rule_set) = (wanted.metadata.as_ref(), wanted.rule_set.as_ref());
    let hash = hash(&parsed.text, &wanted.references, metadata, rule_set);
    let mut held = state.holding(&subject, hash).into_iter();
    let shown = |deleted: bool| visibility == Visibility::All || !deleted;
    let found = held.find(|(_, _, deleted)| shown(*deleted));
    let (version, id, _) = found.ok_or(Rejected::SchemaNotFound)?;
    let row = state.version(&subject, version).ok_or(Rejected::SchemaNotFound)?;
    let content = state.content_of(&subject, row).clone();
    Ok(Found { subject, version, id, content })
}
