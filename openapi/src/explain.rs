//! Bodies of `explain-id`: why a schema has the id that it has.

use serde::{Deserialize, Serialize};

use crate::{
    contracts::{Metadata, Reference, RuleSet},
    ids::{SchemaId, Subject, Version},
    schemas::ContextId,
};

/// What a schema is identified by, and what has that identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExplainResponse {
    pub subject: Subject,
    pub reason: Reason,
    /// The reason as a sentence.
    pub text: String,
    /// The id that it has in the subject's context, or would get now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<SchemaId>,
    /// The version of the subject that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The hash over text, references, metadata and rules, as a UUID.
    pub guid: String,
    /// Whether the text that is stored differs from the one that was sent.
    pub rewritten: bool,
    /// The text that is stored and hashed.
    pub schema: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<RuleSet>,
    /// Every id of the same hash, by context.
    pub ids: Vec<ContextId>,
}

/// Which of the ways to an id it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    SameHashInSubject,
    SameContentInSubject,
    SameHashInContext,
    New,
}

impl Reason {
    /// The reason as a sentence.
    pub const fn text(self) -> &'static str {
        match self {
            Self::SameHashInSubject => {
                "A version of the subject has the same text, references, metadata and rules."
            }
            Self::SameContentInSubject => {
                "A version of the subject says the same, though its hash differs: the version \
                 number among the properties does not count, and types written out equal types \
                 referred to."
            }
            Self::SameHashInContext => {
                "The context has the same text, references, metadata and rules, though no active \
                 version of the subject does; equal schemas share an id within a context."
            }
            Self::New => "Nothing in the context is equal; the id would be the next one.",
        }
    }
}
