//! Nothing lost: what was answered, or shown to a reader, is there after every crash.
//! The registry's writer over its own log on a simulated disk (`world`, held against `ledger`),
//! the writer over a log that refuses in every way (`writer`), a log with flipped bits (`damage`),
//! and the real process, killed amid its work (`kill`) and on a full disk (`full`).
//! And the proof that the simulation bites: storages that skip a sync, a rename or the sync of a
//! directory are caught by it; `tests/mutants` does the same to the source.
//! A failing seed is printed; `SYNGRAPH_SEED=17 cargo test --test crash` runs that one alone,
//! `SYNGRAPH_SEEDS=100000` more of them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a failing seed must be told")]

mod damage;
mod full;
mod kill;
mod ledger;
mod life;
#[path = "../../broker-core/tests/simulation/mutants.rs"]
mod mutants;
mod refusals;
mod sight;
mod tap;
mod wishes;
mod world;
mod writer;

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::mutants::Mutation;
use crate::world::World;

const SEEDS: u64 = 10_000;
/// A broken storage is noticed long before.
const SEEDS_OF_MUTANTS: u64 = 2_000;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn survives(seed: u64, mutation: Mutation) -> bool {
    let run = AssertUnwindSafe(|| World::new(seed, mutation).run());
    panic::catch_unwind(run).is_ok()
}

/// The first seeds that fail, one of each thread.
fn failing(seeds: u64, mutation: Mutation) -> Option<u64> {
    let next = AtomicU64::new(0);
    let search = || {
        let mut seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
            .take_while(|seed| *seed < seeds);
        let failing = seeds.find(|seed| !survives(*seed, mutation));
        next.fetch_max(failing.map_or(0, |_| seeds_end()), Ordering::Relaxed);
        failing
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let searches: Vec<_> = (0..threads).map(|_| scope.spawn(search)).collect();
        searches.into_iter().filter_map(|search| search.join().unwrap()).min()
    })
}

/// No thread goes on after this one.
fn seeds_end() -> u64 {
    u64::MAX / 2
}

#[test]
fn promises_survive_every_crash() {
    if let Some(seed) = setting("SYNGRAPH_SEED") {
        return World::new(seed, Mutation::None).run();
    }
    let failing = failing(setting("SYNGRAPH_SEEDS").unwrap_or(SEEDS), Mutation::None);
    assert_eq!(failing, None, "run it alone by SYNGRAPH_SEED");
}

#[test]
fn a_storage_that_breaks_a_promise_is_caught() {
    for mutation in Mutation::ALL {
        let quiet = panic::take_hook();
        panic::set_hook(Box::new(|_| {}));
        let caught = failing(SEEDS_OF_MUTANTS, mutation);
        panic::set_hook(quiet);
        assert!(caught.is_some(), "{mutation:?} went unnoticed over {SEEDS_OF_MUTANTS} seeds");
        println!("{mutation:?} is caught by seed {caught:?}");
    }
}
