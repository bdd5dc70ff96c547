//! A log that tells what is appended to it and what comes of that.

use std::sync::{Arc, Mutex, PoisonError};

use registry::log::{AppendError, Appended, Claim, Entry, Head, Log, NotWriter, SchemaLog};

/// An append that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// Where it was to begin.
    pub(crate) at: i64,
    pub(crate) entries: Vec<Entry>,
    pub(crate) fate: Fate,
}

/// What the log said of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Durable,
    /// Nothing of it was written.
    Refused,
    /// It may be there after the next opening.
    Doubtful,
}

/// What was heard since the last time of asking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tap(Arc<Mutex<Vec<Attempt>>>);

impl Tap {
    /// Listens to a log.
    pub(crate) fn on(&self, log: Log) -> Log {
        let writer = Tapped { writer: log.writer, tap: self.clone() };
        Log { writer: Box::new(writer), reader: log.reader }
    }

    pub(crate) fn take(&self) -> Vec<Attempt> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Tapped {
    writer: Box<dyn SchemaLog>,
    tap: Tap,
}

impl SchemaLog for Tapped {
    fn claim(&mut self) -> Result<Claim, NotWriter> {
        self.writer.claim()
    }

    fn append(&mut self, expected: Head, entries: &[Entry]) -> Result<Appended, AppendError> {
        let appended = self.writer.append(expected, entries);
        let fate = fate(&appended);
        let attempt = Attempt { at: expected.offset(), entries: entries.to_vec(), fate };
        self.tap.0.lock().unwrap_or_else(PoisonError::into_inner).push(attempt);
        appended
    }
}

fn fate(appended: &Result<Appended, AppendError>) -> Fate {
    let poisoned = |cause: &broker_core::AppendError| {
        matches!(cause, broker_core::AppendError::Poisoned | broker_core::AppendError::Closed)
    };
    match appended {
        Ok(_) => Fate::Durable,
        Err(AppendError::NoSpace) => Fate::Refused,
        Err(AppendError::Failed(cause)) if cause.downcast_ref().is_some_and(poisoned) => {
            Fate::Refused
        }
        Err(AppendError::Failed(_)) => Fate::Doubtful,
        Err(other) => panic!("the only writer of its own disk was told: {other}"),
    }
}
