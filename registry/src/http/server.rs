//! Root and metadata.

use std::sync::Arc;

use axum::extract::State;
use openapi::server::{ClusterId, ClusterScope, Clusters, Deployment, ServerVersion};

use super::{
    answer::Answer,
    error::ApiError,
    extract::{BodyName, Json},
};
use crate::{config::DialectSetting, service::Registry};

/// Who this server says it is, and in which words it speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The Kafka cluster id to report; the identity of the log where none is configured.
    pub kafka_cluster: Option<String>,
    /// The group id of the registry.
    pub group_id: String,
    /// What else the operator says of it.
    pub attributes: Vec<String>,
    /// Which dialect it speaks.
    pub dialect: DialectSetting,
}

pub(super) struct RootBody;

impl BodyName for RootBody {
    const NAME: &'static str = "post.request";
}

pub(super) async fn root(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    registry.snapshot().map_err(ApiError::reading)?;
    Ok(Answer::json(&serde_json::Map::new()))
}

pub(super) async fn root_post(
    State(registry): State<Registry>,
    Json(_, _): Json<serde_json::Map<String, serde_json::Value>, RootBody>,
) -> Result<Answer, ApiError> {
    root(State(registry)).await
}

pub(super) async fn cluster_id(
    State(registry): State<Registry>,
    State(about): State<Arc<About>>,
) -> Result<Answer, ApiError> {
    registry.snapshot().map_err(ApiError::reading)?;
    let log_id = || registry.identity().log_id.clone();
    let kafka_cluster = about.kafka_cluster.clone().unwrap_or_else(log_id);
    let schema_registry_cluster = about.group_id.clone();
    let clusters = Clusters { kafka_cluster, schema_registry_cluster };
    Ok(Answer::json(&ClusterId { scope: ClusterScope { path: Vec::new(), clusters } }))
}

pub(super) async fn version(State(registry): State<Registry>) -> Result<Answer, ApiError> {
    registry.snapshot().map_err(ApiError::reading)?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let commit_id = option_env!("SYNGRAPH_COMMIT").unwrap_or("unknown").to_owned();
    Ok(Answer::json(&ServerVersion { version, commit_id }))
}

pub(super) async fn deployment(
    State(registry): State<Registry>,
    State(about): State<Arc<About>>,
) -> Result<Answer, ApiError> {
    registry.snapshot().map_err(ApiError::reading)?;
    Ok(Answer::json(&Deployment { attributes: about.attributes.clone() }))
}
