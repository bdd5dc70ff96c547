//! `/syngraph/v1/subjects/{subject}[/versions/{version}]/undelete`.

use axum::extract::State;
use registry_core::rules::Command;

use super::{
    answer::Answer,
    error::{ApiError, Operation},
    extract::{InSubject, InVersion},
};
use crate::service::Registry;

pub(super) async fn subject(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
) -> Result<Answer, ApiError> {
    let answer = registry.submit(Command::UndeleteSubject { subject }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::Undelete, error))
}

pub(super) async fn version(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    InVersion(version): InVersion,
) -> Result<Answer, ApiError> {
    let answer = registry.submit(Command::UndeleteVersion { subject, version }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::Undelete, error))
}
