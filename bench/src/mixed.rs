//! Reads while others write at a pace, against reads alone.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    args::Args,
    client::Client,
    data,
    load::{self, Until},
    process::{Server, directory},
    report::{Goal, Report},
    rounds::{Figure, alternate},
    side::Side,
};

const CONNECTIONS: usize = 16;
const SCHEMAS: usize = 1000;
const WRITERS: u32 = 4;
/// Registrations in a second, of all writers.
const PACE: u32 = 1000;

pub fn measure(args: &Args) -> Report {
    let place = directory();
    let registry = Server::registry(place.path(), &[]);
    let fill = &mut data::registrations(1);
    load::run(registry.address, CONNECTIONS, Until::Answers(SCHEMAS), fill);
    let until = Until::After(args.pick(Duration::from_secs(4), Duration::from_millis(300)));
    let reads: Vec<_> = (1..=SCHEMAS).map(|id| data::get(&format!("/schemas/ids/{id}"))).collect();
    let side = || Side::new(&registry, CONNECTIONS, until, data::cycle(reads.clone()));
    let (mut alone, mut mixed) = (side(), side());
    let written = AtomicUsize::new(0);
    let mut pace = Figure::new();
    alone.warm();
    alternate(
        args.pick(7, 3),
        &mut [&mut || alone.run(), &mut || {
            let (started, before) = (Instant::now(), written.load(Ordering::Relaxed));
            while_writing(registry.address, &written, || mixed.run());
            let count = written.load(Ordering::Relaxed) - before;
            pace.add(count as f64 / started.elapsed().as_secs_f64());
        }],
    );
    let mut report = Report::default();
    report.row(
        "Reads by id while 1,000 schemas/s are registered: rate over reads alone",
        Goal::AtLeast(0.85),
        mixed.rate.over(&alone.rate),
        format!("{} beside {} writes; alone {}", mixed.detail(), pace.with("/s"), alone.detail()),
    );
    let p99 = format!("{}; alone {}", mixed.p99.with("µs"), alone.p99.with("µs"));
    report.row(
        "The same: p99 over reads alone",
        Goal::AtMost(2.0),
        mixed.p99.over(&alone.p99),
        p99,
    );
    report
}

/// Does something while writers register new schemas, each at its moments of a common schedule.
fn while_writing(address: SocketAddr, written: &AtomicUsize, work: impl FnOnce()) {
    let done = AtomicBool::new(false);
    let started = Instant::now();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let done = &done;
            scope.spawn(move || {
                let mut client = Client::connect(address);
                for turn in 0.. {
                    let due = Duration::from_secs(1) * (turn * WRITERS + writer) / PACE;
                    thread::sleep(due.saturating_sub(started.elapsed()));
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                    let number = 1_000_000 + written.fetch_add(1, Ordering::Relaxed);
                    client.ask(&data::register(&data::subject(number), &data::schema(number)));
                }
            });
        }
        work();
        done.store(true, Ordering::Relaxed);
    });
}
