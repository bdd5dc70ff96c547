//! `/schemas/ids/{id}` and below, and `/schemas/types`.

use std::sync::Arc;

use axum::extract::State;
use openapi::{
    ids::{SchemaId, Subject, Version},
    schemas::SubjectVersion,
};
use registry_core::{
    rules::Rejected,
    state::{ContextState, State as Snapshot},
};
use schema::Language;

use super::{
    answer::Answer, bodies::Bodies, dialect::Dialect, error::ApiError, extract::InId, query::Query,
    shown::Stored, view::View,
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
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let wanted = wanted(&state, &query)?;
    let (context, stored) = find(&state, id, &wanted)?;
    let view = View::full(dialect, &query);
    let max_id = query.flag("fetchMaxId").then(|| SchemaId::new(context.id_max.into())).flatten();
    if wanted.as_str().is_empty() && max_id.is_none() && view.is_plain() {
        let print = || Answer::json(&stored.shown(dialect).by_id(None));
        return Ok(bodies.get(dialect, &stored, print));
    }
    view.by_id(&registry, &stored, max_id).await
}

pub(super) async fn text(
    State(registry): State<Registry>,
    InId(id): InId,
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let (_, stored) = find(&state, id, &wanted(&state, &query)?)?;
    View::formatted(dialect, &query).text(&registry, &stored).await
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
fn wanted(state: &Snapshot, query: &Query) -> Result<Subject, Rejected> {
    let named = query.text("subject").unwrap_or_default().parse()?;
    Ok(state.alias(&named)?.unwrap_or(named))
}

/// An id with its context and a version that uses it. An unqualified subject that does not use the id
/// is sought in the other contexts, and then any other use in the default one will do.
fn find<'a>(
    state: &'a Snapshot,
    id: i64,
    wanted: &Subject,
) -> Result<(&'a ContextState, Stored), Rejected> {
    let missing = || Rejected::SchemaIdNotFound(id);
    let id = SchemaId::new(id).ok_or_else(missing)?;
    let using = |context: &str, subject: Option<&Subject>| {
        let context = state.context(context)?;
        Some((context, Stored::using(state, context, id, subject)?))
    };
    let any = wanted.name().is_empty();
    let mut named = std::iter::once(wanted.clone()).chain(state.elsewhere(wanted));
    let found = (!any).then(|| named.find_map(|it| using(it.context(), Some(&it)))).flatten();
    let others = any || !wanted.is_qualified();
    let found = found.or_else(|| others.then(|| using(wanted.context(), None)).flatten());
    found.ok_or_else(missing)
}

/// Where an id is used, soft-deleted versions only on request.
fn uses(state: &Snapshot, id: i64, query: &Query) -> Result<Vec<SubjectVersion>, Rejected> {
    let wanted = wanted(state, query)?;
    let (context, stored) = find(state, id, &wanted).map_err(|_| Rejected::SchemaNotFound)?;
    let (deleted, any) = (query.flag("deleted"), wanted.name().is_empty());
    let held = context.holders_of(stored.id.get()).filter_map(|(subject, version)| {
        let (subject, version) = (Subject::trusted(subject.clone()), Version::new(version.into())?);
        let row = state.version(&subject, version)?;
        let shown = (deleted || !row.deleted) && (any || wanted.name() == subject.name());
        shown.then_some(SubjectVersion { subject, version })
    });
    Ok(held.collect())
}
