//! The fold: what each record does to the state (`registry-api` 3.4).

use std::sync::Arc;

use openapi::ids::{SchemaId, Subject, Version};

use super::{
    Content, ContextState, Decoded, Row, Setting, State, Versions, Visibility,
    content::{self, targets},
};
use crate::record::{Key, Record, SchemaValue, Undecodable, Value};

/// Where and when an entry was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub offset: i64,
    /// Epoch milliseconds.
    pub timestamp: i64,
}

impl State {
    /// Takes in one entry of `_schemas`. An entry at or below the head was taken in before: a
    /// follower may see its own records twice.
    pub fn apply(&mut self, position: Position, entry: &Result<Record, Undecodable>) {
        self.apply_entry(position, entry, None);
    }

    /// The same for an entry whose content was worked out before, and is taken from it.
    pub fn apply_decoded(&mut self, position: Position, entry: &mut Decoded) {
        self.apply_entry(position, &entry.record, entry.content.take());
    }

    fn apply_entry(
        &mut self,
        position: Position,
        entry: &Result<Record, Undecodable>,
        content: Option<Arc<Content>>,
    ) {
        if position.offset < self.head {
            return;
        }
        match entry {
            Ok(record) => self.apply_record(position, record, content),
            Err(error) => self.note(position.offset, error.to_string()),
        }
        self.head = position.offset + 1;
    }

    /// Takes in one entry of `_syngraph`.
    pub fn apply_mark(&mut self, entry: &Record) {
        if let (Key::IdMark(context), Some(Value::IdMark(mark))) = (&entry.key, &entry.value) {
            let state = self.contexts.entry(context.clone()).or_default();
            state.id_mark = state.id_mark.max(mark.id);
            state.id_max = state.id_max.max(mark.id);
        }
    }

    /// Notes that the log holds something impossible.
    fn note(&mut self, offset: i64, what: String) {
        Arc::make_mut(&mut self.anomalies).note(offset, what);
    }

    fn apply_record(&mut self, position: Position, record: &Record, content: Option<Arc<Content>>) {
        self.remember_form(record);
        match (&record.key, &record.value) {
            (Key::Schema { subject, version }, Some(Value::Schema(value))) => {
                let version = (subject, *version);
                self.put_schema(position, version, value, content);
            }
            (Key::Schema { subject, version }, None) => {
                self.remove_row(position.offset, subject, *version);
            }
            (Key::Config(scope), value) => match value {
                Some(Value::Config(config)) => {
                    let value = Arc::new(config.as_ref().clone());
                    self.configs.insert(scope.clone(), Setting { value, offset: position.offset });
                }
                _ => drop(self.configs.remove(scope)),
            },
            (Key::Mode(scope), value) => match value {
                Some(Value::Mode(mode)) => {
                    let value = mode.mode.as_str().into();
                    self.modes.insert(scope.clone(), Setting { value, offset: position.offset });
                }
                _ => drop(self.modes.remove(scope)),
            },
            (Key::DeleteSubject(subject), Some(Value::DeleteSubject(watermark))) => {
                self.soft_delete(position.offset, subject, watermark.version);
            }
            (Key::DeleteSubject(subject), _) => drop(self.watermarks.remove(subject)),
            (Key::ClearSubject(scope), Some(_)) => self.clear(position.offset, scope),
            (Key::Context { context, .. }, value) => self.declare(context, value.is_some()),
            (Key::Association(key), Some(Value::Association(value))) => {
                self.associations.insert(key.clone(), value.as_ref().into());
            }
            (Key::Association(key), _) => drop(self.associations.remove(key)),
            (Key::ClearSubject(_) | Key::Noop, _) => {}
            (Key::Schema { .. } | Key::IdMark(_) | Key::LogIdentity | Key::Format, _) => {
                self.note(position.offset, format!("{:?} does not belong here", record.key));
            }
        }
    }

    /// Keeps the side map of byte forms that compaction would otherwise let survive a deletion.
    fn remember_form(&mut self, record: &Record) {
        let Some(bytes) = &record.foreign else { return };
        let mut forms = self.foreign.get(&record.key).cloned().unwrap_or_default();
        let known = Arc::make_mut(&mut forms);
        known.retain(|form| form != bytes);
        if record.value.is_some() {
            known.push(bytes.clone());
        }
        if known.is_empty() {
            self.foreign.remove(&record.key);
        } else {
            self.foreign.insert(record.key.clone(), forms);
        }
    }

    fn put_schema(
        &mut self,
        position: Position,
        (subject, version): (&Arc<str>, u32),
        value: &SchemaValue,
        content: Option<Arc<Content>>,
    ) {
        // The key's earlier record is superseded whatever this one holds: compaction drops it, and
        // must not change an answer.
        let known = self.subjects.get_key_value(subject);
        let known = known.map(|(known, versions)| (known.clone(), versions.head.top));
        let (subject, top) = known.unwrap_or_else(|| (subject.clone(), 0));
        // Beyond the highest version there is nothing to replace, and there most are put.
        if version <= top {
            self.remove_row(position.offset, &subject, version);
        }
        let Some(id) = self.checked(position.offset, &subject, version, value) else { return };
        let content = content.unwrap_or_else(|| Arc::new(content::of(value)));
        let holder = (subject.clone(), version);
        // Two writers at once may have given one id to two texts; the first one stands.
        if !self.context_mut(&subject).hold(id, content.clone(), holder) {
            let what = format!("{subject} claims id {id}, which another schema has");
            self.note(position.offset, what);
            return;
        }
        for (target, number) in targets(&subject, &content) {
            self.referrers.insert((target, number, subject.clone(), version));
        }
        let Position { offset, timestamp } = position;
        let (deleted, carries) = (value.deleted, content.carries());
        let row = Row { id, deleted, carries, timestamp, offset };
        let put = |versions: &mut Versions| versions.insert(version, row.clone(), offset);
        // What was replaced just above may have been all that there was.
        if top == 0 || self.subjects.change(&subject, put).is_none() {
            self.subjects.insert(subject, Arc::new(Versions::of(version, row, offset)));
        }
        self.versions += 1;
    }

    /// The ids of a subject's context.
    fn context_mut(&mut self, subject: &Arc<str>) -> &mut ContextState {
        let subject = Subject::trusted(subject.clone());
        let context = subject.context();
        if !self.contexts.contains_key(context) {
            self.contexts.insert(context.into(), ContextState::default());
        }
        self.contexts.get_mut(context).expect("inserted just above when it was missing")
    }

    /// The id, if the parts of a SCHEMA record that must be sane for a row to exist are.
    fn checked(
        &mut self,
        offset: i64,
        subject: &Arc<str>,
        version: u32,
        value: &SchemaValue,
    ) -> Option<u32> {
        let id = SchemaId::new(value.id).map(SchemaId::get);
        if Version::new(i64::from(version)).is_none() || id.is_none() {
            let what = format!("{subject} version {version} with id {} is impossible", value.id);
            self.note(offset, what);
            return None;
        }
        id
    }

    /// Drops a row, whatever its life was; a subject without any goes too.
    fn remove_row(&mut self, offset: i64, subject: &Arc<str>, version: u32) {
        let removed = self.subjects.change(subject, |versions| versions.remove(version, offset));
        let Some(row) = removed.flatten() else { return };
        self.versions -= 1;
        let state = self.context_mut(subject);
        let content = state.content(row.id).cloned();
        state.release(row.id, &(subject.clone(), version));
        for (target, number) in content.iter().flat_map(|content| targets(subject, content)) {
            self.referrers.remove(&(target, number, subject.clone(), version));
        }
    }

    /// DELETE_SUBJECT: versions up to the watermark are soft-deleted.
    fn soft_delete(&mut self, offset: i64, subject: &Arc<str>, watermark: u32) {
        self.watermarks.insert(subject.clone(), watermark);
        self.subjects.change(subject, |versions| versions.soft_delete(..=watermark, offset));
    }

    /// CLEAR_SUBJECT: the soft-deleted versions of a subject, or of all in a context, are dropped.
    fn clear(&mut self, offset: i64, scope: &Arc<str>) {
        let scope = Subject::trusted(scope.clone());
        let whole_context = scope.is_qualified() && scope.name().is_empty();
        let cleared = |subject: &Arc<str>| {
            let subject = Subject::trusted(subject.clone());
            if whole_context { subject.context() == scope.context() } else { subject == scope }
        };
        let subjects =
            self.subjects.from(Visibility::All, "").filter(|(subject, _)| cleared(subject));
        let rows = subjects.flat_map(|(subject, versions)| {
            let deleted = versions.iter().filter(|(_, row)| row.deleted);
            deleted.map(|(version, _)| (subject.clone(), version))
        });
        let keys: Vec<_> = rows.collect();
        for (subject, version) in keys {
            self.remove_row(offset, &subject, version);
        }
    }

    fn declare(&mut self, context: &Arc<str>, exists: bool) {
        self.contexts.entry(context.clone()).or_default().declared = exists;
    }
}
