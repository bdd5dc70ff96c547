//! `/config` and `/config/{subject}`.

use http::Method;
use openapi::{
    config::{Config, ConfigUpdate},
    error::ErrorCode,
    paths,
};
use serde_json::json;

use super::{operation::Entry, parameter::DEFAULT_TO_GLOBAL, response::Success, shape::Shape};

pub(super) const TAG: &str = "Configuration";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::CONFIG),
            (TAG, "getGlobalConfig", "Read the global configuration"),
            Success::json("The configuration.", Shape::of::<Config>()),
        ),
        put((Method::PUT, paths::CONFIG), "putGlobalConfig", "Change the global configuration"),
        delete(
            (Method::DELETE, paths::CONFIG),
            "deleteGlobalConfig",
            "Reset the global configuration",
        ),
        Entry::new(
            (Method::GET, paths::CONFIG_SUBJECT),
            (TAG, "getConfig", "Read the configuration of a subject or context"),
            Success::json("The configuration.", Shape::of::<Config>()),
        )
        .takes(&[DEFAULT_TO_GLOBAL])
        .fails(&[ErrorCode::SubjectConfigNotFound]),
        put(
            (Method::PUT, paths::CONFIG_SUBJECT),
            "putConfig",
            "Change the configuration of a subject or context",
        ),
        delete(
            (Method::DELETE, paths::CONFIG_SUBJECT),
            "deleteConfig",
            "Remove the configuration of a subject or context",
        )
        .fails(&[ErrorCode::SubjectNotFound]),
    ]
}

fn put(route: (Method, &'static str), name: &'static str, summary: &'static str) -> Entry {
    let stored = Shape::of::<ConfigUpdate>();
    Entry::new(route, (TAG, name, summary), Success::json("What is stored now.", stored))
        .about("A member that is absent keeps what is stored, null clears it.")
        .reads(Shape::of::<ConfigUpdate>(), json!({"compatibility": "FULL"}))
        .fails(&[
            ErrorCode::InvalidCompatibilityLevel,
            ErrorCode::OperationNotPermitted,
            ErrorCode::InvalidRuleSet,
        ])
        .writes()
}

fn delete(route: (Method, &'static str), name: &'static str, summary: &'static str) -> Entry {
    let removed = Shape::of::<Config>();
    Entry::new(route, (TAG, name, summary), Success::json("What was stored.", removed))
        .fails(&[ErrorCode::OperationNotPermitted])
        .writes()
}
