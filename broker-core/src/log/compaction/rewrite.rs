//! Rewrites a group of neighbouring segments as one, without what the keys supersede.
//! A batch that loses nothing is copied byte by byte; one that loses records is encoded anew with
//! the codec it had. Base offset, last offset delta, producer and sequence stay in any case.
//! Invariant: memory is bounded by the largest batch.

use std::sync::Arc;

use crate::error::{CleanError, DiskError, Doing, Flaw};
use crate::limits::{BATCH_HEADER_SIZE, BATCH_SIZE_MAX, SCAN_SIZE};
use crate::log::batch::{Codec, Header};
use crate::log::codec;
use crate::log::compaction::Group;
use crate::log::compaction::install;
use crate::log::compaction::keys::{self, Keys};
use crate::log::index::{Index, NO_TIMESTAMP};
use crate::log::names::{self, CLEANED, LOG};
use crate::log::record::{self, Records, StoredRecord};
use crate::log::scan::{Scanned, Scanner};
use crate::log::segment::Segment;
use crate::partition::{Cleaning, Core};
use crate::storage::{self, DiskFile};

/// One round's rewriting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rewrite<'a> {
    pub(super) core: &'a Core,
    pub(super) keys: &'a Keys,
    pub(super) now_ms: i64,
}

/// What becomes of one batch.
enum Fate {
    Copied,
    /// Encoded anew, perhaps without any record; how many records it lost.
    Changed(Header, Vec<u8>, u64),
    Dropped(u64),
}

/// The file that a group is rewritten to.
pub(super) struct Cleaned {
    pub(super) path: String,
    pub(super) file: Arc<dyn DiskFile>,
    pub(super) index: Index,
    pub(super) size: u64,
    pub(super) horizon_least: i64,
    base: i64,
    buffer: Vec<u8>,
}

impl Rewrite<'_> {
    /// Rewrites a group if that changes anything; returns how many records went.
    pub(super) fn group(
        &self,
        cleaning: &mut Cleaning,
        group: Group<'_>,
    ) -> Result<u64, CleanError> {
        // Another writer's compaction may have left segments without a batch.
        if group.segments.iter().all(|segment| segment.size() == 0) {
            return Ok(0);
        }
        if let [alone] = group.segments
            && !self.would_change(alone)?
        {
            return Ok(0);
        }
        let base = group.segments[0].base;
        let name = names::file_name(base, LOG) + CLEANED;
        let path = storage::join(&self.core.dir, &name);
        let written = self.write(group, &path);
        let cleaned = match written {
            Ok((cleaned, removed)) => {
                install::install(self.core, cleaning, group, cleaned, self.now_ms)?;
                return Ok(removed);
            }
            Err(error) => error,
        };
        if let Err(error) = self.core.storage.remove(&path) {
            tracing::debug!(path, %error, "an unfinished compaction stays until the next opening");
        }
        Err(cleaned)
    }

    fn would_change(&self, segment: &Segment) -> Result<bool, CleanError> {
        let mut scanner = Scanner::new(&*segment.file, &segment.path, 0, segment.size());
        while let Some(batch) = scanner.next().map_err(|why| keys::stopped(segment, why))? {
            let is_last = batch.position + batch.bytes.len() as u64 == segment.size();
            let fate = self.fate(&batch, is_last);
            let fate = fate.map_err(|flaw| keys::damaged(segment, &batch, flaw))?;
            if !matches!(fate, Fate::Copied) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn write(&self, group: Group<'_>, path: &str) -> Result<(Cleaned, u64), CleanError> {
        let file = self.core.storage.create(path).doing("creating", path)?;
        let mut cleaned = Cleaned::new(path.to_owned(), file, group.segments[0].base);
        let mut removed = 0;
        let (last, _) = group.segments.split_last().expect("a group is not empty");
        for segment in group.segments {
            let mut scanner = Scanner::new(&*segment.file, &segment.path, 0, segment.size());
            while let Some(batch) = scanner.next().map_err(|why| keys::stopped(segment, why))? {
                let at_end = batch.position + batch.bytes.len() as u64 == segment.size();
                let is_last = at_end && Arc::ptr_eq(segment, last);
                let fate = self.fate(&batch, is_last);
                match fate.map_err(|flaw| keys::damaged(segment, &batch, flaw))? {
                    Fate::Copied => cleaned.put(&batch.header, batch.bytes)?,
                    Fate::Changed(header, bytes, lost) => {
                        cleaned.put(&header, &bytes)?;
                        removed += lost;
                    }
                    Fate::Dropped(lost) => removed += lost,
                }
            }
        }
        cleaned.flush()?;
        cleaned.file.sync().doing("syncing", path)?;
        Ok((cleaned, removed))
    }

    /// Decides about one batch; the last of a group stays, if only to say where the group ends.
    fn fate(&self, batch: &Scanned<'_>, is_last: bool) -> Result<Fate, Flaw> {
        let header = &batch.header;
        let known = header.last_offset() < self.keys.end();
        if !known || header.is_control() || header.is_transactional() {
            return Ok(Fate::Copied);
        }
        let ripe = header.delete_horizon().is_some_and(|horizon| horizon <= self.now_ms);
        let body = keys::body(batch)?;
        let mut kept = Vec::new();
        for record in Records::new(header, &body) {
            let record = record?;
            // A record without a key has no place in a compacted topic; Kafka drops it too.
            let Some(key) = record.key else { continue };
            let is_expired = record.value.is_none() && ripe;
            if !is_expired && !self.keys.is_superseded(key, record.offset) {
                kept.push(record);
            }
        }
        let count = usize::try_from(header.count).expect("checked when decoded");
        let lost = (count - kept.len()) as u64;
        let has_new_tombstone =
            header.delete_horizon().is_none() && kept.iter().any(|r| r.value.is_none());
        if kept.is_empty() && !is_last && !self.holds_producer(header) {
            return Ok(Fate::Dropped(lost));
        }
        if lost == 0 && !has_new_tombstone {
            return Ok(Fate::Copied);
        }
        let delay_ms = self.core.config.delete_retention_ms;
        let horizon = has_new_tombstone.then(|| self.now_ms.saturating_add(delay_ms));
        let (header, bytes) = encode(header, &kept, horizon)?;
        Ok(Fate::Changed(header, bytes, lost))
    }

    /// An emptied batch may be all that is left of its producer's last sequence.
    fn holds_producer(&self, header: &Header) -> bool {
        header.producer_id >= 0 && !self.keys.is_producer_superseded(header)
    }
}

/// Encodes what is left of a batch.
fn encode(
    header: &Header,
    kept: &[StoredRecord<'_>],
    horizon: Option<i64>,
) -> Result<(Header, Vec<u8>), Flaw> {
    let mut header = header.clone();
    if let Some(horizon) = horizon {
        header.set_delete_horizon(horizon);
    }
    header.count = i32::try_from(kept.len()).expect("no more than before");
    // Kafka's tools compare a batch's largest timestamp with its records; none have none.
    let newest = kept.iter().map(|record| record.timestamp).max();
    header.max_timestamp = newest.unwrap_or(NO_TIMESTAMP);
    let mut body = Vec::new();
    for record in kept {
        record::put_stored(record, &header, &mut body);
    }
    let codec = header.codec()?;
    if codec != Codec::None {
        body = codec::deflate(codec, &body).map_err(|error| Flaw::Inflate(error.to_string()))?;
    }
    if body.len() > BATCH_SIZE_MAX - BATCH_HEADER_SIZE {
        return Err(Flaw::Inflated);
    }
    let mut batch = vec![0; BATCH_HEADER_SIZE];
    batch.extend_from_slice(&body);
    header.seal(&mut batch);
    Ok((header, batch))
}

impl Cleaned {
    fn new(path: String, file: Arc<dyn DiskFile>, base: i64) -> Self {
        let (index, buffer) = (Index::default(), Vec::new());
        Self { path, file, index, size: 0, horizon_least: i64::MAX, base, buffer }
    }

    fn put(&mut self, header: &Header, bytes: &[u8]) -> Result<(), DiskError> {
        assert_eq!(header.size(), bytes.len());
        self.index.note(self.base, header, self.size);
        self.size += bytes.len() as u64;
        self.horizon_least = self.horizon_least.min(header.delete_horizon().unwrap_or(i64::MAX));
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= SCAN_SIZE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), DiskError> {
        let position = self.size - self.buffer.len() as u64;
        self.file.write_at(&self.buffer, position).doing("writing", &self.path)?;
        self.buffer.clear();
        Ok(())
    }
}
