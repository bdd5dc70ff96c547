//! A request and what must come back.

use crate::expected::Expected;

/// One exchange of a case.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// Where it stands in its file.
    pub(crate) line: usize,
    pub(crate) request: Request,
    pub(crate) expected: Expected,
}

/// A header, by its name as written.
pub(crate) type Header = (String, String);

/// What is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, percent-encoded.
    pub(crate) path: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A request without a body.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), ..Self::default() }
    }

    /// The same with a JSON body.
    pub(crate) fn json(mut self, body: &serde_json::Value) -> Self {
        let kind = "application/vnd.schemaregistry.v1+json".to_owned();
        self.headers.push(("Content-Type".to_owned(), kind));
        self.body = Some(body.to_string().into_bytes());
        self
    }
}

impl Answer {
    /// The values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The body, unpacked, as text.
    pub(crate) fn text(&self) -> String {
        use std::io::Read as _;
        if self.header("content-encoding") != ["gzip"] {
            return String::from_utf8_lossy(&self.body).into_owned();
        }
        let mut text = String::new();
        flate2::read::GzDecoder::new(self.body.as_slice()).read_to_string(&mut text).unwrap();
        text
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in: {text}"))
    }
}
