//! Deleting versions and subjects: soft first, then permanent (`registry-api` 2.6).

use openapi::ids::{Subject, Version, VersionRef};

use super::{Answer, Decision, Rejected};
use crate::{
    record::{Key, Record, SchemaValue, Value, Watermark},
    state::{Content, Row, State, Visibility},
};

/// Deletes a whole subject.
pub(super) fn subject(
    draft: &State,
    subject: &Subject,
    permanent: bool,
) -> Result<Decision, Rejected> {
    let Some(head) = draft.subject(subject) else {
        return Err(Rejected::SubjectNotFound(subject.clone()));
    };
    if head.live == 0 && !permanent {
        return Err(Rejected::SubjectSoftDeleted(subject.clone()));
    }
    refuse_when_read_only(draft, subject)?;
    if head.live > 0 && permanent {
        return Err(Rejected::SubjectNotSoftDeleted(subject.clone()));
    }
    let visibility = if permanent { Visibility::All } else { Visibility::Active };
    let versions: Vec<Version> =
        draft.versions(subject, visibility).map(|(version, _)| version).collect();
    for version in &versions {
        refuse_when_referenced(draft, subject, *version, permanent, true)?;
    }
    let records = match permanent {
        true => purge(draft, subject, &versions),
        false => vec![watermark(draft, subject, head.latest)],
    };
    Ok(Decision { answer: Answer::Versions(versions), records })
}

/// Deletes one version.
pub(super) fn version(
    draft: &State,
    subject: &Subject,
    wanted: VersionRef,
    permanent: bool,
) -> Result<Decision, Rejected> {
    if draft.subject(subject).is_none() {
        return Err(Rejected::SubjectNotFound(subject.clone()));
    }
    let found = draft.resolve(subject, wanted, Visibility::All);
    let (version, row) = found.ok_or(Rejected::VersionNotFound(wanted))?;
    match (row.deleted, permanent) {
        (true, false) => return Err(Rejected::VersionSoftDeleted(subject.clone(), version)),
        (false, true) => return Err(Rejected::VersionNotSoftDeleted(subject.clone(), version)),
        (false, false) | (true, true) => {}
    }
    refuse_when_read_only(draft, subject)?;
    refuse_when_referenced(draft, subject, version, permanent, false)?;
    let records = match permanent {
        true => purge(draft, subject, &[version]),
        false => vec![rewritten(draft, subject, version, row, true)],
    };
    Ok(Decision { answer: Answer::Version(version), records })
}

/// The key of a version.
pub(super) fn key(subject: &Subject, version: Version) -> Key {
    Key::Schema { subject: subject.shared(), version: version.get() }
}

/// A tombstone for each version, highest first. With the last version go the subject's own
/// configuration and mode.
fn purge(draft: &State, subject: &Subject, versions: &[Version]) -> Vec<Record> {
    let highest_first = versions.iter().rev();
    let mut records: Vec<Record> =
        highest_first.map(|version| Record::tombstone(key(subject, *version))).collect();
    records.extend(spent_watermark(draft, subject, versions));
    let all = draft.versions(subject, Visibility::All);
    if all.take(versions.len() + 1).count() == versions.len() {
        let scope = Some(subject.shared());
        let settings = [
            draft.config(&scope).map(|_| Key::Config(scope.clone())),
            draft.mode(&scope).map(|_| Key::Mode(scope.clone())),
        ];
        records.extend(settings.into_iter().flatten().map(Record::tombstone));
    }
    records
}

/// The tombstone of the DELETE_SUBJECT record once no remaining version lies under its watermark.
pub(super) fn spent_watermark(
    draft: &State,
    subject: &Subject,
    gone: &[Version],
) -> Option<Record> {
    let watermark = draft.watermark(subject)?;
    let mut left = draft.versions(subject, Visibility::All);
    let needed = left.any(|(version, _)| version.get() <= watermark && !gone.contains(&version));
    (!needed).then(|| Record::tombstone(Key::DeleteSubject(subject.shared())))
}

/// The same once versions are active by records of their own: it is needed for as long as others
/// are deleted by it alone.
pub(super) fn watermark_without(
    draft: &State,
    subject: &Subject,
    revived: &[Version],
) -> Option<Record> {
    let watermark = draft.watermark(subject).filter(|_| !revived.is_empty())?;
    let mut deleted = draft.versions(subject, Visibility::Deleted);
    let needed =
        deleted.any(|(version, _)| version.get() <= watermark && !revived.contains(&version));
    (!needed).then(|| Record::tombstone(Key::DeleteSubject(subject.shared())))
}

/// One record soft-deletes all versions up to a watermark, which never falls while it is needed.
fn watermark(draft: &State, subject: &Subject, latest: u32) -> Record {
    let version = draft.watermark(subject).map_or(latest, |earlier| earlier.max(latest));
    let value = Watermark { subject: subject.as_str().to_owned(), version };
    Record::put(Key::DeleteSubject(subject.shared()), Value::DeleteSubject(value))
}

/// The SCHEMA record of a version, rewritten with another life.
pub(super) fn rewritten(
    draft: &State,
    subject: &Subject,
    version: Version,
    row: &Row,
    deleted: bool,
) -> Record {
    let content = draft.content_of(subject, row);
    let value = SchemaValue { deleted, ..value_of(subject, version, row, content) };
    Record::put(key(subject, version), Value::Schema(Box::new(value)))
}

/// The SCHEMA value that says what a row says.
fn value_of(subject: &Subject, version: Version, row: &Row, content: &Content) -> SchemaValue {
    let schema_type = &*content.schema_type;
    SchemaValue {
        subject: subject.as_str().to_owned(),
        version: version.get().into(),
        id: row.id.into(),
        md5: content.md5(),
        schema_type: (schema_type != "AVRO").then(|| schema_type.to_owned()),
        references: Some(content.references.to_vec()),
        metadata: content.metadata.as_deref().cloned(),
        rule_set: content.rule_set.as_deref().cloned(),
        schema: content.text.as_ref().to_owned(),
        deleted: row.deleted,
    }
}

pub(super) fn refuse_when_read_only(draft: &State, subject: &Subject) -> Result<(), Rejected> {
    match draft.effective_mode(subject).is_read_only() {
        true => Err(Rejected::in_mode(subject, "in read-only")),
        false => Ok(()),
    }
}

/// Active referrers block any deletion, soft-deleted ones a permanent one. Deleting a subject as a
/// whole is not blocked by references within it.
fn refuse_when_referenced(
    draft: &State,
    subject: &Subject,
    version: Version,
    permanent: bool,
    whole: bool,
) -> Result<(), Rejected> {
    let blocks = |(referrer, number): (&std::sync::Arc<str>, u32)| {
        let referrer = Subject::trusted(referrer.clone());
        let row = Version::new(number.into()).and_then(|number| draft.version(&referrer, number));
        let counts = permanent || row.is_some_and(|row| !row.deleted);
        counts && !(whole && referrer == *subject)
    };
    match draft.referrers(subject, version).any(blocks) {
        true => Err(Rejected::ReferenceExists(subject.clone(), version)),
        false => Ok(()),
    }
}
