//! Reads a stopped data directory and reports whatever is not as it was written.
//! Changes nothing, cuts nothing, mends nothing; not even the lock file is touched.
//!
//! Every single flipped bit is reported, with these exceptions, each harmless for the reason
//! given:
//! * `.lock`: the number of a process that is gone.
//! * `.deleted`, `.cleaned`, `.tmp` files: worthless, removed by the next opening.
//! * `.txnindex`, `.snapshot`: of other writers, not read here.
//! * a torn tail: after a crash the bytes behind the last whole batch of a log were never
//!   answered; they are counted, not reported.
//! * small text files after a crash: their checksums stand in the mark of a clean stop, so
//!   without it only what contradicts the log or makes no sense is seen.
//! * base offset and leader epoch of a batch that another writer made: they lie outside its
//!   checksum, and such a batch has no stamp. What breaks the order of offsets or contradicts the
//!   partition's leader epochs is reported even then.

mod indexes;
mod partition;

use crate::checkpoint::{self, Kind, Offsets};
use crate::clean_stop::{self, CLEAN_STOP};
use crate::data_dir::LOCK;
use crate::error::{Damage, DiskError, Doing, Flaw, OpenError, VerifyError};
use crate::identity::{self, FORMAT_VERSION, META_PROPERTIES};
use crate::limits::CHECKPOINT_SIZE_MAX;
use crate::log::names;
use crate::log::record::StoredRecord;
use crate::storage::{self, Holder, Storage};

/// What a data directory holds, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    pub partitions: usize,
    pub segments: usize,
    pub batches: u64,
    pub records: u64,
    pub bytes: u64,
    pub index_entries: u64,
    /// Bytes behind the last whole batch of a log that was not stopped cleanly.
    pub torn_bytes: u64,
    pub damages: Vec<Damage>,
}

impl Verification {
    /// True if every byte that was read is as it was written.
    pub fn is_sound(&self) -> bool {
        self.damages.is_empty()
    }

    fn report(&mut self, file: &str, at: At, flaw: Flaw) {
        let At { position, offset } = at;
        self.damages.push(Damage { file: file.to_owned(), position, offset, flaw });
    }

    /// Something is wrong with a file as a whole.
    fn report_file(&mut self, file: &str, what: impl Into<String>) {
        self.report(file, At { position: 0, offset: 0 }, Flaw::Entry(what.into()));
    }
}

/// Where a flaw was found.
#[derive(Debug, Clone, Copy)]
struct At {
    position: u64,
    offset: i64,
}

/// Verifies a data directory that no process has open.
pub fn verify(storage: &dyn Storage) -> Result<Verification, VerifyError> {
    verify_records(storage, &mut |_, _| {})
}

/// The same, and shows the records of sound batches, with the topic they are in, to whoever knows
/// what they should say.
pub fn verify_records(
    storage: &dyn Storage,
    visit: &mut dyn FnMut(&str, StoredRecord<'_>),
) -> Result<Verification, VerifyError> {
    match storage.lock_holder(LOCK).doing("looking at", LOCK)? {
        Holder::Nobody => {}
        Holder::Process(pid) => return Err(VerifyError::Running { pid: Some(pid) }),
        Holder::Unknown => return Err(VerifyError::Running { pid: None }),
    }
    let mut found = Verification::default();
    verify_meta(storage, &mut found)?;
    let clean = verify_mark(storage, &mut found)?;
    let mut offsets = [Offsets::new(), Offsets::new(), Offsets::new()];
    for (at, kind) in Kind::ALL.into_iter().enumerate() {
        match checkpoint::read(storage, kind) {
            Ok(read) => offsets[at] = read,
            Err(error) => report_open(&mut found, error)?,
        }
    }
    let [recovery_points, log_starts, cleaned] = offsets;
    let mut dirs = Vec::new();
    for entry in storage.list("").doing("listing", "the data directory")? {
        if let Some((topic, partition)) = names::topic_partition(&entry.name)
            && entry.is_dir
        {
            dirs.push(((topic.to_owned(), partition), entry.name));
        }
    }
    dirs.sort_unstable();
    for (key, dir) in &dirs {
        let known = partition::Known {
            clean,
            recovery_point: recovery_points.get(key).copied(),
            log_start: log_starts.get(key).copied(),
            cleaned: cleaned.get(key).copied(),
        };
        partition::verify(storage, dir, known, &mut found, &mut |record| visit(&key.0, record))?;
    }
    for (topic, partition) in recovery_points.keys() {
        if !dirs.iter().any(|(key, _)| key.0 == *topic && key.1 == *partition) {
            let what = format!("the directory of {topic}-{partition} is missing");
            found.report_file(Kind::RecoveryPoint.file(), what);
        }
    }
    Ok(found)
}

fn verify_meta(storage: &dyn Storage, found: &mut Verification) -> Result<(), DiskError> {
    let bytes = storage::read_small(storage, META_PROPERTIES, CHECKPOINT_SIZE_MAX)?;
    let text = bytes.as_deref().map(String::from_utf8_lossy);
    let version = text.as_deref().and_then(identity::format_version);
    if version != Some(&FORMAT_VERSION.to_string()) {
        found.report_file(META_PROPERTIES, "it does not name the format version of this program");
    }
    Ok(())
}

/// Whether the last stop was clean; what the mark says is compared with the files.
fn verify_mark(storage: &dyn Storage, found: &mut Verification) -> Result<bool, DiskError> {
    let Some(mark) = storage::read_small(storage, CLEAN_STOP, CHECKPOINT_SIZE_MAX)? else {
        return Ok(false);
    };
    if clean_stop::text(storage)?.as_bytes() != mark {
        found.report_file(CLEAN_STOP, "it disagrees with the checkpoints and small files");
    }
    Ok(true)
}

/// Turns what would keep a file from opening into a finding.
fn report_open(found: &mut Verification, error: OpenError) -> Result<(), DiskError> {
    match error {
        OpenError::Disk(error) => return Err(error),
        OpenError::Malformed { file, what } => found.report_file(&file, what),
        OpenError::Damaged(damage) => found.damages.push(*damage),
        other => found.report_file("", other.to_string()),
    }
    Ok(())
}
