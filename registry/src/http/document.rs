//! The OpenAPI document of the API. The operations stand here, one file per resource, and the
//! shapes of their bodies come from the types that the handlers use. Permissions are those of the
//! route table; the proof holds its routes and these operations against each other.
//! Not here: how the document is served (`viewer`).

mod compatibility;
mod config;
mod contexts;
mod example;
mod ids;
mod mode;
mod operation;
mod parameter;
mod response;
mod schemas;
mod server;
mod shape;
mod subjects;
mod syngraph;
mod versions;

use http::Method;
use openapi::error::{ErrorBody, ErrorCode};
use serde_json::Value;
use utoipa::openapi::{
    Components, HttpMethod, Info, License, OpenApi, OpenApiBuilder, Paths, tag::Tag,
};

use self::{operation::Entry, shape::Shape};

/// The document as it stands in the repository, and as it is served.
pub const CHECKED_IN: &str = include_str!("../../../openapi/openapi.json");

/// The document as it follows from the code.
pub fn generated() -> String {
    let document = serde_json::to_value(assembled(operations()));
    let mut document = document.expect("a document has a JSON form");
    drop_null_defaults(&mut document["components"]["schemas"]);
    format!("{document:#}\n")
}

/// That a field which may be absent is null by default says nothing, and fills a page.
fn drop_null_defaults(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.retain(|name, value| name != "default" || !value.is_null());
            fields.values_mut().for_each(drop_null_defaults);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_null_defaults),
        _ => {}
    }
}

/// Every operation, by resource.
fn operations() -> Vec<Entry> {
    [
        subjects::operations(),
        versions::operations(),
        schemas::operations(),
        ids::operations(),
        compatibility::operations(),
        config::operations(),
        mode::operations(),
        contexts::operations(),
        server::operations(),
        syngraph::operations(),
    ]
    .concat()
}

fn assembled(operations: Vec<Entry>) -> OpenApi {
    let table = super::table();
    let (mut paths, mut components) = (Paths::new(), shared());
    for entry in operations {
        let of_entry = |route: &&super::Route| {
            route.path == entry.path && route.methods.contains(&entry.method)
        };
        let permission = table.iter().find(of_entry).map(|route| route.permission);
        let (path, method) = (entry.path, method(&entry.method));
        paths.add_path_operation(
            path,
            vec![method],
            entry.into_operation(permission, &mut components),
        );
    }
    let builder = OpenApiBuilder::new().info(info()).tags(Some(tags()));
    builder.paths(paths).components(Some(components)).build()
}

/// What operations refer to whether or not they say so: the body of failures with an example for
/// each code, and the parameters and headers that all have.
fn shared() -> Components {
    let mut components = Components::new();
    Shape::of::<ErrorBody>().collect_into(&mut components);
    for code in ErrorCode::ALL {
        components.examples.insert(code.code().to_string(), example::of(*code).into());
    }
    components.headers.insert(response::REQUEST_ID.to_owned(), response::request_id().into());
    components.headers.insert(response::TOKEN.to_owned(), response::token().into());
    components.headers.insert(response::RETRY_AFTER.to_owned(), response::retry_after().into());
    components
}

fn method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn info() -> Info {
    let mut info = Info::new("Syngraph", env!("CARGO_PKG_VERSION"));
    let mut licence = License::new("Apache-2.0");
    licence.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(licence);
    info.description = Some(include_str!("document/about.md").to_owned());
    info
}

fn tags() -> Vec<Tag> {
    let described = |(name, about): (&str, &str)| {
        let mut tag = Tag::new(name);
        tag.description = Some(about.to_owned());
        tag
    };
    [
        (subjects::TAG, "What schemas are registered under."),
        (versions::TAG, "The schemas of a subject, counted from 1."),
        (
            schemas::TAG,
            "Schemas across subjects: by id, by the hash of their content, and in a list.",
        ),
        (compatibility::TAG, "Whether a schema could be registered, without doing it."),
        (
            config::TAG,
            "The compatibility level and other settings: global, of a context, of a subject.",
        ),
        (mode::TAG, "What may be done: global, of a context, of a subject."),
        (contexts::TAG, "Namespaces with ids of their own."),
        (server::TAG, "The server itself: probes, counters, this document."),
        (syngraph::TAG, "What Confluent's registry has no path for."),
    ]
    .map(described)
    .to_vec()
}
