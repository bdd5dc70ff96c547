//! One run: a log is driven at random through its life, its crashes and its faults.

use std::sync::Arc;

use broker_core::{
    AppendError, CleanupPolicy, Damage, DataDir, DataDirOptions, Durability, ManualClock,
    OpenError, Partition, Record, SimStorage, TopicConfig,
};

use crate::model::{Kept, Model};
use crate::mutants::{self, Mutation};

const STEPS: usize = 40;

pub(crate) struct World {
    random: fastrand::Rng,
    disk: SimStorage,
    mutation: Mutation,
    clock: Arc<ManualClock>,
    config: TopicConfig,
    model: Model,
    now_ms: i64,
}

/// What an incarnation of the process ends with.
#[derive(Debug)]
enum Death {
    Clean,
    Restart,
    PowerLoss,
}

impl World {
    pub(crate) fn new(seed: u64, mutation: Mutation) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let config = TopicConfig {
            durability: random.choice([Durability::Sync, Durability::Grouped]).unwrap(),
            cleanup_policy: CleanupPolicy::Compact,
            segment_bytes: random.choice([600, 2_000, 6_000]).unwrap(),
            segment_ms: random.choice([50, 100_000]).unwrap(),
            min_compaction_lag_ms: 0,
            delete_retention_ms: random.choice([0, 30]).unwrap(),
            file_delete_delay_ms: 5,
            compaction_memory: random.choice([200, 1 << 20]).unwrap(),
            ..TopicConfig::ledger()
        };
        Self {
            disk: SimStorage::new(random.u64(..)),
            random,
            mutation,
            clock: Arc::new(ManualClock::new(0)),
            config,
            model: Model::default(),
            now_ms: 0,
        }
    }

    pub(crate) fn run(mut self) {
        let lives = self.random.usize(2..8);
        for _ in 0..lives {
            self.live();
        }
        self.verify();
        let (data, log) = self.open().expect("without faults every log opens");
        self.model.check(&log);
        data.close().expect("without faults every log closes");
    }

    fn open(&mut self) -> Result<(DataDir, Partition), OpenError> {
        let storage = mutants::wrap(self.disk.clone(), self.mutation);
        let data = DataDir::open(storage, Arc::clone(&self.clock) as _, DataDirOptions::stepped())?;
        let log = data.partition("ledger", 0, self.config.clone())?;
        Ok((data, log))
    }

    /// One incarnation of the process: opens, checks, works, ends.
    fn live(&mut self) {
        if self.random.u8(..4) == 0 {
            self.open_and_die();
        }
        self.verify();
        let (data, log) = self.open().expect("without faults every log opens");
        self.model.check(&log);
        self.choose_faults();
        for _ in 0..self.random.usize(1..STEPS) {
            self.step(&data, &log);
        }
        self.end(data);
    }

    fn trace(&self, what: impl Fn() -> String) {
        if std::env::var("SIM_TRACE").is_ok() {
            eprintln!("{:>5} {}", self.now_ms, what());
        }
    }

    /// Nothing that a crash can leave is called damage.
    fn verify(&self) {
        if self.disk.paths().is_empty() {
            return;
        }
        let found = broker_core::verify(&self.disk).expect("without faults everything is read");
        let format = |damage: &&Damage| !damage.file.starts_with("meta");
        let damages: Vec<&Damage> = found.damages.iter().filter(format).collect();
        assert!(damages.is_empty(), "{damages:?} among {:?}", self.disk.paths());
    }

    /// Recovery itself can be interrupted, anywhere.
    fn open_and_die(&mut self) {
        self.disk.fail_after(self.random.u64(..60));
        if let Ok((_data, log)) = self.open()
            && self.random.bool()
        {
            // What an opening shows is a promise, too, as far as it can be read.
            let _ = log.read(log.log_start(), 100);
        }
        self.disk = if self.random.bool() { self.disk.crash() } else { self.disk.restart() };
    }

    fn choose_faults(&mut self) {
        let fault = self.random.u8(..6);
        self.trace(|| format!("fault {fault}"));
        match fault {
            0 => self.disk.fail_sync_after(self.random.u64(..20)),
            1 => self.disk.fail_write_after(self.random.u64(..20)),
            2 => self.disk.set_capacity(self.disk.used() + self.random.u64(..4_000)),
            3 | 4 => self.disk.fail_after(self.random.u64(..400)),
            _ => {}
        }
    }

    fn step(&mut self, data: &DataDir, log: &Partition) {
        self.now_ms += self.random.i64(0..8);
        self.clock.set(self.now_ms);
        let action = self.random.u8(..20);
        self.trace(|| format!("action {action}"));
        match action {
            0..12 => self.append(log),
            12 => drop(log.roll()),
            13 | 14 => self.compact(log),
            15 => {
                self.model.compacting(self.now_ms);
                data.maintain(self.now_ms);
            }
            16 => self.disk.set_capacity(1 << 40),
            17 if self.random.bool() => check_conflict(log),
            17 => self.delete(log),
            _ => check_read(log, &mut self.random),
        }
    }

    fn append(&mut self, log: &Partition) {
        let kept: Vec<Kept> = (0..self.random.usize(1..4)).map(|_| self.record()).collect();
        let records: Vec<Record<'_>> = kept
            .iter()
            .map(|kept| Record {
                key: Some(&kept.key),
                value: kept.value.as_deref(),
                headers: &[(b"h", None)],
                timestamp: kept.timestamp,
            })
            .collect();
        let end = log.end();
        let done = log.append_expecting(end, &records);
        self.trace(|| format!("append at {end}: {done:?}"));
        match done {
            Ok(appended) => {
                assert_eq!(appended.base_offset, end);
                assert_eq!(log.end(), appended.end);
                self.model.acknowledge(end, &kept);
            }
            Err(AppendError::Poisoned | AppendError::Conflict { .. }) => {
                assert_eq!(log.end(), end);
            }
            Err(_) => {
                assert_eq!(log.end(), end, "a failed append was shown");
                self.model.attempt(end, &kept);
            }
        }
    }

    fn record(&mut self) -> Kept {
        let size = *self.random.choice(&[5, 40, 700, 1_500]).unwrap();
        let value = (self.random.u8(..5) != 0).then(|| {
            let mut value = vec![0; self.random.usize(..size)];
            self.random.fill(&mut value);
            value
        });
        let key = vec![b'k', self.random.u8(..6)];
        Kept { key, value, timestamp: self.now_ms }
    }

    fn compact(&mut self, log: &Partition) {
        self.model.compacting(self.now_ms);
        if let Ok(report) = log.compact(self.now_ms) {
            self.model.compacted_to(report.compacted_to);
        }
    }

    fn delete(&mut self, log: &Partition) {
        let offset = self.random.i64(log.log_start()..=log.end());
        self.model.deleting(offset);
        if log.delete_before(offset).is_ok() {
            assert!(log.log_start() >= offset);
            self.model.deleted(offset);
        }
    }

    fn end(&mut self, data: DataDir) {
        let death = match self.random.u8(..5) {
            0 | 1 => Death::Clean,
            2 => Death::Restart,
            _ => Death::PowerLoss,
        };
        self.trace(|| format!("{death:?}"));
        let closed = match death {
            Death::Clean => data.close().is_ok(),
            Death::Restart | Death::PowerLoss => {
                drop(data);
                false
            }
        };
        self.disk.set_capacity(1 << 40);
        self.disk = match death {
            Death::Clean if closed && self.random.bool() => self.disk.crash(),
            Death::PowerLoss => self.disk.crash(),
            Death::Clean | Death::Restart => self.disk.restart(),
        };
    }
}

fn check_conflict(log: &Partition) {
    let record = Record { key: Some(b"k"), value: None, headers: &[], timestamp: 0 };
    let end = log.end();
    let refused = log.append_expecting(end + 1, &[record]);
    assert!(matches!(refused, Err(AppendError::Conflict { .. } | AppendError::Poisoned)));
    assert_eq!(log.end(), end);
}

fn check_read(log: &Partition, random: &mut fastrand::Rng) {
    let from = random.i64(log.log_start()..=log.end());
    if let Ok(page) = log.read(from, random.usize(1..3_000)) {
        assert!(page.records().all(|record| record.offset >= from && record.offset < page.next));
    }
}
