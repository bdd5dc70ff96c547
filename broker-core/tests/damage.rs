//! Every flipped bit of a stopped log is reported by `verify`, or is on the harmless list; and an
//! opening never shows records that were not written.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use broker_core::{
    DataDir, DataDirOptions, ManualClock, OpenError, Record, SimStorage, StoredRecord, TopicConfig,
    VerifyError, verify,
};

const KEYS: [&[u8]; 3] = [b"one", b"two", b"three"];

fn config() -> TopicConfig {
    TopicConfig {
        segment_bytes: 400,
        min_compaction_lag_ms: 0,
        delete_retention_ms: 1_000_000,
        file_delete_delay_ms: 0,
        min_cleanable_dirty_ratio: 1.0,
        ..TopicConfig::ledger()
    }
}

fn open(disk: &SimStorage) -> Result<(DataDir, broker_core::Partition), OpenError> {
    let clock = Arc::new(ManualClock::new(100));
    let data = DataDir::open(Arc::new(disk.clone()), clock, DataDirOptions::stepped())?;
    let log = data.partition("t", 0, config())?;
    Ok((data, log))
}

/// A small log with a compacted segment, plain segments, tombstones, headers and a log start.
fn build() -> SimStorage {
    let disk = SimStorage::new(1);
    let (data, log) = open(&disk).unwrap();
    for round in 0..14_usize {
        let value = vec![b'v'; 10 + round * 3];
        let headers: &[(&[u8], Option<&[u8]>)] = &[(b"h", Some(b"x")), (b"n", None)];
        let record = |key: usize| Record {
            key: Some(KEYS[key % 3]),
            value: (round != 5).then_some(&value),
            headers: if round == 3 { headers } else { &[] },
            timestamp: 100 + i64::try_from(round).unwrap(),
        };
        log.append(&[record(round), record(round + 1)]).unwrap();
        if round == 8 {
            log.roll().unwrap();
            log.compact(200).unwrap();
        }
    }
    log.delete_before(1).unwrap();
    data.maintain(200);
    data.close().unwrap();
    disk.restart()
}

fn copy(disk: &SimStorage) -> SimStorage {
    let to = SimStorage::new(2);
    for path in disk.paths() {
        to.plant(&path, &disk.content(&path).unwrap());
    }
    to
}

/// The partition's file that the offsets in `KEYS` fill must be long enough for index entries.
fn build_indexed() -> SimStorage {
    let disk = SimStorage::new(3);
    let clock = Arc::new(ManualClock::new(100));
    let storage = Arc::new(disk.clone());
    let data = DataDir::open(storage, clock, DataDirOptions::stepped()).unwrap();
    let log = data.partition("t", 0, TopicConfig::ledger()).unwrap();
    for round in 0..9 {
        let value = vec![b'v'; 1_500];
        let record =
            Record { key: Some(b"k"), value: Some(&value), headers: &[], timestamp: round };
        log.append(&[record]).unwrap();
    }
    data.close().unwrap();
    disk.restart()
}

/// The files in which a flipped bit does no harm, as `verify` lists them.
fn harmless(path: &str) -> bool {
    path == ".lock"
}

fn flip_all(disk: &SimStorage, only: impl Fn(&str) -> bool) -> usize {
    let mut flipped = 0;
    for path in disk.paths().into_iter().filter(|path| only(path)) {
        let bytes = disk.content(&path).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            disk.plant(&path, &damaged);
            let found = verify(disk).unwrap();
            let seen = !found.is_sound() || harmless(&path);
            assert!(seen, "bit {} of byte {} of {path} went unseen", bit % 8, bit / 8);
            flipped += 1;
        }
        disk.plant(&path, &bytes);
    }
    assert!(verify(disk).unwrap().is_sound());
    flipped
}

#[test]
fn every_flipped_bit_is_reported() {
    let disk = copy(&build());
    let found = verify(&disk).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert!(found.segments >= 4 && found.records >= 10, "{found:?}");
    assert!(flip_all(&disk, |_| true) > 10_000);
}

#[test]
fn every_flipped_bit_of_an_index_is_reported() {
    let disk = copy(&build_indexed());
    let found = verify(&disk).unwrap();
    assert!(found.is_sound() && found.index_entries >= 4, "{found:?}");
    flip_all(&disk, |path| path.ends_with("index"));
}

#[test]
fn damage_is_refused_or_changes_nothing() {
    let disk = copy(&build());
    let whole = contents(&copy(&disk)).unwrap();
    for path in disk.paths() {
        let bytes = disk.content(&path).unwrap();
        for bit in (0..bytes.len() * 8).step_by(5) {
            let damaged = copy(&disk);
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            damaged.plant(&path, &flipped);
            if let Ok(found) = contents(&damaged) {
                assert_eq!(found, whole, "bit {bit} of {path} changed what is read");
            }
        }
    }
}

type Owned = (i64, i64, Option<Vec<u8>>, Option<Vec<u8>>);

fn contents(disk: &SimStorage) -> Result<Vec<Owned>, OpenError> {
    let (_data, log) = open(disk)?;
    let mut found = Vec::new();
    let mut from = log.log_start();
    while from < log.end() {
        let page = log.read(from, 500).unwrap();
        found.extend(page.records().map(|record| owned(&record)));
        from = page.next;
    }
    Ok(found)
}

fn owned(record: &StoredRecord<'_>) -> Owned {
    let bytes = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
    (record.offset, record.timestamp, bytes(record.key), bytes(record.value))
}

#[test]
fn damage_names_file_position_and_offset() {
    let disk = copy(&build_indexed());
    let path = "t-0/00000000000000000000.log";
    let mut bytes = disk.content(path).unwrap();
    let second = bytes.len() / 9;
    bytes[second + 100] ^= 1;
    disk.plant(path, &bytes);
    let Err(OpenError::Damaged(damage)) = open(&disk) else { panic!("it opened") };
    assert_eq!((damage.file.as_str(), damage.offset), (path, 1));
    assert_eq!(damage.position, second as u64);
    let found = verify(&disk).unwrap();
    assert_eq!(found.damages.len(), 1, "the batches behind it are good: {found:?}");
    assert_eq!(found.batches, 8);
}

#[test]
fn verify_leaves_everything_as_it_was() {
    let disk = copy(&build());
    let before: Vec<_> = disk.paths().iter().map(|path| disk.content(path)).collect();
    verify(&disk).unwrap();
    let after: Vec<_> = disk.paths().iter().map(|path| disk.content(path)).collect();
    assert_eq!(before, after);
}

#[test]
fn a_running_log_is_not_verified() {
    let disk = SimStorage::new(1);
    let (_data, _log) = open(&disk).unwrap();
    assert!(matches!(verify(&disk), Err(VerifyError::Running { pid: Some(_) })));
}
