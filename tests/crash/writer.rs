//! The writer over logs that refuse in every way that a log of another machine can: what is
//! answered, what is published, and how the next batch goes on. Each fault on each of the two logs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use registry::log::simulated::{Fault, SimulatedLog};
use registry::log::{Head, Log, Page, ReadError, SchemaLogReader, Stored};
use registry::open::{self, Replayed};
use registry::writer::{Job, Reply, WriteFailure, Writer};
use registry_core::parser::PlainParser;
use registry_core::rules::{self, Prepared};
use registry_core::state::State;

use crate::ledger::Ledger;
use crate::life::{SETTINGS, logs, sight};
use crate::sight::Sight;
use crate::wishes::{Text, Wish};

const FAULTS: [Fault; 8] = [
    Fault::Conflict,
    Fault::Fenced,
    Fault::UnknownWritten,
    Fault::UnknownLost,
    Fault::TooLarge,
    Fault::NoSpace,
    Fault::Failed,
    Fault::Gap,
];

/// Fits after nothing, and nothing after it.
const FIRST: Text = Text { kind: 0, variant: 0 };
const OTHER: Text = Text { kind: 3, variant: 0 };
const REGISTER: Wish = Wish::Register { subject: 0, text: FIRST };
/// Refused, by what nobody changes here.
const REFUSED: Wish = Wish::DeleteSubject { subject: 2, permanent: false };
/// Takes away the highest id, so a mark is due.
const PURGE: Wish = Wish::DeleteSubject { subject: 1, permanent: true };

/// Which log fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Schemas,
    Marks,
}

struct Scene {
    schemas: SimulatedLog,
    marks: SimulatedLog,
    published: Arc<ArcSwap<State>>,
    writer: Writer,
    /// Makes the next read of the marks fail.
    unreadable: Arc<AtomicBool>,
}

/// Reads, unless told to fail once.
struct Flaky {
    reader: Box<dyn SchemaLogReader>,
    fails: Arc<AtomicBool>,
}

impl SchemaLogReader for Flaky {
    fn read(
        &mut self,
        from: Head,
        wait: Duration,
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<Page, ReadError> {
        if self.fails.swap(false, Ordering::Relaxed) {
            return Err(std::io::Error::other("a read that fails once").into());
        }
        self.reader.read(from, wait, visit)
    }
}

fn replayed(schemas: &SimulatedLog, marks: &SimulatedLog) -> Replayed {
    let keysets = SimulatedLog::default().log();
    open::replayed(&mut logs([schemas.log(), marks.log(), keysets]), 0, &mut |_| {}).unwrap()
}

impl Scene {
    /// A subject whose only version is soft-deleted and holds the highest id, and the writer's
    /// first claim behind it.
    fn new() -> Self {
        let (schemas, marks) = (SimulatedLog::default(), SimulatedLog::default());
        let Replayed { state, head, own } = replayed(&schemas, &marks);
        let published = Arc::new(ArcSwap::from_pointee(state));
        let unreadable = Arc::new(AtomicBool::new(false));
        let Log { writer, reader } = marks.log();
        let reader = Box::new(Flaky { reader, fails: unreadable.clone() });
        let keysets = SimulatedLog::default().log();
        let logs = logs([schemas.log(), Log { writer, reader }, keysets]);
        let parser = Arc::new(PlainParser);
        let writer = Writer::new(logs, (head, own), published.clone(), SETTINGS, parser);
        let mut scene = Self { schemas, marks, published, writer, unreadable };
        scene.step(&[Wish::Register { subject: 1, text: OTHER }]);
        scene.step(&[Wish::DeleteSubject { subject: 1, permanent: false }]);
        scene
    }

    fn job(&self, wish: Wish) -> Job {
        let command = wish.command();
        let state = self.published.load();
        match rules::prepare(&state, &SETTINGS, &PlainParser, command.clone()) {
            Ok(Prepared::Ready(ready)) => Job { command, ready, misses: 0 },
            settled => panic!("{wish:?} never gets to the writer: {settled:?}"),
        }
    }

    fn step(&mut self, wishes: &[Wish]) -> Vec<Reply> {
        let jobs: Vec<Job> = wishes.iter().map(|wish| self.job(*wish)).collect();
        self.writer.step(&jobs, 7)
    }

    fn sight(&self) -> Sight {
        sight(&self.published.load())
    }

    fn log(&self, log: Where) -> &SimulatedLog {
        match log {
            Where::Schemas => &self.schemas,
            Where::Marks => &self.marks,
        }
    }

    /// How often the right to write was taken, this time included.
    fn claims(&self) -> i32 {
        self.schemas.log().writer.claim().unwrap().epoch
    }

    /// What is published is what the logs say: offsets, ids and all.
    fn check_replay(&self) {
        let state = replayed(&self.schemas, &self.marks).state;
        assert_eq!(sight(&state), self.sight());
        let ids = |state: &State| state.contexts().map(|(_, ids)| ids.id_max).max();
        assert!(ids(&state) >= ids(&self.published.load()), "an id is forgotten");
    }
}

fn is_answered(reply: &Reply) -> bool {
    matches!(reply, Reply::Answered(_))
}

fn is_rejected(reply: &Reply) -> bool {
    matches!(reply, Reply::Rejected(_))
}

fn failed(failure: WriteFailure) -> Vec<Reply> {
    vec![Reply::Failed(failure); 2]
}

/// A batch of which one job changes something and the other is refused meets a fault.
fn check(at: Where, fault: Fault) {
    let change = if at == Where::Schemas { REGISTER } else { PURGE };
    let mut scene = Scene::new();
    let (before, claims) = (scene.sight(), scene.claims());
    scene.log(at).fail(&[fault]);
    let replies = scene.step(&[change, REFUSED]);
    let went_through = matches!(fault, Fault::Gap | Fault::TooLarge);
    match fault {
        Fault::Gap | Fault::TooLarge => {
            assert!(is_answered(&replies[0]) && is_rejected(&replies[1]), "{replies:?}");
        }
        Fault::Conflict => assert_eq!(replies, [Reply::Stale, Reply::Stale]),
        Fault::Fenced => assert_eq!(replies, failed(WriteFailure::NotWriter)),
        Fault::UnknownWritten | Fault::UnknownLost => {
            assert_eq!(replies, failed(WriteFailure::Unknown));
        }
        Fault::NoSpace | Fault::Failed => assert_eq!(replies, failed(WriteFailure::Store)),
    }
    assert_eq!(scene.sight() != before, went_through, "{fault:?}: published");
    check_next(&mut scene, (at, fault), change, claims);
}

/// What the batch after the fault meets.
fn check_next(scene: &mut Scene, (at, fault): (Where, Fault), change: Wish, claims: i32) {
    let before = scene.sight();
    let appends = scene.schemas.appends() + scene.marks.appends();
    let refused = scene.step(&[REFUSED]);
    if fault == Fault::Fenced {
        assert_eq!(refused, [Reply::Failed(WriteFailure::NotWriter)]);
        assert_eq!(appends, scene.schemas.appends() + scene.marks.appends(), "retried");
        return;
    }
    assert!(is_rejected(&refused[0]), "{refused:?}");
    let anew = matches!(fault, Fault::Conflict | Fault::UnknownWritten | Fault::UnknownLost);
    assert_eq!(scene.claims() - claims, 1 + i32::from(anew), "claims after {fault:?}");
    // Of a batch whose outcome was unknown the next one learns by reading.
    let surfaces = (at, fault) == (Where::Schemas, Fault::UnknownWritten);
    assert_eq!(scene.sight() != before, surfaces, "{fault:?}: caught up");
    scene.check_replay();
    let is_done = surfaces || matches!(fault, Fault::Gap | Fault::TooLarge);
    if !is_done {
        let again = scene.step(&[change]);
        let store = Reply::Failed(WriteFailure::Store);
        let heals = fault != Fault::Failed;
        assert_eq!(is_answered(&again[0]), heals, "{again:?}");
        assert!(heals || again[0] == store, "{again:?}");
    }
    scene.check_replay();
}

#[test]
fn every_fault_of_either_log_is_survived() {
    for at in [Where::Schemas, Where::Marks] {
        for fault in FAULTS {
            check(at, fault);
        }
    }
}

#[test]
fn what_is_too_large_fails_alone() {
    let mut scene = Scene::new();
    scene.schemas.fail(&[Fault::TooLarge, Fault::TooLarge]);
    let second = Wish::Register { subject: 1, text: OTHER };
    let replies = scene.step(&[REGISTER, second, REFUSED]);
    assert_eq!(replies[0], Reply::Failed(WriteFailure::TooLarge));
    assert!(is_answered(&replies[1]) && is_rejected(&replies[2]), "{replies:?}");
    scene.check_replay();
}

#[test]
fn what_was_read_before_a_failed_read_is_not_lost() {
    let mut scene = Scene::new();
    scene.schemas.fail(&[Fault::UnknownWritten]);
    assert_eq!(scene.step(&[REGISTER]), [Reply::Failed(WriteFailure::Unknown)]);
    scene.unreadable.store(true, Ordering::Relaxed);
    assert_eq!(scene.step(&[REFUSED]), [Reply::Failed(WriteFailure::Store)]);
    assert!(is_rejected(&scene.step(&[REFUSED])[0]));
    scene.check_replay();
}

#[test]
fn the_mark_is_durable_before_what_needs_it() {
    let mut scene = Scene::new();
    scene.schemas.fail(&[Fault::UnknownWritten]);
    scene.step(&[PURGE]);
    let Replayed { state, .. } = replayed(&scene.schemas, &scene.marks);
    let marked: Vec<u32> = state.contexts().map(|(_, ids)| ids.id_mark).collect();
    assert_eq!(marked, [1], "its tombstone is there");
}

#[test]
fn whatever_fails_in_whatever_order_the_logs_say_what_is_published() {
    for seed in 0..1_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut scene, mut ledger) = (Scene::new(), Ledger::default());
        ledger.adopt(&scene.sight());
        for _ in 0..40 {
            // An empty batch reads what an unknown outcome has left.
            scene.writer.step(&[], 7);
            ledger.adopt(&scene.sight());
            let faults =
                FAULTS.iter().filter(|fault| !matches!(fault, Fault::Fenced | Fault::Failed));
            let fault = faults.copied().nth(random.usize(..6)).unwrap();
            let at = if random.bool() { Where::Schemas } else { Where::Marks };
            if random.bool() {
                scene.log(at).fail(&[fault]);
            }
            let before = scene.sight();
            let asked = wishes_for_the_writer(&scene, &mut random);
            let replies = scene.step(&asked);
            witness(&mut ledger, &asked, &replies, &scene.sight());
            let is_nothing = |reply: &Reply| {
                let unknown = Reply::Failed(WriteFailure::Unknown);
                *reply != unknown && matches!(reply, Reply::Failed(_) | Reply::Stale)
            };
            let shows = scene.sight() != before;
            assert!(!shows || !replies.iter().all(is_nothing), "shown unanswered: {replies:?}");
        }
        scene.writer.step(&[], 7);
        scene.check_replay();
    }
}

/// Holds the answers against the ledger, up to a job whose outcome is unknown: of a batch that went
/// through job by job the later ones have seen what became of it.
fn witness(ledger: &mut Ledger, asked: &[Wish], replies: &[Reply], sight: &Sight) {
    let unknown = Reply::Failed(WriteFailure::Unknown);
    for (wish, reply) in asked.iter().zip(replies).take_while(|(_, reply)| **reply != unknown) {
        if is_answered(reply) || is_rejected(reply) {
            ledger.witness(*wish, reply);
        }
    }
    if replies.contains(&unknown) {
        ledger.adopt(sight);
    }
    ledger.check_shown(sight);
}

fn wishes_for_the_writer(scene: &Scene, random: &mut fastrand::Rng) -> Vec<Wish> {
    let wishes: Vec<Wish> = (0..random.usize(1..5)).map(|_| Wish::any(random)).collect();
    let prepare = |wish: &Wish| {
        rules::prepare(&scene.published.load(), &SETTINGS, &PlainParser, wish.command())
    };
    wishes.into_iter().filter(|wish| matches!(prepare(wish), Ok(Prepared::Ready(_)))).collect()
}
