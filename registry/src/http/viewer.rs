//! The document of the API and a page that shows it. The page and all that it needs are part of the
//! binary, and its policy forbids it to load anything from elsewhere.

use std::{io::Read as _, sync::Arc};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use flate2::read::GzDecoder;
use http::{HeaderName, HeaderValue, header};
use openapi::error::ErrorCode;
use utoipa_swagger_ui::{Config, SwaggerFile};

use super::{
    accept::TakesGzip,
    document,
    error::{ApiError, not_found},
    extract::InFile,
};

/// Swagger UI sets styles on its elements and has its icons in its style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// What the page needs of Swagger UI.
const TAKEN: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

/// The document, which needs no state and is answered at any time.
pub(super) async fn document() -> Response {
    typed("application/json", Bytes::from_static(document::CHECKED_IN.as_bytes()))
}

/// The page.
pub(super) async fn page() -> Response {
    typed("text/html; charset=utf-8", Bytes::from_static(include_bytes!("viewer.html")))
}

/// What the page loads.
pub(super) async fn file(InFile(name): InFile, gzip: TakesGzip) -> Result<Response, ApiError> {
    if name == "viewer.js" {
        let script = Bytes::from_static(include_bytes!("viewer.js"));
        return Ok(typed("text/javascript; charset=utf-8", script));
    }
    let taken = TAKEN.contains(&name.as_str()).then(|| embedded(&name)).flatten();
    let Some(file) = taken else { return Err(not_found().await) };
    packed(file, gzip)
}

/// A file of Swagger UI as the crate has it.
fn embedded(name: &str) -> Option<SwaggerFile<'static>> {
    utoipa_swagger_ui::serve(name, Arc::new(Config::default())).ok()?
}

/// A file that is kept packed, unpacked for the few who cannot do it themselves.
fn packed(
    file: SwaggerFile<'static>,
    TakesGzip(takes_gzip): TakesGzip,
) -> Result<Response, ApiError> {
    let kind = file.content_type;
    if !takes_gzip {
        let mut bytes = Vec::new();
        let failed = |_| ApiError::new(ErrorCode::Internal, "Internal Server Error");
        GzDecoder::new(&*file.bytes).read_to_end(&mut bytes).map_err(failed)?;
        return Ok(typed(&kind, bytes.into()));
    }
    let mut response = typed(&kind, file.bytes.into_owned().into());
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Ok(response)
}

/// An answer with a type of its own, under the policy.
fn typed(kind: &str, body: Bytes) -> Response {
    const SNIFFING: HeaderName = header::X_CONTENT_TYPE_OPTIONS;
    let kind = HeaderValue::from_str(kind).expect("media types are ASCII");
    let policy = HeaderValue::from_static(POLICY);
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, policy),
        (SNIFFING, HeaderValue::from_static("nosniff")),
    ];
    (headers, Body::from(body)).into_response()
}
