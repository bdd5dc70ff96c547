//! The registry's writer in this process over a log in memory: what deciding costs, without HTTP
//! and disk.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use registry::{
    cache::CachedParser,
    encoder::{Encoder, Secrets},
    log::{Head, simulated::SimulatedLog},
    open::Logs,
    replay::Own,
    writer::{Job, Reply, Writer},
};
use registry_core::{
    rules::{self, Command, NewSchema, Prepared},
    settings::Settings,
    state::State,
};
use schema::{CompatibilityLevel, Language};

/// Commands decided together while filling.
const BATCH: usize = 512;

/// A registry without a rim.
#[derive(Debug)]
pub struct Local {
    writer: Writer,
    published: Arc<ArcSwap<State>>,
    parser: Arc<CachedParser>,
    settings: Settings,
}

impl Local {
    pub fn new(compatibility_level: CompatibilityLevel) -> Self {
        let settings = Settings { compatibility_level, ..Settings::UPSTREAM };
        let published = Arc::<ArcSwap<State>>::default();
        let parser = Arc::<CachedParser>::default();
        let log = || SimulatedLog::default().log();
        let encoder = Encoder::new(log(), Secrets::default());
        let logs = Logs { schemas: log(), marks: log(), encoder };
        let heads = (Head::default(), Own::default());
        let writer = Writer::new(logs, heads, published.clone(), settings.clone(), parser.clone());
        Self { writer, published, parser, settings }
    }

    /// Registers one schema; the time that preparing and deciding took.
    pub fn register(&mut self, subject: &str, text: &str) -> Duration {
        let command = command(subject, text);
        let started = Instant::now();
        let job = self.prepare(command);
        let replies = self.writer.step(&[job], 0);
        let elapsed = started.elapsed();
        assert!(matches!(replies[..], [Reply::Answered(_)]), "{replies:?}");
        elapsed
    }

    /// Registers many under as many subjects.
    pub fn fill(&mut self, schemas: impl Iterator<Item = (String, String)>) {
        let mut schemas = schemas.peekable();
        while schemas.peek().is_some() {
            let batch = schemas.by_ref().take(BATCH);
            let commands: Vec<_> = batch.map(|(subject, text)| command(&subject, &text)).collect();
            let jobs: Vec<_> = commands.into_iter().map(|one| self.prepare(one)).collect();
            let replies = self.writer.step(&jobs, 0);
            assert!(replies.iter().all(|reply| matches!(reply, Reply::Answered(_))));
        }
    }

    fn prepare(&self, command: Command) -> Job {
        let state = self.published.load();
        let prepared =
            rules::prepare(&state, &self.settings, self.parser.as_ref(), command.clone());
        let Ok(Prepared::Ready(ready)) = prepared else {
            panic!("not to be decided: {prepared:?}")
        };
        Job { command, ready, misses: 0 }
    }
}

fn command(subject: &str, text: &str) -> Command {
    let subject = subject.parse().expect("a subject's name");
    Command::Register(Arc::new(NewSchema::new(subject, Language::Avro, text.to_owned())))
}
