//! The records inside a batch: written one after the other, read in place.
//! Not here: the batch header (`batch`), compression (`codec`).
//!
//! ```text
//! varint length of the rest, i8 attributes = 0, varlong timestampDelta, varint offsetDelta,
//! varint keyLength (-1 null) key, varint valueLength (-1 null) value,
//! varint headerCount, each: varint keyLength key, varint valueLength (-1 null) value
//! ```
//! Invariants: reading is total and allocates nothing; offsets of a batch grow.

use crate::error::Flaw;
use crate::limits::{BATCH_HEADER_SIZE, RECORD_HEADER_SIZE_MIN};
use crate::log::batch::Header;
use crate::log::varint::{self, Cursor};

/// A record to be appended.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub key: Option<&'a [u8]>,
    /// `None` is a tombstone.
    pub value: Option<&'a [u8]>,
    pub headers: &'a [(&'a [u8], Option<&'a [u8]>)],
    /// Milliseconds since 1970.
    pub timestamp: i64,
}

/// A record that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord<'a> {
    pub offset: i64,
    pub timestamp: i64,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: Headers<'a>,
}

/// The headers of a stored record: key and value each, decoded while iterated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers<'a> {
    count: usize,
    bytes: &'a [u8],
}

impl<'a> Headers<'a> {
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> + use<'a> {
        let mut cursor = Cursor::new(self.bytes);
        (0..self.count).map_while(move |_| next_header(&mut cursor).ok())
    }
}

fn next_header<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a [u8], Option<&'a [u8]>), Flaw> {
    Ok((cursor.bytes()?, cursor.nullable_bytes()?))
}

/// Encodes records as one uncompressed batch of our own, appended to `out`.
pub(crate) fn encode_batch(
    records: &[Record<'_>],
    place: Place,
    out: &mut Vec<u8>,
) -> Result<Header, BatchTooLarge> {
    assert!(!records.is_empty() && out.is_empty());
    let base_timestamp = records[0].timestamp;
    out.resize(BATCH_HEADER_SIZE, 0);
    for (delta, record) in records.iter().enumerate() {
        let delta = i64::try_from(delta).expect("a slice is shorter than 2^63");
        put_record(record, delta, record.timestamp.wrapping_sub(base_timestamp), out);
        if out.len() > place.size_max {
            return Err(BatchTooLarge { size: out.len() });
        }
    }
    let count = i32::try_from(records.len()).expect("each record has a byte of a limited batch");
    let mut header = Header {
        base_offset: place.base_offset,
        length: 0,
        leader_epoch: place.leader_epoch,
        crc: 0,
        attributes: 0,
        last_offset_delta: count - 1,
        base_timestamp,
        max_timestamp: records.iter().map(|record| record.timestamp).max().expect("not empty"),
        producer_id: -1,
        producer_epoch: -1,
        base_sequence: Header::stamp(place.base_offset),
        count,
    };
    header.seal(out);
    Ok(header)
}

/// Where in its log a batch will stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) base_offset: i64,
    pub(crate) leader_epoch: i32,
    pub(crate) size_max: usize,
}

/// The records did not fit; `size` is what they had come to by then.
#[derive(Debug)]
pub(crate) struct BatchTooLarge {
    pub(crate) size: usize,
}

fn put_record(record: &Record<'_>, offset_delta: i64, timestamp_delta: i64, out: &mut Vec<u8>) {
    let nullable = |bytes: Option<&[u8]>| bytes.map_or(1, |bytes| sized(bytes.len()));
    let header_count = length(record.headers.len());
    let headers: usize =
        record.headers.iter().map(|(key, value)| sized(key.len()) + nullable(*value)).sum();
    let size = 1
        + varint::size(timestamp_delta)
        + varint::size(offset_delta)
        + nullable(record.key)
        + nullable(record.value)
        + varint::size(header_count)
        + headers;
    varint::put(out, length(size));
    let start = out.len();
    out.push(0);
    varint::put(out, timestamp_delta);
    varint::put(out, offset_delta);
    put_nullable(record.key, out);
    put_nullable(record.value, out);
    varint::put(out, header_count);
    for (key, value) in record.headers {
        put_nullable(Some(key), out);
        put_nullable(*value, out);
    }
    assert_eq!(out.len() - start, size);
}

/// Encodes a record that was read, for a batch whose base timestamp may have changed.
pub(crate) fn put_stored(record: &StoredRecord<'_>, base: &Header, out: &mut Vec<u8>) {
    let timestamp_delta = record.timestamp.wrapping_sub(base.base_timestamp);
    let offset_delta = record.offset - base.base_offset;
    assert!((0..=i64::from(base.last_offset_delta)).contains(&offset_delta));
    let mut body = Vec::new();
    body.push(0);
    varint::put(&mut body, timestamp_delta);
    varint::put(&mut body, offset_delta);
    put_nullable(record.key, &mut body);
    put_nullable(record.value, &mut body);
    varint::put(&mut body, length(record.headers.count));
    body.extend_from_slice(record.headers.bytes);
    varint::put(out, length(body.len()));
    out.extend_from_slice(&body);
}

fn put_nullable(bytes: Option<&[u8]>, out: &mut Vec<u8>) {
    let Some(bytes) = bytes else { return varint::put(out, -1) };
    varint::put(out, length(bytes.len()));
    out.extend_from_slice(bytes);
}

fn sized(count: usize) -> usize {
    varint::size(length(count)) + count
}

fn length(count: usize) -> i64 {
    i64::try_from(count).expect("memory is smaller than 2^63")
}

/// Reads the records of a batch from its inflated body.
#[derive(Debug, Clone)]
pub(crate) struct Records<'a> {
    cursor: Cursor<'a>,
    left: i32,
    base_offset: i64,
    delta_least: i32,
    delta_most: i32,
    base_timestamp: i64,
    append_time: Option<i64>,
}

impl<'a> Records<'a> {
    pub(crate) fn new(header: &Header, body: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(body),
            left: header.count,
            base_offset: header.base_offset,
            delta_least: 0,
            delta_most: header.last_offset_delta,
            base_timestamp: header.base_timestamp,
            append_time: header.is_log_append_time().then_some(header.max_timestamp),
        }
    }

    /// Reads all of them, and that nothing is left over.
    pub(crate) fn check(mut self) -> Result<(), Flaw> {
        for record in &mut self {
            record?;
        }
        if self.cursor.rest().is_empty() {
            return Ok(());
        }
        Err(Flaw::Record("bytes follow the last one"))
    }

    fn read(&mut self) -> Result<StoredRecord<'a>, Flaw> {
        let length = self.cursor.varint()?;
        let length = usize::try_from(length).map_err(|_| Flaw::Record("a length is negative"))?;
        let mut body = Cursor::new(self.cursor.take(length)?);
        body.byte()?;
        let timestamp_delta = body.varlong()?;
        let delta = body.varint()?;
        if !(self.delta_least..=self.delta_most).contains(&delta) {
            return Err(Flaw::Record("an offset lies outside its batch"));
        }
        self.delta_least = delta.saturating_add(1);
        let (key, value) = (body.nullable_bytes()?, body.nullable_bytes()?);
        let headers = read_headers(&mut body)?;
        let own_time = self.base_timestamp.wrapping_add(timestamp_delta);
        let timestamp = self.append_time.unwrap_or(own_time);
        Ok(StoredRecord {
            offset: self.base_offset + i64::from(delta),
            timestamp,
            key,
            value,
            headers,
        })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<StoredRecord<'a>, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let read = self.read();
        if read.is_err() {
            self.left = 0;
        }
        Some(read)
    }
}

fn read_headers<'a>(body: &mut Cursor<'a>) -> Result<Headers<'a>, Flaw> {
    let count = body.varint()?;
    let count = usize::try_from(count).map_err(|_| Flaw::Record("a count is negative"))?;
    let bytes = body.rest();
    if count > bytes.len() / RECORD_HEADER_SIZE_MIN {
        return Err(Flaw::Record("it claims more headers than it can hold"));
    }
    for _ in 0..count {
        next_header(body)?;
    }
    if !body.rest().is_empty() {
        return Err(Flaw::Record("bytes follow its headers"));
    }
    Ok(Headers { count, bytes })
}

#[cfg(test)]
mod tests;
