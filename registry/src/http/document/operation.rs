//! One operation of the document, as the files of the resources describe it, and what follows from
//! that: which failures any operation of its kind can answer.

use http::Method;
use openapi::error::ErrorCode;
use utoipa::openapi::{
    Components, ContentBuilder, Required,
    extensions::Extensions,
    path::{Operation, OperationBuilder},
    request_body::{RequestBody, RequestBodyBuilder},
};

use super::{
    parameter::{self, Parameter},
    response::{Success, failures},
    shape::Shape,
};
use crate::http::{Permission, accept, barrier};

/// An operation.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) path: &'static str,
    pub(super) method: Method,
    name: &'static str,
    tag: &'static str,
    summary: &'static str,
    about: Option<&'static str>,
    parameters: Vec<Parameter>,
    body: Option<Body>,
    answer: Success,
    failures: Vec<ErrorCode>,
    refusal: Option<Shape>,
    stateless: bool,
}

#[derive(Clone)]
struct Body {
    shape: Shape,
    example: serde_json::Value,
}

/// What any operation can answer.
const ALWAYS: [ErrorCode; 2] = [ErrorCode::HeadersTooLarge, ErrorCode::Internal];

/// What any operation with a body can answer.
const WITH_BODY: [ErrorCode; 5] = [
    ErrorCode::BadRequest,
    ErrorCode::RequestTimeout,
    ErrorCode::PayloadTooLarge,
    ErrorCode::UnsupportedMediaType,
    ErrorCode::Unprocessable,
];

/// What any operation that writes can answer.
pub(super) const WRITING: [ErrorCode; 2] = [ErrorCode::StoreError, ErrorCode::OperationTimeout];

impl Entry {
    pub(super) fn new(
        (method, path): (Method, &'static str),
        (tag, name, summary): (&'static str, &'static str, &'static str),
        answer: Success,
    ) -> Self {
        Self {
            path,
            method,
            name,
            tag,
            summary,
            about: None,
            parameters: Vec::new(),
            body: None,
            answer,
            failures: Vec::new(),
            refusal: None,
            stateless: false,
        }
    }

    /// More than fits into a line.
    pub(super) fn about(self, about: &'static str) -> Self {
        Self { about: Some(about), ..self }
    }

    /// The parameters of its query.
    pub(super) fn takes(self, parameters: &[Parameter]) -> Self {
        Self { parameters: parameters.to_vec(), ..self }
    }

    /// Its body, with an example.
    pub(super) fn reads(self, shape: Shape, example: serde_json::Value) -> Self {
        Self { body: Some(Body { shape, example }), ..self }
    }

    /// The failures that are its own.
    pub(super) fn fails(mut self, failures: &[ErrorCode]) -> Self {
        self.failures.extend(failures);
        self
    }

    /// What it refuses may have a body that tells more than others.
    pub(super) fn refuses(self, shape: Shape) -> Self {
        Self { refusal: Some(shape), ..self }
    }

    /// It writes to the log.
    pub(super) fn writes(self) -> Self {
        self.fails(&WRITING)
    }

    /// It is answered whatever state the server is in.
    pub(super) fn stateless(self) -> Self {
        Self { stateless: true, ..self }
    }

    /// The operation; what it shares with others goes where references find it.
    pub(super) fn into_operation(
        self,
        permission: Option<Permission>,
        components: &mut Components,
    ) -> Operation {
        let parameters = self.parameters();
        let codes = self.codes(&parameters);
        let mut builder = OperationBuilder::new()
            .tag(self.tag)
            .operation_id(Some(self.name))
            .summary(Some(self.summary))
            .description(self.about);
        for parameter in parameters {
            builder = builder.parameter_ref(parameter.collect_into(components));
        }
        builder = builder.request_body(self.body.map(|body| body.into_request_body(components)));
        let may_write = barrier::may_write(&self.method);
        let status = self.answer.status;
        builder = builder.response(status, self.answer.into_response(may_write, components));
        for (status, failure) in failures(codes, self.refusal, components) {
            builder = builder.response(status, failure);
        }
        let extension = permission.map(|permission| ("x-permission", permission.name()));
        builder.extensions(extension.map(|one| Extensions::from_iter([one]))).build()
    }

    /// Those of its path, its query and those that all operations have.
    fn parameters(&self) -> Vec<Parameter> {
        let segments = self.path.split('/');
        let named = segments.filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
        let in_path = named.map(parameter::in_path);
        let of_all = [Some(parameter::REQUEST_ID), (!self.stateless).then_some(parameter::TOKEN)];
        let of_all = of_all.into_iter().flatten();
        in_path.chain(self.parameters.iter().copied()).chain(of_all).collect()
    }

    fn codes(&self, parameters: &[Parameter]) -> Vec<ErrorCode> {
        let mut codes = [&ALWAYS[..], &self.failures].concat();
        codes.extend(parameters.iter().flat_map(|parameter| parameter.failures));
        if !self.answer.has_own_type() {
            codes.push(ErrorCode::NotAcceptable);
        }
        if self.body.is_some() {
            codes.extend(WITH_BODY);
        }
        if !self.stateless {
            codes.push(ErrorCode::Unavailable);
        }
        codes
    }
}

impl Body {
    fn into_request_body(self, components: &mut Components) -> RequestBody {
        let schema = self.shape.collect_into(components);
        let content =
            ContentBuilder::new().schema(Some(schema)).example(Some(self.example)).build();
        let with = |body: RequestBodyBuilder, kind| body.content(kind, content.clone());
        let body = accept::produced().fold(RequestBodyBuilder::new(), with);
        body.required(Some(Required::True)).build()
    }
}
