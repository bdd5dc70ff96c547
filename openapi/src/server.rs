//! Bodies about the server itself.

use serde::{Deserialize, Serialize};

/// Who this cluster is (`/v1/metadata/id`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct ClusterId {
    pub scope: ClusterScope,
}

/// The scope of a cluster id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct ClusterScope {
    pub path: Vec<String>,
    pub clusters: Clusters,
}

/// The clusters that the scope names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Clusters {
    pub kafka_cluster: String,
    pub schema_registry_cluster: String,
}

/// What runs here (`/v1/metadata/version`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServerVersion {
    pub version: String,
    pub commit_id: String,
}

/// How this server was set up (`/v1/metadata/deployment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct Deployment {
    /// The operator's own words.
    pub attributes: Vec<String>,
}

/// The process runs, or has read its logs (`/health/live`, `/health/startup`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct Probe {
    pub status: String,
}

/// Requests are answered (`/health/ready`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct Readiness {
    pub status: String,
    /// Records of the log that made no sense.
    pub anomalies: u64,
}

/// Whether this node can write (`/master_available`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct Availability {
    pub master_available: bool,
}

/// State of the log and of the ids given out (`/syngraph/v1/status`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct Status {
    /// Identity of the log: changes only when the data directory is another one.
    pub log_id: String,
    /// `writer`; `failed` once the log cannot be written until the server is started anew.
    pub role: String,
    /// One entry per log.
    pub logs: Vec<LogStatus>,
    /// Schemas, subjects and versions known.
    pub schemas: u64,
    pub subjects: u64,
    pub versions: u64,
    /// One entry per context.
    pub contexts: Vec<ContextStatus>,
    /// What the log holds that no registry should have written; the newest are kept.
    pub anomalies: Vec<String>,
    /// How many there were in all.
    pub anomalies_total: u64,
}

/// One log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct LogStatus {
    pub name: String,
    /// The offset after the newest record applied.
    pub head: i64,
    pub size_bytes: u64,
}

/// One context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct ContextStatus {
    pub context: String,
    /// The highest id ever given out or seen.
    pub id_max: u32,
    /// The part of it that stands in the log of marks.
    pub id_mark: u32,
}
