//! The seam between the registry and whatever keeps its logs: compare-and-append on one side, one
//! loop for replay and following on the other. Blocking on purpose: the writer is a thread.
//! Not here: what an entry means (`registry_core::record`), what a segment is (`broker_core`).

pub mod embedded;
pub mod simulated;

use std::{io, time::Duration};

use registry_core::record::Record;
use thiserror::Error;

/// A place in a log, issued by the log: ordered, opaque, and not an index, since offsets have gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head(i64);

impl Head {
    /// A head as an engine issues it: the offset after the last entry.
    pub(crate) fn new(offset: i64) -> Self {
        Self(offset)
    }

    /// The offset that the next entry would get if nothing else is written before it.
    pub fn offset(self) -> i64 {
        self.0
    }
}

/// Something to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
    /// Epoch milliseconds.
    pub timestamp: i64,
}

impl Entry {
    /// A record as it is written.
    pub fn of(record: &Record, timestamp: i64) -> Self {
        let (key, value) = record.encode();
        Self { key, value, timestamp }
    }
}

/// Something that was appended, as it is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    pub offset: i64,
    pub timestamp: i64,
    pub key: &'a [u8],
    pub value: Option<&'a [u8]>,
}

/// The right to write, for as long as nobody else claims it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub epoch: i32,
    pub head: Head,
}

/// Where an append landed. The entries have consecutive offsets from `first`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub first: i64,
    pub head: Head,
}

/// How far a read came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where to go on.
    pub next: Head,
    /// The end of the log when the page was read.
    pub end: Head,
}

/// Another node writes; its address, if known.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("another node is the writer")]
pub struct NotWriter {
    pub leader: Option<String>,
}

/// Why nothing can be said to be appended.
#[derive(Debug, Error)]
pub enum AppendError {
    /// Nothing was written; catch up to the head given and decide again.
    #[error("the log has moved on to {0:?}")]
    Conflict(Head),
    /// Another writer has claimed the log. Step down; never retry.
    #[error("another writer has taken over")]
    Fenced,
    /// It is not known whether the entries were written.
    #[error("the outcome is unknown")]
    Unknown,
    /// Nothing was written; the batch can never be.
    #[error("the batch is too large")]
    TooLarge,
    /// Nothing was written; it can be tried again once there is room.
    #[error("the disk is full")]
    NoSpace,
    /// Nothing is shown to readers. After some failures nothing more is written until the log is
    /// opened anew, and then the batch may be there after all, whole.
    #[error("the log cannot be written")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a log cannot be read.
#[derive(Debug, Error)]
#[error("the log cannot be read")]
pub struct ReadError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self(Box::new(error))
    }
}

/// The writing side: one per log and node.
pub trait SchemaLog: Send {
    /// Takes the right to write and fences whoever had it.
    fn claim(&mut self) -> Result<Claim, NotWriter>;

    /// Appends all entries or none, if the log still ends where `expected` says. Durable when it
    /// returns.
    fn append(&mut self, expected: Head, entries: &[Entry]) -> Result<Appended, AppendError>;
}

/// The reading side. Replay and following are the same loop.
pub trait SchemaLogReader: Send {
    /// Hands over entries from a place on, as many as come at once; waits no longer than `wait` for
    /// the first.
    fn read(
        &mut self,
        from: Head,
        wait: Duration,
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<Page, ReadError>;
}

/// Both sides of one log.
pub struct Log {
    pub writer: Box<dyn SchemaLog>,
    pub reader: Box<dyn SchemaLogReader>,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Log").finish_non_exhaustive()
    }
}

/// How a log looks from outside, at the time of asking.
#[derive(Clone, Debug, PartialEq)]
pub struct LogView {
    pub name: String,
    pub size_bytes: u64,
    /// The offset after the newest durable entry.
    pub head: i64,
    /// Everything below has been compacted.
    pub compacted_to: i64,
    /// Share of the cleanable bytes that no compaction has seen yet.
    pub dirty_ratio: f64,
    /// Writing has stopped until the log is opened anew.
    pub poisoned: bool,
}

/// The outside of an engine, for probes and counters.
pub trait Watch: Send + Sync {
    /// Every log of the engine.
    fn logs(&self) -> Vec<LogView>;

    /// Room on the disk that the logs are on, in bytes.
    fn free_disk(&self) -> u64;
}

/// An engine, open: its logs and its outside.
pub struct Engine {
    /// `_schemas`.
    pub schemas: Log,
    /// `_syngraph`.
    pub marks: Log,
    /// `_schema_encoders`.
    pub keysets: Log,
    pub watch: std::sync::Arc<dyn Watch>,
    /// Makes the end of a run clean; called once, after the last append.
    pub close: Box<dyn FnOnce() -> Result<(), Box<dyn std::error::Error + Send + Sync>> + Send>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Engine").finish_non_exhaustive()
    }
}
