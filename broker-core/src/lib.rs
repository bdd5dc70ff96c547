//! An embedded log in the form of Kafka partition directories; knows nothing of schemas.
//!
//! A [`DataDir`] holds partitions. A [`Partition`] appends batches of records, durably as its
//! topic promises, reads them from any offset, and is compacted, expired and recovered behind its
//! users' backs. What lies on disk is what Kafka would have written: its tools read it.
//!
//! ```
//! use std::sync::Arc;
//! use broker_core::{DataDir, DataDirOptions, ManualClock, Record, SimStorage, TopicConfig};
//!
//! let (storage, clock) = (Arc::new(SimStorage::new(1)), Arc::new(ManualClock::new(0)));
//! let data = DataDir::open(storage, clock, DataDirOptions::stepped())?;
//! let log = data.partition("_schemas", 0, TopicConfig::ledger())?;
//! let record = Record { key: Some(b"k"), value: Some(b"v"), headers: &[], timestamp: 0 };
//! let appended = log.append_expecting(log.end(), &[record])?; // durable when it returns
//! let page = log.read(appended.base_offset, 1 << 20)?;
//! assert_eq!(page.records().next().and_then(|record| record.value), Some(&b"v"[..]));
//! data.close()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What the face promises:
//! * [`Partition::append`] and [`Partition::append_expecting`] return after the topic's
//!   [`Durability`] is kept. Whatever error they return, nothing of the batch is shown to a
//!   reader; [`AppendError::Conflict`] and [`AppendError::NoSpace`] have left the log as it was.
//!   After any other failure of the disk a batch that was not acknowledged may still be there at
//!   the next opening, whole.
//! * [`Partition::read`] and [`Partition::wait_beyond`] show durable records only, unless the
//!   topic's durability says otherwise, and never wait for the disk's writing side.
//! * Offsets are never given out twice and never change; compaction leaves gaps.
//! * [`DataDir::open`] and [`DataDir::partition`] cut a torn tail and refuse damage.

pub mod limits;

mod checkpoint;
mod clean_stop;
mod clock;
mod commit;
mod config;
mod data_dir;
mod error;
mod identity;
mod log;
mod maintenance;
mod partition;
pub mod storage;
mod verify;

pub use crate::clock::{Clock, ManualClock, SystemClock};
pub use crate::config::{CleanupPolicy, DataDirOptions, Durability, TopicConfig};
pub use crate::data_dir::DataDir;
pub use crate::error::{
    AppendError, CleanError, CloseError, Damage, DiskError, Flaw, OpenError, ReadError, VerifyError,
};
pub use crate::identity::FORMAT_VERSION;
pub use crate::log::Appended;
pub use crate::log::batch::{Codec, Header};
pub use crate::log::compaction::CompactionReport;
pub use crate::log::page::{Page, check_records};
pub use crate::log::record::{Headers, Record, StoredRecord};
pub use crate::maintenance::MaintenanceReport;
pub use crate::partition::{Partition, Stats};
pub use crate::storage::file::FileStorage;
pub use crate::storage::sim::SimStorage;
pub use crate::storage::{Access, DiskFile, Entry, Holder, Lock, LockError, Rename, Storage};
pub use crate::verify::{Verification, verify, verify_records};
