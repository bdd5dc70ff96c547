//! `/schemas/ids/{id}` and below, and `/schemas/types`.

use std::sync::Arc;

use axum::extract::State;
use openapi::{
    ids::{DEFAULT_CONTEXT, SchemaId, Subject, Version},
    schemas::{SchemaString, SubjectVersion},
};
use registry_core::{
    rules::Rejected,
    state::{Content, State as Snapshot},
};
use schema::Language;

use super::{
    answer::Answer,
    bodies::Bodies,
    error::ApiError,
    extract::{InId, Query},
    versions::content_shown,
};
use crate::service::Registry;

pub(super) async fn types() -> Answer {
    Answer::json(&Language::SUPPORTED.iter().map(|language| language.name()).collect::<Vec<_>>())
}

/// A soft-deleted schema is still answered, so that old messages can be read.
pub(super) async fn get(
    State(registry): State<Registry>,
    State(bodies): State<Arc<Bodies>>,
    InId(id): InId,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let (id, content) = find(&state, id, &query)?;
    let shown = |max_id| Answer::json(&SchemaString { content: content_shown(content), max_id });
    if query.flag("fetchMaxId") {
        let context = state.context(DEFAULT_CONTEXT);
        return Ok(shown(context.and_then(|context| SchemaId::new(context.id_max.into()))));
    }
    Ok(bodies.get(id, content, || shown(None)))
}

pub(super) async fn text(
    State(registry): State<Registry>,
    InId(id): InId,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    Ok(Answer::text(&find(&state, id, &query)?.1.text))
}

pub(super) async fn subjects(
    State(registry): State<Registry>,
    InId(id): InId,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let mut subjects: Vec<Subject> =
        uses(&state, id, &query)?.into_iter().map(|one| one.subject).collect();
    subjects.dedup();
    Ok(Answer::json(&query.paging()?.of(subjects.into_iter())))
}

pub(super) async fn versions(
    State(registry): State<Registry>,
    InId(id): InId,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let uses = uses(&state, id, &query)?;
    Ok(Answer::json(&query.paging()?.of(uses.into_iter())))
}

/// The content of an id. A `subject` narrows the search in contexts that this server does not write
/// yet; in the default context any holder will do, as upstream.
fn find<'a>(
    state: &'a Snapshot,
    id: i64,
    query: &Query,
) -> Result<(SchemaId, &'a Arc<Content>), Rejected> {
    refuse_qualified(query)?;
    let known = SchemaId::new(id).and_then(|id| Some((id, state.content(id)?)));
    known.ok_or(Rejected::SchemaIdNotFound(id))
}

/// Where an id is used, soft-deleted versions only on request.
fn uses(state: &Snapshot, id: i64, query: &Query) -> Result<Vec<SubjectVersion>, Rejected> {
    refuse_qualified(query)?;
    let context = state.context(DEFAULT_CONTEXT).ok_or(Rejected::SchemaNotFound)?;
    let id = SchemaId::new(id).filter(|id| context.content(id.get()).is_some());
    let id = id.ok_or(Rejected::SchemaNotFound)?;
    let wanted: Subject = query.text("subject").unwrap_or_default().parse()?;
    let (deleted, any) = (query.flag("deleted"), wanted.as_str().is_empty());
    let held = context.holders_of(id.get()).filter_map(|(subject, version)| {
        let (subject, version) = (Subject::trusted(subject.clone()), Version::new(version.into())?);
        let row = state.version(&subject, version)?;
        let shown = (deleted || !row.deleted) && (any || wanted == subject);
        shown.then_some(SubjectVersion { subject, version })
    });
    Ok(held.collect())
}

/// Only the default context is written so far.
fn refuse_qualified(query: &Query) -> Result<(), Rejected> {
    let subject = query.text("subject").unwrap_or_default().parse::<Subject>()?;
    if subject.context() == DEFAULT_CONTEXT {
        return Ok(());
    }
    let what = "Qualified subjects are not supported by this version of Syngraph";
    Err(Rejected::NotSupported(what.to_owned()))
}
