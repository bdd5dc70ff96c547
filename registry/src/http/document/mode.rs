//! `/mode` and `/mode/{subject}`.

use http::Method;
use openapi::{error::ErrorCode, mode::ModeBody, paths};
use serde_json::json;

use super::{
    operation::Entry,
    parameter::{DEFAULT_TO_GLOBAL, FORCE, RECURSIVE},
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Modes";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::MODE),
            (TAG, "getGlobalMode", "Read the global mode"),
            Success::json("The mode.", Shape::of::<ModeBody>()),
        )
        .takes(&[DEFAULT_TO_GLOBAL]),
        put((Method::PUT, paths::MODE), "putGlobalMode", "Change the global mode"),
        delete((Method::DELETE, paths::MODE), "deleteGlobalMode", "Reset the global mode"),
        Entry::new(
            (Method::GET, paths::MODE_SUBJECT),
            (TAG, "getMode", "Read the mode of a subject or context"),
            Success::json("The mode.", Shape::of::<ModeBody>()),
        )
        .takes(&[DEFAULT_TO_GLOBAL])
        .fails(&[ErrorCode::SubjectModeNotFound]),
        put(
            (Method::PUT, paths::MODE_SUBJECT),
            "putMode",
            "Change the mode of a subject or context",
        ),
        delete(
            (Method::DELETE, paths::MODE_SUBJECT),
            "deleteMode",
            "Remove the mode of a subject or context",
        )
        .fails(&[ErrorCode::SubjectNotFound]),
    ]
}

fn put(route: (Method, &'static str), name: &'static str, summary: &'static str) -> Entry {
    let stored = Shape::of::<ModeBody>();
    Entry::new(route, (TAG, name, summary), Success::json("What is stored now.", stored))
        .takes(&[FORCE])
        .reads(Shape::of::<ModeBody>(), json!({"mode": "READWRITE"}))
        .fails(&[ErrorCode::InvalidMode, ErrorCode::OperationNotPermitted])
        .writes()
}

fn delete(route: (Method, &'static str), name: &'static str, summary: &'static str) -> Entry {
    let removed = Shape::of::<ModeBody>();
    Entry::new(route, (TAG, name, summary), Success::json("What was stored.", removed))
        .takes(&[RECURSIVE])
        .fails(&[ErrorCode::OperationNotPermitted])
        .writes()
}
