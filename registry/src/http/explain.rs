//! `/syngraph/v1/subjects/{subject}/explain-id`: why a schema has its id.

use axum::extract::State;
use openapi::{
    explain::{ExplainResponse, Reason},
    ids::Subject,
    schemas::{ContextId, RegisterRequest},
};
use registry_core::rules::{self, Because, Explanation};

use super::{
    answer::Answer,
    error::ApiError,
    extract::{BodyName, InSubject, Json},
    query::Query,
    versions::new_schema,
};
use crate::service::Registry;

pub(super) struct ExplainBody;

impl BodyName for ExplainBody {
    const NAME: &'static str = "explainId.request";
}

pub(super) async fn explain(
    State(registry): State<Registry>,
    InSubject(subject): InSubject,
    query: Query,
    Json(body, _): Json<RegisterRequest, ExplainBody>,
) -> Result<Answer, ApiError> {
    let asked = new_schema(subject.clone(), body, &query)?;
    let (heavy, sent) = (registry.is_heavy(&asked), asked.text.clone());
    let explained =
        registry.compute(heavy, move |state, _, parser| rules::explain(state, parser, &asked));
    let explained = explained.await.map_err(ApiError::reading)?;
    Ok(Answer::json(&shown(subject, &sent, explained)))
}

fn shown(subject: Subject, sent: &str, explained: Explanation) -> ExplainResponse {
    let reason = match explained.because {
        Because::SameHashHere => Reason::SameHashInSubject,
        Because::SameWordsHere => Reason::SameContentInSubject,
        Because::SameHashInContext => Reason::SameHashInContext,
        Because::New => Reason::New,
    };
    let ids = explained.ids.into_iter();
    let ids = ids.map(|(context, id)| ContextId { context: context.as_ref().to_owned(), id });
    ExplainResponse {
        subject,
        reason,
        text: reason.text().to_owned(),
        id: explained.id,
        version: explained.version,
        guid: explained.hash.to_string(),
        rewritten: explained.text != sent,
        schema: explained.text,
        references: explained.references,
        metadata: explained.metadata,
        rule_set: explained.rule_set,
        ids: ids.collect(),
    }
}
