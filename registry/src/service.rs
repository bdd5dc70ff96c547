//! The registry as its callers hold it: snapshots to read, a queue to write, a phase to wait for.
//! Not here: HTTP, and what a command means.

mod barrier;
mod compute;

use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering},
};
use std::time::Duration;

use arc_swap::ArcSwap;
use registry_core::{
    rules::{self, Answer, Command, Prepared, Rejected},
    settings::Settings,
    state::State,
};
use schema::CompatibilityLevel;
use thiserror::Error;
use tokio::{
    sync::{Notify, Semaphore, mpsc, oneshot},
    time::Instant,
};

use crate::{
    cache::CachedParser,
    lookout::Lookout,
    metrics::Metrics,
    writer::{Job, Reply, WriteFailure},
};

pub use barrier::{Token, Unseen};

/// Why the registry did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RegistryError {
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The logs are still being read.
    #[error("the log is being replayed: {records} records so far")]
    Replaying { records: u64 },
    /// More writes wait than may.
    #[error("too many writes are waiting")]
    Busy,
    /// The process is about to end.
    #[error("the server is stopping")]
    Stopping,
    #[error("the write failed")]
    Write(WriteFailure),
}

/// Where the process is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Replaying,
    Serving,
    /// Serving what is in flight, on its way out.
    Stopping,
}

/// What the writer's queue carries.
#[derive(Debug)]
pub enum Errand {
    Decide(Ticket),
    /// Answer what has queued, then end.
    Stop,
}

/// A command that waits for the writer, with the way back.
#[derive(Debug)]
pub struct Ticket {
    pub job: Job,
    pub reply: oneshot::Sender<Reply>,
}

/// A handle to the registry; clones share it.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

struct Shared {
    phase: AtomicU8,
    replayed: AtomicU64,
    published: Arc<ArcSwap<State>>,
    published_news: Notify,
    tickets: mpsc::Sender<Errand>,
    settings: Settings,
    parser: Arc<CachedParser>,
    write_wait_max: Duration,
    identity: ArcSwap<Identity>,
    lookout: Lookout,
    heavy: Arc<Semaphore>,
    metrics: Metrics,
}

/// What is known of the logs beside their content.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub log_id: String,
}

impl Registry {
    /// A registry that is still being read; the other end of its queue goes to the writer.
    pub fn new(
        settings: Settings,
        queue_max: usize,
        write_wait_max: Duration,
    ) -> (Self, mpsc::Receiver<Errand>) {
        let (tickets, queue) = mpsc::channel(queue_max);
        let shared = Shared {
            phase: AtomicU8::new(Phase::Replaying as u8),
            replayed: AtomicU64::new(0),
            published: Arc::default(),
            published_news: Notify::default(),
            tickets,
            settings,
            parser: Arc::default(),
            write_wait_max,
            identity: ArcSwap::default(),
            lookout: Lookout::default(),
            heavy: Arc::new(Semaphore::new(processors())),
            metrics: Metrics::default(),
        };
        (Self(Arc::new(shared)), queue)
    }

    /// The newest durable state, or why there is none yet.
    pub fn snapshot(&self) -> Result<Arc<State>, RegistryError> {
        match self.phase() {
            Phase::Replaying => {
                let records = self.0.replayed.load(Ordering::Relaxed);
                Err(RegistryError::Replaying { records })
            }
            Phase::Serving | Phase::Stopping => Ok(self.0.published.load_full()),
        }
    }

    /// Where the process is in its life.
    pub fn phase(&self) -> Phase {
        match self.0.phase.load(Ordering::Acquire) {
            0 => Phase::Replaying,
            1 => Phase::Serving,
            _ => Phase::Stopping,
        }
    }

    /// Moves on in life; there is no way back.
    pub fn enter(&self, phase: Phase) {
        self.0.phase.fetch_max(phase as u8, Ordering::AcqRel);
    }

    /// Counts records as they are replayed.
    pub fn replayed(&self, records: u64) {
        self.0.replayed.fetch_add(records, Ordering::Relaxed);
    }

    /// Where the writer publishes.
    pub fn published(&self) -> Arc<ArcSwap<State>> {
        self.0.published.clone()
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The level where nothing is configured.
    pub fn default_level(&self) -> CompatibilityLevel {
        self.0.settings.compatibility_level
    }

    /// Parsed schemas.
    pub fn parser(&self) -> Arc<CachedParser> {
        self.0.parser.clone()
    }

    /// Counters and clocks.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Which log this is.
    pub fn identity(&self) -> Arc<Identity> {
        self.0.identity.load_full()
    }

    /// Tells which log this is, once it is read.
    pub fn identify(&self, identity: Identity) {
        self.0.identity.store(Arc::new(identity));
    }

    /// The engine from outside.
    pub fn lookout(&self) -> &Lookout {
        &self.0.lookout
    }

    /// Waits until the writer has ended: after a stop, or because an invariant broke.
    pub async fn writer_ended(&self) {
        self.0.tickets.closed().await;
    }

    /// Ends the writer once it has answered what has queued.
    pub async fn stop_writer(&self) {
        // A writer that is gone already has nothing left to end.
        let _gone = self.0.tickets.send(Errand::Stop).await;
    }

    /// Carries a command to its answer: prepared here, decided by the writer, prepared again if
    /// what it relied on changed meanwhile.
    pub async fn submit(&self, command: Command) -> Result<Answer, RegistryError> {
        let mut misses = 0;
        let deadline = Instant::now() + self.0.write_wait_max;
        loop {
            let ready = match self.prepare(command.clone()).await? {
                Prepared::Answered(answer) => return Ok(answer),
                Prepared::Ready(ready) => ready,
            };
            let (reply, answer) = oneshot::channel();
            let job = Job { command: command.clone(), ready, misses };
            self.0.tickets.try_send(Errand::Decide(Ticket { job, reply })).map_err(|error| {
                match error {
                    mpsc::error::TrySendError::Full(_) => RegistryError::Busy,
                    mpsc::error::TrySendError::Closed(_) => RegistryError::Stopping,
                }
            })?;
            match tokio::time::timeout_at(deadline, answer).await {
                Err(_) | Ok(Err(_)) => return Err(RegistryError::Write(WriteFailure::Unknown)),
                Ok(Ok(Reply::Answered(answer))) => return Ok(answer),
                Ok(Ok(Reply::Rejected(rejected))) => return Err(rejected.into()),
                Ok(Ok(Reply::Failed(failure))) => return Err(RegistryError::Write(failure)),
                Ok(Ok(Reply::Stale)) => misses += 1,
            }
        }
    }

    async fn prepare(&self, command: Command) -> Result<Prepared, RegistryError> {
        let heavy = match &command {
            Command::Register(new) => self.is_heavy(new),
            Command::RegisterAll(_) => true,
            _ => false,
        };
        self.compute(heavy, move |state, settings, parser| {
            rules::prepare(state, settings, parser, command)
        })
        .await
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Registry").field("phase", &self.phase()).finish_non_exhaustive()
    }
}
