//! Who may register at all, and what the mode makes of it (`registry-api` 2.13).

use openapi::ids::{InvalidSubject, Subject};

use super::{NewSchema, Rejected};
use crate::{settings::Settings, state::State};

/// What the mode makes of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Ordinary,
    /// As another registry has it: any number, a given id, no checks and no additions.
    Import,
}

/// What the mode of a subject makes of a request: ids are given only where schemas are imported,
/// and there to all.
pub(super) fn of(
    state: &State,
    settings: &Settings,
    asked: &NewSchema,
) -> Result<Admission, Rejected> {
    refuse_nameless(settings, &asked.subject)?;
    let (subject, mode) = (&asked.subject, state.effective_mode(&asked.subject));
    match asked.id {
        _ if mode.is_read_only() => Err(Rejected::in_mode(subject, "in read-only")),
        Some(_) if mode.is_import() => Ok(Admission::Import),
        Some(_) => Err(Rejected::in_mode(subject, "not in import")),
        None if mode.is_read_write() => Ok(Admission::Ordinary),
        None => Err(Rejected::in_mode(subject, "not in read-write")),
    }
}

/// A subject without a name of its own is a mistake to those who say so.
fn refuse_nameless(settings: &Settings, subject: &Subject) -> Result<(), Rejected> {
    if settings.reject_empty_subject && matches!(subject.name(), "" | "*") {
        return Err(InvalidSubject(subject.as_str().to_owned()).into());
    }
    Ok(())
}
