//! Tags inside a schema's text: edited on the way to a registration, or on a version that is there
//! (`registry-api` 1.5, POST …/tags).

use openapi::{
    contracts::{Metadata, RuleSet},
    ids::{Subject, VersionRef},
};
use schema::{Schema, Tagged};

use super::{NewSchema, Rejected, contracts};
use crate::{
    parser::{Parser, parse_stored},
    state::{State, Visibility},
};

/// What is to become of a schema's tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagEdits {
    pub add: Vec<Tagged>,
    pub remove: Vec<Tagged>,
    /// Whether those of the newest version are taken over, where the schema has the same entities.
    pub propagate: bool,
}

/// A version with changes to its tags and to what it carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Retagging {
    pub subject: Subject,
    pub version: VersionRef,
    /// The number that it must become.
    pub becomes: Option<VersionRef>,
    pub tags: TagEdits,
    /// In the place of the version's own.
    pub metadata: Option<Metadata>,
    pub rule_set: Option<RuleSet>,
    /// Laid over the version's own.
    pub rules_to_merge: Option<RuleSet>,
    /// Names of rules that go.
    pub rules_to_remove: Vec<String>,
}

impl TagEdits {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && !self.propagate
    }
}

/// The text of a schema with its tags edited.
pub(super) fn edited(
    state: &State,
    parser: &dyn Parser,
    subject: &Subject,
    schema: &Schema,
    edits: &TagEdits,
) -> Result<String, schema::InvalidSchema> {
    let newest = state.resolve(subject, VersionRef::Latest, Visibility::Active);
    let newest = newest.filter(|_| edits.propagate);
    let newest = newest.map(|(_, row)| state.content_of(subject, row));
    // A version that cannot be read any more has no tags to take over.
    let newest = newest.and_then(|content| parse_stored(parser, state, subject, content).ok());
    let mut add = match newest {
        Some(newest) => schema.having(newest.schema.tags()?),
        None => Vec::new(),
    };
    add.extend(edits.add.iter().cloned());
    schema.with_tags(&add, &edits.remove)
}

/// The schema that a retagging asks for.
pub fn retagged(state: &State, asked: Retagging) -> Result<NewSchema, Rejected> {
    let Retagging { subject, version, .. } = asked;
    if !state.has_subject(&subject, Visibility::Active) {
        return Err(Rejected::SubjectNotFound(subject));
    }
    let found = state.resolve(&subject, version, Visibility::Active);
    let (_, row) = found.ok_or(Rejected::VersionNotFound(version))?;
    let content = state.content_of(&subject, row).clone();
    let own = content.rule_set.as_deref();
    let merges = asked.rules_to_merge.is_some() || !asked.rules_to_remove.is_empty();
    if merges && asked.rule_set.is_some() {
        let what = "ruleSet should be omitted if specifying rulesToMerge or rulesToRemove";
        return Err(Rejected::InvalidRuleSet(what.to_owned()));
    }
    let merged = || {
        let merged = contracts::rules_over(asked.rules_to_merge.as_ref(), own)?;
        Some(without(merged, &asked.rules_to_remove))
    };
    Ok(NewSchema {
        references: content.references.to_vec(),
        metadata: asked.metadata.or_else(|| content.metadata.as_deref().cloned()),
        rule_set: asked.rule_set.clone().or_else(merged),
        version: asked.becomes,
        tags: asked.tags,
        ..NewSchema::new(subject, content.schema_type.parse()?, content.text.as_ref().to_owned())
    })
}

/// A rule set without the rules of some names.
fn without(mut rules: RuleSet, names: &[String]) -> RuleSet {
    let groups = [&mut rules.migration_rules, &mut rules.domain_rules, &mut rules.encoding_rules];
    for group in groups.into_iter().flatten() {
        group.retain(|rule| rule.name.as_ref().is_none_or(|name| !names.contains(name)));
    }
    rules
}
