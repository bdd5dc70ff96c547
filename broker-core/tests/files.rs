//! The log on real files: the lock, many writers, readers beside a writer, a full life.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use broker_core::{
    AppendError, CleanupPolicy, DataDir, DataDirOptions, Durability, FileStorage, OpenError,
    Partition, ReadError, Record, Storage, SystemClock, TopicConfig, VerifyError, verify,
};
use tempfile::TempDir;

fn storage(dir: &TempDir) -> Arc<FileStorage> {
    Arc::new(FileStorage::new(dir.path().join("data")))
}

fn open(dir: &TempDir) -> DataDir {
    DataDir::open(storage(dir), Arc::new(SystemClock), DataDirOptions::serving()).unwrap()
}

fn record(key: &[u8]) -> Record<'_> {
    Record { key: Some(key), value: Some(b"value"), headers: &[], timestamp: 1 }
}

fn keys(log: &Partition) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    let mut from = log.log_start();
    while from < log.end() {
        let page = log.read(from, 1 << 16).unwrap();
        keys.extend(page.records().map(|record| record.key.unwrap().to_vec()));
        from = page.next;
    }
    keys
}

#[test]
fn records_are_there_after_a_clean_stop_and_after_none() {
    let dir = TempDir::new().unwrap();
    let data = open(&dir);
    let log = data.partition("t", 0, TopicConfig::ledger()).unwrap();
    let appended = log.append(&[record(b"a"), record(b"b")]).unwrap();
    assert_eq!((appended.base_offset, appended.end), (0, 2));
    data.close().unwrap();
    assert!(matches!(log.append(&[record(b"x")]), Err(AppendError::Closed)));

    let data = open(&dir);
    let log = data.partition("t", 0, TopicConfig::ledger()).unwrap();
    log.append(&[record(b"c")]).unwrap();
    drop(data);

    let found = verify(&*storage(&dir)).unwrap();
    assert!(found.is_sound() && found.records == 3, "{found:?}");
    let data = open(&dir);
    let log = data.partition("t", 0, TopicConfig::ledger()).unwrap();
    assert_eq!(keys(&log), [b"a", b"b", b"c"]);
}

#[test]
fn a_second_owner_is_told_the_first() {
    let dir = TempDir::new().unwrap();
    let _data = open(&dir);
    let second = DataDir::open(storage(&dir), Arc::new(SystemClock), DataDirOptions::stepped());
    let me = std::process::id();
    let Err(OpenError::Locked { pid: Some(pid) }) = second else { panic!("{second:?}") };
    assert_eq!(pid, me);
    let running = verify(&*storage(&dir));
    assert!(matches!(running, Err(VerifyError::Running { pid: Some(pid) }) if pid == me));
}

#[test]
fn many_writers_share_syncs_and_lose_nothing() {
    let dir = TempDir::new().unwrap();
    let data = open(&dir);
    let config = TopicConfig { segment_bytes: 4_000, ..TopicConfig::client() };
    let log = data.partition("t", 0, config.clone()).unwrap();
    thread::scope(|scope| {
        for writer in 0..8_u8 {
            let log = log.clone();
            scope.spawn(move || {
                for count in 0..25_u8 {
                    let appended = log.append(&[record(&[writer, count])]).unwrap();
                    assert!(log.end() >= appended.end);
                }
            });
        }
    });
    drop(data);
    let data = open(&dir);
    let mut found = keys(&data.partition("t", 0, config).unwrap());
    found.sort();
    let all = (0..8).flat_map(|writer| (0..25).map(move |count| vec![writer, count]));
    assert_eq!(found, all.collect::<Vec<_>>());
}

#[test]
fn a_reader_follows_a_writer() {
    let dir = TempDir::new().unwrap();
    let data = open(&dir);
    for durability in [Durability::Sync, Durability::IntervalMs(1), Durability::Os] {
        let topic = format!("{durability:?}").replace(['(', ')'], "_");
        let config = TopicConfig { durability, ..TopicConfig::client() };
        let log = data.partition(&topic, 0, config).unwrap();
        let writer = log.clone();
        let writing = thread::spawn(move || {
            for count in 0..50_u8 {
                writer.append(&[record(&[count])]).unwrap();
            }
        });
        let mut seen = Vec::new();
        while seen.len() < 50 {
            let from = i64::try_from(seen.len()).unwrap();
            assert!(log.wait_beyond(from, Duration::from_secs(20)) > from);
            let page = log.read(from, 100).unwrap();
            seen.extend(page.records().map(|record| record.key.unwrap()[0]));
        }
        writing.join().unwrap();
        assert_eq!(seen, (0..50).collect::<Vec<u8>>());
    }
    data.close().unwrap();
}

#[test]
fn compaction_and_retention_leave_what_they_should() {
    let dir = TempDir::new().unwrap();
    let data = open(&dir);
    let config = TopicConfig {
        segment_bytes: 1_000,
        min_compaction_lag_ms: 0,
        cleanup_policy: CleanupPolicy::Compact,
        ..TopicConfig::ledger()
    };
    let log = data.partition("t", 0, config).unwrap();
    for count in 0..100_u8 {
        log.append(&[record(&[count % 3])]).unwrap();
    }
    log.roll().unwrap();
    let before = log.stats();
    assert!(before.segments > 5 && before.dirty_ratio > 0.9, "{before:?}");
    let report = log.compact(10).unwrap();
    assert_eq!(report.records_removed, 97);
    // Segments are joined by the size they had, so the emptied ones are joined by the next pass.
    assert_eq!(log.compact(11).unwrap().segments_after, 2);
    assert_eq!((log.stats().segments, log.end()), (2, 100));
    assert_eq!(keys(&log), [[1], [2], [0]]);
    assert!(matches!(
        log.append(&[Record { key: None, ..record(b"") }]),
        Err(AppendError::KeyMissing { index: 0 })
    ));

    log.delete_before(98).unwrap();
    assert!(matches!(log.read(0, 1), Err(ReadError::OutOfRange { log_start: 98, .. })));
    data.close().unwrap();
    let found = verify(&*storage(&dir)).unwrap();
    assert!(found.is_sound(), "{found:?}");
}

#[test]
fn retention_removes_whole_segments_by_age_and_size() {
    let dir = TempDir::new().unwrap();
    let stepped = DataDirOptions::stepped();
    let data = DataDir::open(storage(&dir), Arc::new(SystemClock), stepped).unwrap();
    let config = TopicConfig {
        segment_bytes: 500,
        retention_ms: Some(1_000),
        retention_bytes: Some(2_000),
        ..TopicConfig::client()
    };
    let log = data.partition("t", 0, config).unwrap();
    for count in 0..100_i64 {
        log.append(&[Record { timestamp: count, ..record(b"k") }]).unwrap();
    }
    data.maintain(100);
    let stats = log.stats();
    assert!((2_000..2_600).contains(&stats.size_bytes), "{stats:?}");
    data.maintain(5_000);
    assert_eq!(log.stats().segments, 1);
    assert_eq!(log.log_start(), log.end() - 4);
    assert!(data.free_space().unwrap() > 0);
}

#[test]
fn an_old_idle_segment_is_closed_so_that_it_can_be_compacted() {
    let dir = TempDir::new().unwrap();
    let stepped = DataDirOptions::stepped();
    let data = DataDir::open(storage(&dir), Arc::new(SystemClock), stepped).unwrap();
    let config =
        TopicConfig { segment_ms: 1_000, min_compaction_lag_ms: 0, ..TopicConfig::ledger() };
    let log = data.partition("t", 0, config).unwrap();
    log.append(&[record(b"k")]).unwrap();
    log.append(&[record(b"k")]).unwrap();
    assert!(!data.maintain(500)[0].rolled);
    let report = data.maintain(5_000).remove(0);
    assert!(report.rolled && report.compaction.is_some(), "{report:?}");
    assert_eq!(keys(&log).len(), 1);
}

#[test]
fn indexes_that_are_missing_or_wrong_are_rebuilt() {
    let dir = TempDir::new().unwrap();
    let config = TopicConfig { segment_bytes: 20_000, ..TopicConfig::ledger() };
    let data = open(&dir);
    let log = data.partition("t", 0, config.clone()).unwrap();
    let value = vec![b'v'; 1_000];
    for count in 0..60_u8 {
        log.append(&[Record { value: Some(&value), ..record(&[count]) }]).unwrap();
    }
    data.close().unwrap();
    let partition = dir.path().join("data/t-0");
    let index = partition.join("00000000000000000000.index");
    let good = std::fs::read(&index).unwrap();
    assert!(good.len() >= 16);
    std::fs::write(&index, vec![7; good.len()]).unwrap();
    std::fs::remove_file(partition.join("00000000000000000000.timeindex")).unwrap();
    assert!(!verify(&*storage(&dir)).unwrap().is_sound());

    let data = open(&dir);
    let log = data.partition("t", 0, config).unwrap();
    assert_eq!(keys(&log).len(), 60);
    assert_eq!(std::fs::read(&index).unwrap(), good);
    data.close().unwrap();
    assert!(verify(&*storage(&dir)).unwrap().is_sound());
}

#[test]
fn names_and_settings_are_checked() {
    let dir = TempDir::new().unwrap();
    let data = open(&dir);
    let ledger = TopicConfig::ledger;
    assert!(matches!(data.partition("a/b", 0, ledger()), Err(OpenError::TopicName(_))));
    assert!(matches!(data.partition("a", -1, ledger()), Err(OpenError::PartitionNumber(-1))));
    let config = TopicConfig { segment_bytes: 0, ..ledger() };
    assert!(matches!(data.partition("a", 0, config), Err(OpenError::Config("segment_bytes"))));
    let config = TopicConfig { batch_size_max: 100, ..ledger() };
    let log = data.partition("a", 0, config).unwrap();
    let refused = log.append(&[Record { value: Some(&[0; 99]), ..record(b"k") }]);
    assert!(matches!(refused, Err(AppendError::TooLarge { size_max: 100, .. })));
    assert_eq!(log.end(), 0);
}

#[test]
fn a_newer_format_is_refused() {
    let dir = TempDir::new().unwrap();
    drop(open(&dir));
    let disk = storage(&dir);
    let file = disk.create("meta.properties").unwrap();
    file.write_at(b"version=1\nsyngraph.format.version=2\n", 0).unwrap();
    let refused = DataDir::open(disk, Arc::new(SystemClock), DataDirOptions::stepped());
    assert!(matches!(refused, Err(OpenError::Format { known: 1, .. })));
}
