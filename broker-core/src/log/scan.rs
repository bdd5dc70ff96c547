//! Reads a segment file from batch to batch, checking each.
//! Not here: what a flaw means — a torn tail or damage — which `recovery` and `verify` decide.
//! Invariants: what is handed out has passed its checksum; memory is bounded by the largest batch.

use std::sync::Arc;

use crate::error::{DiskError, Doing, Flaw};
use crate::limits::{BATCH_HEADER_SIZE, SCAN_SIZE};
use crate::log::batch::Header;
use crate::log::index::Index;
use crate::storage::{self, DiskFile};

/// One batch of a segment, as stored.
#[derive(Debug)]
pub(crate) struct Scanned<'a> {
    pub(crate) header: Header,
    pub(crate) bytes: &'a [u8],
    pub(crate) position: u64,
}

/// What ends a scan before the end of the file.
#[derive(Debug)]
pub(crate) enum Stopped {
    Flawed { position: u64, flaw: Flaw },
    Disk(DiskError),
}

/// A walk over the batches of one file up to a position.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    file: &'a dyn DiskFile,
    path: &'a str,
    limit: u64,
    /// A window of the file: `window[..filled]` lies at `start`.
    window: Vec<u8>,
    filled: usize,
    start: u64,
    /// Where in the window the next batch begins.
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(file: &'a dyn DiskFile, path: &'a str, from: u64, limit: u64) -> Self {
        assert!(from <= limit);
        let size = usize::try_from(limit - from).map_or(SCAN_SIZE, |size| size.min(SCAN_SIZE));
        Self { file, path, limit, window: vec![0; size], filled: 0, start: from, at: 0 }
    }

    /// Where the next batch begins.
    pub(crate) fn position(&self) -> u64 {
        self.start + self.at as u64
    }

    /// The next batch; `None` at the end.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Scanned<'_>>, Stopped> {
        let position = self.position();
        if position == self.limit {
            return Ok(None);
        }
        self.need(BATCH_HEADER_SIZE)?;
        let flawed = |flaw| Stopped::Flawed { position, flaw };
        let header = Header::decode(&self.window[self.at..self.filled]).map_err(flawed)?;
        let size = header.size();
        if size as u64 > self.limit - position {
            return Err(flawed(Flaw::Truncated));
        }
        self.need(size)?;
        let Some(bytes) = self.window[..self.filled].get(self.at..self.at + size) else {
            return Err(flawed(Flaw::Truncated));
        };
        header.verify(bytes).map_err(flawed)?;
        self.at += size;
        Ok(Some(Scanned { header, bytes, position }))
    }

    /// Brings `count` bytes from `at` on into the window, or all there are.
    fn need(&mut self, count: usize) -> Result<(), Stopped> {
        if self.filled - self.at >= count {
            return Ok(());
        }
        self.window.copy_within(self.at..self.filled, 0);
        self.start += self.at as u64;
        self.filled -= self.at;
        self.at = 0;
        let left = usize::try_from(self.limit - self.start).unwrap_or(usize::MAX);
        let want = count.max(SCAN_SIZE).min(left);
        if self.window.len() < want {
            self.window.resize(want, 0);
        }
        let position = self.start + self.filled as u64;
        let read = storage::read_full(self.file, &mut self.window[self.filled..want], position)
            .doing("reading", self.path)
            .map_err(Stopped::Disk)?;
        self.filled += read;
        Ok(())
    }
}

/// What a whole segment file holds, up to its end or its first flaw.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) index: Index,
    /// Bytes of good batches from the front.
    pub(crate) good: u64,
    /// Bytes of the file.
    pub(crate) size: u64,
    /// The offset after the last good batch; the base offset if there is none.
    pub(crate) end: i64,
    /// Where the last good batch begins, if there is one.
    pub(crate) last: Option<u64>,
    /// Whether that batch is one of ours.
    pub(crate) has_stamp: bool,
    pub(crate) first_timestamp: Option<i64>,
    pub(crate) horizon_least: Option<i64>,
    pub(crate) flaw: Option<Flaw>,
}

/// Scans a whole segment file that begins at `base`.
pub(crate) fn survey(file: &Arc<dyn DiskFile>, path: &str, base: i64) -> Result<Survey, DiskError> {
    let size = file.len().doing("measuring", path)?;
    let mut survey = Survey {
        index: Index::default(),
        good: 0,
        size,
        end: base,
        last: None,
        has_stamp: false,
        first_timestamp: None,
        horizon_least: None,
        flaw: None,
    };
    let mut scanner = Scanner::new(&**file, path, 0, size);
    loop {
        match scanner.next() {
            Ok(None) => break,
            Ok(Some(batch)) => {
                if let Err(flaw) = survey.note(base, &batch) {
                    survey.flaw = Some(flaw);
                    break;
                }
            }
            Err(Stopped::Flawed { flaw, .. }) => {
                survey.flaw = Some(flaw);
                break;
            }
            Err(Stopped::Disk(error)) => return Err(error),
        }
    }
    assert!(survey.good <= size && (survey.good == size) == survey.flaw.is_none());
    Ok(survey)
}

impl Survey {
    fn note(&mut self, base: i64, batch: &Scanned<'_>) -> Result<(), Flaw> {
        assert_eq!(batch.position, self.good);
        check_place(base, self.end, &batch.header)?;
        self.index.note(base, &batch.header, batch.position);
        self.good += batch.bytes.len() as u64;
        self.end = batch.header.next_offset();
        self.first_timestamp = self.first_timestamp.or(Some(batch.header.max_timestamp));
        if let Some(horizon) = batch.header.delete_horizon() {
            self.horizon_least = Some(self.horizon_least.unwrap_or(i64::MAX).min(horizon));
        }
        self.last = Some(batch.position);
        self.has_stamp = batch.header.has_stamp();
        Ok(())
    }
}

/// Offsets only grow, and stay within reach of the segment's base.
pub(crate) fn check_place(base: i64, least: i64, header: &Header) -> Result<(), Flaw> {
    assert!(least >= base);
    if header.base_offset < least || header.last_offset() - base > i64::from(i32::MAX) {
        return Err(Flaw::Offset { found: header.base_offset, least });
    }
    Ok(())
}
