//! Content types: what is produced, in order of preference, and what is consumed
//! (`registry-api` 1.1); and whether an answer may come packed.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderValue, header, request::Parts};

const PRODUCED: [(&str, f32); 3] = [
    ("application/vnd.schemaregistry.v1+json", 1.0),
    ("application/vnd.schemaregistry+json", 0.9),
    ("application/json", 0.5),
];

/// The type of answers to those who do not say what they want.
pub(super) const DEFAULT: HeaderValue =
    HeaderValue::from_static("application/vnd.schemaregistry.v1+json");

/// The types that are produced.
pub(super) fn produced() -> impl Iterator<Item = &'static str> {
    PRODUCED.iter().map(|(produced, _)| *produced)
}

/// The type to answer with; none if nothing produced is acceptable.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut lines = headers.get_all(header::ACCEPT).iter().peekable();
    if lines.peek().is_none() {
        return Some(DEFAULT);
    }
    if lines.peek().is_some_and(|line| begins_with_the_best(line.as_bytes())) {
        return Some(DEFAULT);
    }
    let text = lines.filter_map(|line| line.to_str().ok()).collect::<Vec<_>>().join(",");
    let ranges: Vec<(&str, f32)> = text.split(',').map(range).collect();
    let mut best: Option<(&'static str, f32)> = None;
    for (produced, preference) in PRODUCED {
        let weight = quality(&ranges, produced) * preference;
        if weight > best.map_or(0.0, |(_, best)| best) {
            best = Some((produced, weight));
        }
    }
    best.map(|(produced, _)| HeaderValue::from_static(produced))
}

/// Whether the first thing asked for, without reserve, is what is preferred here anyway, as with
/// nearly all clients: nothing that follows can be wanted more.
fn begins_with_the_best(line: &[u8]) -> bool {
    let rest = line.strip_prefix(PRODUCED[0].0.as_bytes());
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b',')))
}

/// A media range and its quality.
fn range(text: &str) -> (&str, f32) {
    let mut parts = text.split(';');
    let range = parts.next().unwrap_or_default().trim();
    let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.trim().parse().ok());
    (range, quality.unwrap_or(1.0))
}

/// The quality that the most specific matching range gives to a type.
fn quality(ranges: &[(&str, f32)], produced: &str) -> f32 {
    let of = |wanted: &str| {
        let found = ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(wanted));
        found.map(|(_, quality)| *quality)
    };
    of(produced).or_else(|| of("application/*")).or_else(|| of("*/*")).unwrap_or(0.0)
}

/// Whether the caller takes gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TakesGzip(pub(super) bool);

impl From<&HeaderMap> for TakesGzip {
    fn from(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let mut codings = lines.filter_map(|line| line.to_str().ok()).flat_map(|it| it.split(','));
        Self(codings.any(|coding| {
            let (coding, quality) = range(coding);
            coding.eq_ignore_ascii_case("gzip") && quality > 0.0
        }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TakesGzip {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from(&parts.headers))
    }
}

/// Whether a request body of this type is read; one without a type is.
pub(super) fn is_consumed(content_type: Option<&HeaderValue>) -> bool {
    let Some(value) = content_type else { return true };
    let Ok(text) = value.to_str() else { return false };
    let range = range(text).0;
    let produced = PRODUCED.iter().any(|(produced, _)| range.eq_ignore_ascii_case(produced));
    produced || range.is_empty() || range.eq_ignore_ascii_case("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiated(accept: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        negotiate(&headers).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_most_wanted_of_what_is_produced_wins() {
        let v1 = Some("application/vnd.schemaregistry.v1+json".to_owned());
        assert_eq!(negotiate(&HeaderMap::new()), Some(DEFAULT));
        assert_eq!(negotiated("*/*"), v1);
        assert_eq!(negotiated("text/html, application/*;q=0.3"), v1);
        assert_eq!(negotiated("application/json"), Some("application/json".into()));
        let both = "application/vnd.schemaregistry.v1+json;q=0.2, application/json";
        assert_eq!(negotiated(both), Some("application/json".into()));
        assert_eq!(negotiated("text/plain"), None);
        assert_eq!(negotiated("application/json;q=0"), None);
    }

    #[test]
    fn gzip_is_taken_by_those_who_say_so() {
        let takes = |accepted| {
            let headers = (header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            TakesGzip::from(&HeaderMap::from_iter([headers])).0
        };
        assert!(takes("gzip, deflate, br"));
        assert!(takes("br;q=1.0, GZIP;q=0.5"));
        assert!(!takes("gzip;q=0"));
        assert!(!takes("identity"));
        assert!(!TakesGzip::from(&HeaderMap::new()).0);
    }

    #[test]
    fn bodies_of_other_types_are_refused() {
        let consumed = |text| is_consumed(Some(&HeaderValue::from_static(text)));
        assert!(is_consumed(None));
        assert!(consumed("application/json; charset=utf-8"));
        assert!(consumed("application/octet-stream"));
        assert!(!consumed("text/plain"));
        assert!(!consumed("application/x-www-form-urlencoded"));
    }
}
