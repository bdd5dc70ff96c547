//! What must come back, and the words for what came instead.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    exchange::{Answer, Header},
    pattern::{fits, fits_json},
};

/// What must come back.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    pub(crate) status: u16,
    /// Those that matter; `<none>` for one that must be missing.
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Body,
    /// Parts of the body.
    pub(crate) parts: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) enum Body {
    /// Nothing is said about it.
    #[default]
    Any,
    Json(Value),
    Text(String),
}

impl Expected {
    /// A failure with a code of its own or its status as code.
    pub(crate) fn failure(code: u32, message: &str) -> Self {
        let body = Body::Json(json!({"error_code": code, "message": message}));
        Self { status: status_of(code), body, ..Self::default() }
    }

    /// What of an answer is not as expected; empty when all is.
    pub(crate) fn differences(&self, answer: &Answer) -> String {
        let mut said = String::new();
        if self.status != answer.status {
            writeln!(said, "  status  expected {}, came {}", self.status, answer.status).unwrap();
        }
        for (name, pattern) in &self.headers {
            let values = answer.header(name);
            let right = match pattern.as_str() {
                "<none>" => values.is_empty(),
                pattern => values.len() == 1 && fits(pattern, values[0]),
            };
            if !right {
                writeln!(said, "  {name}  expected {pattern}, came {values:?}").unwrap();
            }
        }
        let text = answer.text();
        let (right, wanted) = match &self.body {
            Body::Any => (true, String::new()),
            Body::Text(wanted) => (fits(wanted, &text), wanted.clone()),
            Body::Json(pattern) => {
                let value = serde_json::from_str(&text);
                (value.is_ok_and(|value| fits_json(pattern, &value)), pattern.to_string())
            }
        };
        if !right {
            let came = shown(&text);
            writeln!(said, "  body    expected {wanted}\n          came     {came}").unwrap();
        }
        for part in self.parts.iter().filter(|part| !contains(&text, part)) {
            writeln!(said, "  body    has no {part}\n          came     {}", shown(&text)).unwrap();
        }
        said
    }
}

fn contains(text: &str, part: &str) -> bool {
    text.contains(part) || text.lines().any(|line| fits(part, line))
}

/// The beginning of a text, where the whole of it would hide the rest.
fn shown(text: &str) -> String {
    match text.char_indices().nth(2_000) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}

/// The status: the code's first three digits.
pub(crate) fn status_of(code: u32) -> u16 {
    let mut status = code;
    while status >= 1000 {
        status /= 10;
    }
    u16::try_from(status).expect("below 1000")
}
