//! One run: the registry's writer is driven at random through its life, its crashes and faults.
//! No threads and no time of day, so a seed is a run: housekeeping is a step like any other.

mod batch;

use std::sync::Arc;

use broker_core::{DataDir, ManualClock, SimStorage, TopicConfig};
use registry::encoder::Sealer;
use registry::log::embedded;
use registry_core::record::Record;
use registry_core::state::{Position, State};

use crate::ledger::Ledger;
use crate::life::{Life, OpenFailure, sight};
use crate::mutants::{self, Mutation};
use crate::tap::Attempt;
use batch::Asked;

const STEPS: usize = 30;

pub(crate) struct World {
    random: fastrand::Rng,
    disk: SimStorage,
    mutation: Mutation,
    clock: Arc<ManualClock>,
    topic: TopicConfig,
    now_ms: i64,
    ledger: Ledger,
    /// The state that readers were shown last.
    shown: Arc<State>,
    /// Batches that failed since, each of which may have reached the disk.
    doubtful: Vec<Attempt>,
    fault: Option<Fault>,
    /// Prepared some time ago, and not decided yet.
    waiting: Vec<Asked>,
}

/// What is going to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Sync,
    Write,
    Full,
    /// The process dies, wherever it is.
    Death,
    /// It dies amid an append.
    Tear,
}

impl World {
    pub(crate) fn new(seed: u64, mutation: Mutation) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let topic = TopicConfig {
            segment_bytes: random.choice([400, 1_500, 6_000]).unwrap(),
            segment_ms: random.choice([30, 100_000]).unwrap(),
            min_compaction_lag_ms: 0,
            delete_retention_ms: random.choice([0, 30]).unwrap(),
            min_cleanable_dirty_ratio: random.choice([0.0, 0.3]).unwrap(),
            file_delete_delay_ms: 5,
            compaction_memory: random.choice([300, 1 << 20]).unwrap(),
            ..TopicConfig::ledger()
        };
        Self {
            disk: SimStorage::new(random.u64(..)),
            random,
            mutation,
            clock: Arc::new(ManualClock::new(0)),
            topic,
            now_ms: 0,
            ledger: Ledger::default(),
            shown: Arc::default(),
            doubtful: Vec::new(),
            fault: None,
            waiting: Vec::new(),
        }
    }

    pub(crate) fn run(mut self) {
        for _ in 0..self.random.usize(2..7) {
            self.live();
        }
        let life = self.open().expect("without faults the logs open");
        self.compare(&life);
        life.data.close().expect("without faults the logs close");
    }

    fn trace(&self, what: impl Fn() -> String) {
        if std::env::var("SYNGRAPH_TRACE").is_ok() {
            eprintln!("{:>5} {}", self.now_ms, what());
        }
    }

    fn live(&mut self) {
        if self.random.u8(..4) == 0 {
            self.open_and_die();
        }
        let mut life = self.open().expect("without faults the logs open");
        self.compare(&life);
        self.choose_fault();
        for _ in 0..self.random.usize(1..STEPS) {
            self.now_ms += self.random.i64(0..8);
            self.clock.set(self.now_ms);
            self.step(&mut life);
        }
        self.end(life.data);
    }

    fn open(&self) -> Result<Life, OpenFailure> {
        let storage = mutants::wrap(self.disk.clone(), self.mutation);
        Life::begin(storage, self.clock.clone(), &self.topic, self.now_ms)
    }

    /// After an opening there is what was shown before it, or that and one whole batch that got
    /// no answer.
    fn compare(&mut self, life: &Life) {
        let found = life.published.load_full();
        let seen = sight(&found);
        let matching = self.possible().find(|state| sight(state) == seen);
        assert!(matching.is_some(), "found {seen:?}, due {:?}", sight(&self.shown));
        if seen != sight(&self.shown) {
            self.ledger.adopt(&seen);
        }
        self.ledger.check_shown(&seen);
        let id_max = found.contexts().map(|(_, ids)| ids.id_max).max().unwrap_or(0);
        let newest = self.ledger.newest_id();
        assert!(id_max >= newest, "id {newest} was given out, {id_max} is remembered");
        self.shown = found;
        self.doubtful.clear();
    }

    /// What may be there after a crash.
    fn possible(&self) -> impl Iterator<Item = State> {
        let with = |attempt: &Attempt| {
            let mut state = State::clone(&self.shown);
            for (offset, entry) in (attempt.at..).zip(&attempt.entries) {
                let position = Position { offset, timestamp: entry.timestamp };
                state.apply(position, &Record::decode(&entry.key, entry.value.as_deref()));
            }
            state
        };
        let shown = std::iter::once(State::clone(&self.shown));
        shown.chain(self.doubtful.iter().map(with))
    }

    /// Recovery and replay can be interrupted, anywhere.
    fn open_and_die(&mut self) {
        self.disk.fail_after(self.random.u64(..90));
        self.trace(|| "opening to die".to_owned());
        if let Ok(life) = self.open() {
            self.compare(&life);
        }
        self.disk = if self.random.bool() { self.disk.crash() } else { self.disk.restart() };
    }

    fn choose_fault(&mut self) {
        self.fault = match self.random.u8(..9) {
            0 => Some(Fault::Sync),
            1 => Some(Fault::Write),
            2 => Some(Fault::Full),
            3 | 4 => Some(Fault::Death),
            5 | 6 => Some(Fault::Tear),
            _ => None,
        };
        match self.fault {
            Some(Fault::Sync) => self.disk.fail_sync_after(self.random.u64(..20)),
            Some(Fault::Write) => self.disk.fail_write_after(self.random.u64(..20)),
            Some(Fault::Full) => self.fill(),
            Some(Fault::Death) => self.disk.fail_after(self.random.u64(..200)),
            // It waits for an append.
            Some(Fault::Tear) | None => {}
        }
        self.trace(|| format!("fault {:?}", self.fault));
    }

    fn fill(&mut self) {
        self.disk.set_capacity(self.disk.used() + self.random.u64(..3_000));
    }

    /// Room on the disk is all that a full one needs to heal.
    fn make_room(&mut self) {
        self.disk.set_capacity(1 << 40);
        if self.fault == Some(Fault::Full) {
            self.fault = None;
        }
    }

    fn step(&mut self, life: &mut Life) {
        match self.random.u8(..20) {
            0..13 => self.batch(life),
            13 | 14 => self.compact(life),
            15 | 16 => {
                self.trace(|| "maintain".to_owned());
                life.data.maintain(self.now_ms);
            }
            17 => self.make_room(),
            _ => self.read_again(life),
        }
        let sight = life.sight();
        self.ledger.check_shown(&sight);
    }

    fn compact(&mut self, life: &Life) {
        self.trace(|| "compact".to_owned());
        for topic in [embedded::SCHEMAS, embedded::OWN, embedded::KEYSETS] {
            let log = life.data.partition(topic, 0, self.topic.clone()).unwrap();
            if self.random.bool() {
                // What fails here was asked for by nobody.
                let _ = log.roll();
            }
            let _ = log.compact(self.now_ms);
        }
    }

    /// The log shows what is published, whatever has failed, while the disk can be read at all.
    fn read_again(&mut self, life: &Life) {
        let [mut schemas, ..] = embedded::open_in(&life.data, &self.topic).unwrap();
        let mut state = State::default();
        let read = registry::replay::catch_up(
            &mut state,
            registry::log::Head::default(),
            schemas.reader.as_mut(),
            &Sealer::default(),
            &mut |_| {},
        );
        match read {
            Ok(_) => assert_eq!(sight(&state), life.sight()),
            Err(error) => assert_eq!(self.fault, Some(Fault::Death), "{error:?}"),
        }
    }

    fn end(&mut self, data: DataDir) {
        let death = self.random.u8(..5);
        let is_clean = death < 2 && data.close().is_ok();
        self.trace(|| format!("end: clean {is_clean}, death {death}"));
        self.disk.set_capacity(1 << 40);
        let loses_power = if is_clean { self.random.bool() } else { death > 1 };
        self.disk = if loses_power { self.disk.crash() } else { self.disk.restart() };
        self.fault = None;
        self.waiting.clear();
    }
}
