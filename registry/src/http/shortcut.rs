//! The read that is nearly all of a registry's load, `GET /schemas/ids/{id}` without parameters,
//! answered without the way through routes and extractors once its body is kept ready: that way
//! costs several times the answer. Whatever is unusual about a request is left to the routes, which
//! give the same answer; permissions, when they come, are checked before either.

use std::{sync::Arc, time::Instant};

use axum::{body::Body, extract::Request, response::Response};
use http::Method;
use openapi::{
    ids::{DEFAULT_CONTEXT, SchemaId},
    paths,
};

use super::{About, Context, bodies::Bodies, dialect::Dialect, shown::Stored};
use crate::{metrics::RouteMetrics, service::Registry};

/// What comes before the number.
const PREFIX: &str = "/schemas/ids/";

#[derive(Debug)]
pub(super) struct Shortcut {
    registry: Registry,
    bodies: Arc<Bodies>,
    about: Arc<About>,
    metrics: RouteMetrics,
}

impl Shortcut {
    pub(super) fn new(context: &Context) -> Self {
        let Context { registry, bodies, about, .. } = context.clone();
        let metrics = registry.metrics().route(paths::SCHEMA_BY_ID);
        Self { registry, bodies, about, metrics }
    }

    /// The answer, if this is such a read and its body is there.
    pub(super) fn answer(&self, request: &Request) -> Option<Response> {
        let started = Instant::now();
        if request.method() != Method::GET || request.uri().query().is_some() {
            return None;
        }
        let number = request.uri().path().strip_prefix(PREFIX)?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let id = SchemaId::new(number.parse::<i32>().ok()?.into())?;
        let state = self.registry.snapshot().ok()?;
        let body = match Dialect::of(self.about.dialect, request.headers()) {
            Dialect::Terse => self.bodies.terse(id, state.content(id)?)?,
            Dialect::Rich => {
                let context = state.context(DEFAULT_CONTEXT)?;
                self.bodies.rich(&Stored::using(&state, context, id, None)?)?
            }
        };
        let response = Response::new(Body::from(body));
        self.metrics.observe(request.method(), response.status(), started.elapsed());
        Some(response)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_prefix_is_the_routes() {
        assert_eq!(openapi::paths::SCHEMA_BY_ID, format!("{}{{id}}", super::PREFIX));
    }
}
