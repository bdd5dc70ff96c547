//! Probes, counters and the state of the logs.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use openapi::{
    error::ErrorCode,
    server::{Availability, ContextStatus, LogStatus, Probe, Readiness, Status},
};

use super::{answer::Answer, error::ApiError};
use crate::{
    limits::PROBE_WAIT_MAX,
    service::{Phase, Registry},
};

/// The process runs.
pub(super) async fn live() -> Answer {
    Answer::json(&Probe { status: "live".to_owned() })
}

/// Requests are answered: the logs are read, the process is not stopping, the log can be written.
pub(super) async fn ready(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let seen = tokio::time::timeout(PROBE_WAIT_MAX, registry.lookout().look()).await;
    let poisoned = seen.is_ok_and(|outside| outside.logs.iter().any(|log| log.poisoned));
    let refusal = match (registry.phase(), poisoned) {
        (Phase::Stopping, _) => Some("The server is stopping"),
        (_, true) => Some("The log cannot be written until the server is started anew"),
        (_, false) => None,
    };
    if let Some(refusal) = refusal {
        return Err(ApiError::new(ErrorCode::Unavailable, refusal));
    }
    let anomalies = state.anomalies().total;
    Ok(Answer::json(&Readiness { status: "ready".to_owned(), anomalies }))
}

/// Whether this node can write, as Karapace answers it.
pub(super) async fn writable(registry: State<Registry>) -> Answer {
    let master_available = ready(registry).await.is_ok();
    Answer::json(&Availability { master_available })
}

/// The logs are read.
pub(super) async fn startup(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    registry.snapshot().map_err(ApiError::reading)?;
    Ok(Answer::json(&Probe { status: "started".to_owned() }))
}

/// The counters, in the text form of Prometheus.
pub(super) async fn metrics(State(registry): State<Registry>) -> Result<Response, ApiError> {
    let metrics = registry.metrics();
    let outside = registry.lookout().look().await;
    outside.logs.iter().for_each(|log| metrics.log(log));
    if let Ok(state) = registry.snapshot() {
        metrics.totals(state.counts(), state.anomalies().total, outside.free_disk);
    }
    let failed = |_| ApiError::new(ErrorCode::Internal, "Internal Server Error");
    let page = metrics.print().map_err(failed)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let kind = HeaderValue::from_static(kind);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], Body::from(page)).into_response())
}

/// Heads, id marks, anomalies.
pub(super) async fn status(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    let state = registry.snapshot().map_err(ApiError::reading)?;
    let (subjects, versions) = state.counts();
    let logs = registry.lookout().look().await.logs;
    let failed = logs.iter().any(|log| log.poisoned);
    let logs = logs.into_iter().map(|log| {
        let (name, head, size_bytes) = (log.name, log.head, log.size_bytes);
        LogStatus { name, head, size_bytes }
    });
    let contexts = state.contexts().map(|(context, ids)| ContextStatus {
        context: context.as_ref().to_owned(),
        id_max: ids.id_max,
        id_mark: ids.id_mark,
    });
    let newest = state.anomalies().newest.iter();
    Ok(Answer::json(&Status {
        log_id: registry.identity().log_id.clone(),
        role: if failed { "failed" } else { "writer" }.to_owned(),
        logs: logs.collect(),
        schemas: state.contexts().map(|(_, ids)| ids.len() as u64).sum(),
        subjects: subjects as u64,
        versions: versions as u64,
        contexts: contexts.collect(),
        anomalies: newest.map(|one| format!("offset {}: {}", one.offset, one.what)).collect(),
        anomalies_total: state.anomalies().total,
    }))
}
