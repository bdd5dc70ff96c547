//! Setting and resetting configuration (`registry-api` 1.5, 2.8).

use openapi::{
    config::{Config, ConfigUpdate},
    ids::{DEFAULT_CONTEXT, Subject},
};
use schema::CompatibilityLevel;

use super::{Answer, Decision, Rejected, contracts};
use crate::{
    record::{Key, Record, Value},
    settings::Settings,
    state::{Scope, State},
};

/// Merges a change into what the scope has.
pub(super) fn put(
    draft: &State,
    scope: &Scope,
    update: &ConfigUpdate,
) -> Result<Decision, Rejected> {
    let stored = draft.config(scope).map(|config| config.value.as_ref().clone());
    let mut config = update.over(&stored.unwrap_or_default());
    if let Some(level) = &mut config.compatibility_level {
        level.parse::<CompatibilityLevel>()?.name().clone_into(level);
    }
    without_blanks(&mut config);
    for rules in [&mut config.default_rule_set, &mut config.override_rule_set] {
        *rules = rules.take().map(contracts::completed_rules);
        rules.as_ref().map_or(Ok(()), contracts::check)?;
    }
    for metadata in [&config.default_metadata, &config.override_metadata].into_iter().flatten() {
        contracts::check_metadata(metadata)?;
    }
    refuse_when_read_only(draft, scope)?;
    let value = Value::Config(Box::new(config.clone()));
    let records = vec![Record::put(Key::Config(scope.clone()), value)];
    Ok(Decision { answer: Answer::ConfigPut(Box::new(config)), records })
}

/// An empty text is no setting: answers leave it out, and upstream's log does too.
fn without_blanks(config: &mut Config) {
    let Config { alias, alias_for_deks, compatibility_policy, compatibility_group, .. } = config;
    for text in [alias, alias_for_deks, compatibility_policy, compatibility_group] {
        *text = text.take().filter(|text| !text.is_empty());
    }
}

/// Resets the scope and answers what it had.
pub(super) fn delete(
    draft: &State,
    settings: &Settings,
    scope: &Scope,
) -> Result<Decision, Rejected> {
    let stored = draft.config(scope).map(|config| config.value.as_ref().clone());
    refuse_when_read_only(draft, scope)?;
    match (stored, scope) {
        (Some(config), _) => {
            let records = vec![Record::tombstone(Key::Config(scope.clone()))];
            Ok(Decision { answer: Answer::Config(Box::new(config)), records })
        }
        (None, Some(subject)) => Err(Rejected::SubjectNotFound(Subject::trusted(subject.clone()))),
        (None, None) => {
            let level = settings.compatibility_level.name().to_owned();
            let config = Config { compatibility_level: Some(level), ..Config::default() };
            Ok(Decision::unchanged(Answer::Config(Box::new(config))))
        }
    }
}

/// The mode of the scope's subject, or that of the default context, guards its configuration.
fn refuse_when_read_only(draft: &State, scope: &Scope) -> Result<(), Rejected> {
    let name = scope.clone().unwrap_or_else(|| format!(":{DEFAULT_CONTEXT}:").into());
    let subject = Subject::trusted(name);
    let setting = match scope {
        Some(_) => draft.effective_mode(&subject).is_read_only(),
        None => draft.mode(&None).is_some_and(|mode| mode.value.starts_with("READONLY")),
    };
    match setting {
        true => Err(Rejected::in_mode(&subject, "in read-only")),
        false => Ok(()),
    }
}
