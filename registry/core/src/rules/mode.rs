//! Setting and resetting modes (`registry-api` 2.13).

use std::sync::Arc;

use openapi::ids::{DEFAULT_CONTEXT, GLOBAL_CONTEXT, Subject, Version};

use super::{Answer, Decision, Rejected, delete, rejected::INVALID_MODE};
use crate::{
    record::{Key, ModeValue, Record, SubjectValue, Value},
    settings::Settings,
    state::{Scope, State, Visibility},
};

/// Sets the mode of a scope; no mode resets it.
pub(super) fn put(
    draft: &State,
    settings: &Settings,
    scope: &Scope,
    mode: Option<&str>,
    force: bool,
) -> Result<Decision, Rejected> {
    if !settings.mode_mutability {
        return Err(Rejected::ModeImmutable);
    }
    let Some(mode) = mode else { return Ok(reset(draft, scope)) };
    let mode = mode.to_uppercase();
    let mut records = match mode.as_str() {
        "IMPORT" => cleared_for_import(draft, scope, force)?,
        "FORWARD" if Reach::of(scope) != Reach::Everything => {
            return Err(Rejected::InvalidMode("Forward mode only supported on global level"));
        }
        "READWRITE" | "READONLY" | "READONLY_OVERRIDE" | "FORWARD" => Vec::new(),
        _ => return Err(Rejected::InvalidMode(INVALID_MODE)),
    };
    let subject = scope.as_deref().map(str::to_owned);
    let value = Value::Mode(ModeValue { subject, mode: mode.clone() });
    records.push(Record::put(Key::Mode(scope.clone()), value));
    Ok(Decision { answer: Answer::Mode(Some(mode)), records })
}

/// Resets the mode of a scope, and on request those below it, and answers what it was.
pub(super) fn delete(
    draft: &State,
    settings: &Settings,
    scope: &Scope,
    recursive: bool,
) -> Result<Decision, Rejected> {
    if !settings.mode_mutability {
        return Err(Rejected::ModeImmutable);
    }
    let old = draft.mode(scope).map(|mode| mode.value.as_ref().to_owned());
    if let (None, Some(subject), false) = (&old, scope, recursive) {
        return Err(Rejected::SubjectNotFound(Subject::trusted(subject.clone())));
    }
    let Decision { mut records, .. } = reset(draft, scope);
    if recursive {
        let reach = Reach::of(scope);
        let below = draft.modes().filter(|(other, _)| *other != scope && reach.covers(other));
        records.extend(below.map(|(other, _)| Record::tombstone(Key::Mode(other.clone()))));
    }
    Ok(Decision { answer: Answer::Mode(old), records })
}

fn reset(draft: &State, scope: &Scope) -> Decision {
    let set = draft.mode(scope).is_some();
    let records = set.then(|| Record::tombstone(Key::Mode(scope.clone())));
    Decision { answer: Answer::Mode(None), records: records.into_iter().collect() }
}

/// What a scope is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reach {
    Subject(Arc<str>),
    Context(String),
    Everything,
}

impl Reach {
    fn of(scope: &Scope) -> Self {
        let Some(name) = scope else { return Self::Context(DEFAULT_CONTEXT.to_owned()) };
        let subject = Subject::trusted(name.clone());
        match (subject.context(), subject.name()) {
            (GLOBAL_CONTEXT, "") => Self::Everything,
            (context, "") if subject.is_qualified() => Self::Context(context.to_owned()),
            _ => Self::Subject(name.clone()),
        }
    }

    /// Whether a subject, or a context with its own setting, lies within.
    fn covers(&self, scope: &Scope) -> bool {
        let subject = scope.clone().map(Subject::trusted);
        match self {
            Self::Subject(name) => scope.as_ref() == Some(name),
            Self::Context(context) => subject.is_some_and(|subject| subject.context() == *context),
            Self::Everything => true,
        }
    }
}

/// Schemas are imported where nothing is active yet, or beside what is if that is insisted on. What
/// is soft-deleted goes, so that its numbers and ids are free, unless something refers to it.
fn cleared_for_import(draft: &State, scope: &Scope, force: bool) -> Result<Vec<Record>, Rejected> {
    let reach = Reach::of(scope);
    let already = draft.mode(scope).is_some_and(|mode| &*mode.value == "IMPORT");
    let within =
        |visibility| draft.subjects(visibility).filter(|name| reach.covers(&Some((*name).clone())));
    if already {
        return Ok(Vec::new());
    }
    if !force && within(Visibility::Active).next().is_some() {
        return Err(Rejected::SubjectsExist);
    }
    let mut records = Vec::new();
    let mut all_gone = true;
    for name in within(Visibility::All) {
        let subject = Subject::trusted(name.clone());
        let deleted = draft.versions(&subject, Visibility::Deleted);
        let (gone, kept): (Vec<Version>, Vec<Version>) = deleted
            .map(|(version, _)| version)
            .partition(|version| draft.referrers(&subject, *version).next().is_none());
        all_gone &= kept.is_empty();
        records.extend(
            gone.iter().rev().map(|version| Record::tombstone(delete::key(&subject, *version))),
        );
        records.extend(delete::spent_watermark(draft, &subject, &gone));
    }
    if let (Some(name), true, false) = (scope, all_gone, records.is_empty()) {
        let value = SubjectValue { subject: name.as_ref().to_owned() };
        records.push(Record::put(Key::ClearSubject(name.clone()), Value::ClearSubject(value)));
    }
    Ok(records)
}
