//! Who asks, as far as it is known: the address that the connection comes from.

use std::{convert::Infallible, net::SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use http::request::Parts;
use registry_core::rules::NewSchema;

use super::Context;

/// What the operator lets the caller do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) may_register: bool,
}

impl Caller {
    /// A schema as this caller may ask for it.
    pub(super) fn asks(self, new: NewSchema) -> NewSchema {
        NewSchema { known_only: !self.may_register, ..new }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Context: FromRef<S>,
{
    type Rejection = Infallible;

    /// A caller without an address, which no listener makes, is nobody in particular.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let policy = Context::from_ref(state).policy;
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let may_register = match from {
            Some(ConnectInfo(address)) => policy.register_from.has(address.ip()),
            None => policy.register_from == crate::config::Callers::Anyone,
        };
        Ok(Self { may_register })
    }
}
