//! Registering a schema (`registry-api` 2.4).

use std::{borrow::Cow, sync::Arc};

use openapi::{
    config::Config,
    contracts::{Metadata, Reference, RuleSet},
    ids::{DEFAULT_CONTEXT, SchemaId, Subject, Version, VersionRef},
};
use schema::Language;

use super::{
    Answer, Decision, Ready, Rejected,
    admission::{self, Admission},
    compatibility,
    completion::Carried,
    contracts, numbers,
    read::Read,
    relied::Relied,
    tags::TagEdits,
};
use crate::{
    parser::Parser,
    record::{ContextValue, Key, Record, SchemaValue, Value},
    settings::Settings,
    state::{Content, Row, State, Visibility},
};

/// A schema that wants to become a version.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSchema {
    pub subject: Subject,
    pub language: Language,
    /// Empty means that of the newest version, so that something beside it can change.
    pub text: String,
    pub references: Vec<Reference>,
    pub metadata: Option<Metadata>,
    pub rule_set: Option<RuleSet>,
    /// The number that it must become, or that of the newest version, if it is only to be found.
    pub version: Option<VersionRef>,
    /// The id that it must get, where schemas are imported.
    pub id: Option<SchemaId>,
    pub normalize: bool,
    /// Whether compatibility does not matter.
    pub force: bool,
    pub tags: TagEdits,
    /// Whether the caller may not register, and is only told what is registered.
    pub known_only: bool,
}

impl NewSchema {
    /// A text, and nothing beside it.
    pub fn new(subject: Subject, language: Language, text: String) -> Self {
        Self {
            subject,
            language,
            text,
            references: Vec::new(),
            metadata: None,
            rule_set: None,
            version: None,
            id: None,
            normalize: false,
            force: false,
            tags: TagEdits::default(),
            known_only: false,
        }
    }
}

/// What the costly work came to.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// Settled by what is durable already.
    Answered(Answer),
    /// To be decided by the writer.
    Ready(Ready),
}

/// A schema that is parsed, hashed and found compatible.
#[derive(Clone, Debug)]
pub struct Registration {
    pub(super) subject: Subject,
    pub(super) content: Arc<Content>,
    pub(super) version: Option<VersionRef>,
    pub(super) id: Option<SchemaId>,
    pub(super) admission: Admission,
    /// Whether it carries something that the request did not say.
    completed: bool,
    pub(super) relied: Relied,
}

impl Registration {
    /// Where it goes.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }
}

pub(super) fn prepare(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    asked: &NewSchema,
) -> Result<Prepared, Rejected> {
    let admission = admission::of(state, settings, asked)?;
    asked.rule_set.as_ref().map_or(Ok(()), contracts::check)?;
    asked.metadata.as_ref().map_or(Ok(()), contracts::check_metadata)?;
    let asked = &*with_text(state, asked, admission)?;
    let subject = &asked.subject;
    let config = state.effective_config(subject).map(|config| config.value.as_ref());
    let read = Read::new(state, settings, parser, asked, admission)?;
    let as_asked = Carried::as_asked(asked);
    let mut hash = read.hash(&as_asked);
    let settled = |carried: &Carried<'_>, hash, completed| {
        let (version, row) = read.find(state, parser, asked, carried, hash)?;
        Some(Prepared::Answered(registered(state, subject, version, row, completed)))
    };
    if !config.is_some_and(adds)
        && let Some(answered) = settled(&as_asked, hash, false)
    {
        return Ok(answered);
    }
    let carried = match admission {
        Admission::Import => as_asked.clone(),
        Admission::Ordinary => completed(state, asked, config)?,
    };
    let completed = carried != as_asked;
    if completed {
        hash = read.hash(&carried);
    }
    // What is not completed was looked for above, unless the configuration adds to everything.
    if asked.version.is_none()
        && (completed || config.is_some_and(adds))
        && let Some(answered) = settled(&carried, hash, completed)
    {
        return Ok(answered);
    }
    if asked.known_only {
        return Err(Rejected::RegistrationClosed(subject.clone()));
    }
    read.may_become_new(settings)?;
    if admission == Admission::Ordinary && !asked.force {
        let metadata = carried.metadata.as_deref();
        let asked = (subject, &read.parsed.schema, metadata);
        compatibility::check_new(state, settings, parser, asked)?;
    }
    let registration = Registration {
        subject: subject.clone(),
        content: Arc::new(read.content(&carried, hash)),
        version: asked.version,
        id: asked.id,
        admission,
        completed,
        relied: Relied::on(state, subject, &read.references),
    };
    Ok(Prepared::Ready(Ready::Register(Box::new(registration))))
}

/// Nothing about the subject has changed since the work was done; what is left to be seen is what
/// the ids of its context have come to.
pub(super) fn decide(draft: &State, new: &Registration) -> Result<Decision, Rejected> {
    let Registration { subject, content, completed, .. } = new;
    let version = numbers::version(draft, new)?;
    let context = draft.context(subject.context());
    let id = numbers::id(context, new)?;
    let mut records = Vec::new();
    if subject.context() != DEFAULT_CONTEXT && !context.is_some_and(|context| context.declared) {
        records.push(context_record(subject.context()));
    }
    records.extend(replaced(draft, new, id, version));
    records.push(schema_record(new, id, version));
    let (content, completed) = (content.clone(), *completed);
    let answer = Answer::Registered { id, version, content, timestamp: None, completed };
    Ok(Decision { answer, records })
}

/// The answer that a version which is there already gives.
fn registered(
    state: &State,
    subject: &Subject,
    version: Version,
    row: &Row,
    completed: bool,
) -> Answer {
    let content = state.content_of(subject, row).clone();
    let id = SchemaId::new(row.id.into()).expect("a row's id was checked when it was applied");
    Answer::Registered { id, version, content, timestamp: Some(row.timestamp), completed }
}

/// Older soft-deleted versions of the same id go, unless something refers to them: the new version
/// takes their place. A DELETE_SUBJECT record that no version needs any more goes with them.
fn replaced(draft: &State, new: &Registration, id: SchemaId, number: Version) -> Vec<Record> {
    let subject = &new.subject;
    let held = draft.holding(subject, new.content.hash).into_iter();
    let gone: Vec<Version> = held
        .filter(|(version, held, deleted)| {
            let older = *deleted && *held == id && *version < number;
            older && draft.referrers(subject, *version).next().is_none()
        })
        .map(|(version, _, _)| version)
        .collect();
    let mut records: Vec<Record> = gone
        .iter()
        .map(|version| Record::tombstone(super::delete::key(subject, *version)))
        .collect();
    records.extend(super::delete::spent_watermark(draft, subject, &gone));
    records
}

/// A request without a schema means the newest version's.
pub(super) fn with_text<'a>(
    state: &State,
    asked: &'a NewSchema,
    admission: Admission,
) -> Result<Cow<'a, NewSchema>, Rejected> {
    if !asked.text.is_empty() {
        return Ok(Cow::Borrowed(asked));
    }
    let latest = state.resolve(&asked.subject, VersionRef::Latest, Visibility::Active);
    let latest = latest.filter(|_| admission == Admission::Ordinary);
    let (_, row) = latest.ok_or_else(|| Rejected::InvalidSchema("Empty schema".to_owned()))?;
    let content = state.content_of(&asked.subject, row);
    Ok(Cow::Owned(NewSchema {
        language: content.schema_type.parse()?,
        text: content.text.as_ref().to_owned(),
        references: content.references.to_vec(),
        ..asked.clone()
    }))
}

/// What a registration carries, with what the version before it and the configuration add.
pub(super) fn completed<'a>(
    state: &'a State,
    asked: &'a NewSchema,
    config: Option<&'a Config>,
) -> Result<Carried<'a>, Rejected> {
    let next = numbers::next_version(state, &asked.subject)?;
    let newest = state.resolve(&asked.subject, VersionRef::Latest, Visibility::Active);
    let previous = newest.map(|(_, row)| state.content_of(&asked.subject, row).as_ref());
    Ok(Carried::completed(asked, previous, config, next))
}

/// Whether a configuration adds to what is registered.
pub(super) fn adds(config: &Config) -> bool {
    let metadata = config.default_metadata.is_some() || config.override_metadata.is_some();
    metadata || config.default_rule_set.is_some() || config.override_rule_set.is_some()
}

fn schema_record(new: &Registration, id: SchemaId, version: Version) -> Record {
    let Content { schema_type, text, references, metadata, rule_set, .. } = &*new.content;
    let value = SchemaValue {
        subject: new.subject.as_str().to_owned(),
        version: version.get().into(),
        id: id.get().into(),
        md5: new.content.md5(),
        schema_type: (**schema_type != *Language::Avro.name()).then(|| schema_type.to_string()),
        references: (!references.is_empty()).then(|| references.to_vec()),
        metadata: metadata.as_deref().cloned(),
        rule_set: rule_set.as_deref().cloned(),
        schema: text.as_ref().to_owned(),
        ..SchemaValue::default()
    };
    Record::put(super::delete::key(&new.subject, version), Value::Schema(Box::new(value)))
}

fn context_record(context: &str) -> Record {
    let key = super::context::key(context);
    let Key::Context { tenant, context } = &key else { unreachable!("a context has its key") };
    let (tenant, context) = (tenant.as_ref().to_owned(), context.as_ref().to_owned());
    Record::put(key, Value::Context(ContextValue { tenant, context }))
}
