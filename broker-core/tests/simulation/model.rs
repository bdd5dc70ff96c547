//! What the log has promised, and what it may show.

use std::collections::BTreeMap;

use broker_core::{Page, Partition, StoredRecord};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
    pub timestamp: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Acknowledged, or shown once.
    promised: BTreeMap<i64, Kept>,
    /// Written without an answer: each may turn up after a crash, or never.
    attempted: BTreeMap<i64, Vec<Kept>>,
    /// The largest end that was answered or shown.
    end: i64,
    /// No record below may have a newer one of its key below: a compaction said so.
    compacted_to: i64,
    compacted: bool,
    /// Everything below was deleted for certain.
    log_start: i64,
    /// Everything below may have been deleted.
    deleted_to: i64,
    /// Tombstones up to here may be gone.
    tombstones_before: i64,
}

impl Model {
    pub(crate) fn attempt(&mut self, offset: i64, records: &[Kept]) {
        for (at, record) in (offset..).zip(records) {
            assert!(!self.promised.contains_key(&at), "offset {at} was given out twice");
            self.attempted.entry(at).or_default().push(record.clone());
        }
    }

    pub(crate) fn acknowledge(&mut self, offset: i64, records: &[Kept]) {
        for (at, record) in (offset..).zip(records) {
            self.attempted.remove(&at);
            let before = self.promised.insert(at, record.clone());
            assert!(before.is_none(), "offset {at} was given out twice");
        }
        self.end = self.end.max(offset + i64::try_from(records.len()).unwrap());
    }

    /// A pass of compaction begins: what is superseded may go.
    pub(crate) fn compacting(&mut self, now_ms: i64) {
        self.compacted = true;
        self.tombstones_before = self.tombstones_before.max(now_ms);
    }

    pub(crate) fn compacted_to(&mut self, offset: i64) {
        self.compacted_to = self.compacted_to.max(offset);
    }

    /// A deletion begins: what is below may go.
    pub(crate) fn deleting(&mut self, offset: i64) {
        self.deleted_to = self.deleted_to.max(offset);
    }

    pub(crate) fn deleted(&mut self, offset: i64) {
        self.log_start = self.log_start.max(offset);
    }

    /// Reads the whole log and compares.
    pub(crate) fn check(&mut self, log: &Partition) {
        let found = read_all(log);
        assert!(log.end() >= self.end, "the end went from {} to {}", self.end, log.end());
        let log_start = log.log_start();
        assert!((self.log_start..=self.deleted_to).contains(&log_start), "starts at {log_start}");
        self.log_start = log_start;
        for (offset, record) in &found {
            self.show(*offset, record);
        }
        self.end = log.end();
        // What a reader could have seen and did not is gone for good.
        self.attempted.retain(|offset, _| *offset >= log.end());
        for (offset, record) in &self.promised {
            let is_there = found.contains_key(offset);
            assert!(is_there || self.may_be_gone(*offset, record), "offset {offset} is lost");
        }
        self.check_compacted(&found);
    }

    fn show(&mut self, offset: i64, record: &Kept) {
        if let Some(promised) = self.promised.get(&offset) {
            assert_eq!(promised, record, "offset {offset} holds something else");
            return;
        }
        let attempts = self.attempted.remove(&offset).unwrap_or_default();
        assert!(attempts.contains(record), "offset {offset} was never written: {record:?}");
        self.promised.insert(offset, record.clone());
    }

    fn may_be_gone(&self, offset: i64, record: &Kept) -> bool {
        let superseded =
            self.promised.range(offset + 1..).any(|(_, newer)| newer.key == record.key);
        let expired = record.value.is_none() && record.timestamp <= self.tombstones_before;
        offset < self.deleted_to || (self.compacted && (superseded || expired))
    }

    fn check_compacted(&self, found: &BTreeMap<i64, Kept>) {
        let mut newest: BTreeMap<&[u8], i64> = BTreeMap::new();
        for (offset, record) in found.range(..self.compacted_to) {
            let before = newest.insert(&record.key, *offset);
            assert!(before.is_none(), "{before:?} was compacted away, and came back");
        }
    }
}

fn read_all(log: &Partition) -> BTreeMap<i64, Kept> {
    let mut found = BTreeMap::new();
    let mut from = log.log_start();
    while from < log.end() {
        let page: Page = log.read(from, 700).unwrap();
        assert!(page.next > from);
        for record in page.records() {
            assert!((from..page.next).contains(&record.offset));
            found.insert(record.offset, kept(&record));
        }
        from = page.next;
    }
    found
}

fn kept(record: &StoredRecord<'_>) -> Kept {
    Kept {
        key: record.key.unwrap().to_vec(),
        value: record.value.map(<[u8]>::to_vec),
        timestamp: record.timestamp,
    }
}
