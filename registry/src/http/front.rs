//! What is alike for every answer: the path in one form, the request id, the content type, the
//! fixed headers, compression, and the line in the access log. A panic becomes a 500 here.

use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use openapi::{error::ErrorCode, paths};
use tower::{Layer as _, ServiceExt as _};
use tower_http::compression::{Compression, CompressionLayer, predicate::SizeAbove};

use super::{
    accept, barrier,
    error::{ApiError, not_acceptable},
    prefix,
    shortcut::Shortcut,
};
use crate::{
    limits::COMPRESS_SIZE_MIN,
    metrics::Metrics,
    service::Registry,
    telemetry::access::{self, Access},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const XSS_PROTECTION: HeaderName = HeaderName::from_static("x-xss-protection");
const BLOCK: HeaderValue = HeaderValue::from_static("1; mode=block");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache, no-store, must-revalidate");

/// The outermost service; clones share everything, since each request takes one.
#[derive(Clone)]
pub struct Front(Arc<Shared>);

struct Shared {
    registry: Registry,
    shortcut: Shortcut,
    plain: Router,
    compressed: Compression<Router, SizeAbove>,
    metrics: Metrics,
    access_log: bool,
}

impl Front {
    /// A front for these routes.
    pub(super) fn new(
        routes: Router,
        shortcut: Shortcut,
        registry: Registry,
        access_log: bool,
    ) -> Self {
        let metrics = registry.metrics().clone();
        let gzip = CompressionLayer::new().compress_when(SizeAbove::new(COMPRESS_SIZE_MIN));
        let compressed = gzip.layer(routes.clone());
        Self(Arc::new(Shared {
            registry,
            shortcut,
            plain: routes,
            compressed,
            metrics,
            access_log,
        }))
    }

    /// Answers one request.
    pub async fn answer(&self, mut request: Request) -> Result<Response, Infallible> {
        let started = Instant::now();
        let id = request_id(&request);
        let line = self.0.access_log.then(|| (request.method().clone(), request.uri().clone()));
        straighten(request.uri_mut());
        let content_type = negotiate(&request);
        let acceptable = content_type.is_some();
        let answer = AssertUnwindSafe(self.route(request, acceptable)).catch_unwind();
        let mut response = answer.await.unwrap_or_else(|_| {
            tracing::error!(request_id = ?id, "a request panicked; it was answered with 500");
            ApiError::new(ErrorCode::Internal, "Internal Server Error").into_response()
        });
        dress(&mut response, content_type, id);
        if let Some((method, uri)) = line {
            let (status, elapsed) = (response.status(), started.elapsed());
            let request_id = response.headers().get(REQUEST_ID);
            let (method, path) = (&method, &uri);
            access::log(&Access { method, path, status, elapsed, request_id });
        }
        Ok(response)
    }

    async fn route(&self, mut request: Request, acceptable: bool) -> Response {
        match prefix::resolved(request.uri()) {
            Ok(None) => {}
            Ok(Some(uri)) => *request.uri_mut() = uri,
            Err(error) => return error.into_response(),
        }
        if !acceptable {
            return self.refuse(request).await;
        }
        if let Err(error) = barrier::reached(&self.0.registry, request.headers()).await {
            return error.into_response();
        }
        let may_write = barrier::may_write(request.method());
        let mut response = self.routed(request).await;
        if may_write {
            barrier::mark(&self.0.registry, &mut response);
        }
        response
    }

    /// The answer of the route, or of the shortcut around it.
    async fn routed(&self, request: Request) -> Response {
        let wants_gzip = request.headers().get(header::ACCEPT_ENCODING).is_some();
        if !wants_gzip && let Some(response) = self.0.shortcut.answer(&request) {
            return response;
        }
        let answer = if wants_gzip {
            let response = self.0.compressed.clone().oneshot(request).await;
            response.map(|response| response.map(Body::new))
        } else {
            self.0.plain.clone().oneshot(request).await
        };
        let Ok(response) = answer;
        response
    }

    /// What cannot be answered acceptably is 406, unless the path does not exist: a method that no
    /// route has tells the two apart and does nothing.
    async fn refuse(&self, mut request: Request) -> Response {
        *request.method_mut() = Method::from_bytes(b"PROBE").unwrap_or_default();
        let Ok(probe) = self.0.plain.clone().oneshot(request).await;
        match probe.status() {
            StatusCode::NOT_FOUND => probe,
            _ => not_acceptable().into_response(),
        }
    }

    /// Counters, for whoever accepts connections.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

impl std::fmt::Debug for Front {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Front").finish_non_exhaustive()
    }
}

/// The type to answer with.
fn negotiate(request: &Request) -> Option<HeaderValue> {
    let chosen = accept::negotiate(request.headers());
    chosen.or_else(|| has_own_type(request.uri().path()).then_some(accept::DEFAULT))
}

/// Whether what is answered here has a type of its own. Who reads the counters, the document or its
/// page asks for other types than the API's and takes what comes.
fn has_own_type(path: &str) -> bool {
    let below_docs = path.strip_prefix(paths::DOCS);
    let in_docs = below_docs.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    in_docs || path == paths::METRICS || path == paths::OPENAPI
}

/// The caller's request id if it sent exactly one, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let mut given = request.headers().get_all(REQUEST_ID).iter();
    match (given.next(), given.next()) {
        (Some(id), None) if id.as_bytes().iter().any(|byte| !byte.is_ascii_whitespace()) => {
            id.clone()
        }
        _ => {
            let id = uuid::Uuid::new_v4();
            let mut text = uuid::Uuid::encode_buffer();
            let text = id.hyphenated().encode_lower(&mut text);
            HeaderValue::from_str(text).expect("a UUID is ASCII")
        }
    }
}

/// Repeated and trailing slashes do not count.
fn straighten(uri: &mut Uri) {
    let path = uri.path();
    let is_doubled = |pair: &[u8]| pair == b"//";
    if path.len() < 2 || !(path.ends_with('/') || path.as_bytes().windows(2).any(is_doubled)) {
        return;
    }
    let mut straight = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        straight.push('/');
        straight.push_str(segment);
    }
    if straight.is_empty() {
        straight.push('/');
    }
    if let Some(query) = uri.query() {
        straight.push('?');
        straight.push_str(query);
    }
    let mut parts = std::mem::take(uri).into_parts();
    parts.path_and_query = straight.parse().ok();
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

/// Puts on the headers that every answer wears.
fn dress(response: &mut Response, content_type: Option<HeaderValue>, id: HeaderValue) {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, content_type.unwrap_or(accept::DEFAULT));
    }
    headers.insert(header::CACHE_CONTROL, NO_CACHE);
    headers.insert(XSS_PROTECTION, BLOCK);
    headers.insert(REQUEST_ID, id);
}
