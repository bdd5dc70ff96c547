//! Connections: accepting them within a limit, and letting them finish when the server stops.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{body::Body, extract::ConnectInfo};
use hyper::{Method, Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    signal::unix::{SignalKind, signal},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};

use super::{lanes::Lanes, patience::Patience};
use crate::{
    config::Config,
    http::Front,
    limits::{HEAD_BUFFER_MAX, WRITE_WAIT_MAX},
};

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    connections_max: usize,
    head_wait_max: Duration,
}

impl Limits {
    pub(super) fn of(config: &Config) -> Self {
        Self {
            connections_max: config.connections_max,
            head_wait_max: Duration::from_millis(config.header_read_timeout_ms),
        }
    }
}

/// Resolves to the name of the first signal to stop.
pub(super) fn stop_signal() -> io::Result<impl Future<Output = &'static str>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}

/// Serves connections until told to stop, then until the last of them has its answer.
pub(super) async fn serve(
    socket: TcpListener,
    front: Front,
    limits: Limits,
    mut lanes: Lanes,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let graceful = GracefulShutdown::new();
    let builder = Arc::new(builder(limits));
    loop {
        let accepted = tokio::select! {
            accepted = next(&socket, &places) => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let Some((stream, from, place)) = accepted else { continue };
        let lane = lanes.next();
        let Ok(stream) = moved(stream, lane) else { continue };
        let (answered, asked) = (front.clone(), Arc::new(AtomicBool::new(false)));
        let silent = silence(asked.clone(), limits.head_wait_max);
        let service = service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let front = answered.clone();
            let mut request = request.map(Body::new);
            // Reads are for everybody, and are most of what is asked.
            if request.method() != Method::GET {
                request.extensions_mut().insert(ConnectInfo(from));
            }
            async move { front.answer(request).await }
        });
        let connection =
            builder.serve_connection(TokioIo::new(Patience::new(stream, WRITE_WAIT_MAX)), service);
        let connection = graceful.watch(connection.into_owned());
        let metrics = front.metrics().clone();
        lane.spawn(async move {
            metrics.connection(1);
            tokio::select! {
                // A peer that breaks off has nobody to be told.
                _broken = connection => {}
                () = silent => {}
            }
            metrics.connection(-1);
            drop(place);
        });
    }
    drop(socket);
    graceful.shutdown().await;
}

/// A connection that is watched by the poller of its lane.
fn moved(stream: TcpStream, lane: &Handle) -> io::Result<TcpStream> {
    let stream = stream.into_std()?;
    let _on_it = lane.enter();
    TcpStream::from_std(stream)
}

/// Ends when a new connection has kept its first request back for too long. hyper watches over
/// heads, but not over the bytes from which it tells HTTP/1 and HTTP/2 apart: without this, whoever
/// sends none of them would keep a place for ever.
async fn silence(asked: Arc<AtomicBool>, wait_max: Duration) {
    tokio::time::sleep(wait_max).await;
    if asked.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_wait_max)
        .max_buf_size(HEAD_BUFFER_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(limits.head_wait_max))
        .max_concurrent_streams(128);
    builder
}

/// The next connection with its place. Without a free place nothing is accepted: the kernel's queue
/// holds the callers meanwhile.
async fn next(
    socket: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, from)) => {
            // Small answers must not wait for more to come.
            let _unsupported = stream.set_nodelay(true);
            Some((stream, from, place))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection was not accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
