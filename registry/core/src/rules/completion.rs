//! What a registration leaves out and gets all the same (`registry-api` 2.4 step 7): metadata and
//! rules of the version before it, below them the configured defaults, above them the configured
//! overrides; and the version number among the properties once it is in use there.

use std::borrow::Cow;

use openapi::{
    config::Config,
    contracts::{Metadata, RuleSet},
    ids::{Version, VersionRef},
};

use super::{
    NewSchema,
    contracts::{metadata_over, rules_over},
};
use crate::state::Content;

/// The metadata property that mirrors the version number.
pub(super) const VERSION_PROPERTY: &str = "confluent:version";

/// Metadata and rules of a schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Carried<'a> {
    pub(super) metadata: Option<Cow<'a, Metadata>>,
    pub(super) rule_set: Option<Cow<'a, RuleSet>>,
}

impl<'a> Carried<'a> {
    /// As the request says it.
    pub(super) fn as_asked(asked: &'a NewSchema) -> Self {
        let metadata = asked.metadata.as_ref().map(Cow::Borrowed);
        let rule_set = asked.rule_set.as_ref().map(Cow::Borrowed);
        Self { metadata, rule_set }
    }

    /// As it is registered after a version, under a configuration, as the next version.
    pub(super) fn completed(
        asked: &'a NewSchema,
        previous: Option<&'a Content>,
        config: Option<&'a Config>,
        next: Version,
    ) -> Self {
        let before = previous.and_then(|content| content.metadata.as_deref());
        let own = asked.metadata.as_ref().or(before);
        let metadata = layered(
            own,
            config.and_then(|config| config.default_metadata.as_ref()),
            config.and_then(|config| config.override_metadata.as_ref()),
            metadata_over,
        );
        let before = previous.and_then(|content| content.rule_set.as_deref());
        let rule_set = layered(
            asked.rule_set.as_ref().or(before),
            config.and_then(|config| config.default_rule_set.as_ref()),
            config.and_then(|config| config.override_rule_set.as_ref()),
            rules_over,
        );
        Self { metadata: with_version(metadata, asked.version, next), rule_set }
    }
}

/// Something over its default and below its override.
fn layered<'a, T: Clone>(
    own: Option<&'a T>,
    default: Option<&'a T>,
    over: Option<&'a T>,
    merge: fn(Option<&T>, Option<&T>) -> Option<T>,
) -> Option<Cow<'a, T>> {
    match (default, own, over) {
        (None, None, None) => None,
        (Some(one), None, None) | (None, Some(one), None) | (None, None, Some(one)) => {
            Some(Cow::Borrowed(one))
        }
        _ => merge(over, merge(own, default).as_ref()).map(Cow::Owned),
    }
}

/// The version number goes along once somebody has asked for a number, or it is there already.
fn with_version(
    metadata: Option<Cow<'_, Metadata>>,
    asked: Option<VersionRef>,
    next: Version,
) -> Option<Cow<'_, Metadata>> {
    let used = metadata.as_ref().is_some_and(|known| known.property(VERSION_PROPERTY).is_some());
    if !used && !matches!(asked, Some(VersionRef::Number(_))) {
        return metadata;
    }
    let mut metadata = metadata.map(Cow::into_owned).unwrap_or_default();
    let properties = metadata.properties.get_or_insert_default();
    properties.insert(VERSION_PROPERTY.to_owned(), next.to_string());
    Some(Cow::Owned(metadata))
}
