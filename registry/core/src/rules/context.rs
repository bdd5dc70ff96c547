//! Deleting a context once nothing is left in it (`registry-api` 1.5, 2.1).

use std::sync::Arc;

use openapi::ids::DEFAULT_CONTEXT;

use super::{Answer, Decision, Rejected};
use crate::{
    record::{Key, Record},
    state::State,
};

/// The only tenant there is.
const TENANT: &str = "default";

/// The key of a context's record.
pub(super) fn key(context: &str) -> Key {
    Key::Context { tenant: TENANT.into(), context: context.into() }
}

/// Takes a context without versions, soft-deleted ones included, from the list. The default context
/// cannot go, and what is not there is gone already.
pub(super) fn delete(draft: &State, context: &Arc<str>) -> Result<Decision, Rejected> {
    let known = draft.context(context);
    if known.is_some_and(|ids| !ids.is_empty()) {
        return Err(Rejected::ContextNotEmpty(context.clone()));
    }
    let declared = **context != *DEFAULT_CONTEXT && known.is_some_and(|ids| ids.declared);
    let records = declared.then(|| Record::tombstone(key(context)));
    Ok(Decision { answer: Answer::Done, records: records.into_iter().collect() })
}
