//! One record batch, format 2: its header, its checksum, its encoding.
//! Not here: the records inside (`record`), compression (`codec`), where batches lie (`segment`).
//!
//! ```text
//!  0  i64 baseOffset            ┐ outside the checksum, written by the log
//!  8  i32 batchLength           │ bytes after this field
//! 12  i32 partitionLeaderEpoch  ┘
//! 16  i8  magic = 2
//! 17  u32 CRC-32C of bytes 21 to the end
//! 21  i16 attributes            0-2 codec, 3 log append time, 4 transactional, 5 control,
//! 23  i32 lastOffsetDelta       6 delete horizon in baseTimestamp
//! 27  i64 baseTimestamp
//! 35  i64 maxTimestamp
//! 43  i64 producerId            -1 none
//! 51  i16 producerEpoch         -1 none
//! 53  i32 baseSequence          -1 none; in our own batches the stamp
//! 57  i32 record count
//! 61  the records, compressed as a whole if a codec is set
//! ```
//!
//! The stamp: Kafka leaves baseOffset outside the checksum, so a flipped bit there would move
//! records unseen wherever compaction has left gaps. Batches written here have no producer, and a
//! batch without a producer has a base sequence that nobody reads: it holds the low 31 bits of the
//! base offset, inside the checksum. A producerless batch with sequence -1 is another writer's and
//! carries no stamp.
//! Invariants: decoding is total; a decoded header's offsets do not overflow.

use crate::error::Flaw;
use crate::limits::{BATCH_HEADER_SIZE, BATCH_PREFIX_SIZE, BATCH_SIZE_MAX, RECORD_SIZE_MIN};

const MAGIC: u8 = 2;
const CHECKED_FROM: usize = 21;
const CODEC_BITS: u16 = 0b111;
const LOG_APPEND_TIME: u16 = 1 << 3;
const TRANSACTIONAL: u16 = 1 << 4;
const CONTROL: u16 = 1 << 5;
const DELETE_HORIZON: u16 = 1 << 6;
const STAMP_BITS: i64 = 0x7fff_ffff;

/// The fields of a batch header, checked for sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub base_offset: i64,
    pub length: i32,
    pub leader_epoch: i32,
    pub crc: u32,
    pub attributes: u16,
    pub last_offset_delta: i32,
    pub base_timestamp: i64,
    pub max_timestamp: i64,
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub base_sequence: i32,
    pub count: i32,
}

/// How the records of a batch are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl Header {
    /// Reads the header at the front of `bytes`; the batch itself may reach beyond them.
    #[inline]
    pub fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let Some(bytes) = bytes.first_chunk::<BATCH_HEADER_SIZE>() else {
            return Err(Flaw::Truncated);
        };
        let header = Self {
            base_offset: i64::from_be_bytes(field(bytes, 0)),
            length: i32::from_be_bytes(field(bytes, 8)),
            leader_epoch: i32::from_be_bytes(field(bytes, 12)),
            crc: u32::from_be_bytes(field(bytes, 17)),
            attributes: u16::from_be_bytes(field(bytes, 21)),
            last_offset_delta: i32::from_be_bytes(field(bytes, 23)),
            base_timestamp: i64::from_be_bytes(field(bytes, 27)),
            max_timestamp: i64::from_be_bytes(field(bytes, 35)),
            producer_id: i64::from_be_bytes(field(bytes, 43)),
            producer_epoch: i16::from_be_bytes(field(bytes, 51)),
            base_sequence: i32::from_be_bytes(field(bytes, 53)),
            count: i32::from_be_bytes(field(bytes, 57)),
        };
        header.check(bytes[16])?;
        Ok(header)
    }

    #[inline]
    fn check(&self, magic: u8) -> Result<(), Flaw> {
        let body = usize::try_from(self.length).map_err(|_| Flaw::Length(self.length))?;
        let size = body + BATCH_PREFIX_SIZE;
        if !(BATCH_HEADER_SIZE..=BATCH_SIZE_MAX).contains(&size) {
            return Err(Flaw::Length(self.length));
        }
        if magic != MAGIC {
            return Err(Flaw::Magic(magic));
        }
        if self.last_offset_delta < 0 {
            return Err(Flaw::Field("lastOffsetDelta"));
        }
        if self.base_offset < 0 || self.base_offset > i64::MAX - i64::from(i32::MAX) - 1 {
            return Err(Flaw::Field("baseOffset"));
        }
        let count = usize::try_from(self.count).map_err(|_| Flaw::Field("count"))?;
        if i64::from(self.count) > i64::from(self.last_offset_delta) + 1 {
            return Err(Flaw::Field("count"));
        }
        let packed = self.attributes & CODEC_BITS == 0;
        if packed && count > (size - BATCH_HEADER_SIZE) / RECORD_SIZE_MIN {
            return Err(Flaw::Field("count"));
        }
        Ok(())
    }

    /// Writes the header over the front of a whole batch, computing length and checksum anew.
    pub(crate) fn seal(&mut self, batch: &mut [u8]) {
        assert!((BATCH_HEADER_SIZE..=BATCH_SIZE_MAX).contains(&batch.len()));
        let length = batch.len() - BATCH_PREFIX_SIZE;
        self.length = i32::try_from(length).expect("BATCH_SIZE_MAX is below 2^31");
        batch[0..8].copy_from_slice(&self.base_offset.to_be_bytes());
        batch[8..12].copy_from_slice(&self.length.to_be_bytes());
        batch[12..16].copy_from_slice(&self.leader_epoch.to_be_bytes());
        batch[16] = MAGIC;
        batch[21..23].copy_from_slice(&self.attributes.to_be_bytes());
        batch[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        batch[27..35].copy_from_slice(&self.base_timestamp.to_be_bytes());
        batch[35..43].copy_from_slice(&self.max_timestamp.to_be_bytes());
        batch[43..51].copy_from_slice(&self.producer_id.to_be_bytes());
        batch[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        batch[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        batch[57..61].copy_from_slice(&self.count.to_be_bytes());
        self.crc = checksum(batch);
        batch[17..21].copy_from_slice(&self.crc.to_be_bytes());
        debug_assert_eq!(Self::decode(batch).as_ref(), Ok(&*self));
    }

    /// Bytes of the whole batch.
    pub fn size(&self) -> usize {
        BATCH_PREFIX_SIZE + usize::try_from(self.length).expect("checked when decoded")
    }

    pub fn last_offset(&self) -> i64 {
        self.base_offset + i64::from(self.last_offset_delta)
    }

    /// The offset after the batch.
    pub fn next_offset(&self) -> i64 {
        self.last_offset() + 1
    }

    pub fn codec(&self) -> Result<Codec, Flaw> {
        Ok(match self.attributes & CODEC_BITS {
            0 => Codec::None,
            1 => Codec::Gzip,
            2 => Codec::Snappy,
            3 => Codec::Lz4,
            4 => Codec::Zstd,
            unknown => return Err(Flaw::Codec(unknown)),
        })
    }

    /// True if every record has the time of the append, `max_timestamp`, instead of its own.
    pub fn is_log_append_time(&self) -> bool {
        self.attributes & LOG_APPEND_TIME != 0
    }

    pub fn is_transactional(&self) -> bool {
        self.attributes & TRANSACTIONAL != 0
    }

    /// True for the end mark of a transaction, which is no record of the user's.
    pub fn is_control(&self) -> bool {
        self.attributes & CONTROL != 0
    }

    /// From when on compaction may drop the tombstones of the batch.
    pub fn delete_horizon(&self) -> Option<i64> {
        (self.attributes & DELETE_HORIZON != 0).then_some(self.base_timestamp)
    }

    /// Sets the horizon; the caller re-encodes the records against the new base timestamp.
    pub(crate) fn set_delete_horizon(&mut self, horizon_ms: i64) {
        self.attributes |= DELETE_HORIZON;
        self.base_timestamp = horizon_ms;
    }

    /// The stamp of a batch that we wrote.
    pub(crate) fn stamp(base_offset: i64) -> i32 {
        i32::try_from(base_offset & STAMP_BITS).expect("31 bits")
    }

    pub(crate) fn has_stamp(&self) -> bool {
        self.producer_id == -1 && self.base_sequence != -1
    }

    /// Checks checksum and stamp of a whole batch.
    #[inline]
    pub fn verify(&self, batch: &[u8]) -> Result<(), Flaw> {
        assert_eq!(batch.len(), self.size());
        let computed = checksum(batch);
        if computed != self.crc {
            return Err(Flaw::Checksum { stored: self.crc, computed });
        }
        if self.has_stamp() && self.base_sequence != Self::stamp(self.base_offset) {
            return Err(Flaw::Stamp { base_offset: self.base_offset, stamp: self.base_sequence });
        }
        self.codec().map(drop)
    }
}

fn field<const N: usize>(bytes: &[u8; BATCH_HEADER_SIZE], at: usize) -> [u8; N] {
    *bytes[at..].first_chunk().expect("the fields lie within the header")
}

fn checksum(batch: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(&batch[CHECKED_FROM..])
}

/// The CRC-32C of any bytes.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(bytes)
}
