//! What a registration costs in a large registry and in a long history, against small ones: over
//! HTTP to the disk, and in process without either.

use schema::CompatibilityLevel::{Backward, BackwardTransitive};

use crate::{
    args::Args,
    client::Client,
    data,
    load::{self, Until},
    local::Local,
    process::{Server, directory},
    report::{Goal, Report},
    rounds::{Figure, alternate},
    samples::{Samples, nanos},
};

const FEW: usize = 100;

/// One side of a comparison: its figure, what is registered in, and the subject of a number.
type Asked<'a, T> = (&'a mut Figure, T, &'a dyn Fn(usize) -> String);

pub fn measure(args: &Args) -> Report {
    let mut report = Report::default();
    served(args, &mut report);
    in_process(args, &mut report);
    transitive(args, &mut report);
    report
}

fn sizes(args: &Args) -> (usize, usize, usize) {
    (args.pick(100_000, 3000), args.pick(1000, 200), args.pick(100, 20))
}

fn of_subjects(subjects: usize) -> impl Iterator<Item = (String, String)> {
    (1..=subjects).map(|number| (data::subject(number), data::schema(number)))
}

fn of_versions(subject: &str, versions: usize) -> impl Iterator<Item = (String, String)> {
    (1..=versions).map(move |number| (subject.to_owned(), data::schema(number)))
}

/// The whole way of a registration: a client, HTTP, the disk.
fn served(args: &Args, report: &mut Report) {
    let (subjects, versions, count) = sizes(args);
    let places = [directory(), directory()];
    let [small, large] = places.each_ref().map(|place| Server::registry(place.path(), &[]));
    let fill = |server: &Server, subjects| {
        let fill = &mut data::registrations(1);
        load::run(server.address, 16, Until::Answers(subjects), fill);
    };
    fill(&small, FEW);
    fill(&large, subjects);
    let mut long = Client::connect(small.address);
    for number in 1..=versions {
        long.ask(&data::register("long", &data::schema(number)));
    }
    let next = &mut 10_000_000;
    let mut p50 = |server: &Server, subject: &dyn Fn(usize) -> String| {
        let one = &mut |out: &mut Vec<u8>| {
            *next += 1;
            out.extend_from_slice(&data::register(&subject(*next), &data::schema(*next)));
        };
        load::run(server.address, 1, Until::Answers(count), one).latency.p50_us()
    };
    let (mut at_few, mut at_many) = (Figure::new(), Figure::new());
    let (mut at_short, mut at_long) = (Figure::new(), Figure::new());
    for round in 0..args.pick(9, 3) {
        // New ones each round, or what is small would not stay so.
        let place = directory();
        let few = Server::registry(place.path(), &[]);
        fill(&few, FEW);
        let short = format!("short-{round}");
        let mut client = Client::connect(small.address);
        for number in 1..=FEW {
            client.ask(&data::register(&short, &data::schema(number)));
        }
        let mut sides: [Asked<'_, &Server>; 4] = [
            (&mut at_few, &few, &data::subject),
            (&mut at_many, &large, &data::subject),
            (&mut at_short, &small, &|_| short.clone()),
            (&mut at_long, &small, &|_| "long".to_owned()),
        ];
        if round % 2 == 1 {
            sides.reverse();
        }
        for (figure, server, subject) in sides {
            figure.add(p50(server, subject));
        }
    }
    report.row(
        format!("Registering over HTTP at {subjects} subjects: p50 over that at {FEW}"),
        Goal::AtMost(1.3),
        at_many.over(&at_few),
        format!("{}; {}", at_many.with("µs"), at_few.with("µs")),
    );
    report.row(
        format!("The same at {versions} versions of a subject, BACKWARD: p50 over that at {FEW}"),
        Goal::AtMost(1.3),
        at_long.over(&at_short),
        format!("{}; {}", at_long.with("µs"), at_short.with("µs")),
    );
}

/// Parsing, checking, deciding, encoding and publishing, over a log in memory.
fn in_process(args: &Args, report: &mut Report) {
    let (subjects, versions, count) = sizes(args);
    let mut large = Local::new(Backward);
    large.fill(of_subjects(subjects));
    let mut long = history(Backward, versions);
    let mut next = 10_000_000;
    let mut p50 = |local: &mut Local, subject: &dyn Fn(usize) -> String| {
        let times = (0..count).map(|_| {
            next += 1;
            nanos(local.register(&subject(next), &data::schema(next)))
        });
        Samples::new(times.collect()).p50_us()
    };
    let (mut at_few, mut at_many) = (Figure::new(), Figure::new());
    let (mut at_short, mut at_long) = (Figure::new(), Figure::new());
    for round in 0..args.pick(21, 3) {
        let mut few = Local::new(Backward);
        few.fill(of_subjects(FEW));
        let mut short = history(Backward, FEW);
        let own = |_: usize| "long".to_owned();
        let mut sides: [Asked<'_, &mut Local>; 4] = [
            (&mut at_few, &mut few, &data::subject),
            (&mut at_many, &mut large, &data::subject),
            (&mut at_short, &mut short, &own),
            (&mut at_long, &mut long, &own),
        ];
        if round % 2 == 1 {
            sides.reverse();
        }
        for (figure, local, subject) in sides {
            figure.add(p50(local, subject));
        }
    }
    report.row(
        format!("Registering in process, no disk, at {subjects} subjects: p50 over that at {FEW}"),
        Goal::AtMost(1.3),
        at_many.over(&at_few),
        format!("{}; {}", at_many.with("µs"), at_few.with("µs")),
    );
    report.row(
        format!("The same at {versions} versions of a subject, BACKWARD: p50 over that at {FEW}"),
        Goal::AtMost(1.3),
        at_long.over(&at_short),
        format!("{}; {}", at_long.with("µs"), at_short.with("µs")),
    );
}

/// A registry with one subject of so many versions.
fn history(level: schema::CompatibilityLevel, versions: usize) -> Local {
    let mut local = Local::new(level);
    for (subject, text) in of_versions("long", versions) {
        local.register(&subject, &text);
    }
    local
}

/// A check against all versions: its cost may follow their number, and nothing more.
fn transitive(args: &Args, report: &mut Report) {
    let (_, versions, count) = sizes(args);
    let count = count / 5;
    let sizes = [versions / 4, versions / 2, versions];
    let mut figures = [const { Figure::new() }; 3];
    for _ in 0..args.pick(7, 3) {
        let mut locals = sizes.map(|size| history(BackwardTransitive, size));
        let [a, b, c] = &mut locals;
        let [fa, fb, fc] = &mut figures;
        let one = |local: &mut Local, figure: &mut Figure| {
            let times = (0..count).map(|at| {
                let number = 20_000_000 + at;
                nanos(local.register("long", &data::schema(number)))
            });
            figure.add(Samples::new(times.collect()).p50_us());
        };
        alternate(1, &mut [&mut || one(a, fa), &mut || one(b, fb), &mut || one(c, fc)]);
    }
    let [quarter, half, whole] = &figures;
    let told = |figure: &Figure, size: usize| format!("{} at {size}", figure.with("µs"));
    let told = [told(whole, sizes[2]), told(half, sizes[1]), told(quarter, sizes[0])].join(", ");
    report.row(
        format!(
            "Registering in process under BACKWARD_TRANSITIVE at {versions} versions: p50 over \
             that at half as many (linear is 2)"
        ),
        Goal::AtMost(2.2),
        whole.over(half),
        told,
    );
}
