//! Completes or undoes what a crash interrupted between the renames of a compaction.
//! The order of a compaction's steps is in `compaction`; what can be found after a crash, and what
//! is done:
//!
//! | found | meaning | done |
//! | --- | --- | --- |
//! | `.cleaned` | was being written | removed, and with it every `.swap` at or above it |
//! | `.swap` of a log | complete and synced | the segments it stands for go, it takes their place |
//! | `.swap` of an index | may be old | removed; indexes are rebuilt |
//! | `.deleted` | replaced or expired | removed |
//! | `.tmp` | a checkpoint or an index being written | removed |
//!
//! Invariant: every rename is durable before the next kind of rename begins, here as there.

use std::io;

use crate::error::{Damage, DiskError, Doing, OpenError};
use crate::log::names::{self, CLEANED, DELETED, INDEX, LOG, SWAP, TEMPORARY, TIME_INDEX};
use crate::log::scan;
use crate::log::segment::Segment;
use crate::storage::{self, Access, Rename, Storage};

/// Leaves a directory with segments only; returns what it did in words for the log.
pub(crate) fn finish(storage: &dyn Storage, dir: &str) -> Result<(), OpenError> {
    let names = file_names(storage, dir)?;
    let cleaned = names.iter().filter_map(|name| log_with(name, CLEANED)).min();
    let mut swaps = Vec::new();
    for name in &names {
        let worthless = [CLEANED, DELETED, TEMPORARY].iter().any(|end| name.ends_with(end));
        match log_with(name, SWAP) {
            Some(base) if cleaned.is_none_or(|cleaned| base < cleaned) => swaps.push(base),
            None if !worthless && !name.ends_with(SWAP) => {}
            _ => remove(storage, dir, name)?,
        }
    }
    storage.sync_dir(dir).doing("syncing the directory", dir)?;
    swaps.sort_unstable();
    for base in swaps {
        take_place(storage, dir, base)?;
    }
    Ok(())
}

/// The base offset of a log file with this suffix behind `.log`.
fn log_with(name: &str, suffix: &str) -> Option<i64> {
    names::base_offset(name.strip_suffix(suffix)?, LOG)
}

fn take_place(storage: &dyn Storage, dir: &str, base: i64) -> Result<(), OpenError> {
    let from = storage::join(dir, &(names::file_name(base, LOG) + SWAP));
    let to = storage::join(dir, &names::file_name(base, LOG));
    let survey = scan::survey(&Segment::open_file(storage, &from)?, &from, base)?;
    if let Some(flaw) = survey.flaw {
        let damage = Damage { file: from, position: survey.good, offset: survey.end, flaw };
        return Err(Box::new(damage).into());
    }
    tracing::info!(file = from, "completing a compaction that a crash interrupted");
    for name in file_names(storage, dir)? {
        // An index may still be there although its log is gone.
        let old = [LOG, INDEX, TIME_INDEX].iter().find_map(|end| names::base_offset(&name, end));
        if old.is_some_and(|old| old >= base && old < survey.end.max(base + 1)) {
            remove(storage, dir, &name)?;
        }
    }
    storage.sync_dir(dir).doing("syncing the directory", dir)?;
    storage.rename(Rename { from: &from, to: &to }).doing("renaming to", &to)?;
    storage.sync_dir(dir).doing("syncing the directory", dir)?;
    Ok(())
}

/// Removes both index files of a segment, if they are there.
pub(crate) fn remove_indexes(storage: &dyn Storage, dir: &str, base: i64) -> Result<(), DiskError> {
    remove(storage, dir, &names::file_name(base, INDEX))?;
    remove(storage, dir, &names::file_name(base, TIME_INDEX))
}

fn remove(storage: &dyn Storage, dir: &str, name: &str) -> Result<(), DiskError> {
    let path = storage::join(dir, name);
    match storage.remove(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.doing("removing", &path),
    }
}

/// The log files that an opening would go on with, in order, without touching any: a complete
/// swap stands for the segments that it covers.
pub(crate) fn standing(storage: &dyn Storage, dir: &str) -> Result<Vec<Standing>, DiskError> {
    let names = file_names(storage, dir)?;
    let cleaned = names.iter().filter_map(|name| log_with(name, CLEANED)).min();
    let path = |name: &String| storage::join(dir, name);
    let plain = names.iter().filter_map(|name| {
        let base = names::base_offset(name, LOG)?;
        Some(Standing { base, path: path(name), is_swap: false })
    });
    let mut standing: Vec<Standing> = plain.collect();
    for name in &names {
        let Some(base) = log_with(name, SWAP) else { continue };
        if cleaned.is_some_and(|cleaned| base >= cleaned) {
            continue;
        }
        let swap = Standing { base, path: path(name), is_swap: true };
        let file = storage.open(&swap.path, Access::Read).doing("opening", &swap.path)?;
        let end = scan::survey(&file, &swap.path, base)?.end.max(base + 1);
        standing.retain(|other| !(base..end).contains(&other.base));
        standing.push(swap);
    }
    standing.sort_unstable_by_key(|log| log.base);
    Ok(standing)
}

/// A log file that counts.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) base: i64,
    pub(crate) path: String,
    pub(crate) is_swap: bool,
}

pub(crate) fn file_names(storage: &dyn Storage, dir: &str) -> Result<Vec<String>, DiskError> {
    let mut entries = storage.list(dir).doing("listing", dir)?;
    entries.retain(|entry| !entry.is_dir);
    let mut names: Vec<String> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    Ok(names)
}
