//! Registering new schemas, each durable before its answer: one client against the disk itself, and
//! sixteen against one and against a bare handler.

use std::{path::Path, sync::Arc, time::Duration, time::Instant};

use broker_core::{DiskFile, FileStorage, Storage as _};

use crate::{
    args::Args,
    client::Client,
    data,
    load::Until,
    process::{Server, directory},
    report::{Goal, Report},
    rounds::{Figure, alternate},
    samples::{Samples, nanos},
    side::Side,
};

pub fn measure(args: &Args) -> Report {
    let place = directory();
    let registry = Server::registry(place.path(), &[]);
    let request = data::register(&data::subject(1), &data::schema(1));
    let bare = Server::bare(&Client::connect(registry.address).ask(&request));
    let alone = Until::Answers(args.pick(1000, 100));
    let mut one = Side::new(&registry, 1, alone, data::registrations(1_000_000));
    one.warm();
    let mut disk = Disk::new(place.path(), args.pick(1000, 100));
    disk.run();
    disk.p50 = Figure::new();
    let together = Until::Answers(args.pick(10_000, 500));
    let mut many = Side::new(&registry, 16, together, data::registrations(2_000_000));
    let time = Until::After(args.pick(Duration::from_secs(1), Duration::from_millis(100)));
    let mut parsed = Side::new(&bare, 16, time, data::cycle(vec![request]));
    many.warm();
    parsed.warm();
    alternate(
        args.pick(7, 3),
        &mut [&mut || disk.run(), &mut || one.run(), &mut || many.run(), &mut || parsed.run()],
    );
    let mut report = Report::default();
    report.row(
        "Registering a new schema, one client: p50 over that of write and fdatasync",
        Goal::AtMost(2.0),
        one.p50.over(&disk.p50),
        format!("{}; {} bytes to disk p50 {}", one.detail(), disk.bytes.len(), disk.p50.with("µs")),
    );
    report.row(
        "The same, 16 clients: rate over that of one",
        Goal::AtLeast(4.0),
        many.rate.over(&one.rate),
        many.detail(),
    );
    report.row(
        "The same: rate over a bare handler that parses the body (either of the two will do)",
        Goal::AtLeast(0.5),
        many.rate.over(&parsed.rate),
        format!("bare {}", parsed.detail()),
    );
    report
}

/// What the log does at the least for a durable batch: append to a file and sync its data.
struct Disk {
    file: Arc<dyn DiskFile>,
    position: u64,
    count: usize,
    bytes: Vec<u8>,
    p50: Figure,
}

impl Disk {
    /// A file beside the registry's, appended to in pieces of the size of its batches.
    fn new(place: &Path, count: usize) -> Self {
        let log = place.join("data/_schemas-0/00000000000000000000.log");
        let size = std::fs::metadata(log).expect("the registry has a log").len();
        let batches = 1 + count;
        let bytes = vec![b'x'; usize::try_from(size).expect("a small file") / batches];
        let file = FileStorage::new(place).create("disk").expect("the disk has room");
        Self { file, position: 0, count, bytes, p50: Figure::new() }
    }

    fn run(&mut self) {
        let times = (0..self.count).map(|_| {
            let started = Instant::now();
            self.file.write_at(&self.bytes, self.position).expect("the disk has room");
            self.file.sync().expect("the disk works");
            self.position += self.bytes.len() as u64;
            nanos(started.elapsed())
        });
        self.p50.add(Samples::new(times.collect()).p50_us());
    }
}
