//! `/mode` and `/mode/{subject}`.

use axum::extract::State;
use openapi::{ids::Subject, mode::ModeBody};
use registry_core::{
    rules::{Command, Rejected},
    state::Scope,
};

use super::{
    answer::Answer,
    error::{ApiError, Operation},
    extract::{BodyName, InScope, Json},
    query::Query,
};
use crate::service::Registry;

pub(super) struct GlobalBody;
pub(super) struct SubjectBody;

impl BodyName for GlobalBody {
    const NAME: &'static str = "updateTopLevelMode.request";
}

impl BodyName for SubjectBody {
    const NAME: &'static str = "updateMode.request";
}

/// There is always one; what holds for all contexts counts only where that is asked for.
pub(super) async fn global(
    State(registry): State<Registry>,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let default_context = Subject::trusted("".into());
    let setting = match query.flag("defaultToGlobal") {
        true => state.effective_mode_setting(&default_context),
        false => state.mode(&None),
    };
    let mode = setting.map_or("READWRITE", |mode| &mode.value);
    Ok(Answer::json(&ModeBody { mode: Some(mode.to_owned()) }))
}

pub(super) async fn get(
    State(registry): State<Registry>,
    subject: InScope,
    query: Query,
) -> Result<Answer, ApiError> {
    let Some(_) = subject.scope() else { return global(State(registry), query).await };
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let own = state.mode(&subject.scope()).map(|mode| mode.value.clone());
    let InScope(subject) = subject;
    let mode = if query.flag("defaultToGlobal") {
        state.effective_mode(&subject).0
    } else {
        own.ok_or(Rejected::SubjectModeNotFound(subject))?
    };
    Ok(Answer::json(&ModeBody { mode: Some(mode.as_ref().to_owned()) }))
}

pub(super) async fn put_global(
    State(registry): State<Registry>,
    query: Query,
    Json(body, _): Json<ModeBody, GlobalBody>,
) -> Result<Answer, ApiError> {
    change(&registry, None, &query, body).await
}

pub(super) async fn put(
    State(registry): State<Registry>,
    subject: InScope,
    query: Query,
    Json(body, _): Json<ModeBody, SubjectBody>,
) -> Result<Answer, ApiError> {
    change(&registry, subject.scope(), &query, body).await
}

pub(super) async fn delete_global(
    State(registry): State<Registry>,
    query: Query,
) -> Result<Answer, ApiError> {
    reset(&registry, None, &query).await
}

pub(super) async fn delete(
    State(registry): State<Registry>,
    subject: InScope,
    query: Query,
) -> Result<Answer, ApiError> {
    reset(&registry, subject.scope(), &query).await
}

async fn change(
    registry: &Registry,
    scope: Scope,
    query: &Query,
    ModeBody { mode }: ModeBody,
) -> Result<Answer, ApiError> {
    let force = query.flag("force");
    let answer = registry.submit(Command::PutMode { scope, mode, force }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::PutMode, error))
}

async fn reset(registry: &Registry, scope: Scope, query: &Query) -> Result<Answer, ApiError> {
    let recursive = query.flag("recursive");
    let answer = registry.submit(Command::DeleteMode { scope, recursive }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::DeleteMode, error))
}
