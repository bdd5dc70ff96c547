//! A record replaces its key's earlier one, whatever it holds: compaction will drop the earlier one.

#![allow(clippy::unwrap_used, reason = "a test may")]

use registry_core::{
    record::Record,
    state::{Position, State},
};

const KEY: &[u8] = br#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#;

fn fold(values: &[&str]) -> State {
    let mut state = State::default();
    for (offset, value) in (0..).zip(values) {
        let entry = Record::decode(KEY, Some(value.as_bytes()));
        state.apply(Position { offset, timestamp: 0 }, &entry);
    }
    state
}

fn shown(state: &State) -> Option<String> {
    let subject = "s".parse().unwrap();
    let row = state.version(&subject, openapi::ids::Version::FIRST)?;
    Some(state.content_of(&subject, row).text.to_string())
}

const INT: &str = r#"{"subject":"s","version":1,"id":1,"schema":"\"int\"","deleted":false}"#;
const LONG: &str = r#"{"subject":"s","version":1,"id":1,"schema":"\"long\"","deleted":false}"#;
const NO_ID: &str = r#"{"subject":"s","version":1,"id":-5,"schema":"\"long\"","deleted":false}"#;

#[test]
fn another_text_under_the_same_id_and_key_stands() {
    let state = fold(&[INT, LONG]);
    assert_eq!(shown(&state).as_deref(), Some("\"long\""));
    assert!(state.anomalies().is_empty());
    assert_eq!(shown(&state), shown(&fold(&[LONG])), "as after compaction");
}

#[test]
fn an_impossible_record_leaves_nothing() {
    let state = fold(&[INT, NO_ID]);
    assert_eq!(shown(&state), None);
    assert_eq!(state.anomalies().total, 1);
    assert_eq!(shown(&state), shown(&fold(&[NO_ID])), "as after compaction");
}
