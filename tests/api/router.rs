//! The routes in this process, over logs in memory or on disk: no socket, everything else is real.

use std::{
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use axum::body::Body;
use broker_core::SystemClock;
use http_body_util::BodyExt as _;
use registry::{
    config::{Config, Inputs, resolve},
    encoder::Encoder,
    http::{About, Front, Policy},
    log::{Engine, embedded, simulated::SimulatedLog},
    open::Logs,
    service::{Phase, Registry},
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::{
    case::{Ending, Setting},
    exchange::{Answer, Request},
    target::Target,
};

/// How long a directory may stay locked that nobody uses.
const LOCKED_MAX: Duration = Duration::from_secs(5);

/// The registry without its sockets.
pub(crate) struct Router {
    runtime: Runtime,
    config: Config,
    place: Place,
    open: Option<Open>,
}

/// Where the logs are.
enum Place {
    Memory { schemas: SimulatedLog, marks: SimulatedLog, keysets: SimulatedLog },
    Disk { _removed_at_the_end: TempDir },
}

struct Open {
    front: Front,
    registry: Registry,
    writer: JoinHandle<()>,
    close: Box<dyn FnOnce() -> Result<(), Box<dyn std::error::Error + Send + Sync>> + Send>,
}

impl Router {
    pub(crate) fn in_memory(settings: &[Setting]) -> Self {
        let [schemas, marks, keysets] = std::array::from_fn(|_| SimulatedLog::default());
        Self::new(configured(settings), Place::Memory { schemas, marks, keysets })
    }

    pub(crate) fn on_disk(settings: &[Setting]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data_dir = directory.path().join("data");
        let config = Config { data_dir, ..configured(settings) };
        Self::new(config, Place::Disk { _removed_at_the_end: directory })
    }

    fn new(config: Config, place: Place) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let mut router = Self { runtime, config, place, open: None };
        router.open();
        router
    }

    fn open(&mut self) {
        let settings = self.config.settings();
        let wait_max = Duration::from_millis(self.config.request_timeout_ms);
        let (registry, queue) = Registry::new(settings, self.config.queue_max, wait_max);
        let (logs, close) = self.logs(&registry);
        let about = About {
            kafka_cluster: self.config.metadata_cluster_id.clone(),
            group_id: self.config.schema_registry_group_id.clone(),
            attributes: self.config.metadata_deployment_attributes.clone(),
            dialect: self.config.dialect,
        };
        let front = registry::http::front(
            registry.clone(),
            about,
            Policy { access_log: false, ..self.config.policy() },
        );
        let writer = registry::open::open(&registry, logs, queue, Arc::new(SystemClock)).unwrap();
        self.open = Some(Open { front, registry, writer, close });
    }

    #[expect(clippy::type_complexity, reason = "the engine's own type for its end")]
    fn logs(
        &self,
        registry: &Registry,
    ) -> (Logs, Box<dyn FnOnce() -> Result<(), Box<dyn std::error::Error + Send + Sync>> + Send>)
    {
        let secrets = self.config.secrets.clone();
        match &self.place {
            Place::Memory { schemas, marks, keysets } => {
                let encoder = Encoder::new(keysets.log(), secrets);
                let logs = Logs { schemas: schemas.log(), marks: marks.log(), encoder };
                (logs, Box::new(|| Ok(())))
            }
            Place::Disk { .. } => {
                let engine = self.engine();
                registry.lookout().watch(engine.watch);
                let encoder = Encoder::new(engine.keysets, secrets);
                let Engine { schemas, marks, close, .. } = engine;
                (Logs { schemas, marks, encoder }, close)
            }
        }
    }

    /// The lock of the directory may outlive its holder for a moment: a process that another test is
    /// just starting has a copy of every open file until it begins its own program.
    fn engine(&self) -> Engine {
        let deadline = Instant::now() + LOCKED_MAX;
        loop {
            match embedded::open(&self.config, Arc::new(SystemClock)) {
                Ok(engine) => return engine,
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        open.registry.enter(Phase::Stopping);
        self.runtime.block_on(open.registry.stop_writer());
        open.writer.join().unwrap();
        (open.close)().unwrap();
    }
}

impl Target for Router {
    fn answer(&mut self, request: &Request) -> Answer {
        let mut asked = http::Request::builder().method(request.method.as_str());
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        let body = request.body.clone().map_or_else(Body::empty, Body::from);
        let asked = asked.uri(&request.path).body(body).unwrap();
        let front = &self.open.as_ref().expect("it is open").front;
        self.runtime.block_on(async {
            let Ok(answer) = front.answer(asked).await;
            let (head, body) = answer.into_parts();
            let text =
                |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
            let headers = headers.collect();
            let body = body.collect().await.unwrap().to_bytes().to_vec();
            Answer { status: head.status.as_u16(), headers, body }
        })
    }

    /// Whatever ends it, what was answered is in the logs: both endings are alike here.
    fn reopen(&mut self, _: Ending) {
        self.close();
        self.open();
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.close();
        }
    }
}

/// The configuration that these settings make, as the process would read them.
fn configured(settings: &[Setting]) -> Config {
    let variable = |setting: &Setting| {
        (format!("SYNGRAPH_{}", setting.key.to_uppercase()), setting.text.clone())
    };
    let environment = settings.iter().map(variable).collect();
    resolve(&Inputs { environment, ..Inputs::default() }).unwrap().config
}
