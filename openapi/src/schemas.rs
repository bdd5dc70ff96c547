//! Bodies about schemas: registering, looking up, reading by version and by id.

use serde::{Deserialize, Serialize};

use crate::{
    contracts::{Metadata, Reference, RuleSet},
    ids::{SchemaId, Subject, Version},
};

/// Register, look up or check a schema. Unknown fields are ignored, as upstream does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RegisterRequest {
    /// The version it must become; 0 and absent mean the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// The id it must get; -1 and absent mean that the registry chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i32>,
    /// `AVRO` when absent; case-sensitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Reference>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    /// The schema text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_tags_to_add: Option<Vec<SchemaTags>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_tags_to_remove: Option<Vec<SchemaTags>>,
}

/// Tags on one record or field of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SchemaTags {
    pub schema_entity: SchemaEntity,
    pub tags: Vec<String>,
}

/// Where inside a schema a tag sits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SchemaEntity {
    pub entity_path: String,
    /// `sr_record` or `sr_field`.
    pub entity_type: String,
}

/// The answer to a registration, 7.x dialect: more than the id only where the registry added to what
/// it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterResponse<'a> {
    pub id: SchemaId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub content: Option<SchemaContent<'a>>,
}

/// A version of a subject, 7.x dialect: `schemaType` is left out for Avro.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaVersion<'a> {
    pub subject: Subject,
    pub version: Version,
    pub id: SchemaId,
    #[serde(flatten)]
    pub content: SchemaContent<'a>,
}

/// A schema by id, 7.x dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaString<'a> {
    #[serde(flatten)]
    pub content: SchemaContent<'a>,
    /// The largest id of the context, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_id: Option<SchemaId>,
}

/// What a schema says, wherever it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaContent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    pub schema: std::borrow::Cow<'a, str>,
}

/// An id with the context that gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextId {
    pub context: String,
    pub id: SchemaId,
}

/// Where an id is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectVersion {
    pub subject: Subject,
    pub version: Version,
}
