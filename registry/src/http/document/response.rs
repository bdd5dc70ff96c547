//! Answers: those that succeed with the shape of their body, those that fail with their codes. An
//! answer that fails is alike wherever the same codes have the same status, and stands in the
//! document once.

use std::collections::BTreeMap;

use openapi::error::{ErrorBody, ErrorCode};
use utoipa::{
    ToSchema,
    openapi::{
        Components, Content, ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Ref, RefOr,
        Response, ResponseBuilder, Schema,
        schema::{AnyOfBuilder, Type},
    },
};

use super::shape::Shape;
use crate::{cli::page, http::accept};

pub(super) const REQUEST_ID: &str = "X-Request-ID";
pub(super) const TOKEN: &str = "Syngraph-Token";
pub(super) const RETRY_AFTER: &str = "Retry-After";

/// The header that every answer has.
pub(super) fn request_id() -> Header {
    let about = "The request's own id if it brought exactly one, else a new one.";
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(text)).description(Some(about)).build()
}

/// The header of those that may have written.
pub(super) fn token() -> Header {
    let about = "How far the log has reached; a request that brings it sees at least that.";
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(text)).description(Some(about)).build()
}

/// The header of those that are worth another try.
pub(super) fn retry_after() -> Header {
    let about = "After how many seconds to try again.";
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    HeaderBuilder::new().schema(Some(number)).description(Some(about)).build()
}

/// An answer that succeeds.
#[derive(Clone)]
pub(super) struct Success {
    pub(super) status: &'static str,
    about: &'static str,
    body: Option<(Shape, Option<&'static str>)>,
}

impl Success {
    /// With a body of the API's own types.
    pub(super) fn json(about: &'static str, shape: Shape) -> Self {
        Self { status: "200", about, body: Some((shape, None)) }
    }

    /// With a body of another type.
    pub(super) fn typed(about: &'static str, kind: &'static str, shape: Shape) -> Self {
        Self { status: "200", about, body: Some((shape, Some(kind))) }
    }

    /// Without a body.
    pub(super) fn empty(about: &'static str) -> Self {
        Self { status: "204", about, body: None }
    }

    pub(super) fn has_own_type(&self) -> bool {
        self.body.as_ref().is_some_and(|(_, kind)| kind.is_some())
    }

    pub(super) fn into_response(self, may_write: bool, components: &mut Components) -> Response {
        let mut response = dressed(ResponseBuilder::new().description(self.about));
        if may_write {
            response = response.header_ref(TOKEN, header(TOKEN));
        }
        let Some((shape, own)) = self.body else { return response.build() };
        let schema = shape.collect_into(components);
        let kinds = own.map_or_else(|| accept::produced().collect(), |own| vec![own]);
        for kind in kinds {
            response = response.content(kind, Content::new(Some(schema.clone())));
        }
        response.build()
    }
}

/// The answers that fail, by status. One whose refusals tell more than others stands where it is.
pub(super) fn failures(
    mut codes: Vec<ErrorCode>,
    refusal: Option<Shape>,
    components: &mut Components,
) -> BTreeMap<String, RefOr<Response>> {
    codes.sort_by_key(|code| code.code());
    codes.dedup();
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    let ordinary = RefOr::Ref(Ref::from_schema_name(<ErrorBody as ToSchema>::name()));
    let refusal = refusal.map(|shape| {
        let shape = shape.collect_into(components);
        RefOr::T(AnyOfBuilder::new().item(shape).item(ordinary.clone()).build().into())
    });
    let answers = by_status.into_iter().map(|(status, codes)| {
        let answer = match &refusal {
            Some(refusal) if codes.contains(&ErrorCode::Unprocessable) => {
                failure(&codes, refusal).into()
            }
            _ => RefOr::Ref(shared(&codes, &ordinary, components)),
        };
        (status.to_string(), answer)
    });
    answers.collect()
}

/// A reference to the answer with these codes; it goes where the reference finds it.
fn shared(codes: &[ErrorCode], body: &RefOr<Schema>, components: &mut Components) -> Ref {
    let numbers: Vec<_> = codes.iter().map(|code| code.code().to_string()).collect();
    let name = numbers.join("-");
    let response = || failure(codes, body).into();
    components.responses.entry(name.clone()).or_insert_with(response);
    Ref::from_response_name(name)
}

/// The answer with one of these codes, which have one status.
fn failure(codes: &[ErrorCode], body: &RefOr<Schema>) -> Response {
    let titles: Vec<_> = codes.iter().map(|code| title(*code)).collect();
    let mut response = ResponseBuilder::new().description(titles.join("; "));
    // What is refused before its head was read has neither headers nor a body.
    if codes == [ErrorCode::HeadersTooLarge] {
        return response.build();
    }
    response = dressed(response);
    if codes == [ErrorCode::Unavailable] {
        response = response.header_ref(RETRY_AFTER, header(RETRY_AFTER));
    }
    let examples = codes.iter().map(|code| {
        let name = code.code().to_string();
        let example = Ref::new(format!("#/components/examples/{name}"));
        (name, RefOr::Ref(example))
    });
    let content = ContentBuilder::new().schema(Some(body.clone())).examples_from_iter(examples);
    let content = content.build();
    for kind in accept::produced() {
        response = response.content(kind, content.clone());
    }
    response.build()
}

/// The number and name of a code, as its page has them.
pub(super) fn title(code: ErrorCode) -> &'static str {
    page(code).lines().next().unwrap_or_default().trim_start_matches("# ")
}

fn dressed(response: ResponseBuilder) -> ResponseBuilder {
    response.header_ref(REQUEST_ID, header(REQUEST_ID))
}

fn header(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}
