//! Which of two dialects an answer speaks. The 7.x releases of Confluent's registry tell what is
//! needed and no more; the 8.x ones tell all they know, which clients before 6.1.2 refuse to read.
//! Later clients say in a header that they take properties they do not know.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::{HeaderMap, HeaderName, request::Parts};

use super::{About, error::ApiError};
use crate::config::DialectSetting;

const ACCEPTS_UNKNOWN: HeaderName = HeaderName::from_static("confluent-accept-unknown-properties");

/// How much an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Dialect {
    /// As 7.x releases do.
    Terse,
    /// As 8.x releases do.
    Rich,
}

impl Dialect {
    /// The dialect for a client, unless the operator has chosen one for all.
    pub(super) fn of(setting: DialectSetting, headers: &HeaderMap) -> Self {
        match setting {
            DialectSetting::Seven => Self::Terse,
            DialectSetting::Eight => Self::Rich,
            DialectSetting::Auto => match headers.get(ACCEPTS_UNKNOWN) {
                Some(value) if value.as_bytes().eq_ignore_ascii_case(b"true") => Self::Rich,
                _ => Self::Terse,
            },
        }
    }

    /// What only the rich dialect tells.
    pub(super) fn rich<T>(self, tell: impl FnOnce() -> T) -> Option<T> {
        (self == Self::Rich).then(tell)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Dialect
where
    Arc<About>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self::of(Arc::<About>::from_ref(state).dialect, &parts.headers))
    }
}
