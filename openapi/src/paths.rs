//! The path templates of the API, as the router, the metrics and the documents name them.

pub const ROOT: &str = "/";
pub const SUBJECTS: &str = "/subjects";
pub const SUBJECT: &str = "/subjects/{subject}";
pub const VERSIONS: &str = "/subjects/{subject}/versions";
pub const VERSION: &str = "/subjects/{subject}/versions/{version}";
pub const VERSION_SCHEMA: &str = "/subjects/{subject}/versions/{version}/schema";
pub const SCHEMA_TYPES: &str = "/schemas/types";
pub const SCHEMA_BY_ID: &str = "/schemas/ids/{id}";
pub const SCHEMA_BY_ID_TEXT: &str = "/schemas/ids/{id}/schema";
pub const SCHEMA_BY_ID_SUBJECTS: &str = "/schemas/ids/{id}/subjects";
pub const SCHEMA_BY_ID_VERSIONS: &str = "/schemas/ids/{id}/versions";
pub const CONFIG: &str = "/config";
pub const CONFIG_SUBJECT: &str = "/config/{subject}";
pub const MODE: &str = "/mode";
pub const MODE_SUBJECT: &str = "/mode/{subject}";
pub const COMPATIBILITY: &str = "/compatibility/subjects/{subject}/versions";
pub const COMPATIBILITY_VERSION: &str = "/compatibility/subjects/{subject}/versions/{version}";
pub const CONTEXTS: &str = "/contexts";
pub const CONTEXT: &str = "/contexts/{context}";
pub const METADATA_ID: &str = "/v1/metadata/id";
pub const METADATA_VERSION: &str = "/v1/metadata/version";
pub const HEALTH_LIVE: &str = "/health/live";
pub const HEALTH_READY: &str = "/health/ready";
pub const HEALTH_STARTUP: &str = "/health/startup";
pub const METRICS: &str = "/metrics";
pub const STATUS: &str = "/syngraph/v1/status";
