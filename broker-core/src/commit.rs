//! The commit thread: one thread makes the appends of all client topics durable.
//! While it syncs one group, the next gathers; no timer adds to the wait. Topics that are synced
//! at intervals are taken when they are due.
//! Not here: topics that sync on the caller's own thread (`log`).
//! Invariant: a partition that asks after its write is synced by a sync that begins after it.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::partition::Core;

/// Who waits for a sync.
#[derive(Debug, Default)]
pub(crate) struct Committer {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    now: Vec<Arc<Core>>,
    later: Vec<(Instant, Arc<Core>)>,
    stopped: bool,
}

impl Committer {
    /// Asks for a sync at once.
    pub(crate) fn ask(&self, core: &Arc<Core>) {
        let mut queue = self.locked();
        if !queue.now.iter().any(|waiting| Arc::ptr_eq(waiting, core)) {
            queue.now.push(Arc::clone(core));
            self.changed.notify_one();
        }
    }

    /// Asks for a sync within an interval; one that is already due earlier stands.
    pub(crate) fn ask_within(&self, core: &Arc<Core>, interval: Duration) {
        let mut queue = self.locked();
        if !queue.later.iter().any(|(_, waiting)| Arc::ptr_eq(waiting, core)) {
            queue.later.push((Instant::now() + interval, Arc::clone(core)));
            self.changed.notify_one();
        }
    }

    pub(crate) fn stop(&self) {
        self.locked().stopped = true;
        self.changed.notify_one();
    }

    /// The thread's whole life.
    pub(crate) fn run(&self) {
        while let Some(group) = self.next_group() {
            assert!(!group.is_empty());
            for core in group {
                core.commit();
            }
        }
    }

    /// Waits for work; `None` when there is none left and the committer was stopped.
    fn next_group(&self) -> Option<Vec<Arc<Core>>> {
        let mut queue = self.locked();
        loop {
            let now = Instant::now();
            let due = queue.later.extract_if(.., |(due, _)| *due <= now).map(|(_, core)| core);
            let due: Vec<_> = due.collect();
            let mut group = mem::take(&mut queue.now);
            group.extend(due);
            if !group.is_empty() {
                return Some(group);
            }
            if queue.stopped {
                return None;
            }
            let next = queue.later.iter().map(|(due, _)| *due - now).min();
            queue = match next {
                Some(wait) => self
                    .changed
                    .wait_timeout(queue, wait)
                    .map_or_else(|poisoned| poisoned.into_inner().0, |(queue, _)| queue),
                None => self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn locked(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
