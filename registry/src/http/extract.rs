//! Parsing in: path segments and bodies, each rejected in the upstream shape.
//! Not here: query parameters (`query`).

use std::{marker::PhantomData, sync::Arc};

use axum::extract::{FromRef, FromRequest, FromRequestParts, RawPathParams, Request};
use bytes::{Bytes, BytesMut};
use http::{header, request::Parts};
use http_body_util::BodyExt as _;
use openapi::{
    error::ErrorCode,
    ids::{GLOBAL_CONTEXT, InvalidSubject, Subject, VersionRef},
};
use registry_core::{identity::Hash, rules::Rejected, state::Scope};
use serde::de::DeserializeOwned;

use super::{Context, accept, error::ApiError};
use crate::{limits::BODY_READ_MAX, service::Registry};

/// The `{subject}` of a path; where that is an alias, the subject that it stands for.
pub(super) struct InSubject(pub(super) Subject);

/// The `{subject}` of a path below `config` and `mode`, which may be a context, or all of them.
pub(super) struct InScope(pub(super) Subject);

/// The `{context}` of a path.
pub(super) struct InContext(pub(super) Arc<str>);

/// The `{guid}` of a path, as it was written and as a hash, if it is one.
pub(super) struct InGuid {
    pub(super) text: String,
    pub(super) hash: Option<Hash>,
}

/// The `{version}` of a path.
pub(super) struct InVersion(pub(super) VersionRef);

/// The `{id}` of a path, as a number that need not be an id.
pub(super) struct InId(pub(super) i64);

/// The `{file}` of a path.
pub(super) struct InFile(pub(super) String);

/// A JSON body. A missing one, or `null`, is refused under the name that upstream's method gives it.
pub(super) struct Json<T, N>(pub(super) T, pub(super) PhantomData<N>);

/// The name of a body in the refusal of a missing one.
pub(super) trait BodyName {
    const NAME: &'static str;
}

impl<S: Send + Sync> FromRequestParts<S> for InSubject
where
    Registry: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let InScope(named) = InScope::from_request_parts(parts, state).await?;
        Self::named(&Registry::from_ref(state), named)
    }
}

impl InSubject {
    /// The subject that a name means, wherever it stands.
    pub(super) fn named(registry: &Registry, name: Subject) -> Result<Self, ApiError> {
        let subject = meant(registry, name)?;
        if subject.context() == GLOBAL_CONTEXT {
            return Err(Rejected::InvalidSubject(InvalidSubject(subject.into())).into());
        }
        Ok(Self(subject))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InScope {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = segment(parts, state, "subject").await?;
        Ok(Self(text.parse().map_err(Rejected::InvalidSubject)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InContext {
    type Rejection = ApiError;

    /// As the front has spelled it: `:.ctx:`.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = segment(parts, state, "context").await?;
        let subject: Subject = text.parse().map_err(Rejected::InvalidSubject)?;
        Ok(Self(subject.context().into()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InGuid {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = segment(parts, state, "guid").await?;
        let hash = text.parse().ok();
        Ok(Self { text, hash })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InVersion {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = segment(parts, state, "version").await?;
        Ok(Self(text.parse().map_err(Rejected::InvalidVersion)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let number = segment(parts, state, "id").await?.parse::<i32>();
        let not_found = |_| ApiError::new(ErrorCode::NotFound, "HTTP 404 Not Found");
        Ok(Self(number.map_err(not_found)?.into()))
    }
}

/// The subject that a name stands for. While the log is read no alias is known, and nothing is
/// answered either.
fn meant(registry: &Registry, named: Subject) -> Result<Subject, Rejected> {
    let Ok(state) = registry.snapshot() else { return Ok(named) };
    Ok(state.alias(&named)?.unwrap_or(named))
}

impl<S: Send + Sync> FromRequestParts<S> for InFile {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        segment(parts, state, "file").await.map(Self)
    }
}

impl InScope {
    /// The scope of configuration and mode: the default context itself is the global one.
    pub(super) fn scope(&self) -> Scope {
        (!self.0.as_str().is_empty()).then(|| self.0.shared())
    }
}

/// One percent-decoded segment of the path.
async fn segment<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    name: &str,
) -> Result<String, ApiError> {
    let not_found = || ApiError::new(ErrorCode::NotFound, "HTTP 404 Not Found");
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_found())?;
    let found = params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    found.ok_or_else(not_found)
}

impl<S, T, N> FromRequest<S> for Json<T, N>
where
    S: Send + Sync,
    T: DeserializeOwned,
    N: BodyName,
    Context: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let context = Context::from_ref(state);
        let bytes = body(request, context.policy.body_size_max).await?;
        let wrong = |message: String| ApiError::new(ErrorCode::BadRequest, message);
        // Some editors and shells put a byte order mark in front of what they send.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let parsed: Option<T> = match text.trim_ascii() {
            b"" | b"null" => None,
            // A list would pass for the fields of an object in order.
            text if !text.starts_with(b"{") => {
                return Err(wrong("The request body is not a JSON object".to_owned()));
            }
            text => serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?,
        };
        let missing = || {
            let message = format!("{} must not be null (was null)", N::NAME);
            ApiError::new(ErrorCode::Unprocessable, message)
        };
        Ok(Self(parsed.ok_or_else(missing)?, PhantomData))
    }
}

/// The bytes of a body of a type that is consumed, within limits of size and time.
pub(super) async fn body(request: Request, size_max: usize) -> Result<Bytes, ApiError> {
    if !accept::is_consumed(request.headers().get(header::CONTENT_TYPE)) {
        let message = "HTTP 415 Unsupported Media Type";
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, message));
    }
    let timed_out = |_| ApiError::new(ErrorCode::RequestTimeout, "The request body did not arrive");
    tokio::time::timeout(BODY_READ_MAX, collect(request, size_max)).await.map_err(timed_out)?
}

async fn collect(request: Request, size_max: usize) -> Result<Bytes, ApiError> {
    let too_large = || {
        let message = format!("The request body is larger than {size_max} bytes");
        ApiError::new(ErrorCode::PayloadTooLarge, message)
    };
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > size_max as u64) {
        return Err(too_large());
    }
    let mut body = request.into_body();
    // Nearly always all comes at once, and is taken as it is.
    let (mut first, mut bytes) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let broken = |_| ApiError::new(ErrorCode::BadRequest, "The request body broke off");
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        if first.len() + bytes.len() + data.len() > size_max {
            return Err(too_large());
        }
        if first.is_empty() && bytes.is_empty() {
            first = data;
            continue;
        }
        bytes.extend_from_slice(&std::mem::take(&mut first));
        bytes.extend_from_slice(&data);
    }
    Ok(if bytes.is_empty() { first } else { bytes.freeze() })
}

impl FromRef<Context> for Arc<super::About> {
    fn from_ref(context: &Context) -> Self {
        context.about.clone()
    }
}

impl FromRef<Context> for Arc<super::bodies::Bodies> {
    fn from_ref(context: &Context) -> Self {
        context.bodies.clone()
    }
}

impl FromRef<Context> for Registry {
    fn from_ref(context: &Context) -> Self {
        context.registry.clone()
    }
}
