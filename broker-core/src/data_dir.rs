//! A data directory: its lock, its checkpoints, its partitions, its threads.
//! Not here: the work of housekeeping itself (`maintenance`), one partition (`partition`).
//! Invariants: one process owns the directory; the mark of a clean stop is taken away before
//! anything is written, and left only after everything is durable.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::checkpoint::{Checkpoints, Key, Kind};
use crate::clean_stop;
use crate::clock::Clock;
use crate::commit::Committer;
use crate::config::{DataDirOptions, TopicConfig};
use crate::error::{CloseError, DiskError, Doing, OpenError};
use crate::identity;
use crate::log::Life;
use crate::log::names;
use crate::maintenance::{self, MaintenanceReport};
use crate::partition::{Ground, Partition};
use crate::storage::{Holder, Lock, LockError, Storage};

pub(crate) const LOCK: &str = ".lock";

/// An open data directory. Dropping it without `close` is a crash without the noise: nothing is
/// lost that was promised, and the next opening recovers.
#[derive(Debug)]
pub struct DataDir {
    inner: Arc<Inner>,
    threads: Vec<JoinHandle<()>>,
    _lock: Box<dyn Lock>,
}

#[derive(Debug)]
struct Inner {
    ground: Ground,
    partitions: Mutex<BTreeMap<Key, Partition>>,
    stopping: Mutex<bool>,
    stopped: Condvar,
}

impl DataDir {
    /// Takes the directory, making it if it is not there.
    #[expect(clippy::needless_pass_by_value, reason = "options are made for one opening")]
    pub fn open(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        options: DataDirOptions,
    ) -> Result<Self, OpenError> {
        storage.create_dir("").doing("creating", "the data directory")?;
        let lock = lock(&*storage)?;
        identity::ensure_meta(&*storage, &options)?;
        let clean = clean_stop::take(&*storage)?;
        let checkpoints = Arc::new(Checkpoints::load(Arc::clone(&storage))?);
        let committer = options.background.then(|| Arc::new(Committer::default()));
        let inner = Arc::new(Inner {
            ground: Ground { storage, clock, checkpoints, committer, clean },
            partitions: Mutex::default(),
            stopping: Mutex::default(),
            stopped: Condvar::new(),
        });
        let threads = if options.background { start(&inner, &options)? } else { Vec::new() };
        Ok(Self { inner, threads, _lock: lock })
    }

    /// Opens a partition, making it if it is not there. One that is open already is handed out
    /// again, with the settings it has.
    pub fn partition(
        &self,
        topic: &str,
        partition: i32,
        config: TopicConfig,
    ) -> Result<Partition, OpenError> {
        if !names::is_topic_name(topic) {
            return Err(OpenError::TopicName(topic.to_owned()));
        }
        if partition < 0 {
            return Err(OpenError::PartitionNumber(partition));
        }
        config.check()?;
        let key = (topic.to_owned(), partition);
        let mut partitions = self.inner.partitions();
        if let Some(open) = partitions.get(&key) {
            return Ok(open.clone());
        }
        let opened = self.inner.open(key.clone(), config)?;
        partitions.insert(key, opened.clone());
        Ok(opened)
    }

    /// One step of housekeeping: rolls, retention, compaction, checkpoints. The background
    /// thread does the same.
    pub fn maintain(&self, now_ms: i64) -> Vec<MaintenanceReport> {
        self.inner.maintain(now_ms)
    }

    /// Bytes that may still be written.
    pub fn free_space(&self) -> Result<u64, DiskError> {
        self.inner.ground.storage.free_space().doing("measuring", "the free space")
    }

    /// Makes everything durable, and leaves the mark of a clean stop last.
    pub fn close(mut self) -> Result<(), CloseError> {
        self.stop_threads();
        let partitions = self.inner.partitions().clone();
        let mut first_failure = Ok(());
        for partition in partitions.values() {
            let closed = maintenance::close(partition.core());
            first_failure = first_failure.and(closed);
        }
        first_failure?;
        let ground = &self.inner.ground;
        let points = partitions.values().map(maintenance::recovery_point);
        ground.checkpoints.set(Kind::RecoveryPoint, points)?;
        ground.checkpoints.store_all()?;
        clean_stop::leave(&*ground.storage)?;
        Ok(())
    }

    fn stop_threads(&mut self) {
        *self.inner.stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.inner.stopped.notify_all();
        if let Some(committer) = &self.inner.ground.committer {
            committer.stop();
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the log had panicked");
            }
        }
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        self.stop_threads();
        for partition in self.inner.partitions().values() {
            partition.core().log().end_life();
        }
    }
}

impl Inner {
    fn partitions(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Partition>> {
        self.partitions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, key: Key, config: TopicConfig) -> Result<Partition, OpenError> {
        let ground = &self.ground;
        let dir = names::partition_dir(&key.0, key.1);
        ground.storage.create_dir(&dir).doing("creating", &dir)?;
        ground.storage.sync_dir("").doing("syncing the directory of", &dir)?;
        let now_ms = ground.clock.now_ms();
        let leader_epoch = identity::ensure_partition(&*ground.storage, &dir, now_ms)?;
        let opened = Partition::open(ground, key.clone(), dir, leader_epoch, config)?;
        if ground.checkpoints.offset(Kind::RecoveryPoint, &key).is_none() {
            let log_start = opened.log_start();
            if log_start > 0 {
                ground.checkpoints.set(Kind::LogStart, [(key.clone(), log_start)])?;
            }
            ground.checkpoints.set(Kind::RecoveryPoint, [(key, opened.end())])?;
        }
        Ok(opened)
    }

    fn maintain(&self, now_ms: i64) -> Vec<MaintenanceReport> {
        let partitions: Vec<Partition> = self.partitions().values().cloned().collect();
        let reports = partitions.iter().map(|open| maintenance::step(open.core(), now_ms));
        let reports: Vec<MaintenanceReport> = reports.collect();
        let points = partitions.iter().map(maintenance::recovery_point);
        if let Err(error) = self.ground.checkpoints.set(Kind::RecoveryPoint, points) {
            tracing::warn!(%error, source = %error.source, "the recovery points stay behind");
        }
        reports
    }

    fn run_maintenance(&self, interval: Duration) {
        let mut stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
        while !*stopping {
            let waited = self.stopped.wait_timeout(stopping, interval);
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            stopping = guard;
            if timeout.timed_out() && !*stopping {
                drop(stopping);
                self.maintain(self.ground.clock.now_ms());
                stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

fn lock(storage: &dyn Storage) -> Result<Box<dyn Lock>, OpenError> {
    storage.lock(LOCK).map_err(|error| match error {
        LockError::Held(Holder::Process(pid)) => OpenError::Locked { pid: Some(pid) },
        LockError::Held(_) => OpenError::Locked { pid: None },
        LockError::Disk(source) => {
            OpenError::Disk(DiskError { doing: "locking", path: LOCK.to_owned(), source })
        }
    })
}

fn start(inner: &Arc<Inner>, options: &DataDirOptions) -> Result<Vec<JoinHandle<()>>, DiskError> {
    let mut threads = Vec::new();
    let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
    if let Some(committer) = inner.ground.committer.clone() {
        let thread = named("log-commit").spawn(move || committer.run());
        threads.push(thread.doing("starting", "the commit thread")?);
    }
    let interval = Duration::from_millis(options.maintenance_interval_ms);
    let housekeeping = Arc::clone(inner);
    let thread = named("log-maintain").spawn(move || housekeeping.run_maintenance(interval));
    threads.push(thread.doing("starting", "the maintenance thread")?);
    Ok(threads)
}

/// A partition that stopped writing is no clean stop.
pub(crate) fn poisoned(key: &Key, life: Life) -> Result<(), CloseError> {
    if life == Life::Poisoned {
        return Err(CloseError::Poisoned { topic: key.0.clone(), partition: key.1 });
    }
    Ok(())
}
