//! What the server counts, for Prometheus. Labels come from closed sets (route templates, methods,
//! status codes), so that no caller can grow the set of series.

use std::{
    fmt, sync::Arc, sync::Mutex, sync::PoisonError, sync::atomic::AtomicU64, time::Duration,
};

use http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::log::LogView;

/// Seconds; from a cached read to a slow disk.
const LATENCY_BUCKETS: [f64; 12] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// Commands in a batch.
const BATCH_BUCKETS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 512.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLog {
    log: String,
}

/// All counters; clones share them.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    answers: Family<Answered, Counter>,
    latency: Family<OfRoute, Histogram>,
    batch: Histogram,
    append: Histogram,
    append_failures: Counter,
    connections: Gauge,
    log_size: Family<OfLog, Gauge>,
    log_head: Family<OfLog, Gauge>,
    log_compacted: Family<OfLog, Gauge>,
    log_dirty: Family<OfLog, Gauge<f64, AtomicU64>>,
    free_disk: Gauge,
    subjects: Gauge,
    versions: Gauge,
    anomalies: Gauge,
}

/// The counters of one route.
#[derive(Clone)]
pub struct RouteMetrics {
    route: &'static str,
    answers: Family<Answered, Counter>,
    latency: Histogram,
    get_ok: Counter,
    post_ok: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram = || Histogram::new(LATENCY_BUCKETS);
        let metrics = Self {
            registry: Arc::default(),
            answers: Family::default(),
            latency: Family::new_with_constructor(histogram),
            batch: Histogram::new(BATCH_BUCKETS),
            append: histogram(),
            append_failures: Counter::default(),
            connections: Gauge::default(),
            log_size: Family::default(),
            log_head: Family::default(),
            log_compacted: Family::default(),
            log_dirty: Family::default(),
            free_disk: Gauge::default(),
            subjects: Gauge::default(),
            versions: Gauge::default(),
            anomalies: Gauge::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&self) {
        let mut registry = self.registry();
        let all = registry.sub_registry_with_prefix("syngraph");
        all.register("http_requests", "Requests answered", self.answers.clone());
        all.register("http_request_seconds", "Time to answer", self.latency.clone());
        all.register("http_connections", "Open connections", self.connections.clone());
        all.register("write_batch_size", "Commands decided together", self.batch.clone());
        all.register("write_append_seconds", "Time to decide and sync", self.append.clone());
        all.register("write_failures", "Batches not written", self.append_failures.clone());
        all.register("log_size_bytes", "Size of a log on disk", self.log_size.clone());
        all.register("log_head", "Offset after the newest record", self.log_head.clone());
        all.register(
            "log_compacted",
            "Offset below which all is compacted",
            self.log_compacted.clone(),
        );
        all.register("log_dirty_ratio", "Share of bytes not yet compacted", self.log_dirty.clone());
        all.register("disk_free_bytes", "Room on the data disk", self.free_disk.clone());
        all.register("subjects", "Subjects, deleted ones included", self.subjects.clone());
        all.register("versions", "Versions, deleted ones included", self.versions.clone());
        all.register("anomalies", "Impossible log entries", self.anomalies.clone());
    }

    fn registry(&self) -> std::sync::MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counters of a route, by its template.
    pub fn route(&self, route: &'static str) -> RouteMetrics {
        let ok =
            |method| self.answers.get_or_create(&Answered { route, method, status: 200 }).clone();
        RouteMetrics {
            route,
            answers: self.answers.clone(),
            latency: self.latency.get_or_create(&OfRoute { route }).clone(),
            get_ok: ok("GET"),
            post_ok: ok("POST"),
        }
    }

    /// One batch went through the writer.
    pub fn batch(&self, size: usize, elapsed: Duration, failed: bool) {
        #[expect(clippy::cast_precision_loss, reason = "a batch is far below 2^52")]
        self.batch.observe(size as f64);
        self.append.observe(elapsed.as_secs_f64());
        if failed {
            self.append_failures.inc();
        }
    }

    /// A connection came (1) or went (-1).
    pub fn connection(&self, change: i64) {
        self.connections.inc_by(change);
    }

    /// The state of one log, at the time of asking.
    pub fn log(&self, view: &LogView) {
        let label = OfLog { log: view.name.clone() };
        let size = view.size_bytes.try_into().unwrap_or(i64::MAX);
        self.log_size.get_or_create(&label).set(size);
        self.log_head.get_or_create(&label).set(view.head);
        self.log_compacted.get_or_create(&label).set(view.compacted_to);
        self.log_dirty.get_or_create(&label).set(view.dirty_ratio);
    }

    /// The state of the registry and its disk, at the time of asking.
    pub fn totals(&self, (subjects, versions): (usize, usize), anomalies: u64, free_disk: u64) {
        self.subjects.set(subjects.try_into().unwrap_or(i64::MAX));
        self.versions.set(versions.try_into().unwrap_or(i64::MAX));
        self.anomalies.set(anomalies.try_into().unwrap_or(i64::MAX));
        self.free_disk.set(free_disk.try_into().unwrap_or(i64::MAX));
    }

    /// The text that Prometheus reads.
    pub fn print(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry())?;
        Ok(page)
    }
}

impl RouteMetrics {
    /// One answer.
    pub fn observe(&self, method: &Method, status: StatusCode, elapsed: Duration) {
        self.latency.observe(elapsed.as_secs_f64());
        match (method, status) {
            (&Method::GET, StatusCode::OK) => self.get_ok.inc(),
            (&Method::POST, StatusCode::OK) => self.post_ok.inc(),
            _ => {
                let (route, method, status) = (self.route, name(method), status.as_u16());
                self.answers.get_or_create(&Answered { route, method, status }).inc()
            }
        };
    }
}

/// The methods of HTTP by name; what a caller invents is one series.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "OTHER",
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl fmt::Debug for RouteMetrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RouteMetrics").field("route", &self.route).finish_non_exhaustive()
    }
}
