//! What the log costs beside the bare machine, in one run: an append with its sync beside a bare
//! write and fdatasync, a scan of a million records beside reading and checksumming their bytes.
//! `cargo bench -p syngraph-broker-core [-- records]`

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use broker_core::{
    DataDir, DataDirOptions, Durability, FileStorage, Partition, Record, SystemClock, TopicConfig,
};

const ROUNDS: usize = 5;
const APPENDS: usize = 400;

fn open(dir: &Path, config: &TopicConfig) -> (DataDir, Partition) {
    let (storage, clock) = (Arc::new(FileStorage::new(dir)), Arc::new(SystemClock));
    let data = DataDir::open(storage, clock, DataDirOptions::serving()).unwrap();
    let log = data.partition("bench", 0, config.clone()).unwrap();
    (data, log)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Time on the processor, which neighbours on a shared machine disturb less.
fn worked(mut act: impl FnMut()) -> Duration {
    let clock = || {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
    };
    let start = clock();
    act();
    clock().saturating_sub(start)
}

fn timed(mut act: impl FnMut()) -> Duration {
    let start = Instant::now();
    act();
    start.elapsed()
}

fn appends(dir: &Path) {
    let value = [b'v'; 300];
    let record = Record { key: Some(b"key"), value: Some(&value), headers: &[], timestamp: 1 };
    let (data, log) = open(&dir.join("appends"), &TopicConfig::ledger());
    let bare = File::create_new(dir.join("bare")).unwrap();
    let block = [7; 380];
    let mut position = 0;
    for round in 0..ROUNDS {
        let ours = (0..APPENDS).map(|_| timed(|| _ = log.append(&[record]).unwrap())).collect();
        let theirs = (0..APPENDS).map(|_| {
            timed(|| {
                bare.write_all_at(&block, position).unwrap();
                bare.sync_data().unwrap();
                position += block.len() as u64;
            })
        });
        let (ours, theirs) = (median(ours), median(theirs.collect()));
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        println!("round {round}: append p50 {ours:?}, bare p50 {theirs:?}, ratio {ratio:.2}");
    }
    data.close().unwrap();
}

fn fill(dir: &Path, records: usize, config: &TopicConfig) {
    let value = [b'v'; 300];
    let config = TopicConfig { durability: Durability::Os, ..config.clone() };
    let (data, log) = open(dir, &config);
    for at in 0..records {
        let key = at.to_be_bytes();
        let record = Record { key: Some(&key), value: Some(&value), headers: &[], timestamp: 1 };
        log.append(&[record]).unwrap();
    }
    data.close().unwrap();
}

/// Reads every file of the log once, checksumming all of it.
fn read_bare(dir: &Path) -> u64 {
    let mut size = 0;
    let mut buffer = vec![0; 1 << 20];
    for entry in std::fs::read_dir(dir.join("bench-0")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "log") {
            let file = File::open(path).unwrap();
            let mut position = 0;
            loop {
                let count = file.read_at(&mut buffer, position).unwrap();
                if count == 0 {
                    break;
                }
                std::hint::black_box(crc_fast::crc32_iscsi(&buffer[..count]));
                position += count as u64;
            }
            size += position;
        }
    }
    size
}

fn scans(dir: &Path, records: usize) {
    let (dir, config) = (dir.join("scans"), TopicConfig::ledger());
    fill(&dir, records, &config);
    for round in 0..ROUNDS {
        let mut size = 0;
        let bare = worked(|| size = read_bare(&dir));
        let mut opened = None;
        let opening = worked(|| opened = Some(open(&dir, &config)));
        let (data, log) = opened.unwrap();
        let mut count = 0;
        let replay = worked(|| {
            let mut from = 0;
            while from < log.end() {
                let page = log.read(from, 1 << 20).unwrap();
                count += page.records().count();
                from = page.next;
            }
        });
        assert_eq!(count, records);
        data.close().unwrap();
        let ratio = |time: Duration| time.as_secs_f64() / bare.as_secs_f64();
        println!(
            "round {round}: {records} records, {size} bytes; bare {bare:?}, open {opening:?} \
             ({:.2}), replay {replay:?} ({:.2})",
            ratio(opening),
            ratio(replay)
        );
    }
}

fn main() {
    let records = std::env::args().find_map(|argument| argument.parse().ok());
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::fs::create_dir_all(&here).unwrap();
    let dir = tempfile::TempDir::new_in(here).unwrap();
    appends(dir.path());
    scans(dir.path(), records.unwrap_or(1_000_000));
}
