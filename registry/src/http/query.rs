//! Parsing in: query parameters, and the part of a list that they ask for.

use axum::extract::FromRequestParts;
use http::request::Parts;
use openapi::error::ErrorCode;

use super::error::ApiError;

/// The query parameters, with Java's idea of booleans: `true` in any case is true, all else false.
pub(super) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value))
        });
        Ok(Self(pairs.collect()))
    }
}

/// `%20` and `+` both mean a blank in a query.
fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

impl Query {
    /// The first value of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter that may be repeated.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter says `true`.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// `offset` and `limit`; a limit that is not above zero means none.
    pub(super) fn paging(&self) -> Result<Paging, ApiError> {
        let number = |name| match self.text(name) {
            None => Ok(None),
            Some(text) => text
                .parse::<i32>()
                .map(Some)
                .map_err(|_| ApiError::new(ErrorCode::NotFound, "HTTP 404 Not Found")),
        };
        let offset = number("offset")?.and_then(|offset| usize::try_from(offset).ok());
        let limit = number("limit")?.filter(|limit| *limit > 0);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        Ok(Paging { offset: offset.unwrap_or(0), limit: limit.unwrap_or(usize::MAX) })
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paging {
    offset: usize,
    limit: usize,
}

impl Paging {
    /// The same for a list of which no more than this is given at once.
    pub(super) fn at_most(self, limit_max: usize) -> Self {
        Self { limit: self.limit.min(limit_max), ..self }
    }

    /// That part.
    pub(super) fn of<T>(self, list: impl Iterator<Item = T>) -> Vec<T> {
        list.skip(self.offset).take(self.limit).collect()
    }
}
