//! A small HTTP client for tests: every status is an answer, and bodies are JSON or text.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Method, Request};

/// What Confluent's clients send with a body.
pub const CONTENT_TYPE: &str = "application/vnd.schemaregistry.v1+json";

/// No answer of a test takes longer, unless something hangs.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// A client of one server.
#[derive(Debug, Clone)]
pub struct Http {
    base: String,
    agent: Agent,
}

/// One answer, whatever its status.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: String,
}

impl Response {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("status {}: {error}: {}", self.status, self.body))
    }

    /// The text of a header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The JSON of an answer that must be a success.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.json()
    }

    /// Status, Confluent's error code and message, of an answer that must be an error.
    pub fn error(&self) -> (u16, i64, String) {
        let body = self.json();
        let code = body["error_code"].as_i64().unwrap_or_else(|| panic!("no code: {}", self.body));
        (self.status, code, body["message"].as_str().unwrap_or_default().to_owned())
    }
}

impl Http {
    /// A client of `http://address`.
    pub fn new(address: impl std::fmt::Display) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(WAIT_MAX))
            .proxy(None);
        Self { base: format!("http://{address}"), agent: config.build().into() }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Response {
        self.send(&Method::GET, path, None)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Response {
        self.send(&Method::DELETE, path, None)
    }

    /// POST of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.send(&Method::POST, path, Some(&body.to_string()))
    }

    /// PUT of JSON.
    pub fn put(&self, path: &str, body: &Value) -> Response {
        self.send(&Method::PUT, path, Some(&body.to_string()))
    }

    /// Any method with any body; fails the test when there is no answer.
    pub fn send(&self, method: &Method, path: &str, body: Option<&str>) -> Response {
        self.try_send(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {}{path}: {error}", self.base))
    }

    /// The same, for a server that may be gone.
    pub fn try_send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&str>,
    ) -> Result<Response, ureq::Error> {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        let response = match body {
            Some(text) => {
                self.agent.run(request.header("Content-Type", CONTENT_TYPE).body(text.to_owned())?)
            }
            None => self.agent.run(request.body(())?),
        }?;
        let (head, mut body) = response.into_parts();
        let body = body.read_to_string()?;
        Ok(Response { status: head.status.as_u16(), headers: head.headers, body })
    }
}
