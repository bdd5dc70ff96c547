//! The header that lets a read see a write: see `service::barrier`.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use openapi::error::ErrorCode;

use super::error::ApiError;
use crate::service::{Registry, Token, Unseen};

/// Comes with the answer of what may have written, and may go with any request.
const TOKEN: HeaderName = HeaderName::from_static("syngraph-token");

/// Waits for what a request wants to have seen.
pub(super) async fn reached(registry: &Registry, headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(token) = headers.get(TOKEN) else { return Ok(()) };
    let token: Token = String::from_utf8_lossy(token.as_bytes()).parse()?;
    Ok(registry.reach(&token).await?)
}

/// Whether a request may write, and is told how far the log reached.
pub(super) fn may_write(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::DELETE)
}

/// Tells how far the log has reached.
pub(super) fn mark(registry: &Registry, response: &mut Response) {
    let token = registry.token().filter(|_| response.status().is_success());
    let value = token.and_then(|token| HeaderValue::try_from(token.to_string()).ok());
    if let Some(value) = value {
        response.headers_mut().insert(TOKEN, value);
    }
}

impl From<Unseen> for ApiError {
    fn from(unseen: Unseen) -> Self {
        let message = unseen.to_string();
        match unseen {
            Unseen::Malformed(_) | Unseen::OtherLog(..) => {
                Self::new(ErrorCode::Unprocessable, message)
            }
            Unseen::Late(_) => Self::later(message),
            Unseen::Registry(error) => Self::reading(error),
        }
    }
}
