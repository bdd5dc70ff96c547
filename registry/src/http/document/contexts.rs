//! `/contexts` and `/contexts/{context}`.

use http::Method;
use openapi::{error::ErrorCode, paths};

use super::{
    operation::Entry,
    parameter::{CONTEXT_PREFIX, LIMIT, OFFSET},
    response::Success,
    shape::Shape,
};

pub(super) const TAG: &str = "Contexts";

pub(super) fn operations() -> Vec<Entry> {
    vec![
        Entry::new(
            (Method::GET, paths::CONTEXTS),
            (TAG, "listContexts", "List contexts"),
            Success::json("Their names, the default one first.", Shape::plain::<Vec<String>>()),
        )
        .takes(&[CONTEXT_PREFIX, OFFSET, LIMIT]),
        Entry::new(
            (Method::DELETE, paths::CONTEXT),
            (TAG, "deleteContext", "Delete an empty context"),
            Success::empty("It is gone, or there was none."),
        )
        .fails(&[ErrorCode::ContextNotEmpty, ErrorCode::OperationNotPermitted])
        .writes(),
    ]
}
