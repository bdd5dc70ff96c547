//! Opens the segments of a partition and decides what a bad batch means.
//! Not here: interrupted compactions (`swap`), the checking of one batch (`scan`).
//!
//! A torn tail is cut; damage refuses to open (`judgement`). A bad batch is damage
//! * in a sealed segment, because a segment is synced before the next one begins;
//! * below the recovery point, because everything there was synced;
//! * after a clean stop, because nothing was in flight;
//! * if each append was synced before the next began (`Durability::Sync`) and a good batch follows
//!   it, or more bytes than one batch can have.
//!
//! A tail of zeros is no batch at all: some file systems leave one after a crash.
//! Whatever is kept is made durable before anybody sees it. A sync that failed before may have
//! dropped pages and forgotten them, so bytes that may not have reached the disk are written
//! again, and only then synced.

mod judgement;

use std::sync::Arc;

use crate::config::{Durability, TopicConfig};
use crate::error::{DiskError, Doing, Flaw, OpenError};
use crate::limits::SCAN_SIZE;
use crate::log::index::{Index, IndexFiles};
use crate::log::names;
pub(crate) use crate::log::recovery::judgement::holds_batch_after;
use crate::log::recovery::judgement::{Stop, check_sealed, damage};
use crate::log::scan::{self, Survey};
use crate::log::segment::Segment;
use crate::log::swap;
use crate::log::view::View;
use crate::storage::{self, DiskFile, Storage};

/// What the checkpoints of the data directory say about a partition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// Everything below was synced; `None` if the partition was never open here.
    pub(crate) recovery_point: Option<i64>,
    pub(crate) log_start: Option<i64>,
    /// The last stop was a clean one.
    pub(crate) clean: bool,
}

/// A partition's log as found, cut and made durable.
#[derive(Debug)]
pub(crate) struct Recovered {
    pub(crate) view: View,
    /// Time of the first batch of the active segment.
    pub(crate) first_timestamp: Option<i64>,
    /// Bytes of a torn tail that were cut.
    pub(crate) cut_bytes: u64,
}

/// Opens what a partition's directory holds; an empty directory becomes an empty log.
pub(crate) fn recover(
    storage: &dyn Storage,
    dir: &str,
    config: &TopicConfig,
    known: Known,
) -> Result<Recovered, OpenError> {
    swap::finish(storage, dir)?;
    let bases = remove_expired(storage, dir, known, bases_in(storage, dir)?)?;
    let opening = Opening { storage, dir, config, known };
    let mut segments = Vec::with_capacity(bases.len() + 1);
    for pair in bases.windows(2) {
        segments.push(Arc::new(opening.sealed(pair[0], pair[1])?));
    }
    let last = match bases.last() {
        Some(base) => opening.last(*base)?,
        None => opening.first()?,
    };
    opening.check_ends(bases.first().copied(), &last)?;
    storage.sync_dir(dir).doing("syncing the directory", dir)?;
    let first_base = bases.first().copied().unwrap_or(last.segment.base);
    let active_size = last.segment.size();
    segments.push(Arc::new(last.segment));
    let log_start = known.log_start.unwrap_or(0).max(first_base);
    let view = View { segments: Arc::new(segments), end: last.end, active_size, log_start };
    Ok(Recovered { view, first_timestamp: last.first_timestamp, cut_bytes: last.cut_bytes })
}

/// The base offsets of the log files in a directory, in order.
pub(crate) fn bases_in(storage: &dyn Storage, dir: &str) -> Result<Vec<i64>, DiskError> {
    let names = swap::file_names(storage, dir)?;
    let mut bases: Vec<i64> =
        names.iter().filter_map(|name| names::base_offset(name, names::LOG)).collect();
    bases.sort_unstable();
    Ok(bases)
}

/// Removes segments that lie whole below the log start: retention was cut short by a crash.
fn remove_expired(
    storage: &dyn Storage,
    dir: &str,
    known: Known,
    mut bases: Vec<i64>,
) -> Result<Vec<i64>, DiskError> {
    let log_start = known.log_start.unwrap_or(0);
    let expired = bases.windows(2).take_while(|pair| pair[1] <= log_start).count();
    for base in bases.drain(..expired) {
        swap::remove_indexes(storage, dir, base)?;
        let path = storage::join(dir, &names::file_name(base, names::LOG));
        storage.remove(&path).doing("removing", &path)?;
    }
    Ok(bases)
}

struct Opening<'a> {
    storage: &'a dyn Storage,
    dir: &'a str,
    config: &'a TopicConfig,
    known: Known,
}

struct Last {
    segment: Segment,
    end: i64,
    first_timestamp: Option<i64>,
    cut_bytes: u64,
}

impl Opening<'_> {
    fn path(&self, base: i64) -> String {
        storage::join(self.dir, &names::file_name(base, names::LOG))
    }

    fn is_ledger(&self) -> bool {
        self.config.durability == Durability::Sync
    }

    fn first(&self) -> Result<Last, OpenError> {
        let base = self.known.log_start.unwrap_or(0);
        let path = self.path(base);
        let file = self.storage.create(&path).doing("creating", &path)?;
        let segment = Segment::with(path, file, base, Index::default(), 0);
        Ok(Last { segment, end: base, first_timestamp: None, cut_bytes: 0 })
    }

    /// A ledger is read whole at every opening; of other logs, what was synced is trusted.
    fn sealed(&self, base: i64, next_base: i64) -> Result<Segment, OpenError> {
        let path = self.path(base);
        let file = Segment::open_file(self.storage, &path)?;
        let synced = self.known.recovery_point.is_some_and(|point| next_base <= point);
        let files = IndexFiles::of(self.dir, base);
        if synced && !self.is_ledger() {
            let size = file.len().doing("measuring", &path)?;
            if let Some(index) = Index::load(self.storage, &files, size)? {
                return Ok(Segment::with(path, file, base, index, size));
            }
        }
        let survey = scan::survey(&file, &path, base)?;
        let may_be_empty = files.say_empty(self.storage)?;
        check_sealed(&path, &survey, next_base, may_be_empty)?;
        self.mend_index(base, &survey.index, &files);
        Ok(Segment::surveyed(path, file, base, survey))
    }

    /// Rewrites index files that are missing or wrong; a disk too full for that is no reason not
    /// to open, since the index is in memory.
    fn mend_index(&self, base: i64, index: &Index, files: &IndexFiles) {
        let size_max = crate::limits::INDEX_FILE_SIZE_MAX;
        let same = |path: &str, bytes: &[u8]| {
            storage::read_small(self.storage, path, size_max)
                .is_ok_and(|found| found.as_deref() == Some(bytes))
        };
        if same(&files.offsets, &index.offset_bytes()) && same(&files.times, &index.time_bytes()) {
            return;
        }
        tracing::info!(file = files.offsets, "rebuilding the indexes of a segment");
        if let Err(error) = index.store(self.storage, self.dir, base) {
            tracing::warn!(%error, "the rebuilt indexes could not be written");
        }
    }

    fn last(&self, base: i64) -> Result<Last, OpenError> {
        let path = self.path(base);
        let file = Segment::open_file(self.storage, &path)?;
        // Index files of the active segment are of the last clean stop, and go stale at once.
        swap::remove_indexes(self.storage, self.dir, base)?;
        let survey = scan::survey(&file, &path, base)?;
        if let Some(flaw) = &survey.flaw {
            let stop = Stop { known: self.known, is_ledger: self.is_ledger() };
            stop.judge(&file, &path, &survey, flaw)?;
            tracing::warn!(
                file = path,
                position = survey.good,
                offset = survey.end,
                bytes = survey.size - survey.good,
                %flaw,
                "cutting a torn tail"
            );
            file.truncate(survey.good).doing("cutting", &path)?;
        }
        self.make_durable(&file, &path, base, &survey)?;
        let cut_bytes = survey.size - survey.good;
        let (end, first_timestamp) = (survey.end, survey.first_timestamp);
        let segment = Segment::surveyed(path, file, base, survey);
        Ok(Last { segment, end, first_timestamp, cut_bytes })
    }

    fn make_durable(
        &self,
        file: &Arc<dyn DiskFile>,
        path: &str,
        base: i64,
        survey: &Survey,
    ) -> Result<(), DiskError> {
        let from = match self.config.durability {
            _ if self.known.clean => survey.good,
            Durability::Sync => survey.last.unwrap_or(0),
            Durability::Grouped => {
                let point = self.known.recovery_point.unwrap_or(0);
                survey.index.position_before(base, point.max(base))
            }
            Durability::IntervalMs(_) | Durability::Os => survey.good,
        };
        rewrite(file, from, survey.good).doing("rewriting", path)?;
        file.sync().doing("syncing", path)
    }

    fn check_ends(&self, first_base: Option<i64>, last: &Last) -> Result<(), OpenError> {
        let file = last.segment.path.as_str();
        if let Some(point) = self.known.recovery_point {
            if last.end < point {
                let flaw = Flaw::End { found: last.end, expected: point };
                return Err(damage(file, last.segment.size(), last.end, flaw));
            }
            let due = self.known.log_start.unwrap_or(0);
            if let Some(found) = first_base.filter(|first_base| *first_base > due) {
                let flaw = Flaw::Offset { found, least: due };
                return Err(damage(&self.path(found), 0, due, flaw));
            }
        }
        Ok(())
    }
}

/// Writes bytes over themselves, so that the next sync cannot pass over them.
fn rewrite(file: &Arc<dyn DiskFile>, from: u64, to: u64) -> std::io::Result<()> {
    let mut chunk =
        vec![0; usize::try_from(to - from).map_or(SCAN_SIZE, |left| left.min(SCAN_SIZE))];
    let mut position = from;
    while position < to {
        let want = usize::try_from(to - position).map_or(chunk.len(), |left| left.min(chunk.len()));
        let count = storage::read_full(&**file, &mut chunk[..want], position)?;
        assert!(count > 0, "the file was measured and locked");
        file.write_at(&chunk[..count], position)?;
        position += count as u64;
    }
    Ok(())
}
