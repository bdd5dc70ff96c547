//! The handlers of one path, by method. Unlike the router's own collection this one can be asked
//! which methods it knows, so that the document of the API can be held against it.

use axum::{
    handler::Handler,
    routing::{MethodFilter, MethodRouter},
};
use http::Method;

/// Handlers with their methods.
#[derive(Debug)]
pub(super) struct Handlers<S> {
    methods: Vec<Method>,
    router: MethodRouter<S>,
}

macro_rules! methods {
    ($($name:ident: $method:ident,)*) => {
        $(
            #[doc = concat!("A handler of ", stringify!($method), ".")]
            pub(super) fn $name<H, T, S>(handler: H) -> Handlers<S>
            where
                H: Handler<T, S>,
                T: 'static,
                S: Clone + Send + Sync + 'static,
            {
                Handlers { methods: Vec::new(), router: MethodRouter::new() }.$name(handler)
            }
        )*

        impl<S: Clone + Send + Sync + 'static> Handlers<S> {
            $(
                #[doc = concat!("A further handler, of ", stringify!($method), ".")]
                #[allow(dead_code, reason = "which methods come second is the route table's matter")]
                pub(super) fn $name<H: Handler<T, S>, T: 'static>(mut self, handler: H) -> Self {
                    self.methods.push(Method::$method);
                    self.router = self.router.on(MethodFilter::$method, handler);
                    self
                }
            )*
        }
    };
}

methods! {
    get: GET,
    post: POST,
    put: PUT,
    delete: DELETE,
}

impl<S> Handlers<S> {
    /// The methods, and the router that answers them.
    pub(super) fn into_parts(self) -> (Vec<Method>, MethodRouter<S>) {
        (self.methods, self.router)
    }
}
