//! Whether the document of the API knows what is answered.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;

use crate::exchange::{Answer, Request};

/// An operation of the document with the statuses that it lists.
#[derive(Debug)]
struct Operation {
    method: String,
    path: Vec<String>,
    statuses: BTreeSet<String>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    operations(&serde_json::from_str(registry::http::document::CHECKED_IN).unwrap())
});

/// What is wrong with an answer to a request by the document, if it has that operation.
pub(crate) fn complaint(request: &Request, answer: &Answer) -> Option<String> {
    undocumented(&OPERATIONS, request, answer.status)
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys().cloned().collect();
            let path = path.split('/').filter(|segment| !segment.is_empty());
            let (method, path) = (method.to_uppercase(), path.map(str::to_owned).collect());
            operations.push(Operation { method, path, statuses });
        }
    }
    operations
}

fn undocumented(operations: &[Operation], request: &Request, status: u16) -> Option<String> {
    let path = request.path.split(['?', '#']).next().unwrap_or_default();
    let path: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    // What may be written below a context is documented once, without it, and so is the name of a
    // context that is none.
    let (path, below) = match path.as_slice() {
        ["contexts", _, rest @ ..] if !rest.is_empty() => (rest, true),
        path => (path, false),
    };
    if below && status == 400 {
        return None;
    }
    let method = if request.method == "HEAD" { "GET" } else { &request.method };
    let is_asked =
        |operation: &&Operation| operation.method == method && operation.is_at(path, below);
    let mut asked = operations.iter().filter(is_asked).peekable();
    asked.peek()?;
    let status = status.to_string();
    let known = asked.any(|operation| operation.statuses.contains(&status));
    (!known).then(|| format!("  the document does not list {status} here\n"))
}

impl Operation {
    /// Whether a path is this operation's. Configuration and mode of a context are written without a
    /// subject below it.
    fn is_at(&self, path: &[&str], below: bool) -> bool {
        let fits = |template: &[String]| {
            let matches =
                |(wanted, segment): (&String, &&str)| wanted.starts_with('{') || wanted == segment;
            template.len() == path.len() && template.iter().zip(path).all(matches)
        };
        match self.path.as_slice() {
            [first, _] if below && (first == "config" || first == "mode") => {
                fits(&self.path) || fits(&self.path[..1])
            }
            template => fits(template),
        }
    }
}

#[test]
fn an_answer_that_is_not_in_the_document_is_found() {
    let known = operations(&serde_json::json!({"paths": {
        "/config": {"get": {"responses": {"200": {}}}},
        "/config/{subject}": {"get": {"responses": {"200": {}, "404": {}}}},
    }}));
    let said = |method, path, status| undocumented(&known, &Request::new(method, path), status);
    assert_eq!(said("GET", "/config?a=b", 200), None);
    assert!(said("GET", "/config/?a=b", 404).is_some());
    assert!(said("HEAD", "//config/x", 500).is_some());
    assert_eq!(said("PUT", "/config", 405), None);
    assert_eq!(said("GET", "/configuration", 404), None);
    assert_eq!(said("GET", "/contexts/.a/config", 404), None);
    assert_eq!(said("GET", "/contexts/a:b/config", 400), None);
    assert!(said("GET", "/contexts/.a/config/x", 500).is_some());
}
