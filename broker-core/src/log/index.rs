//! The two indexes of a segment, in Kafka's bytes.
//! Both are derived from the log and may be thrown away; they are never synced for an append.
//!
//! ```text
//! .index      i32 relative offset of a batch's last record, i32 position of the batch
//! .timeindex  i64 largest timestamp so far, i32 relative offset of the batch that has it
//! ```
//! Invariants: entries grow in both columns; an entry stands for every `INDEX_INTERVAL_BYTES` of
//! log; the last time entry of a sealed segment holds its largest timestamp.

use crate::error::DiskError;
use crate::limits::{
    INDEX_ENTRY_SIZE, INDEX_FILE_SIZE_MAX, INDEX_INTERVAL_BYTES, TIME_INDEX_ENTRY_SIZE,
};
use crate::log::batch::Header;
use crate::log::names;
use crate::storage::{self, Storage};

/// The largest timestamp of a batch without records; nothing at or below it is indexed.
pub(crate) const NO_TIMESTAMP: i64 = -1;

/// Both indexes of one segment, grown batch by batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) offsets: Vec<OffsetEntry>,
    pub(crate) times: Vec<TimeEntry>,
    bytes_since_entry: u64,
    largest: Option<TimeEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OffsetEntry {
    pub(crate) relative_offset: u32,
    pub(crate) position: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeEntry {
    pub(crate) timestamp: i64,
    pub(crate) relative_offset: u32,
}

impl Index {
    /// Takes note of a batch that stands at `position` of the segment that begins at `base`.
    #[inline]
    pub(crate) fn note(&mut self, base: i64, header: &Header, position: u64) {
        let relative_offset = relative(base, header.last_offset());
        let time = TimeEntry { timestamp: header.max_timestamp, relative_offset };
        // A batch that compaction has emptied has no time.
        let is_timed = time.timestamp > NO_TIMESTAMP;
        if is_timed && self.largest.is_none_or(|largest| time.timestamp > largest.timestamp) {
            self.largest = Some(time);
        }
        if self.bytes_since_entry > INDEX_INTERVAL_BYTES {
            let position = u32::try_from(position).expect("a segment is smaller than 2^31");
            assert!(self.offsets.last().is_none_or(|last| {
                last.position < position && last.relative_offset < relative_offset
            }));
            self.offsets.push(OffsetEntry { relative_offset, position });
            self.note_time();
            self.bytes_since_entry = 0;
        }
        self.bytes_since_entry += header.size() as u64;
    }

    fn note_time(&mut self) {
        let Some(largest) = self.largest else { return };
        if self.times.last().is_none_or(|last| largest.timestamp > last.timestamp) {
            self.times.push(largest);
        }
    }

    /// Where to begin scanning for an offset.
    pub(crate) fn position_before(&self, base: i64, offset: i64) -> u64 {
        assert!(offset >= base);
        let after =
            self.offsets.partition_point(|entry| base + i64::from(entry.relative_offset) <= offset);
        after.checked_sub(1).map_or(0, |at| u64::from(self.offsets[at].position))
    }

    /// The largest timestamp noted so far.
    pub(crate) fn max_timestamp(&self) -> Option<i64> {
        self.largest.map(|largest| largest.timestamp)
    }

    /// The `.index` file.
    pub(crate) fn offset_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.offsets.len() * INDEX_ENTRY_SIZE);
        for entry in &self.offsets {
            bytes.extend_from_slice(&entry.relative_offset.to_be_bytes());
            bytes.extend_from_slice(&entry.position.to_be_bytes());
        }
        bytes
    }

    /// The `.timeindex` file; its last entry is the largest timestamp.
    pub(crate) fn time_bytes(&self) -> Vec<u8> {
        let mut sealed = self.clone();
        sealed.note_time();
        let mut bytes = Vec::with_capacity(sealed.times.len() * TIME_INDEX_ENTRY_SIZE);
        for entry in &sealed.times {
            bytes.extend_from_slice(&entry.timestamp.to_be_bytes());
            bytes.extend_from_slice(&entry.relative_offset.to_be_bytes());
        }
        bytes
    }

    /// Reads both files of a sealed segment; `None` if one is missing or makes no sense.
    pub(crate) fn load(
        storage: &dyn Storage,
        files: &IndexFiles,
        log_size: u64,
    ) -> Result<Option<Self>, DiskError> {
        let offsets = storage::read_small(storage, &files.offsets, INDEX_FILE_SIZE_MAX)?;
        let times = storage::read_small(storage, &files.times, INDEX_FILE_SIZE_MAX)?;
        let (Some(offsets), Some(times)) = (offsets, times) else { return Ok(None) };
        let (Some(offsets), Some(times)) = (read_offsets(&offsets), read_times(&times)) else {
            return Ok(None);
        };
        let growing = offsets.is_sorted_by(|one, next| {
            one.position < next.position && one.relative_offset < next.relative_offset
        });
        let timed = times.is_sorted_by(|one, next| one.timestamp < next.timestamp);
        let within = offsets.last().is_none_or(|last| u64::from(last.position) < log_size);
        if !growing || !timed || !within {
            return Ok(None);
        }
        let largest = times.last().copied();
        Ok(Some(Self { offsets, times, bytes_since_entry: 0, largest }))
    }

    /// Writes both files so that each is there whole or not at all.
    pub(crate) fn store(
        &self,
        storage: &dyn Storage,
        dir: &str,
        base: i64,
    ) -> Result<(), DiskError> {
        let name = names::file_name(base, names::INDEX);
        storage::replace_unsynced(storage, dir, &name, &self.offset_bytes())?;
        let name = names::file_name(base, names::TIME_INDEX);
        storage::replace_unsynced(storage, dir, &name, &self.time_bytes())
    }
}

/// The paths of a segment's two index files.
#[derive(Debug)]
pub(crate) struct IndexFiles {
    pub(crate) offsets: String,
    pub(crate) times: String,
}

impl IndexFiles {
    pub(crate) fn of(dir: &str, base: i64) -> Self {
        Self {
            offsets: storage::join(dir, &names::file_name(base, names::INDEX)),
            times: storage::join(dir, &names::file_name(base, names::TIME_INDEX)),
        }
    }

    /// Whether the index of times is there and says that its segment has no record. We never make
    /// a segment without a batch; another writer's compaction does.
    pub(crate) fn say_empty(&self, storage: &dyn Storage) -> Result<bool, DiskError> {
        let times = storage::read_small(storage, &self.times, INDEX_FILE_SIZE_MAX)?;
        Ok(times.is_some_and(|times| times.is_empty()))
    }
}

/// The entries of an `.index` file; `None` if its size is no multiple of theirs.
pub(crate) fn read_offsets(bytes: &[u8]) -> Option<Vec<OffsetEntry>> {
    let (chunks, rest) = bytes.as_chunks::<INDEX_ENTRY_SIZE>();
    let entry = |chunk: &[u8; INDEX_ENTRY_SIZE]| OffsetEntry {
        relative_offset: number(chunk, 0),
        position: number(chunk, 4),
    };
    rest.is_empty().then(|| chunks.iter().map(entry).collect())
}

/// The entries of a `.timeindex` file; `None` if its size is no multiple of theirs.
pub(crate) fn read_times(bytes: &[u8]) -> Option<Vec<TimeEntry>> {
    let (chunks, rest) = bytes.as_chunks::<TIME_INDEX_ENTRY_SIZE>();
    let entry = |chunk: &[u8; TIME_INDEX_ENTRY_SIZE]| {
        let timestamp = i64::from_be_bytes(*chunk.first_chunk().expect("12 bytes hold 8"));
        TimeEntry { timestamp, relative_offset: number(chunk, 8) }
    };
    rest.is_empty().then(|| chunks.iter().map(entry).collect())
}

fn number(entry: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(*entry[at..].first_chunk().expect("an entry ends with a whole number"))
}

fn relative(base: i64, offset: i64) -> u32 {
    assert!(offset >= base);
    let relative = u32::try_from(offset - base).expect("a segment spans less than 2^31 offsets");
    assert!(relative <= i32::MAX.cast_unsigned());
    relative
}
