//! The writer: the one thread that decides. A batch is whatever queued while the last sync ran.
//!
//! The order inside [`Writer::step`] is the promise: decide each command on a draft, make the batch
//! durable, publish the draft, answer. On any failure the draft is dropped and nothing of the batch
//! is answered from it, rejections included.
//! Invariant: the published state never holds what is not durable.

mod job;

use std::sync::Arc;

use arc_swap::ArcSwap;
use registry_core::{
    parser::Parser,
    record::Record,
    rules::{self, Command, Outcome, Prepared},
    settings::Settings,
    state::{Position, State},
};

use crate::{
    chain::Chain,
    encoder::Encoder,
    limits::PREPARE_MISSES_MAX,
    log::{AppendError, Appended, Entry, Head, Log, ReadError},
    open::Logs,
    replay::{self, Own},
};

pub use job::{Job, Reply, WriteFailure};

/// Whether the next batch may simply go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Writing,
    /// The outcome of an append is unknown: claim anew and read to the end first.
    Unsure,
    /// Somebody else writes now.
    Deposed,
}

/// The decider and its logs.
pub struct Writer {
    schemas: Log,
    marks: Log,
    encoder: Encoder,
    own: Own,
    head: Head,
    standing: Standing,
    published: Arc<ArcSwap<State>>,
    /// The state before the last batch, until somebody has time to take it apart.
    superseded: Option<Arc<State>>,
    settings: Settings,
    parser: Arc<dyn Parser>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Writer").field("head", &self.head).finish_non_exhaustive()
    }
}

impl Writer {
    /// A writer over logs that were read to their heads into the published state.
    pub fn new(
        logs: Logs,
        heads: (Head, Own),
        published: Arc<ArcSwap<State>>,
        settings: Settings,
        parser: Arc<dyn Parser>,
    ) -> Self {
        let Logs { schemas, marks, encoder } = logs;
        let (head, own) = heads;
        Self {
            schemas,
            marks,
            encoder,
            own,
            head,
            standing: Standing::Unsure,
            published,
            superseded: None,
            settings,
            parser,
        }
    }

    /// Decides a batch, makes it durable, publishes it, and says what became of each job.
    pub fn step(&mut self, batch: &[Job], now_ms: i64) -> Vec<Reply> {
        if let Err(failure) = self.stand() {
            return fail_all(batch, failure);
        }
        let base = self.published.load_full();
        let mut draft = State::clone(&base);
        let mut records = Vec::new();
        let replies: Vec<Reply> =
            batch.iter().map(|job| self.decide(&mut draft, &mut records, job, now_ms)).collect();
        if records.is_empty() {
            return replies;
        }
        match self.make_durable(&mut draft, &records, now_ms) {
            Ok(appended) => {
                self.publish(&base, draft, &records, appended, now_ms);
                self.superseded = Some(base);
                replies
            }
            Err(AppendError::TooLarge) if batch.len() > 1 => self.one_by_one(batch, now_ms),
            Err(AppendError::Conflict(_)) => {
                self.standing = Standing::Unsure;
                vec![Reply::Stale; batch.len()]
            }
            Err(error) => fail_all(batch, self.note(&error)),
        }
    }

    /// Takes apart what the last batch has left, once nobody waits for an answer.
    pub fn tidy(&mut self) {
        self.superseded = None;
    }

    /// Makes sure that this writer may go on from what is published.
    fn stand(&mut self) -> Result<(), WriteFailure> {
        match self.standing {
            Standing::Writing => Ok(()),
            Standing::Deposed => Err(WriteFailure::NotWriter),
            Standing::Unsure => {
                let claims =
                    [self.schemas.writer.claim(), self.marks.writer.claim(), self.encoder.claim()];
                if claims.iter().any(Result::is_err) {
                    return Err(WriteFailure::NotWriter);
                }
                self.catch_up().map_err(|error| {
                    tracing::error!(error = %Chain(&error), "the log cannot be read");
                    WriteFailure::Store
                })?;
                self.standing = Standing::Writing;
                Ok(())
            }
        }
    }

    /// Reads the logs to their ends and publishes what came. The heads move with the state: what
    /// was read when a later read failed is read again.
    fn catch_up(&mut self) -> Result<(), ReadError> {
        let mut state = State::clone(&self.published.load());
        let mut own = self.own.clone();
        self.encoder.catch_up()?;
        let (reader, sealer) = (self.schemas.reader.as_mut(), self.encoder.sealer());
        let head = replay::catch_up(&mut state, self.head, reader, sealer, &mut |_| {})?;
        replay::catch_up_marks(&mut state, &mut own, self.marks.reader.as_mut())?;
        (self.head, self.own) = (head, own);
        self.published.store(Arc::new(state));
        Ok(())
    }

    /// Decides one job and lets the draft and the batch have its records.
    fn decide(
        &self,
        draft: &mut State,
        records: &mut Vec<Record>,
        job: &Job,
        now_ms: i64,
    ) -> Reply {
        let mut outcome = rules::decide(draft, &self.settings, &job.ready);
        if outcome == Outcome::Stale && job.misses >= PREPARE_MISSES_MAX {
            outcome = self.prepare_on(draft, &job.command);
        }
        match outcome {
            Outcome::Stale => Reply::Stale,
            Outcome::Rejected(rejected) => Reply::Rejected(rejected),
            Outcome::Decided(decision) if !self.encoder.takes(draft, &decision.records) => {
                tracing::warn!("sensitive metadata was not written: it cannot be encrypted here");
                Reply::Failed(WriteFailure::Store)
            }
            Outcome::Decided(decision) => {
                for record in decision.records {
                    let position = self.position(records.len(), now_ms);
                    let entry = Ok(record);
                    draft.apply(position, &entry);
                    records.extend(entry);
                }
                Reply::Answered(decision.answer)
            }
        }
    }

    /// The costly work on the draft itself, for a job that was overtaken too often.
    fn prepare_on(&self, draft: &State, command: &Command) -> Outcome {
        match rules::prepare(draft, &self.settings, self.parser.as_ref(), command.clone()) {
            Err(rejected) => Outcome::Rejected(rejected),
            Ok(Prepared::Answered(answer)) => {
                Outcome::Decided(rules::Decision { answer, records: Vec::new() })
            }
            Ok(Prepared::Ready(ready)) => rules::decide(draft, &self.settings, &ready),
        }
    }

    /// Where the batch's next record will stand unless the log leaves a gap.
    fn position(&self, index: usize, timestamp: i64) -> Position {
        let index = i64::try_from(index).expect("a batch fits in memory");
        Position { offset: self.head.offset() + index, timestamp }
    }

    /// Marks first, since the records may remove what the marks remember, and the keyset that
    /// they need; then the records.
    fn make_durable(
        &mut self,
        draft: &mut State,
        records: &[Record],
        now_ms: i64,
    ) -> Result<Appended, AppendError> {
        let marks = rules::due_marks(draft);
        if !marks.is_empty() {
            let entries: Vec<_> = marks.iter().map(|mark| Entry::of(mark, now_ms)).collect();
            self.own.head = self.marks.writer.append(self.own.head, &entries)?.head;
            // They hold from now on, whatever becomes of the records.
            let mut state = State::clone(&self.published.load());
            for mark in &marks {
                draft.apply_mark(mark);
                state.apply_mark(mark);
            }
            self.published.store(Arc::new(state));
        }
        let entries = self.encoder.entries(records, now_ms)?;
        self.schemas.writer.append(self.head, &entries)
    }

    /// Shows readers what is durable now. Where the log left a gap the draft's offsets are wrong,
    /// and the records are applied anew at the right ones.
    fn publish(
        &mut self,
        base: &State,
        mut draft: State,
        records: &[Record],
        appended: Appended,
        now_ms: i64,
    ) {
        if appended.first != self.head.offset() {
            self.head = Head::new(appended.first);
            draft = self.reapplied(base, &draft, records, now_ms);
        }
        self.head = appended.head;
        self.published.store(Arc::new(draft));
    }

    fn reapplied(&self, base: &State, draft: &State, records: &[Record], now_ms: i64) -> State {
        let mut state = base.clone();
        for (index, record) in records.iter().enumerate() {
            state.apply(self.position(index, now_ms), &Ok(record.clone()));
        }
        for (context, ids) in draft.contexts().filter(|(_, ids)| ids.id_mark > 0) {
            state.apply_mark(&rules::mark(context, ids.id_mark));
        }
        state
    }

    /// A batch that is too large as a whole goes through job by job.
    fn one_by_one(&mut self, batch: &[Job], now_ms: i64) -> Vec<Reply> {
        batch.iter().flat_map(|job| self.step(std::slice::from_ref(job), now_ms)).collect()
    }

    /// What a failed append means for the jobs, and for the writer.
    fn note(&mut self, error: &AppendError) -> WriteFailure {
        tracing::error!(error = %Chain(error), "the log was not written");
        match error {
            AppendError::Fenced => {
                self.standing = Standing::Deposed;
                WriteFailure::NotWriter
            }
            AppendError::Unknown => {
                self.standing = Standing::Unsure;
                WriteFailure::Unknown
            }
            AppendError::TooLarge => WriteFailure::TooLarge,
            AppendError::Conflict(_) | AppendError::NoSpace | AppendError::Failed(_) => {
                WriteFailure::Store
            }
        }
    }
}

fn fail_all(batch: &[Job], failure: WriteFailure) -> Vec<Reply> {
    vec![Reply::Failed(failure); batch.len()]
}
