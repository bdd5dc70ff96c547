//! A log in memory that fails on command: every `AppendError`, once each, in any order. What the
//! engines of other machines will do to the writer one day, a test can do to it today.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    AppendError, Appended, Claim, Entry, Head, Log, NotWriter, Page, ReadError, SchemaLog,
    SchemaLogReader, Stored,
};

/// What the next append does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another writer got there first: nothing is written.
    Conflict,
    Fenced,
    /// The outcome is unknown, and the entries were written.
    UnknownWritten,
    /// The outcome is unknown, and the entries were not written.
    UnknownLost,
    TooLarge,
    NoSpace,
    Failed,
    /// Written, but after a gap in the offsets, as transaction markers leave one.
    Gap,
}

#[derive(Debug, Default)]
struct Inner {
    entries: Vec<(i64, Entry)>,
    end: i64,
    epoch: i32,
    faults: VecDeque<Fault>,
    failed: bool,
    appends: u64,
}

/// Handle to such a log; clones share it.
#[derive(Clone, Debug, Default)]
pub struct SimulatedLog(Arc<Mutex<Inner>>);

impl SimulatedLog {
    /// A handle of each side, as the service opens a log.
    pub fn log(&self) -> Log {
        Log { writer: Box::new(self.clone()), reader: Box::new(self.clone()) }
    }

    /// Lets the next appends fail, in order.
    pub fn fail(&self, faults: &[Fault]) {
        self.inner().faults.extend(faults);
    }

    /// What another writer does behind our back.
    pub fn write_foreign(&self, key: &[u8], value: Option<&[u8]>) {
        let (key, value) = (key.to_vec(), value.map(<[u8]>::to_vec));
        self.inner().write(&[Entry { key, value, timestamp: 0 }]);
    }

    /// How many appends were asked for.
    pub fn appends(&self) -> u64 {
        self.inner().appends
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn write(&mut self, entries: &[Entry]) -> Appended {
        let first = self.end;
        for entry in entries {
            self.entries.push((self.end, entry.clone()));
            self.end += 1;
        }
        Appended { first, head: Head::new(self.end) }
    }
}

impl SchemaLog for SimulatedLog {
    fn claim(&mut self) -> Result<Claim, NotWriter> {
        let mut inner = self.inner();
        inner.epoch += 1;
        Ok(Claim { epoch: inner.epoch, head: Head::new(inner.end) })
    }

    fn append(&mut self, expected: Head, entries: &[Entry]) -> Result<Appended, AppendError> {
        let mut inner = self.inner();
        inner.appends += 1;
        if inner.failed {
            return Err(AppendError::Failed("failed before".into()));
        }
        if expected != Head::new(inner.end) {
            return Err(AppendError::Conflict(Head::new(inner.end)));
        }
        match inner.faults.pop_front() {
            None => Ok(inner.write(entries)),
            Some(Fault::Gap) => {
                inner.end += 2;
                Ok(inner.write(entries))
            }
            Some(Fault::Conflict) => {
                let noop = Entry {
                    key: br#"{"keytype":"NOOP","magic":0}"#.into(),
                    value: None,
                    timestamp: 0,
                };
                inner.write(&[noop]);
                Err(AppendError::Conflict(Head::new(inner.end)))
            }
            Some(Fault::Fenced) => Err(AppendError::Fenced),
            Some(Fault::UnknownWritten) => {
                inner.write(entries);
                Err(AppendError::Unknown)
            }
            Some(Fault::UnknownLost) => Err(AppendError::Unknown),
            Some(Fault::TooLarge) => Err(AppendError::TooLarge),
            Some(Fault::NoSpace) => Err(AppendError::NoSpace),
            Some(Fault::Failed) => {
                inner.failed = true;
                Err(AppendError::Failed("the disk is gone".into()))
            }
        }
    }
}

impl SchemaLogReader for SimulatedLog {
    fn read(
        &mut self,
        from: Head,
        _wait: Duration,
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<Page, ReadError> {
        let inner = self.inner();
        for (offset, entry) in inner.entries.iter().filter(|(offset, _)| *offset >= from.offset()) {
            let (key, value) = (entry.key.as_slice(), entry.value.as_deref());
            visit(Stored { offset: *offset, timestamp: entry.timestamp, key, value });
        }
        let end = Head::new(inner.end);
        Ok(Page { next: end, end })
    }
}
