//! Bodies about schemas: registering, looking up, reading by version and by id.

use serde::{Deserialize, Serialize};

use crate::{
    contracts::{Metadata, Reference, RuleSet},
    ids::{SchemaId, Subject, Version},
    maybe,
};

/// Register, look up or check a schema. Unknown fields are ignored, as upstream does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
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
    #[serde(deserialize_with = "maybe::object", skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(deserialize_with = "maybe::object", skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    /// The schema text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_tags_to_add: Option<Vec<SchemaTags>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_tags_to_remove: Option<Vec<SchemaTags>>,
    /// Whether the tags of the newest version are taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagate_schema_tags: Option<bool>,
}

/// A version anew, with other tags, metadata or rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct TagsRequest {
    /// The version it must become; absent means the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags_to_add: Option<Vec<SchemaTags>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags_to_remove: Option<Vec<SchemaTags>>,
    #[serde(deserialize_with = "maybe::object", skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(deserialize_with = "maybe::object", skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    /// Rules that come in addition, or in the place of those of the same names.
    #[serde(deserialize_with = "maybe::object", skip_serializing_if = "Option::is_none")]
    pub rules_to_merge: Option<RuleSet>,
    /// Names of rules that go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_to_remove: Option<Vec<String>>,
}

/// Tags on one record or field of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct SchemaTags {
    pub schema_entity: SchemaEntity,
    pub tags: Vec<String>,
}

/// Where inside a schema a tag sits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct SchemaEntity {
    pub entity_path: String,
    /// `sr_record` or `sr_field`.
    pub entity_type: String,
}

/// The answer to a registration; in the 7.x dialect all but the id is left out, unless the registry
/// itself added something to the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct RegisterResponse<'a> {
    pub id: SchemaId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    #[serde(flatten)]
    pub content: Option<SchemaContent<'a>>,
    #[serde(flatten)]
    pub life: Option<Life>,
}

impl From<SchemaId> for RegisterResponse<'_> {
    /// The id and no more.
    fn from(id: SchemaId) -> Self {
        Self { id, version: None, guid: None, content: None, life: None }
    }
}

/// A version of a subject; the 7.x dialect has neither GUID nor life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SchemaVersion<'a> {
    pub subject: Subject,
    pub version: Version,
    pub id: SchemaId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    #[serde(flatten)]
    pub content: SchemaContent<'a>,
    /// When asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schema_tags: Vec<SchemaTags>,
    #[serde(flatten)]
    pub life: Option<Life>,
}

/// A version in the list of all schemas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct ExtendedSchema<'a> {
    #[serde(flatten)]
    pub schema: SchemaVersion<'a>,
    /// The subjects that stand for this one, when asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Subject>,
}

/// A schema by id or GUID; the 7.x dialect has neither user, GUID nor life.
// The fields stand in upstream's order, in which the text comes earlier than in a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SchemaString<'a> {
    /// A version that uses the id.
    #[serde(flatten)]
    pub user: Option<SubjectVersion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// The 7.x dialect leaves it out for Avro.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_type: Option<String>,
    pub schema: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    /// When asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schema_tags: Vec<SchemaTags>,
    /// The largest id of the context, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_id: Option<SchemaId>,
    #[serde(flatten)]
    pub life: Option<Life>,
}

/// Since when a version is there, and whether it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct Life {
    /// Epoch milliseconds.
    pub ts: i64,
    /// Soft-deleted.
    pub deleted: bool,
}

/// What a schema says, wherever it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SchemaContent<'a> {
    /// The 7.x dialect leaves it out for Avro.
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
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct ContextId {
    pub context: String,
    pub id: SchemaId,
}

/// Where an id is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
pub struct SubjectVersion {
    pub subject: Subject,
    pub version: Version,
}
