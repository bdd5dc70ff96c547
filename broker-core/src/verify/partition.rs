//! Verifies one partition's directory: segments in order, each batch, how segments join.
//! Not here: the entries of indexes (`indexes`).

use crate::error::{DiskError, Doing, Flaw};
use crate::identity::{self, LeaderEpoch};
use crate::log::batch::Header;
use crate::log::compaction::batch_body;
use crate::log::index::IndexFiles;
use crate::log::record::{Records, StoredRecord};
use crate::log::recovery;
use crate::log::scan::{self, Scanned, Scanner, Stopped};
use crate::log::swap;
use crate::storage::{self, Access, DiskFile, Storage};
use crate::verify::indexes::{self, BatchPlace};
use crate::verify::{At, Verification, report_open};

/// What the data directory says about the partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) clean: bool,
    pub(super) recovery_point: Option<i64>,
    pub(super) log_start: Option<i64>,
    pub(super) cleaned: Option<i64>,
}

/// Verifies one directory, adding to what was found.
pub(super) fn verify(
    storage: &dyn Storage,
    dir: &str,
    known: Known,
    found: &mut Verification,
    visit: &mut dyn FnMut(StoredRecord<'_>),
) -> Result<(), DiskError> {
    found.partitions += 1;
    let epochs = match identity::read_epochs(storage, dir) {
        Ok(epochs) => epochs.unwrap_or_default(),
        Err(error) => {
            report_open(found, error)?;
            Vec::new()
        }
    };
    let mut logs = swap::standing(storage, dir)?;
    let log_start = known.log_start.unwrap_or(0);
    let expired = logs.windows(2).take_while(|pair| pair[1].base <= log_start).count();
    logs.drain(..expired);
    let mut end = logs.first().map_or(log_start, |log| log.base);
    for (at, log) in logs.iter().enumerate() {
        let next_base = logs.get(at + 1).map(|next| next.base);
        let path = log.path.clone();
        let segment = Segment { dir, base: log.base, next_base, path, known, epochs: &epochs };
        let places = segment.verify(storage, &mut end, found, visit)?;
        if !log.is_swap {
            indexes::verify(storage, dir, log.base, &places, found)?;
        }
    }
    check_checkpoints(dir, known, logs.first().map(|log| log.base), end, found);
    Ok(())
}

fn check_checkpoints(
    dir: &str,
    known: Known,
    first_base: Option<i64>,
    end: i64,
    found: &mut Verification,
) {
    let Some(point) = known.recovery_point else { return };
    if point > end || (known.clean && point != end) {
        found.report_file(dir, format!("it ends at offset {end}, its recovery point is {point}"));
    }
    let start = known.log_start.unwrap_or(0);
    if start > end || first_base.is_some_and(|base| base > start) {
        let what = format!("its first segment begins at {first_base:?}, the log at {start}");
        found.report_file(dir, what);
    }
    if let Some(cleaned) = known.cleaned.filter(|cleaned| *cleaned > end) {
        found.report_file(dir, format!("it ends at offset {end}, compacted up to {cleaned}"));
    }
}

struct Segment<'a> {
    dir: &'a str,
    base: i64,
    next_base: Option<i64>,
    path: String,
    known: Known,
    epochs: &'a [LeaderEpoch],
}

impl Segment<'_> {
    /// Walks over the batches, and over damaged ones as far as their lengths lead on; returns
    /// where the good ones lie.
    fn verify(
        &self,
        storage: &dyn Storage,
        log_end: &mut i64,
        found: &mut Verification,
        visit: &mut dyn FnMut(StoredRecord<'_>),
    ) -> Result<Vec<BatchPlace>, DiskError> {
        found.segments += 1;
        let file = storage.open(&self.path, Access::Read).doing("opening", &self.path)?;
        let size = file.len().doing("measuring", &self.path)?;
        let mut walk = Walk { places: Vec::new(), end: self.base, last: None };
        let mut scanner = Scanner::new(&*file, &self.path, 0, size);
        loop {
            match scanner.next() {
                Ok(None) => {
                    let may_be_empty = IndexFiles::of(self.dir, self.base).say_empty(storage)?;
                    self.check_end(size, may_be_empty, &walk, found);
                    break;
                }
                Ok(Some(batch)) => {
                    let sound = self.check(&batch, walk.end, visit);
                    self.note(&batch, sound, &mut walk, found);
                }
                Err(Stopped::Disk(error)) => return Err(error),
                Err(Stopped::Flawed { position, flaw }) => {
                    let at = At { position, offset: walk.end };
                    let tail = read_tail(&*file, &self.path, at, size)?;
                    if !self.is_damage(at, &tail) {
                        found.torn_bytes += size - position;
                        break;
                    }
                    found.report(&self.path, at, flaw);
                    let Some(next) = walk.beyond(&tail) else { break };
                    scanner = Scanner::new(&*file, &self.path, position + next, size);
                }
            }
        }
        *log_end = walk.end;
        Ok(walk.places)
    }

    fn note(
        &self,
        batch: &Scanned<'_>,
        sound: Result<(), Flaw>,
        walk: &mut Walk,
        found: &mut Verification,
    ) {
        if let Err(flaw) = sound {
            found.report(&self.path, At { position: batch.position, offset: walk.end }, flaw);
        }
        found.batches += 1;
        found.records += u64::from(batch.header.count.cast_unsigned());
        found.bytes += batch.bytes.len() as u64;
        walk.end = walk.end.max(batch.header.next_offset());
        walk.places.push(BatchPlace::of(batch));
        walk.last = Some(batch.header.clone());
    }

    /// Checks a batch and shows its records if it is sound.
    fn check(
        &self,
        batch: &Scanned<'_>,
        least: i64,
        visit: &mut dyn FnMut(StoredRecord<'_>),
    ) -> Result<(), Flaw> {
        let header = &batch.header;
        scan::check_place(self.base, least, header)?;
        let body = batch_body(batch)?;
        Records::new(header, &body).check()?;
        let holds = |epoch: &&LeaderEpoch| epoch.start_offset <= header.base_offset;
        let expected = self.epochs.iter().rev().find(holds).map_or(-1, |epoch| epoch.epoch);
        // A partition without a list of epochs, as some writers leave it, has nothing to compare.
        if header.leader_epoch != expected && !self.epochs.is_empty() {
            return Err(Flaw::Epoch { found: header.leader_epoch, expected });
        }
        let users = Records::new(header, &body).map_while(Result::ok);
        users.filter(|_| !header.is_control()).for_each(visit);
        Ok(())
    }

    fn check_end(&self, size: u64, may_be_empty: bool, walk: &Walk, found: &mut Verification) {
        let Some(expected) = self.next_base else { return };
        let ours = walk.last.as_ref().map_or(!may_be_empty, Header::has_stamp);
        if walk.end > expected || (ours && walk.end < expected) {
            let at = At { position: size, offset: walk.end };
            found.report(&self.path, at, Flaw::End { found: walk.end, expected });
        }
    }

    /// A bad batch is damage unless a crash can have left it.
    fn is_damage(&self, at: At, tail: &[u8]) -> bool {
        let synced = self.known.recovery_point.is_some_and(|point| at.offset < point);
        self.next_base.is_some()
            || self.known.clean
            || synced
            || recovery::holds_batch_after(tail, at.offset)
    }
}

/// How far a segment was read.
struct Walk {
    places: Vec<BatchPlace>,
    end: i64,
    last: Option<Header>,
}

impl Walk {
    /// Passes over the damaged batch at the front of `tail` if its header makes sense; returns its
    /// size.
    fn beyond(&mut self, tail: &[u8]) -> Option<u64> {
        let header = Header::decode(tail).ok()?;
        if header.base_offset < self.end || header.size() > tail.len() {
            return None;
        }
        self.end = header.next_offset();
        Some(header.size() as u64)
    }
}

fn read_tail(file: &dyn DiskFile, path: &str, from: At, size: u64) -> Result<Vec<u8>, DiskError> {
    let left = size - from.position;
    let limit = crate::limits::BATCH_SIZE_MAX;
    let mut tail = vec![0; usize::try_from(left).map_or(limit, |left| left.min(limit))];
    let read = storage::read_full(file, &mut tail, from.position).doing("reading", path)?;
    tail.truncate(read);
    Ok(tail)
}
