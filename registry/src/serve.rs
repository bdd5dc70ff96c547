//! The running service: bind, open the logs behind a 503, serve, and stop without breaking anything
//! off.

mod lanes;
mod listener;
mod patience;

use std::{io, sync::Arc, time::Duration};

use broker_core::{Clock, SystemClock};
use thiserror::Error;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

use lanes::Lanes;

use crate::{
    config::Config,
    encoder::Encoder,
    http::{self, About, Front},
    log::{Engine, embedded},
    open::{self, Logs, OpenError},
    service::{Errand, Phase, Registry},
};

/// Why the service ended other than by being asked to.
#[derive(Debug, Error)]
pub enum ServeError {
    #[error("cannot listen on {address}")]
    Bind { address: std::net::SocketAddr, source: io::Error },
    #[error("the runtime cannot be started")]
    Runtime(#[source] io::Error),
    #[error(transparent)]
    Logs(#[from] embedded::EngineError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the logs were not closed cleanly")]
    Close(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the writer's thread has ended")]
    Writer,
}

/// Serves until the process is asked to stop.
pub fn run(config: Config) -> Result<(), ServeError> {
    // For accepting and for the life of the process; connections have lanes.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    let result = runtime.block_on(serve(config));
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn serve(config: Config) -> Result<(), ServeError> {
    let stop = listener::stop_signal().map_err(ServeError::Runtime)?;
    let address = config.http;
    let socket =
        TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })?;
    let (registry, queue) = registry(&config);
    let front = front(&config, registry.clone());
    let (stopping, stopped) = tokio::sync::watch::channel(false);
    let lanes = Lanes::start().map_err(ServeError::Runtime)?;
    let limits = listener::Limits::of(&config);
    let served = tokio::spawn(listener::serve(socket, front, limits, lanes, stopped));
    let opening = {
        let (registry, config) = (registry.clone(), config.clone());
        tokio::task::spawn_blocking(move || open_logs(&registry, &config, queue))
    };
    tokio::pin!(stop);
    let opened = tokio::select! {
        opened = finish(opening) => opened?,
        // Nothing was served yet, and what an opening log writes may be cut off anywhere.
        _ = &mut stop => return Ok(()),
    };
    let signal = tokio::select! {
        signal = stop => signal,
        // A registry that cannot write any more must not look as if it could.
        () = registry.writer_ended() => return Err(ServeError::Writer),
    };
    tracing::info!(signal, "stopping: answering what is in flight");
    registry.enter(Phase::Stopping);
    stopping.send_replace(true);
    let grace = Duration::from_millis(config.shutdown_grace_ms);
    if tokio::time::timeout(grace, served).await.is_err() {
        tracing::warn!(?grace, "requests were still in flight when the grace period ended");
    }
    registry.stop_writer().await;
    finish(tokio::task::spawn_blocking(move || opened.close())).await
}

/// A panic of a blocking task is a broken invariant; it goes on here.
async fn finish<T>(task: JoinHandle<Result<T, ServeError>>) -> Result<T, ServeError> {
    task.await.unwrap_or_else(|_| Err(ServeError::Writer))
}

/// The registry as the configuration wants it, not open yet.
fn registry(config: &Config) -> (Registry, mpsc::Receiver<Errand>) {
    let settings = config.settings();
    let wait_max = Duration::from_millis(config.request_timeout_ms);
    Registry::new(settings, config.queue_max, wait_max)
}

fn front(config: &Config, registry: Registry) -> Front {
    let about = About {
        kafka_cluster: config.metadata_cluster_id.clone(),
        group_id: config.schema_registry_group_id.clone(),
        attributes: config.metadata_deployment_attributes.clone(),
        dialect: config.dialect,
    };
    http::front(registry, about, config.policy())
}

/// Logs that are open, with their writer.
struct Opened {
    writer: std::thread::JoinHandle<()>,
    close: Box<dyn FnOnce() -> Result<(), Box<dyn std::error::Error + Send + Sync>> + Send>,
}

impl Opened {
    /// Waits until the writer has answered what was queued, then closes the logs.
    fn close(self) -> Result<(), ServeError> {
        self.writer.join().map_err(|_| ServeError::Writer)?;
        (self.close)().map_err(ServeError::Close)?;
        tracing::info!("stopped; the logs are closed");
        Ok(())
    }
}

fn open_logs(
    registry: &Registry,
    config: &Config,
    queue: mpsc::Receiver<Errand>,
) -> Result<Opened, ServeError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let Engine { schemas, marks, keysets, watch, close } = embedded::open(config, clock.clone())?;
    registry.lookout().watch(watch);
    let encoder = Encoder::new(keysets, config.secrets.clone());
    let writer = open::open(registry, Logs { schemas, marks, encoder }, queue, clock)?;
    tracing::info!(
        data_dir = %config.data_dir.display(),
        "ready: the Schema Registry API is served on http://{}", config.http
    );
    Ok(Opened { writer, close })
}
