//! Bodies of the compatibility check.

use serde::{Deserialize, Serialize};

/// The verdict on a candidate schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct CompatibilityResponse {
    pub is_compatible: bool,
    /// The reasons; present, even when empty, only if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<String>>,
}
