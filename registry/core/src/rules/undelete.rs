//! Bringing soft-deleted versions back, with the ids and numbers that they had.

use openapi::ids::{Subject, Version, VersionRef};

use super::{Answer, Decision, Rejected, delete};
use crate::{
    limits::UNDELETED_SIZE_MAX,
    record::Record,
    references,
    state::{State, Visibility},
};

/// Brings back all versions of a subject that are soft-deleted; there may be none.
pub(super) fn subject(draft: &State, subject: &Subject) -> Result<Decision, Rejected> {
    if !draft.has_subject(subject, Visibility::All) {
        return Err(Rejected::SubjectNotFound(subject.clone()));
    }
    let deleted = draft.versions(subject, Visibility::Deleted);
    let versions: Vec<Version> = deleted.map(|(version, _)| version).collect();
    let records = revived(draft, subject, &versions)?;
    Ok(Decision { answer: Answer::Versions(versions), records })
}

/// Brings back one version, the newest of them if the latest is meant; one that is active stays as
/// it is.
pub(super) fn version(
    draft: &State,
    subject: &Subject,
    wanted: VersionRef,
) -> Result<Decision, Rejected> {
    if !draft.has_subject(subject, Visibility::All) {
        return Err(Rejected::SubjectNotFound(subject.clone()));
    }
    let newest = || draft.versions(subject, Visibility::Deleted).next_back();
    let found = match wanted {
        VersionRef::Latest => newest(),
        VersionRef::Number(_) => draft.resolve(subject, wanted, Visibility::All),
    };
    let (version, row) = found.ok_or(Rejected::VersionNotFound(wanted))?;
    let versions: &[Version] = if row.deleted { &[version] } else { &[] };
    let records = revived(draft, subject, versions)?;
    Ok(Decision { answer: Answer::Version(version), records })
}

/// The records that make versions active again. What they refer to must be active, or come back with
/// them: an active version never refers to a deleted one that was not there when it was made.
fn revived(
    draft: &State,
    subject: &Subject,
    versions: &[Version],
) -> Result<Vec<Record>, Rejected> {
    delete::refuse_when_read_only(draft, subject)?;
    let mut records = Vec::new();
    let mut size = 0;
    for version in versions {
        let row = draft.version(subject, *version);
        let row = row.ok_or(Rejected::VersionNotFound(VersionRef::Number(*version)))?;
        for reference in &draft.content_of(subject, row).references {
            let (target, number) = references::named(subject, reference)?;
            let comes_back =
                matches!(number, VersionRef::Number(number) if versions.contains(&number));
            if !(target == *subject && comes_back) {
                references::numbered(
                    draft,
                    subject,
                    std::slice::from_ref(reference),
                    Visibility::Active,
                )?;
            }
        }
        size += draft.content_of(subject, row).text.len();
        if size > UNDELETED_SIZE_MAX {
            return Err(Rejected::TooLargeToUndelete);
        }
        records.push(delete::rewritten(draft, subject, *version, row, false));
    }
    records.extend(delete::watermark_without(draft, subject, versions));
    Ok(records)
}
