//! Reading the logs into a state: at start, and to catch up.
//! `_schemas` is read first, then the log of marks that it depends on: a mark is durable before the
//! tombstone that needs it, so reading in this order never misses one. The keyset that entries are
//! decrypted with was read before; one that only comes later leaves them as they are stored.

mod ahead;

use std::time::Duration;

use registry_core::{
    record::{Key, Record, Value},
    state::{Decoded, Position, State},
};

use crate::{
    encoder::Sealer,
    log::{Head, ReadError, SchemaLogReader},
};

/// What the log of marks says beside marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// The identity of the log, if one was given.
    pub log_id: Option<String>,
    /// The version of the form, if one was written.
    pub format: Option<u32>,
    /// Where the log of marks ends.
    pub head: Head,
}

/// Applies what `_schemas` holds from the state's head on; tells how many entries came, as they
/// come. Beyond the first page, other threads read and decode while this one folds.
pub fn catch_up(
    state: &mut State,
    from: Head,
    reader: &mut dyn SchemaLogReader,
    sealer: &Sealer,
    progress: &mut dyn FnMut(u64),
) -> Result<Head, ReadError> {
    let mut count = 0;
    let page = reader.read(from, Duration::ZERO, &mut |stored| {
        let position = Position { offset: stored.offset, timestamp: stored.timestamp };
        let record = sealer.decode(stored.key, stored.value);
        state.apply_decoded(position, &mut Decoded::new(record));
        count += 1;
    })?;
    progress(count);
    if page.next >= page.end {
        return Ok(page.next);
    }
    ahead::read(reader, page.next, sealer, &mut |entries| {
        progress(entries.len() as u64);
        for (position, decoded) in entries {
            state.apply_decoded(*position, decoded);
        }
    })
}

/// Applies the marks.
pub fn catch_up_marks(
    state: &mut State,
    own: &mut Own,
    reader: &mut dyn SchemaLogReader,
) -> Result<(), ReadError> {
    loop {
        let page = reader.read(own.head, Duration::ZERO, &mut |stored| {
            let Ok(record) = Record::decode(stored.key, stored.value) else { return };
            match (&record.key, &record.value) {
                (Key::LogIdentity, Some(Value::LogIdentity(identity))) => {
                    own.log_id = Some(identity.id.clone());
                }
                (Key::Format, Some(Value::Format(format))) => own.format = Some(format.version),
                _ => state.apply_mark(&record),
            }
        })?;
        own.head = page.next;
        if page.next >= page.end {
            return Ok(());
        }
    }
}
