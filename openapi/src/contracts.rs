//! What a schema may carry beside its text: references, metadata, rules. Empty fields are left out
//! wherever these are printed, as upstream does; so what is read empty is none, or what was sent and
//! what was kept would differ.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::maybe;

/// A reference to a version of another subject, under the name the text uses for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Reference {
    /// Avro full name, JSON `$ref` or Protobuf import path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The subject referred to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its version; -1 for the latest, stored resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
}

impl fmt::Display for Reference {
    /// As messages show it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &Option<String>| text.as_deref().unwrap_or("null").to_owned();
        let (name, subject) = (text(&self.name), text(&self.subject));
        let version = self.version.map_or_else(|| "null".to_owned(), |number| number.to_string());
        write!(out, "{{name='{name}', subject='{subject}', version={version}}}")
    }
}

/// Tags, properties and the names of properties to keep secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Metadata {
    /// Tags by path.
    #[serde(deserialize_with = "maybe::entries", skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, Vec<String>>>,
    /// Free properties.
    #[serde(deserialize_with = "maybe::entries", skip_serializing_if = "Option::is_none")]
    pub properties: Option<BTreeMap<String, String>>,
    /// Which of the properties are secret.
    #[serde(deserialize_with = "maybe::items", skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<Vec<String>>,
}

impl Metadata {
    /// A property's value.
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.as_ref()?.get(name).map(String::as_str)
    }

    /// Whether there are properties and names of secret ones: then the log holds what the names
    /// stand for encrypted.
    pub fn is_sensitive(&self) -> bool {
        let has_names = self.sensitive.as_ref().is_some_and(|names| !names.is_empty());
        has_names && self.properties.as_ref().is_some_and(|properties| !properties.is_empty())
    }
}

/// The rules of a data contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct RuleSet {
    /// Rules between versions.
    #[serde(deserialize_with = "maybe::items", skip_serializing_if = "Option::is_none")]
    pub migration_rules: Option<Vec<Rule>>,
    /// Rules on messages.
    #[serde(deserialize_with = "maybe::items", skip_serializing_if = "Option::is_none")]
    pub domain_rules: Option<Vec<Rule>>,
    /// Rules on encoded payloads.
    #[serde(deserialize_with = "maybe::items", skip_serializing_if = "Option::is_none")]
    pub encoding_rules: Option<Vec<Rule>>,
    /// Where the rules run.
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub enable_at: Option<String>,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase")]
pub struct Rule {
    /// An empty one is refused where rules are checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// `TRANSFORM` or `CONDITION`.
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When it runs: `WRITE`, `READ`, `WRITEREAD`, `UPGRADE`, `DOWNGRADE`, `UPDOWN`.
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The executor.
    #[serde(
        rename = "type",
        deserialize_with = "maybe::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub executor: Option<String>,
    #[serde(deserialize_with = "maybe::items", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(deserialize_with = "maybe::entries", skip_serializing_if = "Option::is_none")]
    pub params: Option<BTreeMap<String, String>>,
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub expr: Option<String>,
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub on_success: Option<String>,
    #[serde(deserialize_with = "maybe::text", skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
    #[serde(deserialize_with = "maybe::or_default")]
    pub disabled: bool,
}
