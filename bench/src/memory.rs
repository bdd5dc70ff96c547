//! Memory of the real process for each schema, beyond the schema's text and its subject's name.

use crate::{
    args::Args,
    data,
    load::{self, Until},
    process::{Server, directory},
    report::{Goal, Report},
    rounds::Figure,
};

pub fn measure(args: &Args) -> Report {
    let schemas = args.pick(100_000, 5000);
    let own = data::schema(1).len() + data::subject(1).len();
    let beyond = |after: u64, before: u64| {
        (after.saturating_sub(before)) as f64 / schemas as f64 - own as f64
    };
    let (mut registered, mut restarted) = (Figure::new(), Figure::new());
    let (mut large, mut small) = (Figure::new(), Figure::new());
    for _ in 0..args.pick(3, 1) {
        let place = directory();
        let server = Server::registry(place.path(), &[]);
        load::run(server.address, 16, Until::Answers(1), &mut data::registrations(0));
        let empty = server.resident();
        let fill = &mut data::registrations(1);
        load::run(server.address, 16, Until::Answers(schemas), fill);
        registered.add(beyond(server.resident(), empty));
        server.stop();
        let server = Server::registry(place.path(), &[]);
        restarted.add(beyond(server.resident(), empty));
        large.add(server.resident() as f64 / 1e6);
        small.add(empty as f64 / 1e6);
    }
    let mut report = Report::default();
    report.row(
        format!(
            "Memory for each of {schemas} schemas after a restart, beyond text and subject: bytes"
        ),
        Goal::AtMost(600.0),
        restarted,
        format!(
            "{} resident; {} when empty; a schema has {own} bytes",
            large.with("MB"),
            small.with("MB")
        ),
    );
    report.row(
        "The same after registering them, parsed schemas kept ready included: bytes",
        Goal::None,
        registered,
        "that cache is bounded; it does not grow with the registry".to_owned(),
    );
    report
}
