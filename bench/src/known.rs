//! Registering again what is registered, against a bare handler that parses the same body.

use std::time::Duration;

use crate::{
    args::Args,
    client::Client,
    data,
    load::{self, Until},
    process::{Server, directory},
    report::{Goal, Report},
    rounds::alternate,
    side::Side,
};

const CONNECTIONS: usize = 16;
const SCHEMAS: usize = 1000;

pub fn measure(args: &Args) -> Report {
    let place = directory();
    let registry = Server::registry(place.path(), &[]);
    let fill = &mut data::registrations(1);
    load::run(registry.address, CONNECTIONS, Until::Answers(SCHEMAS), fill);
    let known = |number| data::register(&data::subject(number), &data::schema(number));
    let bare = Server::bare(&Client::connect(registry.address).ask(&known(1)));
    let until = Until::After(args.pick(Duration::from_secs(3), Duration::from_millis(300)));
    let side = |server: &Server| {
        let requests = (1..=SCHEMAS).map(known).collect();
        Side::new(server, CONNECTIONS, until, data::cycle(requests))
    };
    let mut sides = [side(&bare), side(&registry)];
    sides.iter_mut().for_each(Side::warm);
    let [bare, ours] = &mut sides;
    alternate(args.pick(7, 3), &mut [&mut || bare.run(), &mut || ours.run()]);
    let mut report = Report::default();
    report.row(
        "Registering a known schema, 16 connections: rate over bare axum that parses the body",
        Goal::AtLeast(0.5),
        ours.rate.over(&bare.rate),
        format!("{}; bare {}", ours.detail(), bare.detail()),
    );
    report
}
