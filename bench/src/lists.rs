//! Lists: a page of a few beside very many subjects that are not listed, and pages further and
//! further in.

use crate::{
    args::Args,
    data,
    load::{self, Until},
    prepared,
    process::{Server, directory},
    report::{Goal, Report},
    rounds::{Figure, alternate},
};

const PAGE: usize = 10;

/// As many as keep every processor busy: on an idle one, a single connection is answered in one time
/// or in twice that, depending on where it is served.
const CONNECTIONS: usize = 16;

/// What is asked for, and what it is called.
const PAGES: [(&str, &str); 3] = [
    ("/subjects?limit=10", "`GET /subjects?limit=10`"),
    ("/schemas?limit=10", "`GET /schemas?limit=10`"),
    (
        "/subjects?limit=10&subjectPrefix=:*:shop",
        "`GET /subjects?limit=10` with a prefix in every context",
    ),
];

pub fn measure(args: &Args) -> Report {
    let (active, deleted) = (args.pick(10_000, 1000), args.pick(90_000, 9000));
    let places = [directory(), directory()];
    // What is soft-deleted stands in front of all that is not.
    let gone = (1..=deleted).map(|number| prepared::version(number, 1, number, true));
    let left = |from: usize| {
        (from + 1..=from + active).map(|number| prepared::version(number, 1, number, false))
    };
    prepared::generate(places[0].path(), 100, left(0));
    prepared::generate(places[1].path(), 100, gone.chain(left(deleted)));
    let [few, many] = places.each_ref().map(|place| Server::registry(place.path(), &[]));
    let mut report = Report::default();
    for (path, name) in PAGES {
        let what = format!(
            "{name}, {deleted} of {} subjects soft-deleted: p50 over that without them",
            active + deleted
        );
        let (with, without) = both(args, &many, &few, path, path);
        report.row(what, Goal::AtMost(1.3), with.over(&without), detail(&with, &without));
    }
    for (path, name) in [("/subjects", "`GET /subjects`"), ("/schemas", "`GET /schemas`")] {
        let (near, far) = (active / 4, active / 2);
        let page = |offset: usize| format!("{path}?limit={PAGE}&offset={offset}");
        let what = format!("{name} at offset {far}: p50 over that at {near} (linear is 2)");
        let (at_far, at_near) = both(args, &few, &few, &page(far), &page(near));
        report.row(what, Goal::AtMost(2.2), at_far.over(&at_near), detail(&at_far, &at_near));
    }
    report
}

/// The p50 of two reads, in microseconds, round by round.
fn both(args: &Args, one: &Server, other: &Server, path: &str, than: &str) -> (Figure, Figure) {
    let count = args.pick(10_000, 500);
    let p50 = |server: &Server, path: &str| {
        let requests = &mut data::cycle(vec![data::get(path)]);
        load::run(server.address, CONNECTIONS, Until::Answers(count), requests).latency.p50_us()
    };
    let (mut first, mut second) = (Figure::new(), Figure::new());
    alternate(
        args.pick(7, 3),
        &mut [&mut || first.add(p50(one, path)), &mut || second.add(p50(other, than))],
    );
    (first, second)
}

fn detail(one: &Figure, other: &Figure) -> String {
    format!("{}; {}", one.with("µs"), other.with("µs"))
}
