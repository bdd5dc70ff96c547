//! `/schemas/ids/{id}` and below, and `/schemas/types`.

use std::sync::Arc;

use axum::extract::State;
use openapi::{
    ids::{SchemaId, Subject, Version},
    schemas::{SchemaString, SubjectVersion},
};
use registry_core::{
    rules::Rejected,
    state::{Content, ContextState, State as Snapshot},
};
use schema::Language;

use super::{
    answer::Answer, bodies::Bodies, error::ApiError, extract::InId, query::Query,
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
    let wanted = wanted(&query)?;
    let (context, id, content) = find(&state, id, &wanted)?;
    let shown = |max_id| Answer::json(&SchemaString { content: content_shown(content), max_id });
    if query.flag("fetchMaxId") {
        return Ok(shown(SchemaId::new(context.id_max.into())));
    }
    match wanted.as_str() {
        "" => Ok(bodies.get(id, content, || shown(None))),
        _ => Ok(shown(None)),
    }
}

pub(super) async fn text(
    State(registry): State<Registry>,
    InId(id): InId,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let (_, _, content) = find(&state, id, &wanted(&query)?)?;
    Ok(Answer::text(&content.text))
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

/// The `subject` that narrows a search: none, a context, or a subject.
fn wanted(query: &Query) -> Result<Subject, Rejected> {
    Ok(query.text("subject").unwrap_or_default().parse()?)
}

/// An id with its context and content. An unqualified subject that does not use the id is sought in
/// the other contexts, and then any other use in the default one will do.
fn find<'a>(
    state: &'a Snapshot,
    id: i64,
    wanted: &Subject,
) -> Result<(&'a ContextState, SchemaId, &'a Arc<Content>), Rejected> {
    let missing = || Rejected::SchemaIdNotFound(id);
    let id = SchemaId::new(id).ok_or_else(missing)?;
    let known = |subject: &Subject| {
        let context = state.context(subject.context())?;
        Some((context, id, context.content(id.get())?))
    };
    let any = wanted.name().is_empty();
    let found = places(state, id, wanted).find_map(|subject| known(&subject));
    let found = found.or_else(|| (any || !wanted.is_qualified()).then(|| known(wanted)).flatten());
    found.ok_or_else(missing)
}

/// The subject, then those of its name in other contexts, as far as they use an id.
fn places(state: &Snapshot, id: SchemaId, wanted: &Subject) -> impl Iterator<Item = Subject> {
    let uses = move |subject: &Subject| {
        let context = state.context(subject.context());
        context.is_some_and(|context| context.is_held_by(&subject.shared(), id.get()))
    };
    std::iter::once(wanted.clone()).chain(state.elsewhere(wanted)).filter(uses)
}

/// Where an id is used, soft-deleted versions only on request.
fn uses(state: &Snapshot, id: i64, query: &Query) -> Result<Vec<SubjectVersion>, Rejected> {
    let wanted = wanted(query)?;
    let (context, id, _) = find(state, id, &wanted).map_err(|_| Rejected::SchemaNotFound)?;
    let (deleted, any) = (query.flag("deleted"), wanted.name().is_empty());
    let held = context.holders_of(id.get()).filter_map(|(subject, version)| {
        let (subject, version) = (Subject::trusted(subject.clone()), Version::new(version.into())?);
        let row = state.version(&subject, version)?;
        let shown = (deleted || !row.deleted) && (any || wanted.name() == subject.name());
        shown.then_some(SubjectVersion { subject, version })
    });
    Ok(held.collect())
}
