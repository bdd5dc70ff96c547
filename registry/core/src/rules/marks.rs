//! Marks: what remembers the highest id of a context once no stored version does.
//! A mark is durable before the records that make it necessary; that is the writer's part.

use std::sync::Arc;

use crate::{
    record::{Key, MarkValue, Record, Value},
    state::State,
};

/// A mark for each context whose highest id is no longer in use and stands in no mark yet.
pub fn due_marks(draft: &State) -> Vec<Record> {
    let due = draft
        .contexts()
        .filter(|(_, ids)| ids.id_in_use_max() < ids.id_max && ids.id_mark < ids.id_max);
    due.map(|(context, ids)| mark(context, ids.id_max)).collect()
}

/// The record that marks an id as given out.
pub fn mark(context: &Arc<str>, id: u32) -> Record {
    Record::put(Key::IdMark(context.clone()), Value::IdMark(MarkValue { id }))
}
