//! Bodies of `batch-register`: a set of schemas that are registered together or not at all.

use serde::{Deserialize, Serialize};

use crate::{
    error::ErrorBody,
    ids::{SchemaId, Subject, Version},
    schemas::RegisterRequest,
};

/// Schemas that may refer to each other, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct BatchRequest {
    pub schemas: Vec<BatchItem>,
}

/// One of them; a reference to version -1 of a subject of the set means the version that the set
/// makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct BatchItem {
    pub subject: Subject,
    #[serde(flatten)]
    pub schema: RegisterRequest,
}

/// What they became, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct BatchResponse {
    pub schemas: Vec<BatchRegistered>,
}

/// What one became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct BatchRegistered {
    pub subject: Subject,
    pub version: Version,
    pub id: SchemaId,
}

/// Why none is registered: the reason of each that is refused, by its place in the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct BatchRefusal {
    #[serde(flatten)]
    pub error: ErrorBody,
    pub refused: Vec<BatchRefused>,
}

/// Why one is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct BatchRefused {
    /// Its place in the request, from 0.
    pub index: usize,
    pub subject: Subject,
    #[serde(flatten)]
    pub error: ErrorBody,
}
