//! What can be asked of the state. A query costs what it answers, not what is stored.

use std::sync::{Arc, LazyLock};

use openapi::{
    config::Config,
    ids::{DEFAULT_CONTEXT, GLOBAL_CONTEXT, SchemaId, Subject, Version, VersionRef},
};
use schema::CompatibilityLevel;

use super::{Anomalies, Content, ContextState, Row, Scope, Setting, State, SubjectHead};
use crate::{identity::Hash, record::Key};

/// Which lives of a version a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Active versions only.
    Active,
    /// Soft-deleted ones too.
    All,
    /// Soft-deleted ones only.
    Deleted,
}

/// The mode that holds for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveMode(pub Arc<str>);

static EMPTY: LazyLock<Arc<str>> = LazyLock::new(|| "".into());
static READWRITE: LazyLock<Arc<str>> = LazyLock::new(|| "READWRITE".into());

impl Visibility {
    /// What `deleted` and `deletedOnly` ask for; the latter wins.
    pub fn of(deleted: bool, deleted_only: bool) -> Self {
        match (deleted, deleted_only) {
            (_, true) => Self::Deleted,
            (true, false) => Self::All,
            (false, false) => Self::Active,
        }
    }

    /// Whether a version is of such a life.
    pub fn shows(self, row: &Row) -> bool {
        match self {
            Self::Active => !row.deleted,
            Self::All => true,
            Self::Deleted => row.deleted,
        }
    }
}

impl State {
    /// The offset after the last record applied.
    pub fn head(&self) -> i64 {
        self.head
    }

    /// What the log holds that no registry should have written.
    pub fn anomalies(&self) -> &Anomalies {
        &self.anomalies
    }

    /// Every context with its ids.
    pub fn contexts(&self) -> impl Iterator<Item = (&Arc<str>, &ContextState)> {
        self.contexts.iter()
    }

    /// A context's ids, if anything was ever registered in it.
    pub fn context(&self, name: &str) -> Option<&ContextState> {
        self.contexts.get(name)
    }

    /// Subjects that have a version of the wanted life, sorted by text.
    pub fn subjects(&self, visibility: Visibility) -> impl Iterator<Item = &Arc<str>> {
        self.subjects_from(visibility, "")
    }

    /// The same from a name on.
    pub fn subjects_from<'a>(
        &'a self,
        visibility: Visibility,
        start: &str,
    ) -> impl Iterator<Item = &'a Arc<str>> + use<'a> {
        self.subjects.from(visibility, start).map(|(name, _)| name)
    }

    /// How many subjects and versions there are, soft-deleted ones included.
    pub fn counts(&self) -> (usize, usize) {
        (self.subjects.len(), self.versions)
    }

    /// What is asked most often of a subject; none if no version of it is stored.
    pub fn subject(&self, subject: &Subject) -> Option<&SubjectHead> {
        self.subjects.get(subject.as_str()).map(|versions| &versions.head)
    }

    /// Whether a subject has a version of the wanted life.
    pub fn has_subject(&self, subject: &Subject, visibility: Visibility) -> bool {
        self.subject(subject).is_some_and(|head| head.is(visibility))
    }

    /// The versions of a subject, ascending.
    pub fn versions(
        &self,
        subject: &Subject,
        visibility: Visibility,
    ) -> impl DoubleEndedIterator<Item = (Version, &Row)> {
        let versions = self.subjects.get(subject.as_str());
        let rows = versions.map(|versions| versions.iter()).unwrap_or_default();
        let shown = rows.filter(move |(_, row)| visibility.shows(row));
        shown.filter_map(|(version, row)| Some((Version::new(version.into())?, row)))
    }

    /// One version, whatever its life.
    pub fn version(&self, subject: &Subject, version: Version) -> Option<&Row> {
        self.subjects.get(subject.as_str())?.get(version.get())
    }

    /// A version as a path names it; the latest is the newest active one.
    pub fn resolve(
        &self,
        subject: &Subject,
        version: VersionRef,
        visibility: Visibility,
    ) -> Option<(Version, &Row)> {
        let number = match version {
            VersionRef::Latest => Version::new(self.subject(subject)?.latest.into())?,
            VersionRef::Number(number) => number,
        };
        let row = self.version(subject, number).filter(|row| visibility.shows(row))?;
        Some((number, row))
    }

    /// The subjects of the same name in the other contexts, where a read goes on that found nothing
    /// under an unqualified name (`registry-api` 2.1): in the order of the contexts' names.
    pub fn elsewhere(&self, subject: &Subject) -> impl Iterator<Item = Subject> {
        let existing = self.contexts.iter().filter(|(_, context)| context.exists());
        existing.filter_map(move |(context, _)| subject.in_context(context))
    }

    /// The content of a subject's row.
    pub fn content_of(&self, subject: &Subject, row: &Row) -> &Arc<Content> {
        let context = self.context(subject.context());
        let content = context.and_then(|context| context.content(row.id));
        content.expect("every row's id has its content in the row's context")
    }

    /// The content of an id in the default context.
    pub fn content(&self, id: SchemaId) -> Option<&Arc<Content>> {
        self.context(DEFAULT_CONTEXT)?.content(id.get())
    }

    /// The versions of a subject that hold a content, newest first.
    pub fn holding(&self, subject: &Subject, hash: Hash) -> Vec<(Version, SchemaId, bool)> {
        let Some(context) = self.context(subject.context()) else { return Vec::new() };
        let name = subject.shared();
        let held = context.ids_of(hash).flat_map(|id| context.held_by(&name, id));
        let mut found: Vec<_> = held.filter_map(|version| self.held(subject, version)).collect();
        found.sort_by_key(|(version, _, _)| std::cmp::Reverse(*version));
        found
    }

    fn held(&self, subject: &Subject, version: u32) -> Option<(Version, SchemaId, bool)> {
        let version = Version::new(version.into())?;
        let row = self.version(subject, version)?;
        Some((version, SchemaId::new(row.id.into())?, row.deleted))
    }

    /// Who refers to a version: subject and version of each referrer.
    pub fn referrers(
        &self,
        subject: &Subject,
        version: Version,
    ) -> impl Iterator<Item = (&Arc<str>, u32)> {
        let (name, number) = (subject.shared(), version.get());
        let from = (name.clone(), number, EMPTY.clone(), 0);
        let all = self.referrers.range(from..);
        all.take_while(move |(target, version, _, _)| *target == name && *version == number)
            .map(|(_, _, referrer, version)| (referrer, *version))
    }

    /// The DELETE_SUBJECT watermark in force.
    pub fn watermark(&self, subject: &Subject) -> Option<u32> {
        self.watermarks.get(subject.as_str()).copied()
    }

    /// The byte forms of a key, other than the canonical one, that stand in the log.
    pub fn foreign_forms(&self, key: &Key) -> &[Box<[u8]>] {
        self.foreign.get(key).map_or(&[], |forms| forms.as_slice())
    }

    /// The configuration set on exactly this scope.
    pub fn config(&self, scope: &Scope) -> Option<&Setting<Arc<Config>>> {
        self.configs.get(scope)
    }

    /// The mode set on exactly this scope.
    pub fn mode(&self, scope: &Scope) -> Option<&Setting<Arc<str>>> {
        self.modes.get(scope)
    }

    /// Every scope with a mode of its own.
    pub fn modes(&self) -> impl Iterator<Item = (&Scope, &Setting<Arc<str>>)> {
        self.modes.iter()
    }

    /// The configuration that holds for a subject (`registry-api` 2.8): its own alone, else its
    /// context's, else that of all contexts; none means the server's defaults.
    pub fn effective_config(&self, subject: &Subject) -> Option<&Setting<Arc<Config>>> {
        scopes(subject).find_map(|scope| self.configs.get(&scope))
    }

    /// The level that holds for a subject.
    pub fn effective_level(
        &self,
        subject: &Subject,
        default: CompatibilityLevel,
    ) -> CompatibilityLevel {
        let config = self.effective_config(subject);
        let level = config.and_then(|config| config.value.compatibility_level.as_deref());
        level.and_then(|level| level.parse().ok()).unwrap_or(default)
    }

    /// The mode setting that holds for a subject, if any was made.
    pub fn effective_mode_setting(&self, subject: &Subject) -> Option<&Setting<Arc<str>>> {
        scopes(subject).find_map(|scope| self.modes.get(&scope))
    }

    /// The mode that holds for a subject: READWRITE unless something says otherwise.
    pub fn effective_mode(&self, subject: &Subject) -> EffectiveMode {
        let setting = self.effective_mode_setting(subject);
        EffectiveMode(setting.map_or_else(|| READWRITE.clone(), |mode| mode.value.clone()))
    }
}

impl EffectiveMode {
    /// Whether nothing may be written.
    pub fn is_read_only(&self) -> bool {
        matches!(&*self.0, "READONLY" | "READONLY_OVERRIDE")
    }

    /// Whether schemas come from another registry, with their ids.
    pub fn is_import(&self) -> bool {
        matches!(&*self.0, "IMPORT" | "FORWARD")
    }

    /// Whether ordinary producers may register.
    pub fn is_read_write(&self) -> bool {
        &*self.0 == "READWRITE"
    }
}

impl SubjectHead {
    fn is(&self, visibility: Visibility) -> bool {
        match visibility {
            Visibility::Active => self.live > 0,
            Visibility::All => true,
            Visibility::Deleted => self.live == 0,
        }
    }
}

/// Where configuration and mode of a subject are looked for, nearest first.
fn scopes(subject: &Subject) -> impl Iterator<Item = Scope> {
    let own = Some(subject.shared());
    let context = match subject.context() {
        DEFAULT_CONTEXT => None,
        context => Some(format!(":{context}:").into()),
    };
    [own, context, Some(format!(":{GLOBAL_CONTEXT}:").into())].into_iter()
}
