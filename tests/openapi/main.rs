//! The document of the API: the one in the repository is that of the code, and it knows every route
//! and none more. That answers are as it says is seen where there are answers: by every case of
//! `tests/api`, and by the program that reads the document and asks the running server (`interop`).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use harness::repository;
use openapi::error::ErrorCode;
use registry::http::{Route, document, table};
use serde_json::Value;

const DOCUMENT: &str = "openapi/openapi.json";

/// The operations of a document, as `METHOD path`, with the permission that each names.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |it| (path, it)));
    methods
        .map(|(path, (method, operation))| {
            let permission = operation["x-permission"].as_str().unwrap_or("none");
            (format!("{} {path}", method.to_uppercase()), permission.to_owned())
        })
        .collect()
}

/// The same of routes.
fn routes(table: &[Route]) -> BTreeSet<(String, String)> {
    let named = |route: &Route| {
        let (path, permission) = (route.path, route.permission.name());
        let of = move |method| (format!("{method} {path}"), permission.to_owned());
        route.methods.iter().map(of).collect::<Vec<_>>()
    };
    table.iter().flat_map(named).collect()
}

/// What stands on one side only.
fn differences(
    routes: &BTreeSet<(String, String)>,
    operations: &BTreeSet<(String, String)>,
) -> Vec<String> {
    let undocumented = routes.difference(operations);
    let undocumented = undocumented.map(|(it, needs)| format!("{it} ({needs}) has no operation"));
    let lost = operations.difference(routes);
    undocumented.chain(lost.map(|(it, needs)| format!("{it} ({needs}) has no route"))).collect()
}

fn generated() -> Value {
    serde_json::from_str(&document::generated()).unwrap()
}

#[test]
fn the_document_in_the_repository_is_that_of_the_code() {
    let generated = document::generated();
    if std::env::var_os("BLESS").is_some() {
        repository::write(DOCUMENT, &generated);
        return;
    }
    assert!(repository::read(DOCUMENT) == generated, "`make bless` writes {DOCUMENT}");
    assert!(document::CHECKED_IN == generated, "the binary has another one in it");
}

#[test]
fn every_route_has_its_operation_and_every_operation_its_route() {
    let differences = differences(&routes(&table()), &operations(&generated()));
    assert!(differences.is_empty(), "\n  {}\n", differences.join("\n  "));
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = generated();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.values().flat_map(|item| item.as_object().unwrap().values());
    let names: Vec<_> = all.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let different: BTreeSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

/// The query parameters that are read: the texts in the calls that read them.
fn read() -> BTreeSet<String> {
    let rooms = repository::files();
    let rooms = rooms.iter().filter(|path| {
        path.starts_with("registry/src/http") && path.extension().is_some_and(|end| end == "rs")
    });
    let calls = ["query.flag(\"", "query.text(\"", "query.all(\"", "number(\""];
    let text: String = rooms.map(repository::read).collect();
    let named = |call: &str| {
        let after = text.split(call).skip(1).filter_map(|rest| rest.split_once('"'));
        after.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    calls.into_iter().flat_map(named).collect()
}

#[test]
fn the_query_parameters_are_those_that_are_read() {
    let document = generated();
    let all = document["components"]["parameters"].as_object().unwrap().values();
    let described = all.filter(|parameter| parameter["in"] == "query");
    let described = described.map(|parameter| parameter["name"].as_str().unwrap().to_owned());
    assert_eq!(described.collect::<BTreeSet<_>>(), read());
}

#[test]
fn every_code_has_an_example() {
    let document = generated();
    for code in ErrorCode::ALL {
        let code = code.code();
        let example = &document["components"]["examples"][code.to_string()]["value"];
        assert_eq!(example["error_code"], code, "{example}");
    }
}

#[test]
fn each_lie_is_found() {
    let document = serde_json::json!({"paths": {
        "/known": {"get": {"x-permission": "anyone"}},
        "/lost": {"put": {"x-permission": "operate"}},
    }});
    let route = |path, permission| Route { path, methods: vec![http::Method::GET], permission };
    let table = [
        route("/known", registry::http::Permission::Operate),
        route("/new", registry::http::Permission::Anyone),
    ];
    let found = differences(&routes(&table), &operations(&document));
    assert_eq!(
        found,
        [
            "GET /known (operate) has no operation",
            "GET /new (anyone) has no operation",
            "GET /known (anyone) has no route",
            "PUT /lost (operate) has no route",
        ]
    );
}
