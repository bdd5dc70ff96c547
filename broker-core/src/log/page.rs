//! What one read hands out: whole batches as stored, their records decoded while iterated.
//! Not here: finding them (`read`).
//! Invariant: every batch of a page has passed its checksum and every record of it was read once,
//! so iterating cannot fail.

use std::ops::Range;

use crate::error::Flaw;
use crate::limits::BATCH_HEADER_SIZE;
use crate::log::batch::{Codec, Header};
use crate::log::codec;
use crate::log::record::{Records, StoredRecord};

/// Some of a log's records, from the offset that was asked for.
#[derive(Debug)]
pub struct Page {
    bytes: Vec<u8>,
    batches: Vec<PageBatch>,
    /// The offset that was asked for; earlier records of its batch are passed over.
    from: i64,
    /// Where to read on.
    pub next: i64,
    /// The end of the log when the page was read.
    pub end: i64,
    /// The start of the log when the page was read.
    pub log_start: i64,
}

/// Reads every record of a whole batch, and nothing else; its checksum is `Header::verify`'s.
pub fn check_records(header: &Header, batch: &[u8]) -> Result<(), Flaw> {
    read_once(header, batch).map(drop)
}

/// Inflates the records if they are compressed, and reads each.
fn read_once(header: &Header, batch: &[u8]) -> Result<Option<Vec<u8>>, Flaw> {
    assert_eq!(batch.len(), header.size());
    let body = &batch[BATCH_HEADER_SIZE..];
    let inflated = match header.codec()? {
        Codec::None => None,
        codec => Some(codec::inflate(codec, body)?),
    };
    Records::new(header, inflated.as_deref().unwrap_or(body)).check()?;
    Ok(inflated)
}

#[derive(Debug)]
struct PageBatch {
    header: Header,
    stored: Range<usize>,
    /// The records, if the stored ones are compressed.
    inflated: Option<Vec<u8>>,
}

impl Page {
    /// An empty page, whose bytes will be kept in `buffer` whatever that holds.
    pub(crate) fn new(from: i64, end: i64, log_start: i64, buffer: Vec<u8>) -> Self {
        assert!(log_start <= from && from <= end);
        Self { bytes: buffer, batches: Vec::new(), from, next: from, end, log_start }
    }

    /// Takes the buffer for reading into it; `keep` gives it back.
    pub(crate) fn take_buffer(&mut self) -> Vec<u8> {
        assert!(self.batches.is_empty());
        std::mem::take(&mut self.bytes)
    }

    /// Gives up the page for the memory it lies in, so that the next one need not ask for its own.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    /// Takes a batch in, after checking it whole.
    pub(crate) fn admit(
        &mut self,
        header: Header,
        window: &[u8],
        stored: Range<usize>,
    ) -> Result<(), Flaw> {
        assert!(header.base_offset >= self.batches.last().map_or(0, |b| b.header.next_offset()));
        let batch = window.get(stored.clone()).ok_or(Flaw::Truncated)?;
        header.verify(batch)?;
        let inflated = read_once(&header, batch)?;
        self.next = header.next_offset();
        self.batches.push(PageBatch { header, stored, inflated });
        Ok(())
    }

    /// Keeps the bytes that the admitted batches lie in, and whatever is behind them.
    pub(crate) fn keep(&mut self, bytes: Vec<u8>) {
        assert!(self.batches.iter().all(|batch| batch.stored.end <= bytes.len()));
        self.bytes = bytes;
    }

    /// The records of users, in order; the marks of transactions are passed over.
    pub fn records(&self) -> impl Iterator<Item = StoredRecord<'_>> {
        let users = self.batches.iter().filter(|batch| !batch.header.is_control());
        users
            .flat_map(|batch| Records::new(&batch.header, self.body(batch)))
            .map_while(Result::ok)
            .filter(|record| record.offset >= self.from)
    }

    /// The headers of the batches and their bytes as stored.
    pub fn batches(&self) -> impl Iterator<Item = (&Header, &[u8])> {
        self.batches.iter().map(|batch| (&batch.header, &self.bytes[batch.stored.clone()]))
    }

    /// True if nothing was there to read; the page may still be without records when it is not.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    fn body<'a>(&'a self, batch: &'a PageBatch) -> &'a [u8] {
        let stored = &self.bytes[batch.stored.clone()];
        batch.inflated.as_deref().unwrap_or(&stored[BATCH_HEADER_SIZE..])
    }
}
