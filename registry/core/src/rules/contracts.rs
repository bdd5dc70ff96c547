//! Metadata and rule sets: how a rule set must be made, and what two of them come to when one lies
//! over the other (`registry-api` 2.11).

use std::collections::{BTreeMap, BTreeSet};

use openapi::contracts::{Metadata, Rule, RuleSet};

use super::Rejected;
use crate::limits::{ENTRIES_MAX, RULE_NAME_MAX};

const KINDS: &[&str] = &["TRANSFORM", "CONDITION"];
const MODES_OF_MESSAGES: &[&str] = &["WRITE", "READ", "WRITEREAD"];
const MODES_OF_MIGRATION: &[&str] = &["UPGRADE", "DOWNGRADE", "UPDOWN"];
/// The modes in which a rule runs twice, and may have an action for each time.
const MODES_OF_TWO_ACTIONS: &[&str] = &["WRITEREAD", "UPDOWN"];

/// The rule set with upstream's defaults for what its rules leave unsaid.
pub fn completed_rules(mut rules: RuleSet) -> RuleSet {
    let groups = [&mut rules.migration_rules, &mut rules.domain_rules, &mut rules.encoding_rules];
    for rule in groups.into_iter().flatten().flatten() {
        rule.kind.get_or_insert_with(|| "TRANSFORM".to_owned());
        rule.mode.get_or_insert_with(|| "WRITEREAD".to_owned());
    }
    rules
}

/// The metadata property that says that values are encrypted: the log's own.
const ENCRYPTED_PROPERTY: &str = "__enc__";

/// Refuses metadata that is too much, or that says what only the log says.
pub(super) fn check_metadata(metadata: &Metadata) -> Result<(), Rejected> {
    let Metadata { tags, properties, sensitive } = metadata;
    few("tagged paths", tags.as_ref().map(BTreeMap::len))?;
    few("tags of a path", tags.iter().flatten().map(|(_, tags)| tags.len()).max())?;
    few("properties", properties.as_ref().map(BTreeMap::len))?;
    few("sensitive properties", sensitive.as_ref().map(Vec::len))?;
    let is_sensitive = sensitive.as_ref().is_some_and(|names| !names.is_empty());
    if is_sensitive && metadata.property(ENCRYPTED_PROPERTY).is_some() {
        let what = format!("The metadata property {ENCRYPTED_PROPERTY} is reserved");
        return Err(Rejected::InvalidSchema(what));
    }
    Ok(())
}

/// Refuses more entries than anybody looks through.
pub(super) fn few(what: &'static str, count: Option<usize>) -> Result<(), Rejected> {
    match count {
        Some(count) if count > ENTRIES_MAX => Err(Rejected::TooMany(ENTRIES_MAX, what)),
        _ => Ok(()),
    }
}

/// Refuses a rule set that breaks the rules for rules.
pub(super) fn check(rules: &RuleSet) -> Result<(), Rejected> {
    for group in [&rules.migration_rules, &rules.domain_rules, &rules.encoding_rules] {
        few("rules", group.as_ref().map(Vec::len))?;
    }
    let mut names = BTreeSet::new();
    for (group, rules, modes) in [
        ("Migration", &rules.migration_rules, MODES_OF_MIGRATION),
        ("Domain", &rules.domain_rules, MODES_OF_MESSAGES),
        ("Encoding", &rules.encoding_rules, MODES_OF_MESSAGES),
    ] {
        for rule in rules.iter().flatten() {
            check_rule(rule).map_err(Rejected::InvalidRuleSet)?;
            let name = rule.name.as_deref().unwrap_or_default();
            if !names.insert(name) {
                let what = format!("Found rule with duplicate name '{name}'");
                return Err(Rejected::InvalidRuleSet(what));
            }
            if !is_one_of(rule.mode.as_ref(), modes) {
                let what = format!("{group} rules can only be {}", modes.join(", "));
                return Err(Rejected::InvalidRuleSet(what));
            }
        }
    }
    Ok(())
}

fn check_rule(rule: &Rule) -> Result<(), String> {
    check_name(rule.name.as_deref())?;
    if rule.executor.as_deref().is_none_or(str::is_empty) {
        return Err("Missing rule type".to_owned());
    }
    if !is_one_of(rule.kind.as_ref(), KINDS) {
        return Err(format!("Rule kinds can only be {}", KINDS.join(", ")));
    }
    let actions = [&rule.on_success, &rule.on_failure];
    let several = actions.into_iter().flatten().any(|action| action.contains(','));
    if several && !is_one_of(rule.mode.as_ref(), MODES_OF_TWO_ACTIONS) {
        return Err("Multiple actions only valid with WRITEREAD and UPDOWN".to_owned());
    }
    Ok(())
}

fn check_name(name: Option<&str>) -> Result<(), String> {
    let name = name.ok_or("Missing rule name")?;
    let first = name.chars().next().ok_or("Empty rule name")?;
    if name.chars().count() > RULE_NAME_MAX {
        return Err("Rule name too long".to_owned());
    }
    if !(first.is_alphabetic() || first == '_') {
        return Err(format!("Illegal initial character in rule name: {first}"));
    }
    let legal = |letter: &char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    match name.chars().find(|letter| !legal(letter)) {
        Some(illegal) => Err(format!("Illegal character in rule name: {illegal}")),
        None => Ok(()),
    }
}

/// What is left unsaid has its default, so it is one of them too.
fn is_one_of(word: Option<&String>, words: &[&str]) -> bool {
    word.is_some_and(|word| words.contains(&word.as_str()))
}

/// One over the other: key by key, and where both say something the upper wins.
pub(super) fn metadata_over(
    upper: Option<&Metadata>,
    lower: Option<&Metadata>,
) -> Option<Metadata> {
    let (Some(upper), Some(lower)) = (upper, lower) else { return upper.or(lower).cloned() };
    let sensitive = lists(upper.sensitive.as_ref(), lower.sensitive.as_ref());
    Some(Metadata {
        tags: map_over(upper.tags.as_ref(), lower.tags.as_ref()),
        properties: map_over(upper.properties.as_ref(), lower.properties.as_ref()),
        sensitive,
    })
}

/// One over the other: rules by name; the upper's takes the place of the lower's.
pub(super) fn rules_over(upper: Option<&RuleSet>, lower: Option<&RuleSet>) -> Option<RuleSet> {
    let (Some(upper), Some(lower)) = (upper, lower) else { return upper.or(lower).cloned() };
    let group = |of: fn(&RuleSet) -> &Option<Vec<Rule>>| merged(of(upper), of(lower));
    Some(RuleSet {
        migration_rules: group(|rules| &rules.migration_rules),
        domain_rules: group(|rules| &rules.domain_rules),
        encoding_rules: group(|rules| &rules.encoding_rules),
        enable_at: upper.enable_at.clone().or_else(|| lower.enable_at.clone()),
    })
}

fn map_over<T: Clone>(
    upper: Option<&BTreeMap<String, T>>,
    lower: Option<&BTreeMap<String, T>>,
) -> Option<BTreeMap<String, T>> {
    let (Some(upper), Some(lower)) = (upper, lower) else { return upper.or(lower).cloned() };
    let mut both = lower.clone();
    both.extend(upper.iter().map(|(key, value)| (key.clone(), value.clone())));
    Some(both)
}

fn lists(upper: Option<&Vec<String>>, lower: Option<&Vec<String>>) -> Option<Vec<String>> {
    let (Some(upper), Some(lower)) = (upper, lower) else { return upper.or(lower).cloned() };
    let new = upper.iter().filter(|name| !lower.contains(name));
    Some(lower.iter().chain(new).cloned().collect())
}

#[expect(clippy::ref_option, reason = "the fields as they are")]
fn merged(upper: &Option<Vec<Rule>>, lower: &Option<Vec<Rule>>) -> Option<Vec<Rule>> {
    let (Some(upper), Some(lower)) = (upper, lower) else {
        return upper.as_ref().or(lower.as_ref()).cloned();
    };
    let mut both = lower.clone();
    for rule in upper {
        match both.iter_mut().find(|other| other.name == rule.name) {
            Some(other) => *other = rule.clone(),
            None => both.push(rule.clone()),
        }
    }
    Some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, expr: &str) -> Rule {
        Rule {
            name: Some(name.to_owned()),
            executor: Some("CEL".to_owned()),
            expr: Some(expr.to_owned()),
            ..Rule::default()
        }
    }

    fn domain(rules: &[Rule]) -> RuleSet {
        completed_rules(RuleSet { domain_rules: Some(rules.to_vec()), ..RuleSet::default() })
    }

    #[test]
    fn a_rule_of_the_same_name_takes_the_others_place() {
        let lower = domain(&[rule("a", "1"), rule("b", "1")]);
        let upper = domain(&[rule("b", "2"), rule("c", "2")]);
        let both = rules_over(Some(&upper), Some(&lower)).unwrap();
        let both: Vec<_> = both.domain_rules.iter().flatten().map(|rule| &rule.expr).collect();
        assert_eq!(both, [&Some("1".into()), &Some("2".into()), &Some("2".into())]);
        assert_eq!(rules_over(None, Some(&lower)), Some(lower));
        assert_eq!(rules_over(None, None), None);
    }

    #[test]
    fn the_upper_metadata_wins_key_by_key() {
        let properties = |pairs: &[(&str, &str)]| Metadata {
            properties: Some(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()),
            sensitive: Some(pairs.iter().map(|(k, _)| (*k).into()).collect()),
            ..Metadata::default()
        };
        let both = metadata_over(
            Some(&properties(&[("b", "2"), ("c", "2")])),
            Some(&properties(&[("a", "1"), ("b", "1")])),
        );
        let expected = properties(&[("a", "1"), ("b", "2"), ("c", "2")]);
        assert_eq!(both, Some(expected));
    }
}
