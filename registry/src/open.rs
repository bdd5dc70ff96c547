//! From logs to a registry that serves: replay, give the log an identity, start the writer.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Instant,
};

use broker_core::Clock;
use registry_core::{
    record::{FormatVersion, Identity as LogIdentity, Key, Record, Value},
    state::State,
};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use crate::{
    encoder::{Encoder, EncoderError},
    limits::BATCH_MAX,
    log::{AppendError, Entry, Head, Log, ReadError},
    replay::{self, Own},
    service::{Errand, Identity, Phase, Registry, Ticket},
    writer::{Job, Reply, Writer},
};

/// The form in which this version writes the logs.
pub const FORMAT_VERSION: u32 = 1;

/// Why a registry does not open over its logs.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("the log cannot be read")]
    Read(#[from] ReadError),
    #[error("the log cannot be written")]
    Write(#[from] AppendError),
    #[error(
        "the logs are written in form {found}, this program knows up to {FORMAT_VERSION}; use the \
         version of Syngraph that wrote them, or a newer one"
    )]
    Format { found: u32 },
    #[error(transparent)]
    Encoder(#[from] EncoderError),
    #[error("the writer's thread cannot be started")]
    Thread(#[source] std::io::Error),
}

/// The logs of a registry.
#[derive(Debug)]
pub struct Logs {
    /// `_schemas`.
    pub schemas: Log,
    /// `_syngraph`.
    pub marks: Log,
    /// `_schema_encoders`.
    pub encoder: Encoder,
}

/// What the logs hold.
#[derive(Debug)]
pub struct Replayed {
    pub state: State,
    /// The end of `_schemas`.
    pub head: Head,
    /// What the log of marks says beside marks.
    pub own: Own,
}

/// Reads the logs, publishes the state and starts the writer. The registry serves when this
/// returns.
pub fn open(
    registry: &Registry,
    mut logs: Logs,
    queue: mpsc::Receiver<Errand>,
    clock: Arc<dyn Clock>,
) -> Result<JoinHandle<()>, OpenError> {
    let started = Instant::now();
    let mut total = 0;
    let progress = &mut |records| {
        total += records;
        registry.replayed(records);
    };
    let Replayed { state, head, own } = replayed(&mut logs, clock.now_ms(), progress)?;
    report(&state, total, started);
    logs.encoder.report();
    registry.identify(Identity { log_id: own.log_id.clone().unwrap_or_default() });
    registry.published().store(Arc::new(state));
    let (published, settings) = (registry.published(), registry.settings().clone());
    let parser = registry.parser();
    let writer = Writer::new(logs, (head, own), published, settings, parser);
    let thread = start(registry, writer, queue, clock)?;
    registry.enter(Phase::Serving);
    Ok(thread)
}

/// Reads the logs to their ends, and gives new ones their identity.
pub fn replayed(
    logs: &mut Logs,
    now_ms: i64,
    progress: &mut dyn FnMut(u64),
) -> Result<Replayed, OpenError> {
    let mut state = State::default();
    let mut own = Own::default();
    let Logs { schemas, marks, encoder } = logs;
    encoder.catch_up()?;
    let (reader, sealer) = (schemas.reader.as_mut(), encoder.sealer());
    let head = replay::catch_up(&mut state, Head::default(), reader, sealer, progress)?;
    replay::catch_up_marks(&mut state, &mut own, marks.reader.as_mut())?;
    // Before anything is written into logs whose form is not known.
    if let Some(found) = own.format.filter(|format| *format > FORMAT_VERSION) {
        return Err(OpenError::Format { found });
    }
    encoder.settle(now_ms)?;
    identify(&mut own, marks, now_ms)?;
    Ok(Replayed { state, head, own })
}

fn report(state: &State, records: u64, started: Instant) {
    let (subjects, versions) = state.counts();
    let anomalies = state.anomalies();
    tracing::info!(records, subjects, versions, elapsed = ?started.elapsed(), "the log is read");
    for anomaly in &anomalies.newest {
        tracing::warn!(offset = anomaly.offset, what = anomaly.what, "an impossible log entry");
    }
}

/// Gives a new log its identity and form, durable before anything depends on them.
fn identify(own: &mut Own, marks: &mut Log, now_ms: i64) -> Result<(), AppendError> {
    if own.log_id.is_some() {
        return Ok(());
    }
    let id = uuid::Uuid::new_v4().to_string();
    let records = [
        Record::put(Key::Format, Value::Format(FormatVersion { version: FORMAT_VERSION })),
        Record::put(Key::LogIdentity, Value::LogIdentity(LogIdentity { id: id.clone() })),
    ];
    let entries = records.map(|record| Entry::of(&record, now_ms));
    own.head = marks.writer.append(own.head, &entries)?.head;
    own.log_id = Some(id);
    own.format = Some(FORMAT_VERSION);
    Ok(())
}

/// The thread that writes, until nobody can ask any more.
fn start(
    registry: &Registry,
    mut writer: Writer,
    mut queue: mpsc::Receiver<Errand>,
    clock: Arc<dyn Clock>,
) -> Result<JoinHandle<()>, OpenError> {
    let registry = registry.clone();
    let work = move || {
        let mut errands = Vec::with_capacity(BATCH_MAX);
        while queue.blocking_recv_many(&mut errands, BATCH_MAX) > 0 {
            let started = Instant::now();
            let (jobs, replies) = sort(&mut errands, &mut queue);
            let answers = writer.step(&jobs, clock.now_ms());
            let failed = answers.iter().any(|answer| matches!(answer, Reply::Failed(_)));
            registry.tell_news();
            registry.metrics().batch(jobs.len(), started.elapsed(), failed);
            for (reply, answer) in replies.into_iter().zip(answers) {
                // Whoever asked may have gone; what was decided stands all the same.
                let _gone = reply.send(answer);
            }
            writer.tidy();
        }
    };
    thread::Builder::new().name("writer".to_owned()).spawn(work).map_err(OpenError::Thread)
}

/// The commands of a batch and the ways back. Told to stop, the queue takes nothing new, and ends
/// when what it holds is answered.
fn sort(
    errands: &mut Vec<Errand>,
    queue: &mut mpsc::Receiver<Errand>,
) -> (Vec<Job>, Vec<oneshot::Sender<Reply>>) {
    let tickets = errands.drain(..).filter_map(|errand| match errand {
        Errand::Decide(Ticket { job, reply }) => Some((job, reply)),
        Errand::Stop => {
            queue.close();
            None
        }
    });
    tickets.unzip()
}
