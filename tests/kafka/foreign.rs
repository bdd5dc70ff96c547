//! Our log over the data directory that a real broker left: five codecs, a compacted topic, a
//! topic with transactions. What a consumer read from the broker is what we read from its files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use broker_core::{
    CleanupPolicy, DataDir, DataDirOptions, FileStorage, ManualClock, Partition, Record,
    StoredRecord, TopicConfig, verify,
};
use tempfile::TempDir;

use crate::judge::judge;

const TOPICS: [&str; 7] = ["none", "gzip", "snappy", "lz4", "zstd", "compacted", "transactions"];

fn hex(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else { return "-".to_owned() };
    bytes.iter().fold("x".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn line(topic: &str, record: &StoredRecord<'_>) -> String {
    let (key, value) = (hex(record.key), hex(record.value));
    let mut line = format!("{topic} {} {} {key} {value}", record.offset, record.timestamp);
    for (name, value) in record.headers.iter() {
        write!(line, " {}={}", String::from_utf8_lossy(name), hex(value)).unwrap();
    }
    line
}

fn lines(topic: &str, log: &Partition) -> Vec<String> {
    let (mut lines, mut from) = (Vec::new(), log.log_start());
    while from < log.end() {
        let page = log.read(from, 50_000).unwrap();
        lines.extend(page.records().map(|record| line(topic, &record)));
        from = page.next;
    }
    lines.push(format!("{topic} end {}", log.end()));
    lines
}

fn open(dir: &Path) -> DataDir {
    let clock = Arc::new(ManualClock::new(2_000_000_000_000));
    let storage = Arc::new(FileStorage::new(dir));
    DataDir::open(storage, clock, DataDirOptions::stepped()).unwrap()
}

fn config(topic: &str) -> TopicConfig {
    let cleanup_policy =
        if topic == "compacted" { CleanupPolicy::Compact } else { CleanupPolicy::Delete };
    TopicConfig {
        cleanup_policy,
        segment_bytes: 1 << 20,
        min_compaction_lag_ms: 0,
        retention_ms: None,
        ..TopicConfig::ledger()
    }
}

#[test]
fn our_log_opens_and_reads_what_a_real_broker_wrote() {
    let Some(mut judge) = judge() else { return };
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("logs");
    std::fs::create_dir(&dir).unwrap();
    let expected = judge.write_log(&dir, &temp.path().join("expected.txt"));
    let mut by_topic: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in expected.lines() {
        by_topic.entry(line.split(' ').next().unwrap()).or_default().push(line);
    }
    let data = open(&dir);
    for topic in TOPICS {
        let log = data.partition(topic, 0, config(topic)).unwrap();
        assert_eq!(lines(topic, &log), by_topic[topic], "{topic}");
    }
    check_compaction(&data, &by_topic["compacted"]);
    let log = data.partition("lz4", 0, config("lz4")).unwrap();
    let record = Record { key: None, value: Some(b"ours"), headers: &[], timestamp: 1 };
    let appended = log.append(&[record]).unwrap();
    data.close().unwrap();

    let found = verify(&FileStorage::new(&dir)).unwrap();
    assert!(found.is_sound(), "{found:?}");
    let file = dir.join("lz4-0/00000000000000000000.log");
    let file = file.display().to_string();
    let dump = judge.dump(&temp.path().join("dump.txt"), &["--files", &file]);
    let last = dump.lines().rfind(|line| line.starts_with("baseOffset:")).unwrap();
    assert!(last.starts_with(&format!("baseOffset: {}", appended.base_offset)), "{last}");
    assert!(last.contains("isvalid: true"), "{last}");
}

/// Our own compaction over compressed batches of a real producer keeps the newest of each key.
fn check_compaction(data: &DataDir, expected: &[&str]) {
    let log = data.partition("compacted", 0, config("compacted")).unwrap();
    log.roll().unwrap();
    log.compact(2_000_000_000_000).unwrap();
    let mut newest: BTreeMap<&str, &str> = BTreeMap::new();
    for line in &expected[..expected.len() - 1] {
        newest.insert(line.split(' ').nth(3).unwrap(), line);
    }
    let mut kept: Vec<&str> = newest.into_values().collect();
    kept.sort_by_key(|line| line.split(' ').nth(1).unwrap().parse::<i64>().unwrap());
    let found = lines("compacted", &log);
    assert_eq!(found[..found.len() - 1], kept);
}
