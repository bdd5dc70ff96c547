//! Damage to what was answered is told apart from a torn tail: a log with a flipped bit opens only
//! if it still says everything. The process was killed, so no mark of a clean stop helps; of the
//! last batch the log alone cannot tell, and it is left out.

use std::sync::Arc;

use broker_core::{ManualClock, SimStorage, Storage, TopicConfig};
use registry::writer::{Job, Reply};
use registry_core::parser::PlainParser;
use registry_core::rules::{self, Prepared};

use crate::life::{Life, OpenFailure, SETTINGS};
use crate::sight::Sight;
use crate::wishes::{Text, Wish};

const FILE: &str = "_schemas-0/00000000000000000000.log";
const BATCHES: usize = 4;

fn open(disk: &SimStorage) -> Result<Life, OpenFailure> {
    let clock = Arc::new(ManualClock::new(0));
    Life::begin(Arc::new(disk.clone()), clock, &TopicConfig::ledger(), 0)
}

/// A log of a few batches of a killed process: its disk, where its last batch begins, and what
/// was shown.
fn killed() -> (SimStorage, usize, Sight) {
    let disk = SimStorage::new(1);
    let mut life = open(&disk).unwrap();
    let mut last = 0;
    for kind in 0..BATCHES {
        last = disk.content(FILE).map_or(0, |bytes| bytes.len());
        let wish =
            Wish::Register { subject: 0, text: Text { kind: [1, 1, 2, 2][kind], variant: kind } };
        let state = life.published.load_full();
        let Ok(Prepared::Ready(ready)) =
            rules::prepare(&state, &SETTINGS, &PlainParser, wish.command())
        else {
            panic!("{wish:?} is refused")
        };
        let replies = life.writer.step(&[Job { command: wish.command(), ready, misses: 0 }], 0);
        assert!(matches!(replies[0], Reply::Answered(_)), "{replies:?}");
    }
    let sight = life.sight();
    drop(life);
    (disk.restart(), last, sight)
}

fn copy(disk: &SimStorage) -> SimStorage {
    let copy = SimStorage::new(2);
    copy.create_dir("_syngraph-0").unwrap();
    for path in disk.paths() {
        copy.plant(&path, &disk.content(&path).unwrap());
    }
    copy
}

#[test]
fn damage_is_never_taken_for_a_torn_tail() {
    let (disk, last, sight) = killed();
    let bytes = disk.content(FILE).unwrap();
    let mut refused = 0;
    for at in 0..last {
        let damaged = copy(&disk);
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << (at % 8);
        damaged.plant(FILE, &bytes);
        match open(&damaged) {
            Err(_) => refused += 1,
            Ok(life) => assert_eq!(life.sight(), sight, "byte {at} is damaged, something lost"),
        }
    }
    // Harmless is the epoch of the leader alone, four bytes of each batch.
    assert_eq!(refused, last - 4 * (BATCHES - 1));
}
