//! Compares the entries of a segment's indexes with its batches.
//! A missing index is no finding: it is rebuilt, and the active segment has none after a crash.

use crate::error::{DiskError, Flaw};
use crate::limits::{INDEX_ENTRY_SIZE, INDEX_FILE_SIZE_MAX, TIME_INDEX_ENTRY_SIZE};
use crate::log::index::{self, IndexFiles, NO_TIMESTAMP};
use crate::log::scan::Scanned;
use crate::storage::{self, Storage};
use crate::verify::{At, Verification};

/// What an index may say about a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct BatchPlace {
    position: u64,
    base_offset: i64,
    last_offset: i64,
    max_timestamp: i64,
    has_stamp: bool,
}

impl BatchPlace {
    pub(super) fn of(batch: &Scanned<'_>) -> Self {
        Self {
            position: batch.position,
            base_offset: batch.header.base_offset,
            last_offset: batch.header.last_offset(),
            max_timestamp: batch.header.max_timestamp,
            has_stamp: batch.header.has_stamp(),
        }
    }
}

pub(super) fn verify(
    storage: &dyn Storage,
    dir: &str,
    base: i64,
    places: &[BatchPlace],
    found: &mut Verification,
) -> Result<(), DiskError> {
    let files = IndexFiles::of(dir, base);
    if let Some(bytes) = storage::read_small(storage, &files.offsets, INDEX_FILE_SIZE_MAX)? {
        verify_offsets(&files.offsets, &bytes, base, places, found);
    }
    if let Some(bytes) = storage::read_small(storage, &files.times, INDEX_FILE_SIZE_MAX)? {
        verify_times(&files.times, &bytes, base, places, found);
    }
    Ok(())
}

fn verify_offsets(
    path: &str,
    bytes: &[u8],
    base: i64,
    places: &[BatchPlace],
    found: &mut Verification,
) {
    let Some(entries) = index::read_offsets(bytes) else {
        return found.report_file(path, "its size is no multiple of an entry's");
    };
    for (at, entry) in entries.iter().enumerate() {
        found.index_entries += 1;
        let offset = base + i64::from(entry.relative_offset);
        let position = u64::from(entry.position);
        let place = places.binary_search_by_key(&position, |place| place.position);
        let right = place.is_ok_and(|place| places[place].last_offset == offset);
        if !right {
            let what = format!("the entry for offset {offset} points to {position}, no such batch");
            let at = At { position: (at * INDEX_ENTRY_SIZE) as u64, offset };
            found.report(path, at, Flaw::Entry(what));
        }
    }
}

fn verify_times(
    path: &str,
    bytes: &[u8],
    base: i64,
    places: &[BatchPlace],
    found: &mut Verification,
) {
    let Some(entries) = index::read_times(bytes) else {
        return found.report_file(path, "its size is no multiple of an entry's");
    };
    for (at, entry) in entries.iter().enumerate() {
        found.index_entries += 1;
        let offset = base + i64::from(entry.relative_offset);
        let place = places.partition_point(|place| place.last_offset < offset);
        // Other writers may name the record instead of its batch.
        let right = places.get(place).is_some_and(|place| {
            let named =
                place.last_offset == offset || (!place.has_stamp && place.base_offset <= offset);
            named && place.max_timestamp == entry.timestamp
        });
        if !right {
            let what = format!("no batch at offset {offset} has the time {}", entry.timestamp);
            let at = At { position: (at * TIME_INDEX_ENTRY_SIZE) as u64, offset };
            found.report(path, at, Flaw::Entry(what));
        }
    }
    let newest = places.iter().map(|place| place.max_timestamp).max().unwrap_or(NO_TIMESTAMP);
    let last = entries.last().map_or(NO_TIMESTAMP, |entry| entry.timestamp);
    if last < newest {
        found.report_file(path, "its last entry is not the largest timestamp of the segment");
    }
}
