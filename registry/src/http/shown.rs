//! Stored schemas as they are shown, in either dialect.
//! Not here: which form of a schema a caller wants (`view`), which version a path names (`versions`,
//! `ids`).

use std::{borrow::Cow, sync::Arc};

use openapi::{
    contracts::Reference,
    ids::{DEFAULT_CONTEXT, SchemaId, Subject, Version},
    schemas::{
        Life, RegisterResponse, SchemaContent, SchemaString, SchemaTags, SchemaVersion,
        SubjectVersion,
    },
};
use registry_core::{
    rules::Found,
    state::{Content, ContextState, Row, State as Snapshot},
};
use schema::Language;

use super::dialect::Dialect;

/// A version with all that is known of it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) subject: Subject,
    pub(super) version: Version,
    pub(super) id: SchemaId,
    pub(super) timestamp: i64,
    pub(super) deleted: bool,
    pub(super) content: Arc<Content>,
}

impl Stored {
    pub(super) fn of(state: &Snapshot, subject: Subject, version: Version, row: &Row) -> Self {
        let id = SchemaId::new(row.id.into()).expect("a row's id was checked when it was applied");
        let content = state.content_of(&subject, row).clone();
        let Row { timestamp, deleted, .. } = *row;
        Self { subject, version, id, timestamp, deleted, content }
    }

    /// The first version that uses an id: of one subject, or of any.
    pub(super) fn using(
        state: &Snapshot,
        context: &ContextState,
        id: SchemaId,
        subject: Option<&Subject>,
    ) -> Option<Self> {
        let of_one = |one: &Subject| {
            let held = context.held_by(&one.shared(), id.get());
            Some((one.clone(), *held.first()?))
        };
        let of_any = || {
            let (name, version) = context.holders_of(id.get()).next()?;
            Some((Subject::trusted(name.clone()), version))
        };
        let (subject, version) = subject.map_or_else(of_any, of_one)?;
        let version = Version::new(version.into())?;
        let row = state.version(&subject, version)?;
        Some(Self::of(state, subject, version, row))
    }

    /// Whether nothing has changed between two looks at a version.
    pub(super) fn is_still(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.content, &other.content)
            && (self.version, self.id, self.timestamp, self.deleted)
                == (other.version, other.id, other.timestamp, other.deleted)
            && self.subject == other.subject
    }

    /// The version, to be shown as it stands.
    pub(super) fn shown(&self, dialect: Dialect) -> Shown<'_> {
        Shown { dialect, stored: self, text: None, is_qualified: false, tags: Vec::new() }
    }
}

impl From<Found> for Stored {
    fn from(found: Found) -> Self {
        let Found { subject, version, id, content, timestamp, deleted } = found;
        Self { subject, version, id, timestamp, deleted, content }
    }
}

/// A version on its way out.
#[derive(Clone, Debug)]
pub(super) struct Shown<'a> {
    pub(super) dialect: Dialect,
    pub(super) stored: &'a Stored,
    /// Another form of the text.
    pub(super) text: Option<String>,
    /// Whether references name their context.
    pub(super) is_qualified: bool,
    pub(super) tags: Vec<SchemaTags>,
}

impl<'a> Shown<'a> {
    /// As a version of its subject.
    pub(super) fn version(self) -> SchemaVersion<'a> {
        let Stored { subject, version, id, .. } = self.stored;
        SchemaVersion {
            subject: subject.clone(),
            version: *version,
            id: *id,
            guid: self.guid(),
            life: self.life(),
            content: self.content(),
            schema_tags: self.tags,
        }
    }

    /// As what an id stands for; the rich dialect names a version that uses it.
    pub(super) fn by_id(self, max_id: Option<SchemaId>) -> SchemaString<'a> {
        let Stored { subject, version, .. } = self.stored;
        let user = || SubjectVersion { subject: subject.clone(), version: *version };
        let user = self.dialect.rich(user);
        SchemaString { user, max_id, ..self.by_guid() }
    }

    /// As what a GUID stands for, whoever uses it.
    pub(super) fn by_guid(self) -> SchemaString<'a> {
        let SchemaContent { schema_type, references, metadata, rule_set, schema } = self.content();
        SchemaString {
            user: None,
            guid: self.guid(),
            schema_type,
            schema,
            references,
            metadata,
            rule_set,
            life: self.life(),
            schema_tags: self.tags,
            max_id: None,
        }
    }

    /// As what became of a registration; only of what was there before it is told since when.
    pub(super) fn registered(self, is_new: bool) -> RegisterResponse<'a> {
        RegisterResponse {
            id: self.stored.id,
            version: Some(self.stored.version),
            guid: self.guid(),
            content: Some(self.content()),
            life: self.life().filter(|_| !is_new),
        }
    }

    fn guid(&self) -> Option<String> {
        self.dialect.rich(|| self.stored.content.hash.to_string())
    }

    fn life(&self) -> Option<Life> {
        let Stored { timestamp: ts, deleted, .. } = *self.stored;
        self.dialect.rich(|| Life { ts, deleted })
    }

    fn content(&self) -> SchemaContent<'a> {
        let Stored { subject, content, .. } = self.stored;
        let mut shown = content_shown(self.dialect, content);
        if let Some(text) = &self.text {
            shown.schema = Cow::Owned(text.clone());
        }
        if self.is_qualified {
            shown.references.iter_mut().for_each(|reference| qualify(subject, reference));
        }
        shown
    }
}

/// A schema as it is shown; in the terse dialect Avro goes without saying.
pub(super) fn content_shown(dialect: Dialect, content: &Content) -> SchemaContent<'_> {
    let schema_type = &*content.schema_type;
    let is_told = dialect == Dialect::Rich || schema_type != Language::Avro.name();
    SchemaContent {
        schema_type: is_told.then(|| schema_type.to_owned()),
        references: content.references.to_vec(),
        metadata: content.metadata.as_deref().cloned(),
        rule_set: content.rule_set.as_deref().cloned(),
        schema: Cow::Borrowed(&content.text),
    }
}

/// Writes out the context that a reference without one is read in.
fn qualify(subject: &Subject, reference: &mut Reference) {
    let context = subject.context();
    if let Some(name) = &mut reference.subject
        && context != DEFAULT_CONTEXT
        && !name.starts_with(":.")
    {
        *name = format!(":{context}:{name}");
    }
}
