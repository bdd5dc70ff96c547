//! Data directories of every released format version open for ever.
//! `tests/cases/log/v<n>` holds one that was stopped cleanly, one that crashed in the middle of a
//! write, and what both must show. A version's directory is written once, by the program that
//! brought the version, and never again.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use broker_core::{
    DataDir, DataDirOptions, FORMAT_VERSION, FileStorage, ManualClock, Partition, Record,
    TopicConfig, verify,
};

const CLEAN: &str = "clean";
const CRASHED: &str = "crashed";
const EXPECTED: &str = "expected.txt";

fn cases(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/cases/log/v{version}"))
}

fn config() -> TopicConfig {
    TopicConfig {
        segment_bytes: 700,
        min_compaction_lag_ms: 0,
        delete_retention_ms: 1_000,
        file_delete_delay_ms: 0,
        ..TopicConfig::ledger()
    }
}

fn open(dir: &Path) -> (DataDir, Partition) {
    let clock = Arc::new(ManualClock::new(5_000));
    let storage = Arc::new(FileStorage::new(dir));
    let data = DataDir::open(storage, clock, DataDirOptions::stepped()).unwrap();
    let log = data.partition("ledger", 0, config()).unwrap();
    (data, log)
}

fn append(log: &Partition, rounds: std::ops::Range<i64>) {
    for round in rounds {
        let (key, value) = (format!("key-{}", round % 4), format!("value of round {round}"));
        let header: (&[u8], Option<&[u8]>) = (b"round", Some(value.as_bytes()));
        let record = Record {
            key: Some(key.as_bytes()),
            value: (round % 7 != 3).then_some(value.as_bytes()),
            headers: if round % 5 == 0 { &[header, (b"none", None)] } else { &[] },
            timestamp: 1_000 + round,
        };
        let empty = Record { key: Some(b""), value: Some(b""), headers: &[], timestamp: 0 };
        log.append(&[record, empty]).unwrap();
    }
}

/// Writes the directories of the current version.
fn write(dir: &Path) {
    for name in [CLEAN, CRASHED] {
        let (data, log) = open(&dir.join(name));
        append(&log, 0..20);
        log.roll().unwrap();
        log.compact(5_000).unwrap();
        append(&log, 20..30);
        if name == CLEAN {
            data.close().unwrap();
        }
    }
    let last = dir.join(CRASHED).join("ledger-0");
    let mut logs: Vec<PathBuf> = fs::read_dir(last).unwrap().map(|e| e.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|end| end == "log"));
    let active = logs.iter().max().unwrap();
    let mut bytes = fs::read(active).unwrap();
    bytes.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 99, 0, 0]);
    fs::write(active, bytes).unwrap();
    let (_data, log) = open(&copy(&dir.join(CLEAN)).path().join("data"));
    fs::write(dir.join(EXPECTED), listing(&log)).unwrap();
    for name in [CLEAN, CRASHED] {
        fs::remove_file(dir.join(name).join(".lock")).unwrap();
    }
}

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::TempDir::new().unwrap();
    copy_into(from, &to.path().join("data"));
    to
}

fn copy_into(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_into(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

fn listing(log: &Partition) -> String {
    let mut text = format!("start {} end {}\n", log.log_start(), log.end());
    let mut from = log.log_start();
    while from < log.end() {
        let page = log.read(from, 300).unwrap();
        for record in page.records() {
            let show = |bytes: Option<&[u8]>| {
                bytes
                    .map_or("-".to_owned(), |bytes| format!("{:?}", String::from_utf8_lossy(bytes)))
            };
            let (key, value) = (show(record.key), show(record.value));
            write!(text, "{} {} {key} {value}", record.offset, record.timestamp).unwrap();
            for (name, value) in record.headers.iter() {
                write!(text, " {}={}", show(Some(name)), show(value)).unwrap();
            }
            text.push('\n');
        }
        from = page.next;
    }
    text
}

#[test]
fn every_version_opens() {
    if !cases(FORMAT_VERSION).exists() {
        write(&cases(FORMAT_VERSION));
    }
    for version in 1..=FORMAT_VERSION {
        let expected = fs::read_to_string(cases(version).join(EXPECTED)).unwrap();
        for name in [CLEAN, CRASHED] {
            let dir = copy(&cases(version).join(name));
            let data = dir.path().join("data");
            let found = verify(&FileStorage::new(&data)).unwrap();
            assert!(found.is_sound(), "version {version}, {name}: {found:?}");
            let (data, log) = open(&data);
            assert_eq!(listing(&log), expected, "version {version}, {name}");
            assert_eq!(log.stats().cut_bytes > 0, name == CRASHED);
            append(&log, 30..31);
            data.close().unwrap();
        }
    }
}
