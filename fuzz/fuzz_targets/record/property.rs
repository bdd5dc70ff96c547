//! What holds of any entry of a log, fuzzed here and run over the corpus as a plain test. An input is
//! a key, a zero byte, and a value; without the zero byte it is a tombstone.

use registry_core::{
    record::Record,
    state::{Position, State},
};

/// Panics if something is wrong with how an entry is read, written or applied.
pub fn holds(bytes: &[u8]) {
    let split = bytes.iter().position(|byte| *byte == 0);
    let (key, value) = match split {
        Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
        None => (bytes, None),
    };
    let decoded = Record::decode(key, value);
    if let Ok(record) = &decoded {
        let (key, value) = record.encode();
        let again = Record::decode(&key, value.as_deref());
        assert_eq!(again.as_ref(), Ok(record), "a record reads back as it was written");
    }
    let mut state = State::default();
    for offset in 0..2 {
        state.apply(Position { offset, timestamp: 0 }, &decoded);
    }
    assert_eq!(state.head(), 2);
}
