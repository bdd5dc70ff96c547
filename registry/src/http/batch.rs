//! `/syngraph/v1/batch-register`: a set of schemas, all or none.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use openapi::{
    batch::{BatchRefusal, BatchRefused, BatchRegistered, BatchRequest, BatchResponse},
    error::ErrorCode,
    ids::Subject,
};
use registry_core::rules::{self, Command, NewSchema, Rejected};

use super::{
    answer::Answer,
    caller::Caller,
    dialect::Dialect,
    error::{ApiError, Operation},
    extract::{BodyName, InSubject, Json},
    query::Query,
    versions::new_schema,
};
use crate::{
    limits::BATCH_REGISTER_MAX,
    service::{Registry, RegistryError},
};

pub(super) struct BatchBody;

impl BodyName for BatchBody {
    const NAME: &'static str = "batchRegister.request";
}

pub(super) async fn register(
    State(registry): State<Registry>,
    caller: Caller,
    dialect: Dialect,
    query: Query,
    Json(body, _): Json<BatchRequest, BatchBody>,
) -> Result<Response, ApiError> {
    let (subjects, set) = read(&registry, body, caller, &query)?;
    match registry.submit(Command::RegisterAll(set)).await {
        Ok(answer) => Ok(Answer::json(&registered(subjects, answer)).into_response()),
        Err(RegistryError::Rejected(Rejected::Batch(refused))) => {
            Ok(refusal(subjects, refused, dialect))
        }
        Err(error) => Err(ApiError::writing(&Operation::Register, error)),
    }
}

type Set = Arc<[Arc<NewSchema>]>;

/// The set, each with its subject.
fn read(
    registry: &Registry,
    body: BatchRequest,
    caller: Caller,
    query: &Query,
) -> Result<(Vec<Subject>, Set), ApiError> {
    if body.schemas.len() > BATCH_REGISTER_MAX {
        let what = format!("At most {BATCH_REGISTER_MAX} schemas are registered at once");
        return Err(ApiError::new(ErrorCode::Unprocessable, what));
    }
    let (mut subjects, mut set) = (Vec::new(), Vec::new());
    for item in body.schemas {
        let InSubject(subject) = InSubject::named(registry, item.subject)?;
        let new = new_schema(subject.clone(), item.schema, query)?;
        subjects.push(subject);
        set.push(Arc::new(caller.asks(new)));
    }
    Ok((subjects, set.into()))
}

fn registered(subjects: Vec<Subject>, answer: rules::Answer) -> BatchResponse {
    let rules::Answer::Batch(answers) = answer else { unreachable!("a set is answered as a set") };
    let schemas = subjects.into_iter().zip(answers).map(|(subject, answer)| match answer {
        rules::Answer::Registered { id, version, .. } => BatchRegistered { subject, version, id },
        _ => unreachable!("each of a set is a registration"),
    });
    BatchResponse { schemas: schemas.collect() }
}

fn refusal(subjects: Vec<Subject>, refused: Vec<Option<Rejected>>, dialect: Dialect) -> Response {
    let whole = ApiError::from(Rejected::Batch(refused.clone()));
    let each = subjects.into_iter().zip(refused).enumerate();
    let refused = each.filter_map(|(index, (subject, rejected))| {
        let error = ApiError::from(rejected?).told_in(dialect).body();
        Some(BatchRefused { index, subject, error })
    });
    let body = BatchRefusal { error: whole.body(), refused: refused.collect() };
    let mut response = whole.into_response();
    *response.body_mut() = Answer::json(&body).into_response().into_body();
    response
}
