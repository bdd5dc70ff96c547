//! `/schemas` and `/schemas/guids/{guid}`: schemas across subjects.

use axum::extract::State;
use openapi::{
    ids::{DEFAULT_CONTEXT, SchemaId, Subject, Version},
    schemas::{ContextId, SchemaString},
};
use registry_core::{
    identity::Hash,
    rules::Rejected,
    state::{ContextState, State as Snapshot, Visibility},
};

use super::{
    answer::Answer,
    error::ApiError,
    extract::InGuid,
    narrow::SubjectPrefix,
    query::Query,
    versions::{content_shown, id, shown},
};
use crate::{limits::SCHEMAS_PAGE_MAX, service::Registry};

/// Versions by subject and number; without a prefix those of the default context alone.
pub(super) async fn list(
    State(registry): State<Registry>,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let visibility = Visibility::of(query.flag("deleted"), false);
    let prefix: SubjectPrefix = query.text("subjectPrefix").unwrap_or_default().parse()?;
    let latest_only = query.flag("latestOnly");
    let subjects = state.subjects(visibility).map(|name| Subject::trusted(name.clone()));
    let versions = subjects.filter(|subject| prefix.takes(subject)).flat_map(|subject| {
        let versions = wanted(&state, &subject, visibility, latest_only);
        versions.into_iter().map(move |version| (subject.clone(), version))
    });
    let page = query.paging()?.at_most(SCHEMAS_PAGE_MAX).of(versions);
    let rows = page.into_iter().filter_map(|(subject, version)| {
        let row = state.version(&subject, version)?;
        Some((subject, version, row))
    });
    let rows: Vec<_> = rows.collect();
    let contents = rows.iter().map(|(subject, version, row)| {
        shown(subject.clone(), *version, id(row), state.content_of(subject, row))
    });
    Ok(Answer::json(&contents.collect::<Vec<_>>()))
}

/// The numbers of a subject's versions that are listed.
fn wanted(
    state: &Snapshot,
    subject: &Subject,
    visibility: Visibility,
    latest_only: bool,
) -> Vec<Version> {
    let mut versions = state.versions(subject, visibility).map(|(version, _)| version);
    if latest_only { versions.next_back().into_iter().collect() } else { versions.collect() }
}

pub(super) async fn by_guid(
    State(registry): State<Registry>,
    guid: InGuid,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let found = guid.hash.and_then(|hash| {
        let (_, context, id) = holding(&state, hash).next()?;
        context.content(id.get())
    });
    let content = found.ok_or(Rejected::GuidNotFound(guid.text))?;
    Ok(Answer::json(&SchemaString { content: content_shown(content), max_id: None }))
}

pub(super) async fn ids_of_guid(
    State(registry): State<Registry>,
    guid: InGuid,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let found = guid.hash.into_iter().flat_map(|hash| holding(&state, hash));
    let ids = found.map(|(context, _, id)| ContextId { context: context.to_owned(), id });
    Ok(Answer::json(&ids.collect::<Vec<_>>()))
}

/// The lowest id of a content in each context, the default one first.
fn holding(state: &Snapshot, hash: Hash) -> impl Iterator<Item = (&str, &ContextState, SchemaId)> {
    let of = move |name| Some((name, state.context(name)?));
    let others = state.contexts().map(|(name, _)| &**name);
    let others = others.filter(|name| *name != DEFAULT_CONTEXT);
    let contexts = std::iter::once(DEFAULT_CONTEXT).chain(others).filter_map(of);
    contexts.filter_map(move |(name, context)| {
        let id = SchemaId::new(context.id_of(hash)?.into())?;
        Some((name, context, id))
    })
}
