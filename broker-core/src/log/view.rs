//! What readers may see: the segments, and the end up to which their bytes are published.
//! A reader takes a copy and waits for nothing; a writer publishes when the promise of the topic
//! is kept — for synced topics after the sync.
//! Invariants: the end only grows; segments are never empty, their bases grow.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::log::segment::Segment;

/// One state of a log, cheap to copy.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) segments: Arc<Vec<Arc<Segment>>>,
    /// The offset that the next record will have.
    pub(crate) end: i64,
    /// Published bytes of the last segment.
    pub(crate) active_size: u64,
    pub(crate) log_start: i64,
}

impl View {
    pub(crate) fn active(&self) -> &Arc<Segment> {
        self.segments.last().expect("a log has a segment")
    }

    /// The segments that take no more batches.
    pub(crate) fn sealed(&self) -> &[Arc<Segment>] {
        &self.segments[..self.segments.len() - 1]
    }

    /// Where the segment holding `offset` stands in the list.
    pub(crate) fn segment_at(&self, offset: i64) -> usize {
        self.segments.partition_point(|segment| segment.base <= offset).saturating_sub(1)
    }

    /// How much of a segment may be read.
    pub(crate) fn published_size(&self, at: usize) -> u64 {
        if at + 1 == self.segments.len() { self.active_size } else { self.segments[at].size() }
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        (0..self.segments.len()).map(|at| self.published_size(at)).sum()
    }
}

/// The published view, and whoever waits for it to grow.
#[derive(Debug)]
pub(crate) struct Published {
    view: Mutex<View>,
    changed: Condvar,
    /// Nothing will be published any more.
    stopped: AtomicBool,
    /// A failure of the disk is the reason.
    poisoned: AtomicBool,
}

impl Published {
    pub(crate) fn new(view: View) -> Self {
        assert!(!view.segments.is_empty() && view.log_start <= view.end);
        Self {
            view: Mutex::new(view),
            changed: Condvar::new(),
            poisoned: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        }
    }

    fn locked(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn view(&self) -> View {
        self.locked().clone()
    }

    pub(crate) fn end(&self) -> i64 {
        self.locked().end
    }

    pub(crate) fn log_start(&self) -> i64 {
        self.locked().log_start
    }

    /// Shows the active segment up to a new end.
    pub(crate) fn grow(&self, to: Reach) {
        let mut view = self.locked();
        if view.active().base != to.base || view.end >= to.end {
            return;
        }
        assert!(view.active_size < to.size);
        view.end = to.end;
        view.active_size = to.size;
        self.changed.notify_all();
    }

    /// Adds an empty active segment after everything before it was published.
    pub(crate) fn roll(&self, active: Arc<Segment>) {
        let mut view = self.locked();
        assert_eq!(view.active().size(), view.active_size);
        assert_eq!(view.end, active.base);
        Arc::make_mut(&mut view.segments).push(active);
        view.active_size = 0;
    }

    /// Puts one segment in the place of neighbours that it stands for.
    pub(crate) fn replace(&self, replaced: &[Arc<Segment>], by: Arc<Segment>) {
        let mut view = self.locked();
        let at = view.segment_at(replaced[0].base);
        assert_eq!(view.segments[at].base, by.base);
        assert!(at + replaced.len() < view.segments.len());
        Arc::make_mut(&mut view.segments).splice(at..at + replaced.len(), [by]);
    }

    /// Hides the first segments, and all below the new start.
    pub(crate) fn start_at(&self, log_start: i64) -> Vec<Arc<Segment>> {
        let mut view = self.locked();
        assert!(log_start >= view.log_start && log_start <= view.end);
        view.log_start = log_start;
        let gone = view.sealed().len().min(view.segment_at(log_start));
        Arc::make_mut(&mut view.segments).drain(..gone).collect()
    }

    /// Waits until the end is beyond `offset`, or for `timeout`.
    pub(crate) fn wait_beyond(&self, offset: i64, timeout: Duration) -> i64 {
        self.wait(offset, timeout, || false)
    }

    /// Waits until the end is beyond `offset`, or until it never will be.
    pub(crate) fn wait_or_stop(&self, offset: i64) -> i64 {
        self.wait(offset, Duration::MAX, || self.stopped.load(Ordering::SeqCst))
    }

    fn wait(&self, offset: i64, timeout: Duration, stop: impl Fn() -> bool) -> i64 {
        let deadline = Instant::now().checked_add(timeout);
        let mut view = self.locked();
        while view.end <= offset && !stop() {
            let left = deadline.map_or(timeout, |deadline| deadline - Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(view, left);
            view = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        view.end
    }

    /// As `stop`, and tells why.
    pub(crate) fn poison(&self) {
        self.poisoned.store(true, Ordering::SeqCst);
        self.stop();
    }

    pub(crate) fn is_poisoned(&self) -> bool {
        self.poisoned.load(Ordering::SeqCst)
    }

    /// Tells whoever waits for a commit that none will come.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        drop(self.locked());
        self.changed.notify_all();
    }
}

/// How far the active segment with this base reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) base: i64,
    pub(crate) end: i64,
    pub(crate) size: u64,
}
