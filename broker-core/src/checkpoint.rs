//! Kafka's checkpoint files: which offset a fact holds for, by partition.
//!
//! ```text
//! 0                    version
//! 2                    number of lines that follow
//! orders 0 17
//! orders 1 23
//! ```
//! Replaced whole, never changed in place. A partition that is not open keeps its line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{DiskError, OpenError};
use crate::limits::CHECKPOINT_SIZE_MAX;
use crate::storage::{self, Storage};

/// Topic and partition.
pub(crate) type Key = (String, i32);
pub(crate) type Offsets = BTreeMap<Key, i64>;

/// The three checkpoints of a data directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everything below the offset is durable.
    RecoveryPoint,
    /// Records below the offset are gone; only where that is not the first segment's own base.
    LogStart,
    /// Everything below the offset has been compacted.
    Cleaner,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::RecoveryPoint, Self::LogStart, Self::Cleaner];

    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::RecoveryPoint => "recovery-point-offset-checkpoint",
            Self::LogStart => "log-start-offset-checkpoint",
            Self::Cleaner => "cleaner-offset-checkpoint",
        }
    }

    fn at(self) -> usize {
        match self {
            Self::RecoveryPoint => 0,
            Self::LogStart => 1,
            Self::Cleaner => 2,
        }
    }
}

/// What the checkpoint files say, and the only way to change them.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    storage: Arc<dyn Storage>,
    offsets: Mutex<[Offsets; 3]>,
    /// Held while a file is replaced, so that looking at offsets does not wait for the disk.
    writing: Mutex<()>,
}

impl Checkpoints {
    pub(crate) fn load(storage: Arc<dyn Storage>) -> Result<Self, OpenError> {
        let mut offsets = [Offsets::new(), Offsets::new(), Offsets::new()];
        for kind in Kind::ALL {
            offsets[kind.at()] = read(&*storage, kind)?;
        }
        Ok(Self { storage, offsets: Mutex::new(offsets), writing: Mutex::default() })
    }

    pub(crate) fn offset(&self, kind: Kind, key: &Key) -> Option<i64> {
        self.offsets()[kind.at()].get(key).copied()
    }

    fn offsets(&self) -> MutexGuard<'_, [Offsets; 3]> {
        self.offsets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets some partitions' offsets, durably; memory follows the disk.
    pub(crate) fn set(
        &self,
        kind: Kind,
        changes: impl IntoIterator<Item = (Key, i64)>,
    ) -> Result<(), DiskError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.offsets()[kind.at()].clone();
        let mut changed = before.clone();
        changed.extend(changes);
        if changed == before {
            return Ok(());
        }
        storage::replace(&*self.storage, "", kind.file(), render(&changed).as_bytes())?;
        self.offsets()[kind.at()] = changed;
        Ok(())
    }

    /// Writes every file, so that a clean stop leaves all of them.
    pub(crate) fn store_all(&self) -> Result<(), DiskError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        for kind in Kind::ALL {
            let text = render(&self.offsets()[kind.at()]);
            storage::replace(&*self.storage, "", kind.file(), text.as_bytes())?;
        }
        Ok(())
    }
}

/// Reads one checkpoint file; a missing one is empty.
pub(crate) fn read(storage: &dyn Storage, kind: Kind) -> Result<Offsets, OpenError> {
    let Some(bytes) = storage::read_small(storage, kind.file(), CHECKPOINT_SIZE_MAX)? else {
        return Ok(Offsets::new());
    };
    parse(&bytes)
        .map_err(|what| OpenError::Malformed { file: kind.file().to_owned(), what: what.into() })
}

pub(crate) fn render(offsets: &Offsets) -> String {
    let mut text = format!("0\n{}\n", offsets.len());
    for ((topic, partition), offset) in offsets {
        writeln!(text, "{topic} {partition} {offset}").expect("a string takes any text");
    }
    text
}

pub(crate) fn parse(bytes: &[u8]) -> Result<Offsets, &'static str> {
    let mut offsets = Offsets::new();
    for line in lines(bytes)? {
        let fields: Vec<&str> = line.split(' ').collect();
        let [topic, partition, offset] = fields[..] else {
            return Err("a line does not have three fields");
        };
        let partition = partition.parse().map_err(|_| "a partition is no number")?;
        let offset: i64 = offset.parse().map_err(|_| "an offset is no number")?;
        if offset < 0 || !crate::log::names::is_topic_name(topic) {
            return Err("a line names no topic or a negative offset");
        }
        if offsets.insert((topic.to_owned(), partition), offset).is_some() {
            return Err("a partition stands there twice");
        }
    }
    Ok(offsets)
}

/// The lines behind version and count, which are checked; shared with the leader epochs' file.
pub(crate) fn lines(bytes: &[u8]) -> Result<Vec<&str>, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is no text")?;
    if !text.ends_with('\n') {
        return Err("its last line has no end");
    }
    let mut lines = text.lines();
    if lines.next() != Some("0") {
        return Err("its version is not 0");
    }
    let count: usize =
        lines.next().and_then(|line| line.parse().ok()).ok_or("its second line is no count")?;
    let lines: Vec<&str> = lines.collect();
    if lines.len() != count {
        return Err("it has more or fewer lines than it says");
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_is_parsed_back() {
        let offsets: Offsets = [(("a-b".to_owned(), 0), 7), (("c".to_owned(), 12), 0)].into();
        assert_eq!(parse(render(&offsets).as_bytes()), Ok(offsets));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "0", "1\n0\n", "0\n1\n", "0\n1\na 0\n", "0\n1\na 0 -1\n", "0\nx\n"] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
