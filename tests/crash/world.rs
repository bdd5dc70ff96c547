//! One run: the registry's writer is driven at random through its life, its crashes and faults.
//! No threads and no time of day, so a seed is a run: housekeeping is a step like any other.

use std::sync::Arc;

use arc_swap::ArcSwap;
use broker_core::{DataDir, DataDirOptions, ManualClock, SimStorage, TopicConfig};
use openapi::ids::Subject;
use registry::log::embedded;
use registry::open::{self, Replayed};
use registry::writer::{Job, Reply, WriteFailure, Writer};
use registry_core::parser::PlainParser;
use registry_core::record::Record;
use registry_core::rules::{self, Prepared};
use registry_core::settings::Settings;
use registry_core::state::{Position, State};
use schema::CompatibilityLevel;

use crate::ledger::Ledger;
use crate::mutants::{self, Mutation};
use crate::sight::Sight;
use crate::tap::{Attempt, Fate, Tap};
use crate::wishes::{self, Wish};

const STEPS: usize = 30;
const BATCH: usize = 8;

pub(crate) const SETTINGS: Settings = Settings {
    compatibility_level: CompatibilityLevel::Backward,
    mode_mutability: true,
    schema_size_max: 1 << 20,
};

pub(crate) struct World {
    random: fastrand::Rng,
    disk: SimStorage,
    mutation: Mutation,
    clock: Arc<ManualClock>,
    topic: TopicConfig,
    now_ms: i64,
    subjects: Vec<Subject>,
    ledger: Ledger,
    /// The state that readers were shown last.
    shown: Arc<State>,
    /// Batches that failed since, each of which may have reached the disk.
    doubtful: Vec<Attempt>,
    fault: Option<Fault>,
}

/// What is going to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Sync,
    Write,
    Full,
    Death,
}

/// Why the logs do not open.
type OpenFailure = Box<dyn std::error::Error>;

/// One incarnation of the process.
struct Life {
    writer: Writer,
    data: DataDir,
    published: Arc<ArcSwap<State>>,
    tap: Tap,
    /// Prepared some time ago, and not decided yet.
    waiting: Vec<Asked>,
}

/// A wish on its way.
#[derive(Clone, Debug)]
struct Asked {
    wish: Wish,
    job: Job,
    /// When the ledger had changed so often.
    prepared_at: u64,
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
            subjects: (0..3).map(wishes::subject).collect(),
            ledger: Ledger::default(),
            shown: Arc::default(),
            doubtful: Vec::new(),
            fault: None,
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

    fn open(&mut self) -> Result<Life, OpenFailure> {
        let storage = mutants::wrap(self.disk.clone(), self.mutation);
        let data = DataDir::open(storage, self.clock.clone(), DataDirOptions::stepped())?;
        let (mut schemas, mut marks) = embedded::open_in(&data, &self.topic)?;
        let Replayed { state, head, own } =
            open::replayed((&mut schemas, &mut marks), self.now_ms, &mut |_| {})?;
        assert!(state.anomalies().is_empty(), "{:?}", state.anomalies());
        let published = Arc::new(ArcSwap::from_pointee(state));
        let tap = Tap::default();
        let logs = (tap.on(schemas), marks);
        let parser = Arc::new(PlainParser);
        let writer = Writer::new(logs, (head, own), published.clone(), SETTINGS, parser);
        Ok(Life { writer, data, published, tap, waiting: Vec::new() })
    }

    /// After an opening there is what was shown before it, or that and one whole batch that got
    /// no answer.
    fn compare(&mut self, life: &Life) {
        let found = life.published.load_full();
        let sight = self.sight(&found);
        let matching = self.possible().find(|state| self.sight(state) == sight);
        assert!(matching.is_some(), "found {sight:?}, due {:?}", self.sight(&self.shown));
        if sight != self.sight(&self.shown) {
            self.ledger.adopt(&sight);
        }
        self.ledger.check_shown(&sight);
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

    fn sight(&self, state: &State) -> Sight {
        Sight::of(state, &self.subjects)
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
        self.fault = match self.random.u8(..7) {
            0 => Some(Fault::Sync),
            1 => Some(Fault::Write),
            2 => Some(Fault::Full),
            3 | 4 => Some(Fault::Death),
            _ => None,
        };
        match self.fault {
            Some(Fault::Sync) => self.disk.fail_sync_after(self.random.u64(..20)),
            Some(Fault::Write) => self.disk.fail_write_after(self.random.u64(..20)),
            Some(Fault::Full) => self.fill(),
            Some(Fault::Death) => self.disk.fail_after(self.random.u64(..200)),
            None => {}
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
        let sight = self.sight(&life.published.load());
        self.ledger.check_shown(&sight);
    }

    fn compact(&mut self, life: &Life) {
        self.trace(|| "compact".to_owned());
        for topic in [embedded::SCHEMAS, embedded::OWN] {
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
        let (mut schemas, _) = embedded::open_in(&life.data, &self.topic).unwrap();
        let mut state = State::default();
        let read = registry::replay::catch_up(
            &mut state,
            registry::log::Head::default(),
            schemas.reader.as_mut(),
            &mut |_| {},
        );
        match read {
            Ok(_) => assert_eq!(self.sight(&state), self.sight(&life.published.load())),
            Err(error) => assert_eq!(self.fault, Some(Fault::Death), "{error:?}"),
        }
    }

    fn batch(&mut self, life: &mut Life) {
        let mut batch = Vec::new();
        for _ in 0..self.random.usize(1..=BATCH) {
            let is_old = !life.waiting.is_empty() && self.random.u8(..4) == 0;
            if is_old {
                batch.push(life.waiting.swap_remove(self.random.usize(..life.waiting.len())));
            } else {
                batch.extend(self.ask());
            }
        }
        if self.random.u8(..4) == 0 {
            // Its callers are slow: it comes later.
            life.waiting.extend(batch.iter().take(2).cloned());
        }
        let jobs: Vec<Job> = batch.iter().map(|asked| asked.job.clone()).collect();
        let replies = life.writer.step(&jobs, self.now_ms);
        assert_eq!(replies.len(), jobs.len());
        self.trace(|| {
            format!("{:?}", batch.iter().map(|a| a.wish).zip(&replies).collect::<Vec<_>>())
        });
        let attempts = life.tap.take();
        assert!(attempts.len() <= 1, "a batch is one append");
        let fate = attempts.first().map(|attempt| attempt.fate);
        if self.has_failed(&replies) {
            assert!(self.fault.is_some(), "nothing is wrong with the disk: {replies:?}");
            self.doubtful.extend(attempts.into_iter().filter(|a| a.fate == Fate::Doubtful));
            return;
        }
        assert!(fate.is_none_or(|fate| fate == Fate::Durable), "{fate:?} was answered");
        if fate.is_some() {
            // It stands where the doubtful ones would.
            self.doubtful.clear();
        }
        self.witness(life, batch, &replies);
    }

    /// All of a batch fails, or nothing of it.
    fn has_failed(&self, replies: &[Reply]) -> bool {
        let failed = |reply: &&Reply| matches!(reply, Reply::Failed(_));
        let count = replies.iter().filter(failed).count();
        assert!(count == 0 || count == replies.len(), "{replies:?}");
        let store = Reply::Failed(WriteFailure::Store);
        assert!(count == 0 || replies.iter().all(|reply| *reply == store), "{replies:?}");
        count > 0
    }

    fn witness(&mut self, life: &mut Life, batch: Vec<Asked>, replies: &[Reply]) {
        for (mut asked, reply) in batch.into_iter().zip(replies) {
            if *reply != Reply::Stale {
                self.ledger.witness(asked.wish, reply);
                continue;
            }
            assert_ne!(asked.prepared_at, self.ledger.changes, "stale without a change: {asked:?}");
            asked.job.misses += 1;
            assert!(asked.job.misses <= 3, "{asked:?} is sent back for ever");
            life.waiting.push(asked);
        }
        self.shown = life.published.load_full();
    }

    /// Prepares a wish on what is shown. What is settled by that never gets to the writer.
    fn ask(&mut self) -> Option<Asked> {
        let wish = Wish::any(&mut self.random);
        let command = wish.command();
        let prepared = rules::prepare(&self.shown, &SETTINGS, &PlainParser, command.clone());
        let settled = match prepared {
            Ok(Prepared::Ready(ready)) => {
                let misses = self.random.u32(..4);
                let job = Job { command, ready, misses };
                return Some(Asked { wish, job, prepared_at: self.ledger.changes });
            }
            Ok(Prepared::Answered(answer)) => Reply::Answered(answer),
            Err(rejected) => Reply::Rejected(rejected),
        };
        let before = self.ledger.clone();
        self.ledger.witness(wish, &settled);
        assert_eq!(self.ledger, before, "{wish:?} changed something without the writer");
        None
    }

    fn end(&mut self, data: DataDir) {
        let death = self.random.u8(..5);
        let is_clean = death < 2 && data.close().is_ok();
        self.trace(|| format!("end: clean {is_clean}, death {death}"));
        self.disk.set_capacity(1 << 40);
        let loses_power = if is_clean { self.random.bool() } else { death > 2 };
        self.disk = if loses_power { self.disk.crash() } else { self.disk.restart() };
        self.fault = None;
    }
}
