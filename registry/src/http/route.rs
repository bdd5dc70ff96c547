//! The route table: path, permission, handlers; and a stopwatch around each.

use std::{sync::Arc, time::Instant};

use axum::{Router, body::Body, extract::Request, response::Response};
use http::Method;
use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use tower::{Layer, Service};

use super::handlers::Handlers;
use crate::metrics::{Metrics, RouteMetrics};

/// What a caller must be allowed to do. Named here, enforced once callers have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Says nothing about anybody's schemas.
    Anyone,
    ReadSchema,
    WriteSchema,
    ReadConfig,
    WriteConfig,
    /// Looks into the server itself.
    Operate,
}

impl Permission {
    /// Its name, for documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::ReadSchema => "read-schema",
            Self::WriteSchema => "write-schema",
            Self::ReadConfig => "read-config",
            Self::WriteConfig => "write-config",
            Self::Operate => "operate",
        }
    }
}

/// A path with those of its methods that need the same permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub path: &'static str,
    pub methods: Vec<Method>,
    pub permission: Permission,
}

/// The routes of the API.
#[derive(Debug)]
pub struct Routes<S> {
    table: Vec<Route>,
    router: Router<S>,
    metrics: Metrics,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new(metrics: &Metrics) -> Self {
        Self { table: Vec::new(), router: Router::new(), metrics: metrics.clone() }
    }

    /// One more; a path may come several times with different methods and permissions.
    #[must_use]
    pub(super) fn add(
        mut self,
        path: &'static str,
        permission: Permission,
        handlers: Handlers<S>,
    ) -> Self {
        let timed = Timed(Arc::new(self.metrics.route(path)));
        let (methods, router) = handlers.into_parts();
        self.table.push(Route { path, methods, permission });
        self.router = self.router.route(path, router.layer(timed));
        self
    }

    /// Every route.
    pub fn into_table(self) -> Vec<Route> {
        self.table
    }

    /// The router, answering unknown paths and wrong methods in the upstream shape.
    pub fn into_router(self) -> Router<S> {
        self.router
            .fallback(super::error::not_found)
            .method_not_allowed_fallback(super::error::method_not_allowed)
    }
}

/// Records how long a route's handlers take and what they answer.
#[derive(Clone, Debug)]
struct Timed(Arc<RouteMetrics>);

impl<S> Layer<S> for Timed {
    type Service = TimedService<S>;

    fn layer(&self, inner: S) -> TimedService<S> {
        TimedService { inner, metrics: self.0.clone() }
    }
}

#[derive(Clone, Debug)]
struct TimedService<S> {
    inner: S,
    metrics: Arc<RouteMetrics>,
}

impl<S> Service<Request> for TimedService<S>
where
    S: Service<Request, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (started, metrics) = (Instant::now(), self.metrics.clone());
        let method = request.method().clone();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            metrics.observe(&method, answer.status(), started.elapsed());
            Ok(answer)
        })
    }
}
