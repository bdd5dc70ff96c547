//! Compaction by key: of each key the newest record stays, and every offset stays what it was.
//! Here: when, and in which order. The keys are in `keys`, the rewriting of a group of segments
//! in `rewrite`, the renames in `install`.
//!
//! One pass works in rounds. A round reads keys from the first offset not yet compacted until the
//! memory for keys is full, then rewrites, from the oldest on, every segment that these keys can
//! touch. A tombstone stays for `delete_retention_ms` after the first pass that saw it: that pass
//! writes the horizon into its batch, and all older records of its key are gone by then.
//! Invariants: the active segment is never touched; no record younger than
//! `min_compaction_lag_ms`, nor anything of a transaction, is removed; a segment ends where it
//! ended, by an empty batch if need be.

mod install;
mod keys;
mod rewrite;

use std::sync::Arc;

use crate::checkpoint::Kind;
use crate::config::TopicConfig;
use crate::error::CleanError;
use crate::log::Life;
use crate::log::compaction::keys::Keys;
pub(crate) use crate::log::compaction::keys::body as batch_body;
use crate::log::compaction::rewrite::Rewrite;
use crate::log::segment::Segment;
use crate::log::view::View;
use crate::partition::{Cleaning, Core};

/// What a pass did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompactionReport {
    pub at_ms: i64,
    pub rounds: usize,
    pub segments_before: usize,
    pub segments_after: usize,
    pub bytes_before: u64,
    pub bytes_after: u64,
    pub records_removed: u64,
    /// Everything below has been compacted now.
    pub compacted_to: i64,
}

/// How much of the sealed segments no compaction has seen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Dirt {
    clean_bytes: u64,
    dirty_bytes: u64,
}

impl Dirt {
    #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more than 52 bits")]
    pub(crate) fn ratio(self) -> f64 {
        let all = self.clean_bytes + self.dirty_bytes;
        if all == 0 { 0.0 } else { self.dirty_bytes as f64 / all as f64 }
    }
}

pub(crate) fn dirt(view: &View, compacted_to: i64) -> Dirt {
    dirt_of(view, view.sealed().len(), compacted_to)
}

fn dirt_of(view: &View, count: usize, compacted_to: i64) -> Dirt {
    let mut dirt = Dirt::default();
    for pair in view.segments[..=count].windows(2) {
        let is_clean = pair[1].base <= compacted_to;
        *(if is_clean { &mut dirt.clean_bytes } else { &mut dirt.dirty_bytes }) += pair[0].size();
    }
    dirt
}

/// How many of the first segments may be compacted now.
fn cleanable(view: &View, config: &TopicConfig, now_ms: i64) -> usize {
    let newest_ms = now_ms.saturating_sub(config.min_compaction_lag_ms);
    let is_old = |segment: &&Arc<Segment>| segment.max_timestamp().unwrap_or(0) <= newest_ms;
    view.sealed().iter().take_while(is_old).count()
}

/// Whether a pass is worth its writing: much that is new, something old that is new, or tombstones
/// whose time has come.
pub(crate) fn is_worth_it(core: &Core, cleaning: &Cleaning, now_ms: i64) -> bool {
    let config = &core.config;
    if !config.cleanup_policy.compacts() || cleaning.unfinished {
        return false;
    }
    let view = core.published.view();
    let count = cleanable(&view, config, now_ms);
    let compacted_to = core.compacted_to(&view);
    let dirt = dirt_of(&view, count, compacted_to);
    let oldest_ms = now_ms.saturating_sub(config.max_compaction_lag_ms);
    let overdue = |pair: &[Arc<Segment>]| {
        let is_dirty = pair[1].base > compacted_to;
        is_dirty && pair[0].max_timestamp().is_some_and(|newest| newest < oldest_ms)
    };
    let ripe = |segment: &Arc<Segment>| segment.horizon_least() <= now_ms;
    (dirt.dirty_bytes > 0 && dirt.ratio() >= config.min_cleanable_dirty_ratio)
        || view.segments[..=count].windows(2).any(overdue)
        || view.segments[..count].iter().any(ripe)
}

/// Runs one pass.
pub(crate) fn run(
    core: &Core,
    cleaning: &mut Cleaning,
    now_ms: i64,
) -> Result<CompactionReport, CleanError> {
    if cleaning.unfinished {
        return Err(CleanError::Unfinished);
    }
    if core.log().life() == Life::Closed {
        return Err(CleanError::Closed);
    }
    let view = core.published.view();
    let end = view.segments[cleanable(&view, &core.config, now_ms)].base;
    let mut report = CompactionReport {
        at_ms: now_ms,
        segments_before: view.segments.len(),
        bytes_before: view.size_bytes(),
        compacted_to: core.compacted_to(&view).min(end),
        ..CompactionReport::default()
    };
    while round(core, cleaning, end, &mut report)? {}
    let view = core.published.view();
    report.segments_after = view.segments.len();
    report.bytes_after = view.size_bytes();
    tracing::info!(dir = core.dir, ?report, "compacted");
    *core.last_compaction() = Some(report.clone());
    Ok(report)
}

/// One round; returns whether another one has something left to do.
fn round(
    core: &Core,
    cleaning: &mut Cleaning,
    end: i64,
    report: &mut CompactionReport,
) -> Result<bool, CleanError> {
    let view = core.published.view();
    let from = report.compacted_to;
    let segments = &view.segments[..view.segments.partition_point(|segment| segment.base < end)];
    let keys = Keys::collect(segments, from, end, core.config.compaction_memory)?;
    assert!(from <= keys.end() && keys.end() <= end);
    let touched = segments.partition_point(|segment| segment.base < keys.end());
    let rewrite = Rewrite { core, keys: &keys, now_ms: report.at_ms };
    for group in groups(&view.segments[..=touched], &core.config) {
        report.records_removed += rewrite.group(cleaning, group)?;
    }
    report.rounds += 1;
    report.compacted_to = keys.end();
    core.checkpoints.set(Kind::Cleaner, [(core.key.clone(), keys.end())])?;
    Ok(keys.end() > from && keys.end() < end)
}

/// Parts neighbours into groups that fit one segment. The last of `segments` bounds the last
/// group and is in none.
fn groups<'a>(
    segments: &'a [Arc<Segment>],
    config: &TopicConfig,
) -> impl Iterator<Item = Group<'a>> {
    let mut at = 0;
    let size_max = config.segment_bytes;
    std::iter::from_fn(move || {
        let first = segments[..segments.len() - 1].get(at)?;
        let mut size = first.size();
        let mut count = 1;
        while let [next, after, ..] = &segments[at + count..] {
            let span = after.base - first.base;
            size += next.size();
            if size > size_max || span > i64::from(i32::MAX) {
                break;
            }
            count += 1;
        }
        let group = Group { segments: &segments[at..at + count] };
        at += count;
        Some(group)
    })
}

/// Neighbouring segments that become one.
#[derive(Debug, Clone, Copy)]
struct Group<'a> {
    segments: &'a [Arc<Segment>],
}
