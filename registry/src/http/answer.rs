//! Successful answers: JSON, or a schema's text as it is. The content type is the front's.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use openapi::{config::ConfigUpdate, mode::ModeBody, schemas::RegisterResponse};
use registry_core::rules;
use serde::Serialize;

/// A body with status 200.
#[derive(Debug)]
pub(super) struct Answer(Bytes);

impl Answer {
    /// A JSON body.
    pub(super) fn json(value: &impl Serialize) -> Self {
        Self(serde_json::to_vec(value).expect("contract types have a JSON form").into())
    }

    /// A body that is a schema's text.
    pub(super) fn text(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }

    /// The bytes of a body, for whoever keeps them.
    pub(super) fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<Bytes> for Answer {
    fn from(body: Bytes) -> Self {
        Self(body)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        Response::new(Body::from(self.0))
    }
}

impl From<rules::Answer> for Answer {
    /// What a command answers at the least.
    fn from(answer: rules::Answer) -> Self {
        match answer {
            rules::Answer::Registered { id, .. } => Self::json(&RegisterResponse::from(id)),
            rules::Answer::Versions(versions) => Self::json(&versions),
            rules::Answer::Version(version) => Self::json(&version),
            rules::Answer::ConfigPut(config) => Self::json(&ConfigUpdate::from(*config)),
            rules::Answer::Config(config) => Self::json(&config),
            // A set has an answer of its own, made where it is asked for.
            rules::Answer::Done | rules::Answer::Batch(_) => Self(Bytes::new()),
            rules::Answer::Mode(mode) => Self::json(&ModeBody { mode }),
        }
    }
}
