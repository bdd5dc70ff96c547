//! `/schemas` and `/schemas/guids/{guid}`: schemas across subjects.

use axum::extract::State;
use openapi::{
    ids::{DEFAULT_CONTEXT, SchemaId},
    schemas::{ContextId, ExtendedSchema},
};
use registry_core::{
    identity::Hash,
    rules::Rejected,
    state::{ContextState, State as Snapshot},
};

use super::{
    answer::Answer, dialect::Dialect, error::ApiError, extract::InGuid, narrow::Wanted,
    query::Query, shown::Stored, view::View,
};
use crate::{limits::SCHEMAS_PAGE_MAX, service::Registry};

/// Versions by subject and number; without a prefix those of the default context alone.
pub(super) async fn list(
    State(registry): State<Registry>,
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let wanted = Wanted::of(&state, &query)?;
    let page = query.paging()?.at_most(SCHEMAS_PAGE_MAX).of(wanted.versions(&state));
    let stored =
        page.into_iter().map(|(subject, version, row)| Stored::of(&state, subject, version, row));
    let stored: Vec<_> = stored.collect();
    let schemas = stored.iter().map(|stored| ExtendedSchema {
        schema: stored.shown(dialect).version(),
        aliases: wanted.aliases.get(&stored.subject).cloned().unwrap_or_default(),
    });
    Ok(Answer::json(&schemas.collect::<Vec<_>>()))
}

pub(super) async fn by_guid(
    State(registry): State<Registry>,
    guid: InGuid,
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let stored = guid.hash.and_then(|hash| {
        let (_, context, id) = holding(&state, hash).next()?;
        Stored::using(&state, context, id, None)
    });
    let stored = stored.ok_or(Rejected::GuidNotFound(guid.text))?;
    View::formatted(dialect, &query).by_guid(&registry, &stored).await
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
