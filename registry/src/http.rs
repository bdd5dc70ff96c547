//! The REST API: the router reads as its table of contents, each route with the permission it needs.
//! Handlers extract, call and wrap; parsing in is `extract`, failures out are `error`, and what is
//! alike for every answer (content type, request id, metrics, log line) is `front`.

mod accept;
mod answer;
mod barrier;
mod batch;
mod bodies;
mod caller;
mod compatibility;
mod config;
mod contexts;
mod dialect;
pub mod document;
mod error;
mod explain;
mod extract;
mod front;
mod handlers;
mod health;
mod ids;
mod mode;
mod narrow;
mod prefix;
mod query;
mod route;
mod schemas;
mod server;
mod shortcut;
mod shown;
mod subjects;
mod tags;
mod undelete;
mod versions;
mod view;
mod viewer;

use handlers::{delete, get, post, put};
use openapi::paths;

pub use front::Front;
pub use route::{Permission, Route, Routes};
pub use server::About;

use crate::{config::Callers, metrics::Metrics, service::Registry};

/// What the operator decides for the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The largest request body, in bytes.
    pub body_size_max: usize,
    /// One log line for each answered request.
    pub access_log: bool,
    /// Whose registrations are taken.
    pub register_from: Callers,
}

impl Default for Policy {
    /// Small bodies from anyone, and no words about it.
    fn default() -> Self {
        Self { body_size_max: 1 << 20, access_log: false, register_from: Callers::Anyone }
    }
}

/// What handlers are given.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) registry: Registry,
    pub(crate) about: std::sync::Arc<About>,
    pub(crate) policy: std::sync::Arc<Policy>,
    pub(crate) bodies: std::sync::Arc<bodies::Bodies>,
}

/// The service for one listener.
pub fn front(registry: Registry, about: About, policy: Policy) -> Front {
    let metrics = registry.metrics().clone();
    let access_log = policy.access_log;
    let (about, policy, bodies) = (about.into(), policy.into(), std::sync::Arc::default());
    let context = Context { registry: registry.clone(), about, policy, bodies };
    let shortcut = shortcut::Shortcut::new(&context);
    let routes = routes(&metrics).into_router().with_state(context);
    Front::new(routes, shortcut, registry, access_log)
}

/// Every route with its methods and permission.
pub fn table() -> Vec<Route> {
    routes(&Metrics::default()).into_table()
}

/// The table of contents.
fn routes(metrics: &Metrics) -> Routes<Context> {
    use Permission::{Anyone, Operate, ReadConfig, ReadSchema, WriteConfig, WriteSchema};
    Routes::new(metrics)
        .add(paths::ROOT, Anyone, get(server::root).post(server::root_post))
        .add(paths::SUBJECTS, ReadSchema, get(subjects::list))
        .add(paths::SUBJECT, ReadSchema, post(subjects::lookup))
        .add(paths::SUBJECT, WriteSchema, delete(subjects::delete))
        .add(paths::SUBJECT_METADATA, ReadSchema, get(subjects::by_metadata))
        .add(paths::VERSIONS, ReadSchema, get(versions::list))
        .add(paths::VERSIONS, WriteSchema, post(versions::register))
        .add(paths::VERSION, ReadSchema, get(versions::get))
        .add(paths::VERSION, WriteSchema, delete(versions::delete))
        .add(paths::VERSION_SCHEMA, ReadSchema, get(versions::text))
        .add(paths::VERSION_REFERENCED_BY, ReadSchema, get(versions::referrers))
        .add(paths::VERSION_TAGS, WriteSchema, post(tags::edit))
        .add(paths::SCHEMAS, ReadSchema, get(schemas::list))
        .add(paths::SCHEMA_BY_GUID, ReadSchema, get(schemas::by_guid))
        .add(paths::IDS_OF_GUID, ReadSchema, get(schemas::ids_of_guid))
        .add(paths::SCHEMA_TYPES, Anyone, get(ids::types))
        .add(paths::SCHEMA_BY_ID, ReadSchema, get(ids::get))
        .add(paths::SCHEMA_BY_ID_TEXT, ReadSchema, get(ids::text))
        .add(paths::SCHEMA_BY_ID_SUBJECTS, ReadSchema, get(ids::subjects))
        .add(paths::SCHEMA_BY_ID_VERSIONS, ReadSchema, get(ids::versions))
        .add(paths::CONFIG, ReadConfig, get(config::global))
        .add(paths::CONFIG, WriteConfig, put(config::put_global).delete(config::delete_global))
        .add(paths::CONFIG_SUBJECT, ReadConfig, get(config::get))
        .add(paths::CONFIG_SUBJECT, WriteConfig, put(config::put).delete(config::delete))
        .add(paths::MODE, ReadConfig, get(mode::global))
        .add(paths::MODE, WriteConfig, put(mode::put_global).delete(mode::delete_global))
        .add(paths::MODE_SUBJECT, ReadConfig, get(mode::get))
        .add(paths::MODE_SUBJECT, WriteConfig, put(mode::put).delete(mode::delete))
        .add(paths::COMPATIBILITY, ReadSchema, post(compatibility::history))
        .add(paths::COMPATIBILITY_VERSION, ReadSchema, post(compatibility::version))
        .add(paths::CONTEXTS, ReadSchema, get(contexts::list))
        .add(paths::CONTEXT, WriteSchema, delete(contexts::delete))
        .add(paths::METADATA_ID, Anyone, get(server::cluster_id))
        .add(paths::METADATA_VERSION, Anyone, get(server::version))
        .add(paths::METADATA_DEPLOYMENT, Anyone, get(server::deployment))
        .add(paths::MASTER_AVAILABLE, Anyone, get(health::writable))
        .add(paths::HEALTH_LIVE, Anyone, get(health::live))
        .add(paths::HEALTH_READY, Anyone, get(health::ready))
        .add(paths::HEALTH_STARTUP, Anyone, get(health::startup))
        .add(paths::METRICS, Operate, get(health::metrics))
        .add(paths::STATUS, Operate, get(health::status))
        .add(paths::BATCH_REGISTER, WriteSchema, post(batch::register))
        .add(paths::EXPLAIN_ID, ReadSchema, post(explain::explain))
        .add(paths::UNDELETE_SUBJECT, WriteSchema, post(undelete::subject))
        .add(paths::UNDELETE_VERSION, WriteSchema, post(undelete::version))
        .add(paths::OPENAPI, Anyone, get(viewer::document))
        .add(paths::DOCS, Anyone, get(viewer::page))
        .add(paths::DOCS_FILE, Anyone, get(viewer::file))
}
