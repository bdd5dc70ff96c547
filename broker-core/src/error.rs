//! What can go wrong, one enum per act.
//! A disk that refuses and bytes that lie are returned; a broken invariant of ours stops the
//! process instead. Causes stay in `source`, out of the message.

use std::io;

use thiserror::Error;

/// The disk refused an operation.
#[derive(Debug, Error)]
#[error("the disk failed while {doing} {path}")]
pub struct DiskError {
    pub doing: &'static str,
    pub path: String,
    pub source: io::Error,
}

impl DiskError {
    /// True if the disk, or the quota on it, is full: the failure that heals by itself.
    pub fn is_no_space(&self) -> bool {
        matches!(
            self.source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        )
    }
}

/// Adds to an I/O result what was being done, and to which file.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str, path: &str) -> Result<T, DiskError>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, doing: &'static str, path: &str) -> Result<T, DiskError> {
        self.map_err(|source| DiskError { doing, path: path.to_owned(), source })
    }
}

/// What is wrong with bytes that should be a record batch, or an entry that points to one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Flaw {
    #[error("the bytes end in the middle of it")]
    Truncated,
    #[error("its length field says {0}")]
    Length(i32),
    #[error("its format is {0}, only format 2 is known")]
    Magic(u8),
    #[error("its checksum is {stored:#010x} but its bytes give {computed:#010x}")]
    Checksum { stored: u32, computed: u32 },
    #[error("its base offset is {found} where {least} is the least")]
    Offset { found: i64, least: i64 },
    #[error("it ends at offset {found} where {expected} is due")]
    End { found: i64, expected: i64 },
    #[error("its base offset {base_offset} disagrees with its stamp {stamp}")]
    Stamp { base_offset: i64, stamp: i32 },
    #[error("its leader epoch is {found}, the epoch of these offsets is {expected}")]
    Epoch { found: i32, expected: i32 },
    #[error("its {0} field holds an impossible value")]
    Field(&'static str),
    #[error("its codec {0} is unknown")]
    Codec(u16),
    #[error("its records do not inflate: {0}")]
    Inflate(String),
    #[error("its records inflate beyond the limit")]
    Inflated,
    #[error("its records cannot be read: {0}")]
    Record(&'static str),
    #[error("{0}")]
    Entry(String),
}

/// Bytes on disk that are not what was written: where, and what.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file} is damaged at position {position}, offset {offset}: {flaw}")]
pub struct Damage {
    /// The file, relative to the data directory.
    pub file: String,
    /// Where in the file the damaged thing begins.
    pub position: u64,
    /// The offset that was due there.
    pub offset: i64,
    pub flaw: Flaw,
}

/// Why a data directory or a partition does not open.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    #[error("the data directory is in use by {}", holder(*pid))]
    Locked { pid: Option<u32> },
    #[error(transparent)]
    Damaged(#[from] Box<Damage>),
    #[error("the data directory has format version {found}, this program knows up to {known}")]
    Format { found: String, known: u32 },
    #[error("{file} cannot be understood: {what}")]
    Malformed { file: String, what: String },
    #[error("{0:?} is not a topic name")]
    TopicName(String),
    #[error("{0} is not a partition number")]
    PartitionNumber(i32),
    #[error("the setting {0} of the topic is out of range")]
    Config(&'static str),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

/// Why an append was not made. Nothing of it can be seen by a reader, whatever the reason.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AppendError {
    #[error("the log ends at {end}, not where the append was meant to start")]
    Conflict { end: i64 },
    #[error("the batch has {size} bytes, the topic accepts {size_max}")]
    TooLarge { size: usize, size_max: usize },
    #[error("record {index} has no key, which a compacted topic needs")]
    KeyMissing { index: usize },
    /// Nothing was written; the log goes on as soon as there is room.
    #[error("the disk is full")]
    NoSpace(#[source] DiskError),
    /// An earlier sync failed. Reads go on; writing needs the log to be opened anew.
    #[error("an earlier failure of the disk has stopped writing until the log is opened anew")]
    Poisoned,
    #[error("the log is closed")]
    Closed,
    /// The disk failed; whether the log is poisoned now tells `Stats`.
    #[error("the append failed")]
    Failed(#[source] DiskError),
}

/// Why a read found nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    #[error("offset {from} lies outside the log, which goes from {log_start} to {end}")]
    OutOfRange { from: i64, log_start: i64, end: i64 },
    #[error(transparent)]
    Damaged(#[from] Box<Damage>),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Why a pass of compaction or retention stopped. The log itself goes on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CleanError {
    #[error("an earlier pass was cut short between renames; the next opening completes it")]
    Unfinished,
    #[error("the log is closed")]
    Closed,
    #[error(transparent)]
    Damaged(#[from] Box<Damage>),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Why a data directory did not close cleanly. The next opening recovers it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CloseError {
    #[error("{topic}-{partition} had stopped writing after a failure of the disk")]
    Poisoned { topic: String, partition: i32 },
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Why a directory could not be verified at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    #[error("the data directory is in use by {}", holder(*pid))]
    Running { pid: Option<u32> },
    #[error(transparent)]
    Disk(#[from] DiskError),
}
