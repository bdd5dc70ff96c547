//! The check of a stopped log: every byte as it was written, and every record one that a registry
//! may have written. Changes nothing.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use broker_core::{FileStorage, Storage, StoredRecord, Verification, verify_records};
use registry_core::{
    record::{Key, Record},
    state::{Position, State},
};

use crate::chain::Chain;
use crate::encoder;
use crate::log::embedded::{KEYSETS, OWN, SCHEMAS};

/// What the check of a data directory found.
#[derive(Debug)]
pub struct VerifyReport {
    /// The directory.
    pub data_dir: PathBuf,
    /// One line for each thing that is wrong.
    pub findings: Vec<String>,
    /// What was read.
    pub counts: Counts,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub batches: u64,
    pub records: u64,
    pub bytes: u64,
    pub index_entries: u64,
    /// Bytes that a crash left behind the last whole batch; the next start cuts them.
    pub torn_bytes: u64,
    pub subjects: usize,
    pub versions: usize,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(out, "{}: {finding}", self.data_dir.display())?;
        }
        let Counts { batches, records, bytes, index_entries, torn_bytes, subjects, versions } =
            &self.counts;
        writeln!(
            out,
            "{}: {batches} batches with {records} records in {bytes} bytes, {index_entries} index \
             entries; {versions} versions of {subjects} subjects",
            self.data_dir.display()
        )?;
        if *torn_bytes > 0 {
            writeln!(
                out,
                "{torn_bytes} bytes of an unfinished write will be cut at the next start"
            )?;
        }
        match self.findings.len() {
            0 => writeln!(out, "nothing is wrong"),
            1 => writeln!(out, "1 thing is wrong"),
            many => writeln!(out, "{many} things are wrong"),
        }
    }
}

/// Reads every log under a data directory that nobody serves.
pub fn run(data_dir: &Path) -> VerifyReport {
    let nothing = |why: &str| (vec![why.to_owned()], Counts::default());
    let (findings, counts) = match (data_dir.is_dir(), data_dir.join("meta.properties").is_file()) {
        (false, _) => nothing("there is no such directory"),
        (true, false) => nothing("this is no data directory: it has no meta.properties"),
        (true, true) => check(&FileStorage::new(data_dir)),
    };
    VerifyReport { data_dir: data_dir.to_owned(), findings, counts }
}

/// The same on any storage.
pub fn check(storage: &dyn Storage) -> (Vec<String>, Counts) {
    let mut records = Records::default();
    let verified = verify_records(storage, &mut |topic, record| records.take(topic, &record));
    let mut counts = Counts::default();
    (counts.subjects, counts.versions) = records.state.counts();
    let mut findings = records.findings();
    match verified {
        Ok(verification) => count(&verification, &mut counts, &mut findings),
        Err(error) => findings.push(Chain(&error).to_string()),
    }
    (findings, counts)
}

fn count(verification: &Verification, counts: &mut Counts, findings: &mut Vec<String>) {
    counts.batches = verification.batches;
    counts.records = verification.records;
    counts.bytes = verification.bytes;
    counts.index_entries = verification.index_entries;
    counts.torn_bytes = verification.torn_bytes;
    findings.extend(verification.damages.iter().map(ToString::to_string));
}

/// The records of the logs, taken in as at a start, but that nothing is decrypted.
#[derive(Default)]
struct Records {
    state: State,
    strange: Vec<String>,
}

impl Records {
    fn take(&mut self, topic: &str, record: &StoredRecord<'_>) {
        if topic == KEYSETS {
            let checked = encoder::check(record.key.unwrap_or_default(), record.value);
            return checked.unwrap_or_else(|what| self.strange(topic, record.offset, &what));
        }
        let decoded = Record::decode(record.key.unwrap_or_default(), record.value);
        let own =
            |record: &Record| matches!(record.key, Key::IdMark(_) | Key::LogIdentity | Key::Format);
        match (topic, decoded) {
            (SCHEMAS, decoded) => {
                let position = Position { offset: record.offset, timestamp: record.timestamp };
                self.state.apply(position, &decoded);
            }
            (OWN, Ok(mark)) if own(&mark) => self.state.apply_mark(&mark),
            (OWN, Ok(_)) => self.strange(topic, record.offset, "a record of another log"),
            (OWN, Err(error)) => self.strange(topic, record.offset, &error.to_string()),
            _ => {}
        }
    }

    fn strange(&mut self, topic: &str, offset: i64, what: &str) {
        self.strange.push(format!("{topic}, offset {offset}: {what}"));
    }

    /// What no registry should have written.
    fn findings(&self) -> Vec<String> {
        let anomalies = self.state.anomalies();
        let newest = anomalies.newest.iter();
        let mut all: Vec<String> =
            newest.map(|one| format!("{SCHEMAS}, offset {}: {}", one.offset, one.what)).collect();
        if anomalies.total > all.len() as u64 {
            all.insert(
                0,
                format!("{SCHEMAS}: {} impossible records, of which the last:", anomalies.total),
            );
        }
        all.extend(self.strange.iter().cloned());
        all
    }
}
