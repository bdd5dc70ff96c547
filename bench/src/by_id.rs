//! Reading a schema by its id, against a bare handler that sends the same headers and bytes.

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
    let places = [directory(), directory()];
    let logged = Server::registry(places[0].path(), &[]);
    let quiet = Server::registry(places[1].path(), &["--access-log=false"]);
    for server in [&logged, &quiet] {
        let fill = &mut data::registrations(1);
        load::run(server.address, CONNECTIONS, Until::Answers(SCHEMAS), fill);
    }
    let sample = Client::connect(logged.address).ask(&data::get("/schemas/ids/1"));
    let bare = Server::bare(&sample);
    let until = Until::After(args.pick(Duration::from_secs(3), Duration::from_millis(300)));
    let side = |server: &Server| {
        let reads = (1..=SCHEMAS).map(|id| data::get(&format!("/schemas/ids/{id}"))).collect();
        Side::new(server, CONNECTIONS, until, data::cycle(reads))
    };
    let mut sides = [side(&bare), side(&logged), side(&quiet)];
    sides.iter_mut().for_each(Side::warm);
    let [bare, logged, quiet] = &mut sides;
    alternate(
        args.pick(7, 3),
        &mut [&mut || bare.run(), &mut || logged.run(), &mut || quiet.run()],
    );
    let mut report = Report::default();
    for (side, log) in [(logged, "default settings"), (quiet, "access log off")] {
        let what = format!("`GET /schemas/ids/{{id}}`, 16 connections, {log}: rate over bare axum");
        let detail = format!("{}; bare {}", side.detail(), bare.detail());
        report.row(what, Goal::AtLeast(0.9), side.rate.over(&bare.rate), detail);
    }
    report
}
