//! `kafka-dump-log` over our segments and indexes, before and after compaction: each batch, offset
//! and checksum as we have them, each index entry right, and a damaged index reported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use broker_core::{
    DataDir, DataDirOptions, FileStorage, Header, ManualClock, Partition, Record, TopicConfig,
    verify,
};
use tempfile::TempDir;

use crate::judge::{Judge, judge};

fn open(dir: &Path) -> (DataDir, Partition) {
    let clock = Arc::new(ManualClock::new(10_000));
    let storage = Arc::new(FileStorage::new(dir));
    let data = DataDir::open(storage, clock, DataDirOptions::stepped()).unwrap();
    let config = TopicConfig {
        segment_bytes: 40_000,
        min_compaction_lag_ms: 0,
        file_delete_delay_ms: 0,
        ..TopicConfig::ledger()
    };
    let log = data.partition("ours", 0, config).unwrap();
    (data, log)
}

fn fill(log: &Partition) {
    for round in 0..300_i64 {
        let key = format!("key-{}", round % 23);
        let value = "value ".repeat(usize::try_from(round % 90).unwrap());
        let headers: &[(&[u8], Option<&[u8]>)] = &[(b"one", Some(b"1")), (b"none", None)];
        let record = |value| Record {
            key: Some(key.as_bytes()),
            value,
            headers: if round % 4 == 0 { headers } else { &[] },
            timestamp: 5_000 + round * 3 % 400,
        };
        let both = [record(Some(value.as_bytes())), record(None)];
        log.append(if round % 9 == 0 { &both } else { &both[..1] }).unwrap();
    }
}

/// What identifies a batch in both listings.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    base_offset: i64,
    last_offset: i64,
    count: i64,
    position: u64,
    size: usize,
    crc: u32,
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir.join("ours-0")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == extension));
    files.sort();
    files
}

/// The batches of a segment as our decoder sees them.
fn ours(file: &Path) -> Vec<Seen> {
    let bytes = std::fs::read(file).unwrap();
    let (mut seen, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let header = Header::decode(&bytes[at..]).unwrap();
        header.verify(&bytes[at..at + header.size()]).unwrap();
        seen.push(Seen {
            base_offset: header.base_offset,
            last_offset: header.last_offset(),
            count: i64::from(header.count),
            position: at as u64,
            size: header.size(),
            crc: header.crc,
        });
        at += header.size();
    }
    seen
}

/// The number behind a word of a line.
fn number<T: std::str::FromStr>(line: &str, word: &str) -> T {
    let mut words = line.split_whitespace().skip_while(|found| *found != word);
    let number = words.nth(1).and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("{word} is missing: {line}"))
}

/// The batches of a segment as Kafka prints them.
fn theirs(text: &str) -> Vec<Seen> {
    let lines = text.lines().filter(|line| line.starts_with("baseOffset:"));
    let seen = |line: &str| {
        assert!(line.contains("isvalid: true") && line.contains("magic: 2"), "{line}");
        Seen {
            base_offset: number(line, "baseOffset:"),
            last_offset: number(line, "lastOffset:"),
            count: number(line, "count:"),
            position: number(line, "position:"),
            size: number(line, "size:"),
            crc: number(line, "crc:"),
        }
    };
    lines.map(seen).collect()
}

/// The offsets of the records as Kafka prints them.
fn their_offsets(text: &str) -> Vec<i64> {
    let lines = text.lines().filter(|line| line.starts_with("| offset:"));
    lines.map(|line| number(line, "offset:")).collect()
}

fn our_offsets(log: &Partition) -> Vec<i64> {
    let (mut offsets, mut from) = (Vec::new(), log.log_start());
    while from < log.end() {
        let page = log.read(from, 1 << 20).unwrap();
        offsets.extend(page.records().map(|record| record.offset));
        from = page.next;
    }
    offsets
}

fn dump(judge: &mut Judge, dir: &Path, files: &[&Path], more: &[&str]) -> String {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let names = names.join(",");
    let mut arguments = vec!["--files", &names];
    arguments.extend(more);
    judge.dump(&dir.join("dump.txt"), &arguments)
}

fn check_segments(judge: &mut Judge, dir: &Path, offsets: &[i64]) {
    let mut found = Vec::new();
    for file in files(dir, "log") {
        let text = dump(judge, dir, &[&file], &["--print-data-log"]);
        assert_eq!(theirs(&text), ours(&file), "{}", file.display());
        found.extend(their_offsets(&text));
    }
    assert_eq!(found, offsets);
}

fn check_indexes(judge: &mut Judge, dir: &Path) -> usize {
    let mut entries = 0;
    for file in files(dir, "index") {
        let text = dump(judge, dir, &[&file], &[]);
        assert!(!has_complaint(&text), "{text}");
        let bytes = std::fs::read(&file).unwrap();
        let base: i64 = file.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        let entry = |entry: &[u8; 8]| {
            let (offset, position) = entry.split_first_chunk::<4>().unwrap();
            let position = position.first_chunk::<4>().unwrap();
            let offset = base + i64::from(u32::from_be_bytes(*offset));
            format!("offset: {offset} position: {}", u32::from_be_bytes(*position))
        };
        let (ours, rest) = bytes.as_chunks::<8>();
        assert!(rest.is_empty());
        let theirs: Vec<&str> =
            text.lines().filter(|line| line.starts_with("offset:")).map(str::trim).collect();
        // Of an empty index Kafka prints one entry of zeros.
        if !ours.is_empty() {
            assert_eq!(theirs, ours.iter().map(entry).collect::<Vec<_>>());
        }
        let sane = dump(judge, dir, &[&file], &["--index-sanity-check"]);
        assert!(sane.contains("passed sanity check") || ours.is_empty(), "{sane}");
        entries += ours.len();
    }
    let mut timed = 0;
    for file in files(dir, "timeindex") {
        let text = dump(judge, dir, &[&file], &[]);
        assert!(!has_complaint(&text), "{text}");
        timed += text.lines().filter(|line| line.starts_with("timestamp:")).count();
    }
    assert!(timed > 0);
    entries
}

fn has_complaint(text: &str) -> bool {
    ["Mismatches", "not found", "out of order", "Found ", "failed"]
        .iter()
        .any(|complaint| text.contains(complaint))
}

#[test]
fn kafka_reads_our_segments_and_indexes_before_and_after_compaction() {
    let Some(mut judge) = judge() else { return };
    let temp = TempDir::new().unwrap();
    let dir = temp.path();
    let (data, log) = open(dir);
    fill(&log);
    let offsets = our_offsets(&log);
    data.close().unwrap();
    assert!(files(dir, "log").len() > 2);
    check_segments(&mut judge, dir, &offsets);
    assert!(check_indexes(&mut judge, dir) > 10);

    let (data, log) = open(dir);
    log.roll().unwrap();
    let report = log.compact(20_000).unwrap();
    assert!(report.records_removed > 200);
    let offsets = our_offsets(&log);
    assert!(offsets.len() < 60);
    data.close().unwrap();
    check_segments(&mut judge, dir, &offsets);
    check_indexes(&mut judge, dir);
}

#[test]
fn kafka_reports_an_index_that_was_damaged_on_purpose() {
    let Some(mut judge) = judge() else { return };
    let temp = TempDir::new().unwrap();
    let dir = temp.path();
    let (data, log) = open(dir);
    fill(&log);
    data.close().unwrap();
    let (index, times) = (&files(dir, "index")[0], &files(dir, "timeindex")[0]);
    for (file, at) in [(index, 3), (times, 6)] {
        let mut bytes = std::fs::read(file).unwrap();
        bytes[at] ^= 1;
        std::fs::write(file, bytes).unwrap();
        let text = dump(&mut judge, dir, &[file], &[]);
        assert!(has_complaint(&text), "Kafka passed over the damage: {text}");
    }
    let found = verify(&FileStorage::new(dir)).unwrap();
    assert_eq!(found.damages.len(), 2, "ours sees both: {found:?}");
}
