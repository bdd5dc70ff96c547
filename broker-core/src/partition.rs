//! One partition as its users hold it: append, read, wait, look.
//! Not here: how a batch reaches the disk (`log`), who opens partitions (`data_dir`).
//! Locks are taken in this order: cleaning, writer, published view. Readers take only the last.
//! Invariants: one writer at a time; what a synced topic shows or answers is durable.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::checkpoint::{Checkpoints, Key, Kind};
use crate::clock::Clock;
use crate::commit::Committer;
use crate::config::{Durability, TopicConfig};
use crate::error::{AppendError, CleanError, Doing, OpenError, ReadError};
use crate::log::compaction::{self, CompactionReport};
use crate::log::page::Page;
use crate::log::record::Record;
use crate::log::view::{Published, View};
use crate::log::{Appended, Life, Log, read, recovery, retention};
use crate::storage::Storage;

/// A handle to one partition; clones share it.
#[derive(Debug, Clone)]
pub struct Partition {
    core: Arc<Core>,
}

/// What can be told about a partition at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    pub log_start: i64,
    pub end: i64,
    pub segments: usize,
    pub size_bytes: u64,
    /// Everything below has been compacted.
    pub compacted_to: i64,
    /// Share of the cleanable bytes that no compaction has seen yet.
    pub dirty_ratio: f64,
    pub last_compaction: Option<CompactionReport>,
    /// A failure of the disk has stopped writing until the data directory is opened anew.
    pub poisoned: bool,
    /// Bytes of a torn tail that this opening has cut.
    pub cut_bytes: u64,
}

/// The shared inside of a partition.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) key: Key,
    pub(crate) dir: String,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Arc<TopicConfig>,
    pub(crate) checkpoints: Arc<Checkpoints>,
    pub(crate) published: Arc<Published>,
    committer: Option<Arc<Committer>>,
    writer: Mutex<Log>,
    cleaning: Mutex<Cleaning>,
    last_compaction: Mutex<Option<CompactionReport>>,
    cut_bytes: u64,
}

/// What compaction and retention remember; its lock keeps them apart from each other.
#[derive(Debug, Default)]
pub(crate) struct Cleaning {
    /// A pass was cut short between renames; only an opening sorts that out.
    pub(crate) unfinished: bool,
    /// Files to unlink, and from when on.
    pub(crate) condemned: Vec<(i64, String)>,
}

/// What a partition needs from the data directory that it lives in.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) checkpoints: Arc<Checkpoints>,
    pub(crate) committer: Option<Arc<Committer>>,
    /// The last stop of the data directory was a clean one.
    pub(crate) clean: bool,
}

impl Partition {
    pub(crate) fn open(
        ground: &Ground,
        key: Key,
        dir: String,
        leader_epoch: i32,
        config: TopicConfig,
    ) -> Result<Self, OpenError> {
        let known = recovery::Known {
            recovery_point: ground.checkpoints.offset(Kind::RecoveryPoint, &key),
            log_start: ground.checkpoints.offset(Kind::LogStart, &key),
            clean: ground.clean,
        };
        let recovered = recovery::recover(&*ground.storage, &dir, &config, known)?;
        let (config, storage) = (Arc::new(config), Arc::clone(&ground.storage));
        let log = Log::new(storage, dir.clone(), Arc::clone(&config), leader_epoch, &recovered);
        let core = Core {
            key,
            dir,
            storage: Arc::clone(&ground.storage),
            clock: Arc::clone(&ground.clock),
            config,
            checkpoints: Arc::clone(&ground.checkpoints),
            published: log.published(),
            committer: ground.committer.clone(),
            writer: Mutex::new(log),
            cleaning: Mutex::default(),
            last_compaction: Mutex::default(),
            cut_bytes: recovered.cut_bytes,
        };
        Ok(Self { core: Arc::new(core) })
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Appends records as one batch. When it returns, the topic's durability is kept.
    pub fn append(&self, records: &[Record<'_>]) -> Result<Appended, AppendError> {
        let appended = self.core.log().append(records)?;
        self.core.settle(appended)
    }

    /// Appends only if the log ends at `end`; else nothing is written.
    pub fn append_expecting(
        &self,
        end: i64,
        records: &[Record<'_>],
    ) -> Result<Appended, AppendError> {
        let mut log = self.core.log();
        log.check_open()?;
        if log.end() != end {
            return Err(AppendError::Conflict { end: log.end() });
        }
        let appended = log.append(records)?;
        drop(log);
        self.core.settle(appended)
    }

    /// Reads records from an offset on: at least one batch if there is one, else as many whole
    /// batches as fit into `bytes_max`. Never waits for an append that is under way.
    pub fn read(&self, from: i64, bytes_max: usize) -> Result<Page, ReadError> {
        self.read_into(from, bytes_max, Vec::new())
    }

    /// As `read`, into memory that an earlier page was given up for.
    pub fn read_into(
        &self,
        from: i64,
        bytes_max: usize,
        buffer: Vec<u8>,
    ) -> Result<Page, ReadError> {
        read::page(&self.core.published.view(), from, bytes_max, buffer)
    }

    /// Waits until the log's end is beyond `offset`; returns the end, wherever it is by then.
    pub fn wait_beyond(&self, offset: i64, timeout: Duration) -> i64 {
        self.core.published.wait_beyond(offset, timeout)
    }

    /// The offset that the next record will have, as far as it is shown.
    pub fn end(&self) -> i64 {
        self.core.published.end()
    }

    /// The first offset that can be read.
    pub fn log_start(&self) -> i64 {
        self.core.published.log_start()
    }

    /// Waits for nothing: neither for an append that is syncing nor for a compaction.
    pub fn stats(&self) -> Stats {
        let view = self.core.published.view();
        let compacted_to = self.core.compacted_to(&view);
        let dirt = compaction::dirt(&view, compacted_to);
        Stats {
            log_start: view.log_start,
            end: view.end,
            segments: view.segments.len(),
            size_bytes: view.size_bytes(),
            compacted_to,
            dirty_ratio: dirt.ratio(),
            last_compaction: self.core.last_compaction().clone(),
            poisoned: self.core.published.is_poisoned(),
            cut_bytes: self.core.cut_bytes,
        }
    }

    /// Closes the active segment, so that it can be compacted.
    pub fn roll(&self) -> Result<(), AppendError> {
        let mut log = self.core.log();
        match log.life() {
            Life::Open => log.roll().map_err(AppendError::Failed),
            Life::Poisoned => Err(AppendError::Poisoned),
            Life::Closed => Err(AppendError::Closed),
        }
    }

    /// Runs one pass of compaction, however little there is to gain. The active segment and
    /// records younger than `min_compaction_lag_ms` stay as they are.
    pub fn compact(&self, now_ms: i64) -> Result<CompactionReport, CleanError> {
        compaction::run(&self.core, &mut self.core.cleaning(), now_ms)
    }

    /// Removes all records below an offset, durably.
    pub fn delete_before(&self, offset: i64) -> Result<(), CleanError> {
        let now_ms = self.core.clock.now_ms();
        retention::delete_before(&self.core, &mut self.core.cleaning(), offset, now_ms)
    }
}

impl Core {
    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn cleaning(&self) -> MutexGuard<'_, Cleaning> {
        self.cleaning.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn last_compaction(&self) -> MutexGuard<'_, Option<CompactionReport>> {
        self.last_compaction.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn compacted_to(&self, view: &View) -> i64 {
        let cleaned = self.checkpoints.offset(Kind::Cleaner, &self.key).unwrap_or(0);
        cleaned.clamp(view.log_start, view.end)
    }

    /// Keeps the promise of a topic whose append does not sync by itself.
    fn settle(self: &Arc<Self>, appended: Appended) -> Result<Appended, AppendError> {
        match (self.config.durability, &self.committer) {
            (Durability::Sync | Durability::Os, _) | (Durability::IntervalMs(_), None) => {}
            (Durability::IntervalMs(interval), Some(committer)) => {
                committer.ask_within(self, Duration::from_millis(interval));
            }
            (Durability::Grouped, None) => self.log().sync().map_err(AppendError::Failed)?,
            (Durability::Grouped, Some(committer)) => {
                committer.ask(self);
                self.wait_durable(appended)?;
            }
        }
        Ok(appended)
    }

    fn wait_durable(&self, appended: Appended) -> Result<(), AppendError> {
        // The committer always answers: by a longer log or by stopping it.
        let end = self.published.wait_or_stop(appended.end - 1);
        if end >= appended.end { Ok(()) } else { Err(AppendError::Poisoned) }
    }

    /// Syncs what is written, outside the writer's lock, and shows it.
    pub(crate) fn commit(&self) {
        let log = self.log();
        if log.life() != Life::Open || log.synced() == log.end() {
            return;
        }
        let (active, reach) = (Arc::clone(log.active()), log.reach());
        drop(log);
        let synced = active.file.sync().doing("syncing", &active.path);
        let mut log = self.log();
        match synced {
            Ok(()) => log.committed(reach),
            Err(error) => {
                tracing::error!(%error, source = %error.source, "a group commit failed");
                log.poison();
            }
        }
    }
}
