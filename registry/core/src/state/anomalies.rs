//! What the log holds that no registry should have written: foreign logs hold anything, and it is
//! reported, not obeyed. Bounded in number and length.

use std::collections::VecDeque;

use crate::limits::{ANOMALIES_MAX, ANOMALY_TEXT_MAX};

/// What the log holds that no registry should have written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anomalies {
    /// How many there were.
    pub total: u64,
    /// The newest of them, oldest first.
    pub newest: VecDeque<Anomaly>,
}

/// One such thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Anomaly {
    pub offset: i64,
    pub what: String,
}

impl Anomalies {
    /// Whether the log is as a registry writes it.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// One more.
    pub(super) fn note(&mut self, offset: i64, mut what: String) {
        if let Some((end, _)) = what.char_indices().nth(ANOMALY_TEXT_MAX) {
            what.truncate(end);
        }
        self.total += 1;
        if self.newest.len() == ANOMALIES_MAX {
            self.newest.pop_front();
        }
        self.newest.push_back(Anomaly { offset, what });
    }
}
