//! `/subjects` and `/subjects/{subject}`.

use axum::extract::State;
use openapi::schemas::RegisterRequest;
use registry_core::{
    rules::{self, Command, Rejected},
    state::Visibility,
};

use super::{
    answer::Answer,
    dialect::Dialect,
    error::{ApiError, Operation},
    extract::{BodyName, InSubject, Json},
    narrow::{EVERYTHING, SubjectPrefix},
    query::Query,
    shown::Stored,
    versions::new_schema,
    view::View,
};
use crate::service::Registry;

pub(super) struct LookupBody;

impl BodyName for LookupBody {
    const NAME: &'static str = "lookUpSchemaUnderSubject.request";
}

/// Every context is listed unless a prefix says otherwise.
pub(super) async fn list(
    State(registry): State<Registry>,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let visibility = Visibility::of(query.flag("deleted"), query.flag("deletedOnly"));
    let prefix: SubjectPrefix = query.text("subjectPrefix").unwrap_or(EVERYTHING).parse()?;
    Ok(Answer::json(&query.paging()?.of(prefix.subjects(&state, visibility))))
}

pub(super) async fn lookup(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    dialect: Dialect,
    query: Query,
    Json(body, _): Json<RegisterRequest, LookupBody>,
) -> Result<Answer, ApiError> {
    let wanted = new_schema(subject, body, &query)?;
    let visibility = Visibility::of(query.flag("deleted"), false);
    let heavy = registry.is_heavy(&wanted);
    let found = registry
        .compute(heavy, move |state, _, parser| rules::lookup(state, parser, &wanted, visibility));
    let stored = found.await.map_err(ApiError::reading)?.into();
    View::formatted(dialect, &query).version(&registry, &stored).await
}

/// The newest version whose metadata has all the wanted properties.
pub(super) async fn by_metadata(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let visibility = Visibility::of(query.flag("deleted"), false);
    let wanted: Vec<_> = query.all("key").zip(query.all("value")).collect();
    let missing = || match state.has_subject(&subject, visibility) {
        true => Rejected::SchemaNotFound,
        false => Rejected::SubjectNotFound(subject.clone()),
    };
    let found = state.newest_with(&subject, visibility, &wanted);
    let (version, row) = found.ok_or_else(missing)?;
    let stored = Stored::of(&state, subject.clone(), version, row);
    View::formatted(dialect, &query).version(&registry, &stored).await
}

pub(super) async fn delete(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    query: Query,
) -> Result<Answer, ApiError> {
    let operation = Operation::DeleteSubject(subject.to_string());
    let permanent = query.flag("permanent");
    let answer = registry.submit(Command::DeleteSubject { subject, permanent }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&operation, error))
}
