//! Levels applied to a pair of schemas (`compatibility` 4.1).

use findings::{Finding, Side};
use schema_avro::Verdict;

use crate::{CompatibilityLevel, Schema};

/// Which way data would go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The new schema reads data of the old.
    Backward,
    /// The old schema reads data of the new.
    Forward,
}

/// Why one direction does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    pub direction: Direction,
    /// What the check found; empty if it could not decide.
    pub findings: Vec<Finding>,
    /// The same in upstream's strings, which clients compare.
    pub messages: Vec<String>,
}

impl Direction {
    /// The side that reads.
    pub const fn reads(self) -> Side {
        match self {
            Self::Backward => Side::New,
            Self::Forward => Side::Old,
        }
    }
}

/// What a level has against a new schema beside an old one, old reads new first, as upstream. Empty
/// means compatible. Transitivity and the choice of versions are the caller's.
pub fn check(level: CompatibilityLevel, new: &Schema, old: &Schema) -> Vec<Obstacle> {
    let forward = level.read_by_old().then_some(Direction::Forward);
    let backward = level.reads_old().then_some(Direction::Backward);
    let asked = forward.into_iter().chain(backward);
    asked.filter_map(|direction| obstacle(direction, new, old)).collect()
}

fn obstacle(direction: Direction, new: &Schema, old: &Schema) -> Option<Obstacle> {
    let (Schema::Avro(new), Schema::Avro(old)) = (new, old);
    let (reader, writer) = match direction {
        Direction::Backward => (new, old),
        Direction::Forward => (old, new),
    };
    let verdict = schema_avro::check(reader, writer);
    if verdict.is_compatible() {
        return None;
    }
    let messages = verdict.messages(direction.reads());
    let findings = match verdict {
        Verdict::Findings(findings) => findings,
        Verdict::Failed(_) => Vec::new(),
    };
    Some(Obstacle { direction, findings, messages })
}
