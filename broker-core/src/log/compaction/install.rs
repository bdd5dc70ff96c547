//! Puts a rewritten segment in the place of those it stands for.
//!
//! | step | after a crash here the next opening |
//! | --- | --- |
//! | 1 `.cleaned` is written and synced | removes it |
//! | 2 rename to `.swap`, sync the directory | finishes from 3 on |
//! | 3 the old logs are renamed to `.deleted`, their indexes removed, sync the directory | the same |
//! | 4 rename `.swap` to `.log`, sync the directory | finds the new segment without indexes |
//! | 5 write the indexes, show the new segment to readers | finds it whole |
//!
//! Each kind of rename is durable before the next begins, for a crash may keep any of them and
//! lose any other. From step 2 on a failure leaves names that only an opening can sort out, so
//! cleaning stops until then; appends and reads go on, on the files that they hold open.

use std::sync::Arc;

use crate::error::{CleanError, DiskError, Doing};
use crate::log::compaction::Group;
use crate::log::compaction::rewrite::Cleaned;
use crate::log::names::{self, LOG, SWAP};
use crate::log::retention;
use crate::log::segment::Segment;
use crate::partition::{Cleaning, Core};
use crate::storage::{self, Rename};

pub(super) fn install(
    core: &Core,
    cleaning: &mut Cleaning,
    group: Group<'_>,
    cleaned: Cleaned,
    now_ms: i64,
) -> Result<(), CleanError> {
    assert!(!cleaning.unfinished);
    cleaning.unfinished = true;
    swap(core, cleaning, group, &cleaned, now_ms)?;
    cleaning.unfinished = false;
    let base = group.segments[0].base;
    if let Err(error) = cleaned.index.store(&*core.storage, &core.dir, base) {
        tracing::warn!(%error, "the indexes of a compacted segment could not be written");
    }
    let path = group.segments[0].path.clone();
    let segment = Segment::with(path, cleaned.file, base, cleaned.index, cleaned.size);
    segment.expect_horizon(cleaned.horizon_least);
    core.published.replace(group.segments, Arc::new(segment));
    Ok(())
}

fn swap(
    core: &Core,
    cleaning: &mut Cleaning,
    group: Group<'_>,
    cleaned: &Cleaned,
    now_ms: i64,
) -> Result<(), DiskError> {
    let base = group.segments[0].base;
    let swap = storage::join(&core.dir, &(names::file_name(base, LOG) + SWAP));
    rename(core, Rename { from: &cleaned.path, to: &swap })?;
    sync_dir(core)?;
    for segment in group.segments {
        retention::condemn(core, cleaning, segment, now_ms)?;
    }
    sync_dir(core)?;
    rename(core, Rename { from: &swap, to: &group.segments[0].path })?;
    sync_dir(core)
}

fn rename(core: &Core, paths: Rename<'_>) -> Result<(), DiskError> {
    core.storage.rename(paths).doing("renaming to", paths.to)
}

fn sync_dir(core: &Core) -> Result<(), DiskError> {
    core.storage.sync_dir(&core.dir).doing("syncing the directory", &core.dir)
}
