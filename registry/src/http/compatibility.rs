//! `/compatibility/subjects/{subject}/versions[/{version}]`.

use axum::extract::State;
use openapi::{compatibility::CompatibilityResponse, ids::Subject, schemas::RegisterRequest};
use registry_core::rules::{self, Against, Rejected};

use super::{
    answer::Answer,
    error::ApiError,
    extract::{BodyName, InSubject, InVersion, Json},
    query::Query,
    versions::new_schema,
};
use crate::service::{Registry, RegistryError};

pub(super) struct CheckBody;

impl BodyName for CheckBody {
    const NAME: &'static str = "testCompatibilityBySubjectName.request";
}

/// Against the whole history, as far as the level demands.
pub(super) async fn history(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    query: Query,
    Json(body, _): Json<RegisterRequest, CheckBody>,
) -> Result<Answer, ApiError> {
    check(registry, subject, body, query, Against::History).await
}

/// Against one version, whatever the level's reach.
pub(super) async fn version(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    InVersion(version): InVersion,
    query: Query,
    Json(body, _): Json<RegisterRequest, CheckBody>,
) -> Result<Answer, ApiError> {
    check(registry, subject, body, query, Against::One(version)).await
}

async fn check(
    registry: Registry,
    subject: Subject,
    body: RegisterRequest,
    query: Query,
    against: Against,
) -> Result<Answer, ApiError> {
    let candidate = new_schema(subject, body, &query)?;
    let heavy = registry.is_heavy(&candidate);
    let checked = registry.compute(heavy, move |state, settings, parser| {
        rules::check_candidate(state, settings, parser, &candidate, against)
    });
    let verbose = query.flag("verbose");
    let messages = match checked.await {
        Ok(verdict) => verdict.messages,
        // Asked for reasons, an invalid schema is a verdict and not an error.
        Err(RegistryError::Rejected(Rejected::InvalidSchema(reason))) if verbose => vec![reason],
        Err(error) => return Err(ApiError::reading(error)),
    };
    let is_compatible = messages.is_empty();
    let messages = verbose.then_some(messages);
    Ok(Answer::json(&CompatibilityResponse { is_compatible, messages }))
}
