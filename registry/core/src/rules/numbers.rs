//! Which number and which id a new version gets (`registry-api` 2.4 steps 14 and 15, 2.5).

use openapi::ids::{SchemaId, Subject, Version, VersionRef};

use super::{Registration, Rejected, admission::Admission};
use crate::state::{ContextState, State};

/// The number that a new version gets: the next one, unless it is imported under another.
pub(super) fn version(draft: &State, new: &Registration) -> Result<Version, Rejected> {
    let next = next_version(draft, &new.subject)?;
    let Some(VersionRef::Number(asked)) = new.version else { return Ok(next) };
    match new.admission {
        _ if asked == next => Ok(next),
        Admission::Ordinary => {
            let what = "Version is not one more than previous version";
            Err(Rejected::InvalidSchema(what.to_owned()))
        }
        Admission::Import if is_free(draft, new, asked) => Ok(asked),
        Admission::Import => Err(Rejected::VersionTaken(new.subject.clone(), asked)),
    }
}

/// Whether an imported version may stand under a number: what is active there is never overwritten,
/// nor what is soft-deleted but still referred to.
fn is_free(draft: &State, new: &Registration, asked: Version) -> bool {
    let subject = &new.subject;
    draft.version(subject, asked).is_none_or(|row| {
        let same = draft.content_of(subject, row).says(&new.content);
        row.deleted && (same || draft.referrers(subject, asked).next().is_none())
    })
}

pub(super) fn next_version(state: &State, subject: &Subject) -> Result<Version, Rejected> {
    let top = state.subject(subject).map_or(0, |head| head.top);
    Version::new(i64::from(top) + 1).ok_or_else(used_up)
}

/// The id that a new version gets: the one that was given, the one that its content has, or the next.
pub(super) fn id(context: Option<&ContextState>, new: &Registration) -> Result<SchemaId, Rejected> {
    let held = |id: u32| context.and_then(|context| context.content(id));
    if let Some(given) = new.id {
        if held(given.get()).is_some_and(|held| !held.says(&new.content)) {
            return Err(Rejected::IdTaken(given, new.subject.context().into()));
        }
        return Ok(given);
    }
    let mut known = context.into_iter().flat_map(|context| context.ids_of(new.content.hash));
    let known = known.find(|id| held(*id).is_some_and(|held| held.says(&new.content)));
    let next = || i64::from(context.map_or(0, |context| context.id_max)) + 1;
    SchemaId::new(known.map_or_else(next, i64::from)).ok_or_else(used_up)
}

fn used_up() -> Rejected {
    let what = "every id or version up to 2^31-1 has been given out";
    Rejected::NotSupported(what.to_owned())
}
