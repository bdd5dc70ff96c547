//! One step of housekeeping for one partition: close an old active segment, drop what retention
//! allows, compact if it is worth it, unlink what has waited long enough.
//! Not here: when to step (`data_dir`).

use crate::checkpoint::Key;
use crate::data_dir;
use crate::error::{CleanError, CloseError, DiskError};
use crate::log::compaction::{self, CompactionReport};
use crate::log::retention;
use crate::partition::{Core, Partition};

/// What a step did to one partition.
#[derive(Debug)]
pub struct MaintenanceReport {
    pub topic: String,
    pub partition: i32,
    pub rolled: bool,
    /// Segments that retention removed.
    pub segments_expired: usize,
    pub compaction: Option<CompactionReport>,
    /// The first thing that failed; the step went on with the rest.
    pub failure: Option<CleanError>,
}

pub(crate) fn step(core: &Core, now_ms: i64) -> MaintenanceReport {
    let mut report = MaintenanceReport {
        topic: core.key.0.clone(),
        partition: core.key.1,
        rolled: false,
        segments_expired: 0,
        compaction: None,
        failure: None,
    };
    let mut note = |failure: CleanError| {
        tracing::warn!(dir = core.dir, error = %failure, "housekeeping of a partition failed");
        report.failure.get_or_insert(failure);
    };
    match core.log().roll_aged(now_ms) {
        Ok(rolled) => report.rolled = rolled,
        Err(error) => note(error.into()),
    }
    let mut cleaning = core.cleaning();
    match retention::run(core, &mut cleaning, now_ms) {
        Ok(expired) => report.segments_expired = expired,
        Err(error) => note(error),
    }
    if compaction::is_worth_it(core, &cleaning, now_ms) {
        match compaction::run(core, &mut cleaning, now_ms) {
            Ok(compacted) => report.compaction = Some(compacted),
            Err(error) => note(error),
        }
    }
    retention::unlink_condemned(core, &mut cleaning, now_ms);
    report
}

/// Where recovery may begin: everything below is durable.
pub(crate) fn recovery_point(partition: &Partition) -> (Key, i64) {
    let core = partition.core();
    (core.key.clone(), core.log().synced())
}

/// Closes a partition for good.
pub(crate) fn close(core: &Core) -> Result<(), CloseError> {
    let mut cleaning = core.cleaning();
    retention::unlink_condemned(core, &mut cleaning, i64::MAX);
    let mut log = core.log();
    data_dir::poisoned(&core.key, log.life())?;
    let closed: Result<(), DiskError> = log.close();
    log.end_life();
    closed.map_err(CloseError::Disk)
}
