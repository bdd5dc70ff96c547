//! The REST API, from outside: every case of `tests/cases/api` against the routes in this process
//! and against the real process, then what no case can say (limits, slow callers, races).
//! The form of a case is told in `case.rs`.
#![allow(clippy::unwrap_used, reason = "a test's helper fails the test that calls it")]

mod case;
mod client;
mod concurrency;
mod document;
mod exchange;
mod expected;
mod limits;
mod parse;
mod pattern;
mod process;
mod router;
mod runner;
mod target;

use process::Process;
use router::Router;

#[test]
fn every_case_over_logs_in_memory() {
    runner::check(runner::without_files, |settings| Box::new(Router::in_memory(settings)));
}

#[test]
fn every_case_over_logs_on_disk() {
    runner::check(runner::all, |settings| Box::new(Router::on_disk(settings)));
}

#[test]
fn every_case_over_the_real_process() {
    runner::check(runner::all, |settings| Box::new(Process::start(settings)));
}
