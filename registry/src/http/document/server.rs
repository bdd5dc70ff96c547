//! The server itself: root, metadata, probes, counters, and this document.

use http::Method;
use openapi::{
    paths,
    server::{Availability, ClusterId, Deployment, Probe, Readiness, ServerVersion, Status},
};
use serde_json::json;

use super::{operation::Entry, response::Success, shape::Shape};

pub(super) const TAG: &str = "Server";

pub(super) fn operations() -> Vec<Entry> {
    [root(), metadata(), probes(), insight(), document()].concat()
}

fn root() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::ROOT),
            (TAG, "getRoot", "Ask whether somebody is there"),
            Success::json("Nothing more.", Shape::empty_object()),
        ),
        Entry::new(
            (Method::POST, paths::ROOT),
            (TAG, "postRoot", "Ask whether somebody is there, with a body"),
            Success::json("Nothing more.", Shape::empty_object()),
        )
        .reads(Shape::any_object(), json!({})),
    ]
}

fn metadata() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::METADATA_ID),
            (TAG, "getClusterId", "Read the ids of the cluster"),
            Success::json("The ids.", Shape::of::<ClusterId>()),
        ),
        Entry::new(
            (Method::GET, paths::METADATA_VERSION),
            (TAG, "getServerVersion", "Read the version of the server"),
            Success::json("The version.", Shape::of::<ServerVersion>()),
        ),
        Entry::new(
            (Method::GET, paths::METADATA_DEPLOYMENT),
            (TAG, "getDeployment", "Read how the server was set up"),
            Success::json("The operator's own words.", Shape::of::<Deployment>()),
        ),
    ]
}

fn probes() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::MASTER_AVAILABLE),
            (TAG, "getMasterAvailable", "Ask whether this node can write"),
            Success::json("Whether it can.", Shape::of::<Availability>()),
        )
        .stateless(),
        Entry::new(
            (Method::GET, paths::HEALTH_LIVE),
            (TAG, "getLive", "Ask whether the process runs"),
            Success::json("It does.", Shape::of::<Probe>()),
        )
        .stateless(),
        Entry::new(
            (Method::GET, paths::HEALTH_READY),
            (TAG, "getReady", "Ask whether requests are answered"),
            Success::json("They are.", Shape::of::<Readiness>()),
        ),
        Entry::new(
            (Method::GET, paths::HEALTH_STARTUP),
            (TAG, "getStartup", "Ask whether the logs are read"),
            Success::json("They are.", Shape::of::<Probe>()),
        ),
    ]
}

fn insight() -> Vec<Entry> {
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    vec![
        Entry::new(
            (Method::GET, paths::METRICS),
            (TAG, "getMetrics", "Read the counters"),
            Success::typed("The text form of Prometheus.", openmetrics, Shape::text()),
        )
        .stateless(),
        Entry::new(
            (Method::GET, paths::STATUS),
            (TAG, "getStatus", "Read the state of the logs"),
            Success::json("Heads, ids given out, anomalies.", Shape::of::<Status>()),
        ),
    ]
}

fn document() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::OPENAPI),
            (TAG, "getDocument", "Read this document"),
            Success::typed("The document.", "application/json", Shape::any_object()),
        )
        .stateless(),
        Entry::new(
            (Method::GET, paths::DOCS),
            (TAG, "getDocs", "Look at this document in a browser"),
            Success::typed("A page.", "text/html; charset=utf-8", Shape::text()),
        )
        .stateless(),
        Entry::new(
            (Method::GET, paths::DOCS_FILE),
            (TAG, "getDocsFile", "Read what the page loads"),
            Success::typed("A script or style sheet.", "text/*", Shape::text()),
        )
        .stateless(),
    ]
}
