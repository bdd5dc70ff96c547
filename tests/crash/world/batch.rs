//! A batch on its way through the writer: wishes prepared just now or some time ago, what becomes
//! of them, and what the ledger says to that.

use registry::writer::{Job, Reply, WriteFailure};
use registry_core::parser::PlainParser;
use registry_core::rules::{self, Prepared};

use super::{Fault, World};
use crate::life::{Life, SETTINGS};
use crate::tap::Fate;
use crate::wishes::Wish;

const BATCH: usize = 8;

/// A wish on its way.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    wish: Wish,
    job: Job,
    /// When the ledger had changed so often.
    prepared_at: u64,
}

impl World {
    pub(super) fn batch(&mut self, life: &mut Life) {
        let mut batch = Vec::new();
        for _ in 0..self.random.usize(1..=BATCH) {
            let is_old = !self.waiting.is_empty() && self.random.u8(..4) == 0;
            if is_old {
                batch.push(self.waiting.swap_remove(self.random.usize(..self.waiting.len())));
            } else {
                batch.extend(self.ask());
            }
        }
        if self.random.u8(..4) == 0 {
            // Its callers are slow: it comes later.
            self.waiting.extend(batch.iter().take(2).cloned());
        }
        if self.fault == Some(Fault::Tear) && self.random.u8(..4) == 0 {
            self.disk.fail_after(self.random.u64(..3));
            self.fault = Some(Fault::Death);
        }
        let jobs: Vec<Job> = batch.iter().map(|asked| asked.job.clone()).collect();
        let replies = life.writer.step(&jobs, self.now_ms);
        assert_eq!(replies.len(), jobs.len());
        self.trace(|| {
            format!("{:?}", batch.iter().map(|a| a.wish).zip(&replies).collect::<Vec<_>>())
        });
        let attempts = life.tap.take();
        assert!(attempts.len() <= 1, "a batch is one append");
        let fate = attempts.first().map(|attempt| attempt.fate);
        if has_failed(&replies) {
            assert!(self.fault.is_some(), "nothing is wrong with the disk: {replies:?}");
            self.doubtful.extend(attempts.into_iter().filter(|a| a.fate == Fate::Doubtful));
            return;
        }
        assert!(fate.is_none_or(|fate| fate == Fate::Durable), "{fate:?} was answered");
        if fate.is_some() {
            // It stands where the doubtful ones would.
            self.doubtful.clear();
        }
        self.witness(life, batch, &replies);
    }

    fn witness(&mut self, life: &mut Life, batch: Vec<Asked>, replies: &[Reply]) {
        for (mut asked, reply) in batch.into_iter().zip(replies) {
            if *reply != Reply::Stale {
                self.ledger.witness(asked.wish, reply);
                continue;
            }
            assert_ne!(asked.prepared_at, self.ledger.changes, "stale without a change: {asked:?}");
            asked.job.misses += 1;
            assert!(asked.job.misses <= 3, "{asked:?} is sent back for ever");
            self.waiting.push(asked);
        }
        self.shown = life.published.load_full();
    }

    /// Prepares a wish on what is shown. What is settled by that never gets to the writer.
    fn ask(&mut self) -> Option<Asked> {
        let wish = Wish::any(&mut self.random);
        let command = wish.command();
        let prepared = rules::prepare(&self.shown, &SETTINGS, &PlainParser, command.clone());
        let settled = match prepared {
            Ok(Prepared::Ready(ready)) => {
                let misses = self.random.u32(..4);
                let job = Job { command, ready, misses };
                return Some(Asked { wish, job, prepared_at: self.ledger.changes });
            }
            Ok(Prepared::Answered(answer)) => Reply::Answered(answer),
            Err(rejected) => Reply::Rejected(rejected),
        };
        let before = self.ledger.clone();
        self.ledger.witness(wish, &settled);
        assert_eq!(self.ledger, before, "{wish:?} changed something without the writer");
        None
    }
}

/// All of a batch fails, or nothing of it.
fn has_failed(replies: &[Reply]) -> bool {
    let failed = |reply: &&Reply| matches!(reply, Reply::Failed(_));
    let count = replies.iter().filter(failed).count();
    assert!(count == 0 || count == replies.len(), "{replies:?}");
    let store = Reply::Failed(WriteFailure::Store);
    assert!(count == 0 || replies.iter().all(|reply| *reply == store), "{replies:?}");
    count > 0
}
