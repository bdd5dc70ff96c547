//! The newest offset of each key in a stretch of the log, in bounded memory.
//! Keys are kept whole, not hashed: two keys are never taken for one.
//! Invariants: a stretch ends between batches and holds at least one, however large; it ends
//! before the first batch of a transaction, whose fate is not known here.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{CleanError, Damage, Flaw};
use crate::limits::BATCH_HEADER_SIZE;
use crate::log::batch::{Codec, Header};
use crate::log::codec;
use crate::log::record::Records;
use crate::log::scan::{Scanned, Scanner, Stopped};
use crate::log::segment::Segment;

/// What an entry costs beside its key: offset, pointer, table slots.
const ENTRY_SIZE: usize = 64;

#[derive(Debug)]
pub(crate) struct Keys {
    latest: HashMap<Box<[u8]>, i64>,
    /// The last offset of each producer's batches.
    producers: HashMap<i64, i64>,
    memory: usize,
    end: i64,
}

impl Keys {
    /// Reads keys from an offset on, until the end or until the memory is used up.
    pub(crate) fn collect(
        segments: &[Arc<Segment>],
        from: i64,
        end: i64,
        memory_max: usize,
    ) -> Result<Self, CleanError> {
        assert!(from <= end);
        let mut keys =
            Self { latest: HashMap::new(), producers: HashMap::new(), memory: 0, end: from };
        let first = segments.partition_point(|segment| segment.base <= from).saturating_sub(1);
        for segment in segments.iter().skip(first) {
            let position = segment.position_before(from.max(segment.base));
            let mut scanner = Scanner::new(&*segment.file, &segment.path, position, segment.size());
            while let Some(batch) = scanner.next().map_err(|why| stopped(segment, why))? {
                if batch.header.last_offset() < from {
                    continue;
                }
                if batch.header.is_transactional() || keys.memory > memory_max {
                    return Ok(keys);
                }
                keys.note(&batch).map_err(|flaw| damaged(segment, &batch, flaw))?;
                keys.end = batch.header.next_offset();
            }
        }
        keys.end = end;
        Ok(keys)
    }

    /// Whether a newer record of the key is known.
    pub(crate) fn is_superseded(&self, key: &[u8], offset: i64) -> bool {
        self.latest.get(key).is_some_and(|latest| *latest > offset)
    }

    /// Whether a newer batch of the producer is known.
    pub(crate) fn is_producer_superseded(&self, header: &Header) -> bool {
        let last = self.producers.get(&header.producer_id);
        last.is_some_and(|last| *last > header.last_offset())
    }

    /// Every key below was looked at.
    pub(crate) fn end(&self) -> i64 {
        self.end
    }

    fn note(&mut self, batch: &Scanned<'_>) -> Result<(), Flaw> {
        if batch.header.producer_id >= 0 {
            self.producers.insert(batch.header.producer_id, batch.header.last_offset());
        }
        let body = body(batch)?;
        for record in Records::new(&batch.header, &body) {
            let record = record?;
            let Some(key) = record.key else { continue };
            if let Some(latest) = self.latest.get_mut(key) {
                *latest = record.offset;
            } else {
                self.memory += key.len() + ENTRY_SIZE;
                self.latest.insert(key.into(), record.offset);
            }
        }
        Ok(())
    }
}

/// The records of a batch, inflated.
pub(crate) fn body<'a>(batch: &Scanned<'a>) -> Result<std::borrow::Cow<'a, [u8]>, Flaw> {
    let stored = &batch.bytes[BATCH_HEADER_SIZE..];
    match batch.header.codec()? {
        Codec::None => Ok(stored.into()),
        codec => Ok(codec::inflate(codec, stored)?.into()),
    }
}

pub(crate) fn stopped(segment: &Segment, why: Stopped) -> CleanError {
    match why {
        Stopped::Disk(error) => error.into(),
        Stopped::Flawed { position, flaw } => damage(segment, position, segment.base, flaw),
    }
}

pub(crate) fn damaged(segment: &Segment, batch: &Scanned<'_>, flaw: Flaw) -> CleanError {
    damage(segment, batch.position, batch.header.base_offset, flaw)
}

fn damage(segment: &Segment, position: u64, offset: i64, flaw: Flaw) -> CleanError {
    Box::new(Damage { file: segment.path.clone(), position, offset, flaw }).into()
}
