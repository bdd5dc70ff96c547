//! Whether a bad batch is damage or what a crash left, by the rules that `recovery` opens with.

use std::sync::Arc;

use crate::error::{Damage, DiskError, Doing, Flaw, OpenError};
use crate::limits::{BATCH_HEADER_SIZE, BATCH_SIZE_MAX, SCAN_SIZE};
use crate::log::batch::Header;
use crate::log::recovery::Known;
use crate::log::scan::Survey;
use crate::storage::{self, DiskFile};

/// How the log stopped, as far as that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    pub(super) known: Known,
    /// Each append was synced before the next one began.
    pub(super) is_ledger: bool,
}

impl Stop {
    /// Returns if the flaw can be what a crash left behind the good batches of the last segment;
    /// else it is damage.
    pub(super) fn judge(
        self,
        file: &Arc<dyn DiskFile>,
        path: &str,
        survey: &Survey,
        flaw: &Flaw,
    ) -> Result<(), OpenError> {
        let damaged = || damage(path, survey.good, survey.end, flaw.clone());
        if self.known.recovery_point.is_some_and(|point| survey.end < point) {
            return Err(damaged());
        }
        if is_zero(file, path, survey)? {
            return Ok(());
        }
        if self.known.clean {
            return Err(damaged());
        }
        if !self.is_ledger {
            return Ok(());
        }
        let tail_size = survey.size - survey.good;
        if tail_size > BATCH_SIZE_MAX as u64 {
            return Err(damaged());
        }
        let mut tail = vec![0; usize::try_from(tail_size).expect("it is below a limit")];
        storage::read_full(&**file, &mut tail, survey.good).doing("reading", path)?;
        if holds_batch_after(&tail, survey.end) { Err(damaged()) } else { Ok(()) }
    }
}

pub(super) fn damage(file: &str, position: u64, offset: i64, flaw: Flaw) -> OpenError {
    Box::new(Damage { file: file.to_owned(), position, offset, flaw }).into()
}

/// A sealed segment is good to its end and reaches the next one.
pub(super) fn check_sealed(
    path: &str,
    survey: &Survey,
    next_base: i64,
    may_be_empty: bool,
) -> Result<(), OpenError> {
    if let Some(flaw) = &survey.flaw {
        return Err(damage(path, survey.good, survey.end, flaw.clone()));
    }
    // Our own segments reach the next one; another writer's compaction may leave a gap, or nothing
    // at all.
    let ours = survey.last.map_or(!may_be_empty, |_| survey.has_stamp);
    if survey.end > next_base || (ours && survey.end != next_base) {
        let flaw = Flaw::End { found: survey.end, expected: next_base };
        return Err(damage(path, survey.good, survey.end, flaw));
    }
    Ok(())
}

fn is_zero(file: &Arc<dyn DiskFile>, path: &str, survey: &Survey) -> Result<bool, DiskError> {
    let mut chunk = vec![0; SCAN_SIZE];
    let mut position = survey.good;
    while position < survey.size {
        let count = storage::read_full(&**file, &mut chunk, position).doing("reading", path)?;
        if count == 0 || chunk[..count].iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        position += count as u64;
    }
    Ok(true)
}

/// Looks for a good batch behind the bad one at the front of `tail`, at any position: the bad
/// one's length cannot be believed.
pub(crate) fn holds_batch_after(tail: &[u8], end: i64) -> bool {
    let good_at = |at: usize| {
        let Ok(header) = Header::decode(&tail[at..]) else { return false };
        let near = header.base_offset > end && header.base_offset - end <= i64::from(i32::MAX);
        let batch = tail.get(at..at + header.size());
        near && batch.is_some_and(|batch| header.verify(batch).is_ok())
    };
    (1..tail.len().saturating_sub(BATCH_HEADER_SIZE - 1)).any(good_at)
}
