//! One partition's log: the writing side.
//! Not here: what readers see (`log/view`), how it is found after a stop (`log/recovery`), who
//! may write and when (`partition`).
//!
//! An append is one batch: encode, write at the known position, sync if the topic promises it,
//! publish. A write that fails before its sync is cut back and the log goes on; a failed sync, or
//! a failed cut, stops writing until the log is opened anew: retrying a sync and believing it is
//! the classic lost-data bug.
//! Invariants: batches lie end to end; offsets have no gap when written; the published end never
//! passes what the topic promises; a segment is synced before the next one begins.

pub(crate) mod batch;
mod codec;
pub(crate) mod compaction;
pub(crate) mod index;
pub(crate) mod names;
pub(crate) mod page;
pub(crate) mod read;
pub(crate) mod record;
pub(crate) mod recovery;
pub(crate) mod retention;
pub(crate) mod scan;
pub(crate) mod segment;
pub(crate) mod swap;
mod varint;
pub(crate) mod view;

use std::sync::Arc;

use crate::config::{Durability, TopicConfig};
use crate::error::{AppendError, DiskError, Doing};
use crate::log::batch::Header;
use crate::log::record::{Place, Record};
use crate::log::recovery::Recovered;
use crate::log::segment::Segment;
use crate::log::view::{Published, Reach};
use crate::storage::Storage;

/// What an append made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The offset of the first record.
    pub base_offset: i64,
    /// The end of the log after the last one.
    pub end: i64,
}

/// Whether a log takes records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    Open,
    Poisoned,
    Closed,
}

/// The writing side of a log; one per partition, behind its lock.
#[derive(Debug)]
pub(crate) struct Log {
    storage: Arc<dyn Storage>,
    dir: String,
    config: Arc<TopicConfig>,
    published: Arc<Published>,
    leader_epoch: i32,
    active: Arc<Segment>,
    /// Good bytes of the active segment.
    position: u64,
    end: i64,
    /// Everything below is durable.
    synced: i64,
    first_timestamp: Option<i64>,
    /// A failed write was cut back, and the cut is not durable yet: a crash could bring its bytes
    /// back, which behind a sealed segment or a clean stop would look like damage.
    has_cut: bool,
    life: Life,
    /// The batch being written; kept for its memory.
    batch: Vec<u8>,
}

impl Log {
    pub(crate) fn new(
        storage: Arc<dyn Storage>,
        dir: String,
        config: Arc<TopicConfig>,
        leader_epoch: i32,
        recovered: &Recovered,
    ) -> Self {
        let view = &recovered.view;
        Self {
            storage,
            dir,
            config,
            published: Arc::new(Published::new(view.clone())),
            leader_epoch,
            active: Arc::clone(view.active()),
            position: view.active_size,
            end: view.end,
            synced: view.end,
            first_timestamp: recovered.first_timestamp,
            has_cut: false,
            life: Life::Open,
            batch: Vec::new(),
        }
    }

    pub(crate) fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published)
    }

    pub(crate) fn end(&self) -> i64 {
        self.end
    }

    pub(crate) fn life(&self) -> Life {
        self.life
    }

    /// The offset below which everything is durable.
    pub(crate) fn synced(&self) -> i64 {
        self.synced
    }

    /// How far the active segment is written.
    pub(crate) fn reach(&self) -> Reach {
        Reach { base: self.active.base, end: self.end, size: self.position }
    }

    pub(crate) fn active(&self) -> &Arc<Segment> {
        &self.active
    }

    /// Writes one batch. With `Durability::Sync` it is durable and published on return; with
    /// `Grouped` a commit must follow; else it is published without being durable.
    pub(crate) fn append(&mut self, records: &[Record<'_>]) -> Result<Appended, AppendError> {
        self.check_open()?;
        let base_offset = self.end;
        if records.is_empty() {
            return Ok(Appended { base_offset, end: self.end });
        }
        self.check_keys(records)?;
        let header = self.encode(records)?;
        if self.must_roll(&header) {
            self.roll().map_err(refused)?;
        }
        assert_eq!(header.base_offset, self.end);
        self.write()?;
        self.active.note(&header, self.position);
        self.position += header.size() as u64;
        self.end = header.next_offset();
        self.first_timestamp.get_or_insert(header.max_timestamp);
        match self.config.durability {
            Durability::Sync => self.sync().map_err(AppendError::Failed)?,
            Durability::Grouped => {}
            Durability::IntervalMs(_) | Durability::Os => self.published.grow(self.reach()),
        }
        Ok(Appended { base_offset, end: self.end })
    }

    pub(crate) fn check_open(&self) -> Result<(), AppendError> {
        match self.life {
            Life::Open => Ok(()),
            Life::Poisoned => Err(AppendError::Poisoned),
            Life::Closed => Err(AppendError::Closed),
        }
    }

    fn check_keys(&self, records: &[Record<'_>]) -> Result<(), AppendError> {
        if !self.config.cleanup_policy.compacts() {
            return Ok(());
        }
        match records.iter().position(|record| record.key.is_none()) {
            Some(index) => Err(AppendError::KeyMissing { index }),
            None => Ok(()),
        }
    }

    fn encode(&mut self, records: &[Record<'_>]) -> Result<Header, AppendError> {
        let size_max = self.config.batch_size_max;
        let place = Place { base_offset: self.end, leader_epoch: self.leader_epoch, size_max };
        self.batch.clear();
        record::encode_batch(records, place, &mut self.batch)
            .map_err(|too_large| AppendError::TooLarge { size: too_large.size, size_max })
    }

    fn must_roll(&self, header: &Header) -> bool {
        if self.position == 0 {
            return false;
        }
        let full = self.position + header.size() as u64 > self.config.segment_bytes;
        let wide = header.last_offset() - self.active.base > i64::from(i32::MAX);
        full || wide || self.is_aged(header.max_timestamp)
    }

    fn is_aged(&self, now_ms: i64) -> bool {
        let first = self.first_timestamp.filter(|_| self.position > 0);
        first.is_some_and(|first| now_ms.saturating_sub(first) > self.config.segment_ms)
    }

    fn write(&mut self) -> Result<(), AppendError> {
        let Err(error) = self.active.file.write_at(&self.batch, self.position) else {
            return Ok(());
        };
        let failure = Err(error).doing("writing", &self.active.path).map_err(refused);
        self.has_cut = true;
        if let Err(error) = self.active.file.truncate(self.position) {
            tracing::error!(file = self.active.path, %error, "a failed write cannot be cut back");
            self.poison();
        }
        failure
    }

    /// Makes everything written durable, then shows it.
    pub(crate) fn sync(&mut self) -> Result<(), DiskError> {
        assert_eq!(self.life, Life::Open);
        if self.synced == self.end && !self.has_cut {
            return Ok(());
        }
        let synced = self.active.file.sync().doing("syncing", &self.active.path);
        if synced.is_err() {
            self.poison();
            return synced;
        }
        self.has_cut = false;
        self.committed(self.reach());
        Ok(())
    }

    /// Takes note that a sync, begun when the log reached so far, has returned.
    pub(crate) fn committed(&mut self, reach: Reach) {
        assert!(reach.end <= self.end);
        self.synced = self.synced.max(reach.end);
        self.published.grow(reach);
    }

    /// Stops writing for good, and wakes those who wait for what will not come.
    pub(crate) fn poison(&mut self) {
        if self.life == Life::Open {
            tracing::error!(dir = self.dir, "writing stops until the log is opened anew");
            self.life = Life::Poisoned;
        }
        self.published.poison();
    }

    /// Closes the active segment if its first record is too old.
    pub(crate) fn roll_aged(&mut self, now_ms: i64) -> Result<bool, DiskError> {
        if self.life != Life::Open || !self.is_aged(now_ms) {
            return Ok(false);
        }
        self.roll().map(|()| true)
    }

    /// Closes the active segment and begins the next one at the end of the log.
    pub(crate) fn roll(&mut self) -> Result<(), DiskError> {
        assert_eq!(self.life, Life::Open);
        if self.position == 0 {
            return Ok(());
        }
        self.sync()?;
        assert!(self.synced == self.end && self.end > self.active.base);
        let next = Segment::create(&*self.storage, &self.dir, self.end)?;
        // Indexes can be rebuilt: failing to write them is no reason to stop.
        if let Err(error) = self.active.store_index(&*self.storage, &self.dir) {
            tracing::warn!(%error, "the indexes of a full segment could not be written");
        }
        let named = self.storage.sync_dir(&self.dir).doing("syncing the directory", &self.dir);
        if named.is_err() {
            self.poison();
            return named;
        }
        self.active = next;
        self.position = 0;
        self.first_timestamp = None;
        self.published.roll(Arc::clone(&self.active));
        Ok(())
    }

    /// Syncs, writes the active segment's indexes and takes no more records.
    pub(crate) fn close(&mut self) -> Result<(), DiskError> {
        if self.life != Life::Open {
            return Ok(());
        }
        self.sync()?;
        self.active.store_index(&*self.storage, &self.dir)?;
        self.storage.sync_dir(&self.dir).doing("syncing the directory", &self.dir)?;
        self.end_life();
        Ok(())
    }

    /// Takes no more records, whatever state the disk is in.
    pub(crate) fn end_life(&mut self) {
        if self.life == Life::Open {
            self.life = Life::Closed;
        }
        self.published.stop();
    }
}

fn refused(error: DiskError) -> AppendError {
    if error.is_no_space() { AppendError::NoSpace(error) } else { AppendError::Failed(error) }
}
