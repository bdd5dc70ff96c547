//! What a schema may carry beside its text: references, metadata, rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A reference to a version of another subject, under the name the text uses for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Avro full name, JSON `$ref` or Protobuf import path.
    pub name: Option<String>,
    /// The subject referred to.
    pub subject: Option<String>,
    /// Its version; -1 for the latest, stored resolved.
    pub version: Option<i32>,
}

/// Tags, properties and the names of properties to keep secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Tags by path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, Vec<String>>>,
    /// Free properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<BTreeMap<String, String>>,
    /// Which of the properties are secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<Vec<String>>,
}

/// The rules of a data contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RuleSet {
    /// Rules between versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migration_rules: Option<Vec<Rule>>,
    /// Rules on messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain_rules: Option<Vec<Rule>>,
    /// Rules on encoded payloads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding_rules: Option<Vec<Rule>>,
    /// Where the rules run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_at: Option<String>,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// `TRANSFORM` or `CONDITION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When it runs: `WRITE`, `READ`, `WRITEREAD`, `UPGRADE`, `DOWNGRADE`, `UPDOWN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The executor.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub executor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_success: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
    pub disabled: bool,
}
