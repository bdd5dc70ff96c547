//! What a registry must answer, written down a second time and as plainly as can be: versions,
//! ids, lives, levels and modes in ordinary maps. Every answer of the writer is held against it.

use std::collections::BTreeMap;

use registry::writer::Reply;
use registry_core::rules::Answer;

use crate::refusals::Refusal;
use crate::sight::Sight;
use crate::wishes::{self, Text, Wish};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    id: u32,
    text: Text,
    deleted: bool,
}

type Rows = BTreeMap<u32, Row>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    subjects: BTreeMap<u8, Rows>,
    levels: BTreeMap<Option<u8>, String>,
    modes: BTreeMap<Option<u8>, String>,
    /// Every id that was ever answered or shown, with the text that it names.
    given: BTreeMap<u32, Text>,
    /// How often something has changed.
    pub(crate) changes: u64,
}

/// What must come of a registration.
struct Registered {
    /// None is one that was never given before.
    id: Option<u32>,
    version: u32,
    is_new: bool,
}

impl Ledger {
    /// Holds what a wish came to against what it must come to, and takes note of it.
    pub(crate) fn witness(&mut self, wish: Wish, reply: &Reply) {
        let due = match wish {
            Wish::Register { subject, text } => self.witness_register(subject, text, reply),
            Wish::DeleteSubject { subject, permanent } => self.delete_subject(subject, permanent),
            Wish::DeleteVersion { subject, version, permanent } => {
                self.delete_version(subject, version, permanent)
            }
            Wish::PutLevel { scope, level } => self.put_level(scope, level),
            Wish::ResetLevel { scope } => self.reset_level(scope),
            Wish::PutMode { scope, mode } => Ok(self.put_mode(scope, mode)),
            Wish::ResetMode { scope } => self.reset_mode(scope),
        };
        let told = match reply {
            Reply::Answered(answer) => Ok(said(answer)),
            Reply::Rejected(rejected) => Err(Refusal::of(rejected)),
            other => panic!("{wish:?} came to {other:?}"),
        };
        assert_eq!(told, due, "{wish:?} on {self:#?}");
    }

    fn witness_register(
        &mut self,
        subject: u8,
        text: Text,
        reply: &Reply,
    ) -> Result<String, Refusal> {
        let due = self.register(subject, text)?;
        let Reply::Answered(Answer::Registered { id, .. }) = reply else {
            return Ok("registered".to_owned());
        };
        let id = due.id.unwrap_or_else(|| {
            let newest = self.given.keys().next_back().copied().unwrap_or(0);
            assert!(id.get() > newest, "id {id:?} for {text:?} is not above {newest}");
            id.get()
        });
        if due.is_new {
            let rows = self.subjects.entry(subject).or_default();
            rows.retain(|_, row| row.text != text);
            rows.insert(due.version, Row { id, text, deleted: false });
            self.give(id, text);
            self.changes += 1;
        }
        Ok(format!("registered {id} as {}", due.version))
    }

    fn register(&self, subject: u8, text: Text) -> Result<Registered, Refusal> {
        self.check_writable(Some(subject))?;
        if !text.is_valid() {
            return Err(Refusal::InvalidSchema);
        }
        let rows = self.rows(subject);
        let mut same = rows.iter().filter(|(_, row)| row.text == text && !row.deleted);
        if let Some((version, row)) = same.next_back() {
            return Ok(Registered { id: Some(row.id), version: *version, is_new: false });
        }
        self.check_compatible(subject, text)?;
        let stored = self.subjects.values().flat_map(BTreeMap::values);
        let id = stored.into_iter().find(|row| row.text == text).map(|row| row.id);
        let version = rows.keys().next_back().map_or(1, |top| top + 1);
        Ok(Registered { id, version, is_new: true })
    }

    fn check_compatible(&self, subject: u8, text: Text) -> Result<(), Refusal> {
        let level = self.levels.get(&Some(subject)).or_else(|| self.levels.get(&None));
        let level = level.map_or("BACKWARD", String::as_str);
        let rows = self.rows(subject);
        let active = rows.values().rev().filter(|row| !row.deleted);
        let count = match level {
            "NONE" => 0,
            level if level.ends_with("_TRANSITIVE") => usize::MAX,
            _ => 1,
        };
        let (backward, forward) = (!level.starts_with("FORWARD"), !level.starts_with("BACKWARD"));
        let fits = |row: &Row| {
            (!backward || text.can_read(row.text)) && (!forward || row.text.can_read(text))
        };
        if active.take(count).all(fits) { Ok(()) } else { Err(Refusal::Incompatible) }
    }

    fn delete_subject(&mut self, subject: u8, permanent: bool) -> Result<String, Refusal> {
        let mut rows = self.rows(subject);
        let has_live = rows.values().any(|row| !row.deleted);
        match (rows.is_empty(), has_live, permanent) {
            (true, _, _) => return Err(Refusal::SubjectNotFound),
            (_, false, false) => return Err(Refusal::SubjectSoftDeleted),
            _ => self.check_writable(Some(subject))?,
        }
        if has_live && permanent {
            return Err(Refusal::SubjectNotSoftDeleted);
        }
        let meant = rows.iter().filter(|(_, row)| permanent || !row.deleted);
        let versions: Vec<u32> = meant.map(|(version, _)| *version).collect();
        for row in rows.values_mut() {
            row.deleted = true;
        }
        self.keep(subject, if permanent { Rows::new() } else { rows });
        Ok(format!("deleted {versions:?}"))
    }

    fn delete_version(
        &mut self,
        subject: u8,
        version: Option<u32>,
        permanent: bool,
    ) -> Result<String, Refusal> {
        let mut rows = self.rows(subject);
        if rows.is_empty() {
            return Err(Refusal::SubjectNotFound);
        }
        let mut live = rows.iter().filter(|(_, row)| !row.deleted);
        let latest = live.next_back().map(|(version, _)| *version);
        let version = version.or(latest).ok_or(Refusal::VersionNotFound)?;
        let row = rows.get_mut(&version).ok_or(Refusal::VersionNotFound)?;
        match (row.deleted, permanent) {
            (true, false) => return Err(Refusal::VersionSoftDeleted),
            (false, true) => return Err(Refusal::VersionNotSoftDeleted),
            _ => self.check_writable(Some(subject))?,
        }
        if permanent {
            rows.remove(&version);
        } else {
            row.deleted = true;
        }
        self.keep(subject, rows);
        Ok(format!("deleted version {version}"))
    }

    fn put_level(&mut self, scope: Option<u8>, level: &str) -> Result<String, Refusal> {
        if level == "HIGH" {
            return Err(Refusal::InvalidLevel);
        }
        self.check_writable(scope)?;
        self.levels.insert(scope, level.to_owned());
        self.changes += 1;
        Ok(format!("level {level} put"))
    }

    fn reset_level(&mut self, scope: Option<u8>) -> Result<String, Refusal> {
        self.check_writable(scope)?;
        match (self.levels.remove(&scope), scope) {
            (Some(level), _) => {
                self.changes += 1;
                Ok(format!("level was {level}"))
            }
            (None, Some(_)) => Err(Refusal::SubjectNotFound),
            (None, None) => Ok("level was BACKWARD".to_owned()),
        }
    }

    fn put_mode(&mut self, scope: Option<u8>, mode: Option<&str>) -> String {
        match mode {
            Some(mode) => drop(self.modes.insert(scope, mode.to_owned())),
            None => drop(self.modes.remove(&scope)),
        }
        self.changes += 1;
        format!("mode {mode:?}")
    }

    fn reset_mode(&mut self, scope: Option<u8>) -> Result<String, Refusal> {
        let old = self.modes.remove(&scope);
        if old.is_none() && scope.is_some() {
            return Err(Refusal::SubjectNotFound);
        }
        self.changes += 1;
        Ok(format!("mode {:?}", old.as_deref()))
    }

    fn rows(&self, subject: u8) -> Rows {
        self.subjects.get(&subject).cloned().unwrap_or_default()
    }

    /// With its last version go a subject's own settings.
    fn keep(&mut self, subject: u8, rows: Rows) {
        self.changes += 1;
        if rows.is_empty() {
            self.subjects.remove(&subject);
            self.levels.remove(&Some(subject));
            self.modes.remove(&Some(subject));
        } else {
            self.subjects.insert(subject, rows);
        }
    }

    fn check_writable(&self, scope: Option<u8>) -> Result<(), Refusal> {
        let mode = self.modes.get(&scope).or_else(|| self.modes.get(&None));
        if mode.is_some_and(|mode| mode == "READONLY") { Err(Refusal::ReadOnly) } else { Ok(()) }
    }

    fn give(&mut self, id: u32, text: Text) {
        let known = *self.given.entry(id).or_insert(text);
        assert_eq!(known, text, "id {id} was given to two texts");
    }

    /// The highest id that anybody was told or shown.
    pub(crate) fn newest_id(&self) -> u32 {
        self.given.keys().next_back().copied().unwrap_or(0)
    }

    /// Compares with what readers are shown.
    pub(crate) fn check_shown(&self, sight: &Sight) {
        let mut shown = self.clone();
        shown.adopt(sight);
        shown.changes = self.changes;
        assert_eq!(&shown, self, "shown on the left, due on the right");
    }

    /// Goes on from what is shown, as after a crash in which an unanswered batch got through.
    pub(crate) fn adopt(&mut self, sight: &Sight) {
        let number = |name: &str| (0..3).find(|n| wishes::subject(*n).as_str() == name).unwrap();
        let scope = |name: &Option<String>| name.as_deref().map(number);
        self.subjects.clear();
        for ((name, version), seen) in &sight.versions {
            let row = Row { id: seen.id, text: seen.text, deleted: seen.deleted };
            self.subjects.entry(number(name)).or_default().insert(*version, row);
            self.give(seen.id, seen.text);
        }
        let plain = |settings: &BTreeMap<Option<String>, (String, i64)>| {
            settings.iter().map(|(name, (value, _))| (scope(name), value.clone())).collect()
        };
        self.levels = plain(&sight.levels);
        self.modes = plain(&sight.modes);
        self.changes += 1;
    }
}

/// An answer in the words of this file.
fn said(answer: &Answer) -> String {
    let level = |config: &openapi::config::Config| {
        config.compatibility_level.clone().expect("the only setting here")
    };
    match answer {
        Answer::Registered { id, version, .. } => {
            format!("registered {} as {}", id.get(), version.get())
        }
        Answer::Versions(versions) => {
            let versions: Vec<u32> = versions.iter().map(|version| version.get()).collect();
            format!("deleted {versions:?}")
        }
        Answer::Version(version) => format!("deleted version {}", version.get()),
        Answer::ConfigPut(config) => format!("level {} put", level(config)),
        Answer::Config(config) => format!("level was {}", level(config)),
        Answer::Mode(mode) => format!("mode {:?}", mode.as_deref()),
        Answer::Batch(_) => unreachable!("nobody here wishes for a set"),
        Answer::Done => "done".to_owned(),
    }
}
