//! Setting and resetting modes (`registry-api` 2.13).

use openapi::ids::Subject;

use super::{Answer, Decision, Rejected, rejected::INVALID_MODE};
use crate::{
    record::{Key, ModeValue, Record, Value},
    settings::Settings,
    state::{Scope, State},
};

/// Sets the mode of a scope; no mode resets it.
pub(super) fn put(
    draft: &State,
    settings: &Settings,
    scope: &Scope,
    mode: Option<&str>,
) -> Result<Decision, Rejected> {
    if !settings.mode_mutability {
        return Err(Rejected::ModeImmutable);
    }
    let Some(mode) = mode else { return Ok(reset(draft, scope)) };
    let mode = mode.to_uppercase();
    match mode.as_str() {
        "READWRITE" | "READONLY" | "READONLY_OVERRIDE" => {}
        "FORWARD" if scope.is_some() => {
            return Err(Rejected::InvalidMode("Forward mode only supported on global level"));
        }
        "IMPORT" | "FORWARD" => {
            let what = format!("Mode {mode} is not supported by this version of Syngraph");
            return Err(Rejected::NotSupported(what));
        }
        _ => return Err(Rejected::InvalidMode(INVALID_MODE)),
    }
    let subject = scope.as_deref().map(str::to_owned);
    let value = Value::Mode(ModeValue { subject, mode: mode.clone() });
    let records = vec![Record::put(Key::Mode(scope.clone()), value)];
    Ok(Decision { answer: Answer::Mode(Some(mode)), records })
}

/// Resets the mode of a scope and answers what it was.
pub(super) fn delete(
    draft: &State,
    settings: &Settings,
    scope: &Scope,
) -> Result<Decision, Rejected> {
    if !settings.mode_mutability {
        return Err(Rejected::ModeImmutable);
    }
    let old = draft.mode(scope).map(|mode| mode.value.as_ref().to_owned());
    if let (None, Some(subject)) = (&old, scope) {
        return Err(Rejected::SubjectNotFound(Subject::trusted(subject.clone())));
    }
    Ok(Decision { answer: Answer::Mode(old), ..reset(draft, scope) })
}

fn reset(draft: &State, scope: &Scope) -> Decision {
    let set = draft.mode(scope).is_some();
    let records = set.then(|| Record::tombstone(Key::Mode(scope.clone())));
    Decision { answer: Answer::Mode(None), records: records.into_iter().collect() }
}
