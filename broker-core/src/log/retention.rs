//! Removes the oldest segments: by age, by size, or below an offset that was asked for.
//! Order of the steps: the new log start is made durable, readers stop seeing the segments, the
//! files are renamed to `.deleted`, and unlinked when readers have had time to finish. A crash
//! anywhere in between leaves segments below the log start, which the next opening removes.
//! Invariants: the active segment stays; nothing is removed before the log start says so.

use std::sync::Arc;

use crate::checkpoint::Kind;
use crate::error::{CleanError, DiskError, Doing};
use crate::log::Life;
use crate::log::names::DELETED;
use crate::log::segment::Segment;
use crate::log::swap;
use crate::log::view::View;
use crate::partition::{Cleaning, Core};
use crate::storage::Rename;

/// Removes what the topic's retention does not keep; returns how many segments that were.
pub(crate) fn run(core: &Core, cleaning: &mut Cleaning, now_ms: i64) -> Result<usize, CleanError> {
    let view = core.published.view();
    if !core.config.cleanup_policy.deletes() {
        return Ok(0);
    }
    let count = expired(core, &view, now_ms);
    assert!(count < view.segments.len());
    if count == 0 {
        return Ok(0);
    }
    start_at(core, cleaning, view.segments[count].base, now_ms)
}

/// How many of the first segments are too old or too much.
fn expired(core: &Core, view: &View, now_ms: i64) -> usize {
    let mut excess =
        core.config.retention_bytes.map_or(0, |bytes| view.size_bytes().saturating_sub(bytes));
    let is_expired = |segment: &&Arc<Segment>| {
        let aged = core.config.retention_ms.is_some_and(|keep_ms| {
            segment.max_timestamp().is_some_and(|newest| now_ms.saturating_sub(newest) > keep_ms)
        });
        let size = segment.size();
        let surplus = excess >= size && size > 0;
        excess = excess.saturating_sub(size);
        aged || surplus
    };
    view.sealed().iter().take_while(is_expired).count()
}

/// Moves the log start up to an offset and drops the segments that lie whole below it.
pub(crate) fn delete_before(
    core: &Core,
    cleaning: &mut Cleaning,
    offset: i64,
    now_ms: i64,
) -> Result<(), CleanError> {
    let view = core.published.view();
    let offset = offset.min(view.end);
    if offset <= view.log_start {
        return Ok(());
    }
    start_at(core, cleaning, offset, now_ms).map(drop)
}

fn start_at(
    core: &Core,
    cleaning: &mut Cleaning,
    log_start: i64,
    now_ms: i64,
) -> Result<usize, CleanError> {
    if cleaning.unfinished {
        return Err(CleanError::Unfinished);
    }
    if core.log().life() == Life::Closed {
        return Err(CleanError::Closed);
    }
    core.checkpoints.set(Kind::LogStart, [(core.key.clone(), log_start)])?;
    let gone = core.published.start_at(log_start);
    for segment in &gone {
        condemn(core, cleaning, segment, now_ms)?;
    }
    core.storage.sync_dir(&core.dir).doing("syncing the directory", &core.dir)?;
    Ok(gone.len())
}

/// Renames a segment's log to `.deleted`, to be unlinked later, and removes its indexes.
pub(crate) fn condemn(
    core: &Core,
    cleaning: &mut Cleaning,
    segment: &Segment,
    now_ms: i64,
) -> Result<(), DiskError> {
    let to = format!("{}{DELETED}", segment.path);
    let paths = Rename { from: &segment.path, to: &to };
    core.storage.rename(paths).doing("renaming to", &to)?;
    swap::remove_indexes(&*core.storage, &core.dir, segment.base)?;
    let due = now_ms.saturating_add(core.config.file_delete_delay_ms);
    cleaning.condemned.push((due, to));
    Ok(())
}

/// Unlinks what has waited long enough. A failure costs disk space only, until the next opening.
pub(crate) fn unlink_condemned(core: &Core, cleaning: &mut Cleaning, now_ms: i64) {
    for (_, path) in cleaning.condemned.extract_if(.., |(due, _)| *due <= now_ms) {
        // A later compaction may have put its own file in the place of this one.
        let removed = core.storage.remove(&path);
        if let Err(error) = removed
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path, %error, "a replaced file could not be unlinked");
        }
    }
}
