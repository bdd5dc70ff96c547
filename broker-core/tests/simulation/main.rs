//! The log on a simulated disk: what was answered, or shown to a reader, is there after every
//! crash; offsets are not given out twice; compaction loses nothing that counts.
//! And the proof that this test bites: storages that skip a sync, a rename or the sync of a
//! directory are caught by it.
//! A failing seed is printed; `SIM_SEED=17 cargo test --test simulation` runs that one alone,
//! `SIM_SEEDS=100000` more of them.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod model;
mod mutants;
mod world;

use std::panic::{self, AssertUnwindSafe};

use crate::mutants::Mutation;
use crate::world::World;

const SEEDS: u64 = 2_000;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn promises_survive_every_crash() {
    if let Some(seed) = setting("SIM_SEED") {
        return World::new(seed, Mutation::None).run();
    }
    for seed in 0..setting("SIM_SEEDS").unwrap_or(SEEDS) {
        let run = AssertUnwindSafe(|| World::new(seed, Mutation::None).run());
        if let Err(panic) = panic::catch_unwind(run) {
            eprintln!("failing seed: SIM_SEED={seed}");
            panic::resume_unwind(panic);
        }
    }
}

/// The same run with a storage that breaks a promise: some seed must notice.
fn check_caught(mutation: Mutation) {
    let quiet = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let caught = (0..SEEDS).find(|seed| {
        let run = AssertUnwindSafe(|| World::new(*seed, mutation).run());
        panic::catch_unwind(run).is_err()
    });
    panic::set_hook(quiet);
    assert!(caught.is_some(), "{mutation:?} went unnoticed over {SEEDS} seeds");
    println!("{mutation:?} is caught by seed {caught:?}");
}

#[test]
fn a_storage_that_breaks_a_promise_is_caught() {
    for mutation in Mutation::ALL {
        check_caught(mutation);
    }
}
