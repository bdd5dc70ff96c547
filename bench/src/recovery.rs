//! Opening a large log after an unclean stop, against reading and checksumming its bytes.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use broker_core::{Access, DataDirOptions, FileStorage, Storage as _, SystemClock, TopicConfig};
use registry::log::{Head, embedded};
use registry_core::{
    record::Record,
    state::{Decoded, Position, State},
};
use tempfile::TempDir;

use crate::{
    args::Args,
    prepared,
    process::{Server, directory},
    report::{Goal, Report},
    rounds::Figure,
};

/// What a read takes at once, as the log's own scan does.
const CHUNK: usize = 1 << 20;

pub fn measure(args: &Args) -> Report {
    let records = args.pick(1_000_000, 20_000);
    let mut report = Report::default();
    // As single registrations leave it, and as bursts of them do.
    for batch in [1, 100] {
        let place = directory();
        prepared::generate(place.path(), batch, (1..=records).map(record));
        let mut times = Times::default();
        times.round(place.path());
        times = Times::default();
        for _ in 0..args.pick(5, 2) {
            times.round(place.path());
        }
        times.tell(records, batch, &mut report);
        discard(place);
    }
    report
}

/// A version of a subject; subjects take turns.
fn record(number: usize) -> Record {
    let subjects = 100_000;
    prepared::version(number % subjects, number / subjects + 1, number, false)
}

/// Removing a large directory takes long; it is not part of what is measured next.
fn discard(place: TempDir) {
    place.close().expect("it can be removed");
    rustix::fs::sync();
}

/// Seconds of each part, round by round.
#[derive(Default)]
struct Times {
    bytes: u64,
    checksum: Figure,
    open: Figure,
    read: Figure,
    decode: Figure,
    fold: Figure,
    publish: Figure,
    ready: Figure,
}

impl Times {
    fn round(&mut self, place: &Path) {
        let (bytes, checksum) = checksum(&place.join("data/_schemas-0"));
        self.bytes = bytes;
        self.checksum.add(checksum.as_secs_f64());
        self.phases(place);
        let (server, ready) = Server::registry_timed(place, &[]);
        self.ready.add(ready.as_secs_f64());
        // Killed, so that the next opening is not after a clean stop either.
        drop(server);
    }

    /// The phases of an opening, one after the other on one thread.
    fn phases(&mut self, place: &Path) {
        let storage = Arc::new(FileStorage::new(place.join("data")));
        let options = DataDirOptions::stepped();
        let started = Instant::now();
        let engine =
            embedded::open_on(storage, Arc::new(SystemClock), &TopicConfig::ledger(), options);
        let mut engine = engine.expect("the log is good");
        self.open.add(started.elapsed().as_secs_f64());
        let (mut read, mut decode, mut fold) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        let mut state = State::default();
        let mut from = Head::default();
        let (mut bytes, mut entries) = (Vec::new(), Vec::new());
        loop {
            let started = Instant::now();
            bytes.clear();
            entries.clear();
            let told = engine.schemas.reader.read(from, Duration::ZERO, &mut |stored| {
                let position = Position { offset: stored.offset, timestamp: stored.timestamp };
                bytes.extend_from_slice(stored.key);
                let key_end = bytes.len();
                bytes.extend_from_slice(stored.value.expect("nothing was deleted"));
                entries.push((position, key_end, bytes.len()));
            });
            let told = told.expect("the log can be read");
            read += started.elapsed();
            let started = Instant::now();
            let mut start = 0;
            let decoded = Decoded::all(entries.iter().map(|&(_, key_end, end)| {
                let key = &bytes[start..key_end];
                start = end;
                Record::decode(key, Some(&bytes[key_end..end]))
            }));
            decode += started.elapsed();
            let started = Instant::now();
            for ((position, ..), mut decoded) in entries.iter().zip(decoded) {
                state.apply_decoded(*position, &mut decoded);
            }
            fold += started.elapsed();
            from = told.next;
            if told.next >= told.end {
                break;
            }
        }
        let (published, started) = (ArcSwap::<State>::default(), Instant::now());
        published.store(Arc::new(state));
        self.publish.add(started.elapsed().as_secs_f64());
        self.read.add(read.as_secs_f64());
        self.decode.add(decode.as_secs_f64());
        self.fold.add(fold.as_secs_f64());
    }

    fn tell(&self, records: usize, batch: usize, report: &mut Report) {
        let mb = self.bytes as f64 / 1e6;
        let log = format!("a log of {records} records in batches of {batch}");
        report.row(
            format!("Opening {log} and scanning it: time over reading and checksumming it"),
            Goal::AtMost(2.0),
            self.open.over(&self.checksum),
            format!("{}; {} for {mb:.0} MB", self.open.with("s"), self.checksum.with("s")),
        );
        report.row(
            format!("From start to ready over {log}: time over reading and checksumming it"),
            Goal::AtMost(10.0),
            self.ready.over(&self.checksum),
            format!(
                "{}; each phase alone on one thread: open and scan {}, read {}, decode and hash {}, \
                 fold {}, publish {}",
                self.ready.with("s"),
                self.open.with("s"),
                self.read.with("s"),
                self.decode.with("s"),
                self.fold.with("s"),
                self.publish.with("s"),
            ),
        );
    }
}

/// Reads a log's files and computes the checksum of all their bytes.
fn checksum(partition: &Path) -> (u64, Duration) {
    let storage = FileStorage::new(partition);
    let started = Instant::now();
    let (mut bytes, mut chunk, mut sums) = (0, vec![0; CHUNK], 0);
    for entry in storage.list("").expect("the directory is there") {
        if Path::new(&entry.name).extension().is_none_or(|end| end != "log") {
            continue;
        }
        let file = storage.open(&entry.name, Access::Read).expect("the file is there");
        let mut position = 0;
        loop {
            let count = file.read_at(&mut chunk, position).expect("the disk works");
            if count == 0 {
                break;
            }
            sums ^= crc_fast::crc32_iscsi(&chunk[..count]);
            position += count as u64;
        }
        bytes += position;
    }
    std::hint::black_box(sums);
    (bytes, started.elapsed())
}
