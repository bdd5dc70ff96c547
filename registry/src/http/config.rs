//! `/config` and `/config/{subject}`.

use axum::extract::State;
use openapi::config::{Config, ConfigUpdate};
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
    const NAME: &'static str = "updateTopLevelConfig.request";
}

impl BodyName for SubjectBody {
    const NAME: &'static str = "updateSubjectLevelConfig.request";
}

pub(super) async fn global(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let config = state.config(&None).map(|config| config.value.as_ref().clone());
    Ok(Answer::json(&with_level(&registry, config.unwrap_or_default())))
}

pub(super) async fn get(
    State(registry): State<Registry>,
    subject: InScope,
    query: Query,
) -> Result<Answer, ApiError> {
    let Some(_) = subject.scope() else { return global(State(registry)).await };
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let (own, InScope(subject)) = (state.config(&subject.scope()), subject);
    if !query.flag("defaultToGlobal") {
        let own = own.ok_or(Rejected::SubjectConfigNotFound(subject))?;
        return Ok(Answer::json(&own.value));
    }
    let effective = state.effective_config(&subject).map(|config| config.value.as_ref().clone());
    Ok(Answer::json(&with_level(&registry, effective.unwrap_or_default())))
}

pub(super) async fn put_global(
    State(registry): State<Registry>,
    Json(body, _): Json<ConfigUpdate, GlobalBody>,
) -> Result<Answer, ApiError> {
    change(&registry, None, body).await
}

pub(super) async fn put(
    State(registry): State<Registry>,
    subject: InScope,
    Json(body, _): Json<ConfigUpdate, SubjectBody>,
) -> Result<Answer, ApiError> {
    change(&registry, subject.scope(), body).await
}

pub(super) async fn delete_global(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    reset(&registry, None).await
}

pub(super) async fn delete(
    State(registry): State<Registry>,
    subject: InScope,
) -> Result<Answer, ApiError> {
    reset(&registry, subject.scope()).await
}

async fn change(
    registry: &Registry,
    scope: Scope,
    update: ConfigUpdate,
) -> Result<Answer, ApiError> {
    let command = Command::PutConfig { scope, update: Box::new(update) };
    let answer = registry.submit(command).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::PutConfig, error))
}

async fn reset(registry: &Registry, scope: Scope) -> Result<Answer, ApiError> {
    let answer = registry.submit(Command::DeleteConfig { scope }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::DeleteConfig, error))
}

/// A configuration where the server's default stands in for a missing level.
fn with_level(registry: &Registry, mut config: Config) -> Config {
    let default = || registry.default_level().name().to_owned();
    config.compatibility_level.get_or_insert_with(default);
    config
}
