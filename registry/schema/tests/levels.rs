//! What the seven levels mean to each other, over every pair of `tests/cases/avro/compat`. The
//! verdicts themselves are the format's own (`schema-avro`).

#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "../../../tests/harness/cases.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests of the boundary")]
mod cases;

use syngraph_schema::{
    CompatibilityLevel::{
        self, Backward, BackwardTransitive, Forward, ForwardTransitive, Full, FullTransitive,
    },
    Direction, Language, Obstacle, Purpose, Schema, check, parse,
};

/// Every pair, the reader as the new schema.
fn pairs() -> Vec<(String, Schema, Schema)> {
    let schema = |text: &str| parse(Language::Avro, text, &[], Purpose::Stored).unwrap();
    let pair = |case: cases::Case| (case.id, schema(&case.reader), schema(&case.writer));
    let pairs: Vec<_> = cases::all().into_iter().map(pair).collect();
    assert!(pairs.len() > 300, "only {} pairs are left", pairs.len());
    pairs
}

fn directions(obstacles: &[Obstacle]) -> Vec<Direction> {
    obstacles.iter().map(|obstacle| obstacle.direction).collect()
}

#[test]
fn full_is_backward_and_forward() {
    for (id, new, old) in pairs() {
        let (backward, forward) = (check(Backward, &new, &old), check(Forward, &new, &old));
        let full = check(Full, &new, &old);
        assert_eq!(full.is_empty(), backward.is_empty() && forward.is_empty(), "{id}");
        // Old reads new first, as upstream lists them.
        assert_eq!(full, [forward, backward].concat(), "{id}");
    }
}

#[test]
fn a_level_asks_for_its_own_direction_alone() {
    for (id, new, old) in pairs() {
        let asked = |level| directions(&check(level, &new, &old));
        assert!(asked(CompatibilityLevel::None).is_empty(), "{id}");
        assert!(asked(Backward).iter().all(|one| *one == Direction::Backward), "{id}");
        assert!(asked(Forward).iter().all(|one| *one == Direction::Forward), "{id}");
    }
}

#[test]
fn on_a_pair_a_transitive_level_is_its_simple_one() {
    for (id, new, old) in pairs() {
        for (simple, transitive) in
            [(Backward, BackwardTransitive), (Forward, ForwardTransitive), (Full, FullTransitive)]
        {
            let (one, other) = (check(simple, &new, &old), check(transitive, &new, &old));
            assert_eq!(one, other, "{id} at {simple}");
        }
    }
}

/// But for one whose field has its own name as an alias: upstream fails on it, whatever it is
/// compared with, and so do we.
#[test]
fn a_schema_is_compatible_with_itself_at_every_level() {
    let mut undecided = Vec::new();
    for (id, new, old) in pairs() {
        for schema in [&new, &old] {
            for level in CompatibilityLevel::ALL {
                let obstacles = check(*level, schema, schema);
                assert!(directions(&obstacles).len() <= 2, "{id} at {level}");
                for obstacle in obstacles {
                    assert!(obstacle.findings.is_empty(), "{id} at {level}: {obstacle:?}");
                    undecided.push(id.clone());
                }
            }
        }
    }
    undecided.dedup();
    assert_eq!(undecided, ["field-alias-is-own-name", "field-alias-is-own-name-absent"]);
}

#[test]
fn exchanging_new_and_old_exchanges_the_directions() {
    let mirror = |obstacle: &Obstacle| match obstacle.direction {
        Direction::Backward => Direction::Forward,
        Direction::Forward => Direction::Backward,
    };
    for (id, new, old) in pairs() {
        for (level, mirrored) in [(Backward, Forward), (Forward, Backward), (Full, Full)] {
            let here = check(level, &new, &old);
            let mut there = check(mirrored, &old, &new);
            // A list is in the order of directions, which the mirror turns round.
            there.reverse();
            let seen: Vec<Direction> = there.iter().map(mirror).collect();
            assert_eq!(directions(&here), seen, "{id} at {level}");
            for (one, other) in here.iter().zip(&there) {
                assert_eq!(one.findings, other.findings, "{id} at {level}");
            }
        }
    }
}
