//! One segment file as readers see it: an open file, its indexes, what is known of its content.
//! Not here: writing (`log`), the order of segments (`view`), record checksums (`batch`).
//! Invariants: batches lie end to end; offsets grow; bytes after the published length mean
//! nothing.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::{DiskError, Doing};
use crate::log::batch::Header;
use crate::log::index::Index;
use crate::log::names;
use crate::log::scan::Survey;
use crate::storage::{self, Access, DiskFile, Storage};

#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) base: i64,
    /// The path of the `.log` file.
    pub(crate) path: String,
    pub(crate) file: Arc<dyn DiskFile>,
    index: RwLock<Index>,
    /// Bytes of good batches that were written, synced or not.
    size: AtomicU64,
    /// When compaction may next drop a tombstone; `i64::MAX` for never.
    horizon_least: AtomicI64,
}

impl Segment {
    /// Makes the file of a new, empty segment.
    pub(crate) fn create(
        storage: &dyn Storage,
        dir: &str,
        base: i64,
    ) -> Result<Arc<Self>, DiskError> {
        let path = storage::join(dir, &names::file_name(base, names::LOG));
        let file = storage.create(&path).doing("creating", &path)?;
        Ok(Arc::new(Self::with(path, file, base, Index::default(), 0)))
    }

    /// Opens the file of a segment that is there.
    pub(crate) fn open_file(
        storage: &dyn Storage,
        path: &str,
    ) -> Result<Arc<dyn DiskFile>, DiskError> {
        storage.open(path, Access::ReadWrite).doing("opening", path)
    }

    pub(crate) fn surveyed(path: String, file: Arc<dyn DiskFile>, base: i64, s: Survey) -> Self {
        let segment = Self::with(path, file, base, s.index, s.good);
        segment.expect_horizon(s.horizon_least.unwrap_or(i64::MAX));
        segment
    }

    pub(crate) fn with(
        path: String,
        file: Arc<dyn DiskFile>,
        base: i64,
        index: Index,
        size: u64,
    ) -> Self {
        assert!(base >= 0);
        Self {
            base,
            path,
            file,
            index: RwLock::new(index),
            size: AtomicU64::new(size),
            horizon_least: AtomicI64::new(i64::MAX),
        }
    }

    /// Takes note of a batch that was written at the end.
    pub(crate) fn note(&self, header: &Header, position: u64) {
        let before = self.size.swap(position + header.size() as u64, Ordering::Release);
        assert_eq!(before, position);
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        index.note(self.base, header, position);
    }

    pub(crate) fn position_before(&self, offset: i64) -> u64 {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.position_before(self.base, offset)
    }

    pub(crate) fn size(&self) -> u64 {
        self.size.load(Ordering::Acquire)
    }

    pub(crate) fn max_timestamp(&self) -> Option<i64> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).max_timestamp()
    }

    pub(crate) fn expect_horizon(&self, horizon_ms: i64) {
        self.horizon_least.store(horizon_ms, Ordering::Relaxed);
    }

    pub(crate) fn horizon_least(&self) -> i64 {
        self.horizon_least.load(Ordering::Relaxed)
    }

    /// Writes the index files of a segment that takes no more batches.
    pub(crate) fn store_index(&self, storage: &dyn Storage, dir: &str) -> Result<(), DiskError> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner).clone();
        index.store(storage, dir, self.base)
    }
}
