//! `/contexts` and `/contexts/{context}`; what is below the latter is the front's (`prefix`).

use axum::extract::State;
use http::StatusCode;
use openapi::ids::DEFAULT_CONTEXT;
use registry_core::rules::Command;

use super::{
    answer::Answer,
    error::{ApiError, Operation},
    extract::InContext,
    query::Query,
};
use crate::service::Registry;

/// The default context comes first, whether anything is in it or not.
pub(super) async fn list(
    State(registry): State<Registry>,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let prefix = query.text("contextPrefix").unwrap_or_default();
    let others = state.contexts().filter(|(_, context)| context.exists());
    let others = others.map(|(name, _)| &**name).filter(|name| *name != DEFAULT_CONTEXT);
    let all = std::iter::once(DEFAULT_CONTEXT).chain(others);
    Ok(Answer::json(&query.paging()?.of(all.filter(|name| name.starts_with(prefix)))))
}

pub(super) async fn delete(
    State(registry): State<Registry>,
    InContext(context): InContext,
) -> Result<StatusCode, ApiError> {
    let deleted = registry.submit(Command::DeleteContext { context }).await;
    deleted.map_err(|error| ApiError::writing(&Operation::DeleteContext, error))?;
    Ok(StatusCode::NO_CONTENT)
}
