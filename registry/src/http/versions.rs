//! `/subjects/{subject}/versions` and below.

use std::sync::Arc;

use axum::extract::State;
use openapi::{
    ids::{SchemaId, Subject, Version, VersionRef},
    schemas::RegisterRequest,
};
use registry_core::{
    rules::{self, Command, NewSchema, Rejected},
    state::{Row, State as Snapshot, Visibility},
};
use schema::Language;

use super::{
    answer::Answer,
    caller::Caller,
    dialect::Dialect,
    error::{ApiError, Operation},
    extract::{BodyName, InSubject, InVersion, Json},
    query::Query,
    shown::Stored,
    tags,
    view::View,
};
use crate::service::Registry;

pub(super) struct RegisterBody;

impl BodyName for RegisterBody {
    const NAME: &'static str = "register.request";
}

pub(super) async fn register(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    caller: Caller,
    dialect: Dialect,
    query: Query,
    Json(body, _): Json<RegisterRequest, RegisterBody>,
) -> Result<Answer, ApiError> {
    let new = caller.asks(new_schema(subject, body, &query)?);
    submitted(&registry, new, dialect, &query).await
}

/// Registers a schema, and tells what became of it.
pub(super) async fn submitted(
    registry: &Registry,
    new: NewSchema,
    dialect: Dialect,
    query: &Query,
) -> Result<Answer, ApiError> {
    let subject = new.subject.clone();
    let answer = registry.submit(Command::Register(Arc::new(new))).await;
    let answer =
        answer.map_err(|error| ApiError::writing(&Operation::Register, error).told_in(dialect))?;
    View::formatted(dialect, query).registered(registry, subject, answer).await
}

pub(super) async fn list(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let visibility = Visibility::of(query.flag("deleted"), query.flag("deletedOnly"));
    let negative = query.flag("deletedAsNegative");
    let shown = |(version, row): (Version, &Row)| {
        let number = i64::from(version.get());
        if negative && row.deleted { -number } else { number }
    };
    let mut versions = state.versions(&subject, visibility).map(shown).peekable();
    if versions.peek().is_none() {
        return Err(Rejected::SubjectNotFound(subject.clone()).into());
    }
    Ok(Answer::json(&query.paging()?.of(versions)))
}

pub(super) async fn get(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    version: InVersion,
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let stored = find(&state, &subject, &version, &query)?;
    View::full(dialect, &query).version(&registry, &stored).await
}

pub(super) async fn text(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    version: InVersion,
    dialect: Dialect,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let stored = find(&state, &subject, &version, &query)?;
    View::formatted(dialect, &query).text(&registry, &stored).await
}

/// The ids of the schemas that refer to a version.
pub(super) async fn referrers(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    version: InVersion,
    query: Query,
) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let Stored { subject, version, .. } = find(&state, &subject, &version, &query)?;
    let visibility = Visibility::of(query.flag("deleted"), false);
    let ids = state.referrer_ids(&subject, version, visibility);
    Ok(Answer::json(&query.paging()?.of(ids.into_iter())))
}

pub(super) async fn delete(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    InVersion(version): InVersion,
    query: Query,
) -> Result<Answer, ApiError> {
    let permanent = query.flag("permanent");
    let answer = registry.submit(Command::DeleteVersion { subject, version, permanent }).await;
    answer.map(Answer::from).map_err(|error| ApiError::writing(&Operation::DeleteVersion, error))
}

/// The version that a path names, if it may be shown; what is missing under an unqualified name is
/// sought in the other contexts.
fn find(
    state: &Snapshot,
    subject: &Subject,
    InVersion(version): &InVersion,
    query: &Query,
) -> Result<Stored, Rejected> {
    let visibility = Visibility::of(query.flag("deleted"), false);
    let found = |subject: Subject| {
        let (version, row) = state.resolve(&subject, *version, visibility)?;
        Some(Stored::of(state, subject, version, row))
    };
    let missing = || match state.has_subject(subject, visibility) {
        true => Rejected::VersionNotFound(*version),
        false => Rejected::SubjectNotFound(subject.clone()),
    };
    let first = std::iter::once(subject.clone());
    first.chain(state.elsewhere(subject)).find_map(found).ok_or_else(missing)
}

/// The schema that a body describes; what is not there yet is refused, never dropped.
pub(super) fn new_schema(
    subject: Subject,
    body: RegisterRequest,
    query: &Query,
) -> Result<NewSchema, Rejected> {
    let language: Language = body.schema_type.as_deref().unwrap_or("AVRO").parse()?;
    if !Language::SUPPORTED.contains(&language) {
        let text = format!("Schema type {language} is not supported by this version of Syngraph");
        return Err(Rejected::NotSupported(text));
    }
    Ok(NewSchema {
        subject,
        language,
        text: body.schema.unwrap_or_default(),
        references: body.references.unwrap_or_default(),
        metadata: body.metadata,
        rule_set: body.rule_set.map(rules::completed_rules),
        version: version_asked(body.version)?,
        id: body.id.and_then(|id| SchemaId::new(id.into())),
        normalize: query.flag("normalize"),
        force: query.flag("force"),
        tags: tags::edits(
            body.schema_tags_to_add,
            body.schema_tags_to_remove,
            body.propagate_schema_tags == Some(true),
        )?,
        known_only: false,
    })
}

/// The version that a body asks for: 0 and none at all mean any, -1 the latest.
pub(super) fn version_asked(number: Option<i32>) -> Result<Option<VersionRef>, Rejected> {
    match number {
        None | Some(0) => Ok(None),
        Some(number) => {
            let version = number.to_string().parse().map_err(Rejected::InvalidVersion)?;
            Ok(Some(version))
        }
    }
}
