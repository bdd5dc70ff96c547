//! Registering a schema (`registry-api` 2.4).

use std::borrow::Cow;

use openapi::{
    contracts::{Metadata, Reference, RuleSet},
    ids::{DEFAULT_CONTEXT, SchemaId, Subject, Version, VersionRef},
};
use schema::{Language, Purpose};

use super::{Answer, Decision, Ready, Rejected, compatibility};
use crate::{
    identity::{Hash, hash},
    parser::{Parser, Source},
    record::{ContextValue, Key, Record, SchemaValue, Value},
    settings::Settings,
    state::{State, Visibility},
};

/// A schema that wants to become a version.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSchema {
    pub subject: Subject,
    pub language: Language,
    pub text: String,
    pub references: Vec<Reference>,
    pub metadata: Option<Metadata>,
    pub rule_set: Option<RuleSet>,
    pub normalize: bool,
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
    subject: Subject,
    language: Language,
    text: String,
    hash: Hash,
    pub(super) relied: Relied,
}

/// What the work relied on: where the subject, its configuration and its mode were last written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relied {
    subject: Subject,
    changed: Option<i64>,
    config: Option<i64>,
    mode: Option<i64>,
}

impl Relied {
    fn on(state: &State, subject: &Subject) -> Self {
        Self {
            subject: subject.clone(),
            changed: state.subject(subject).map(|head| head.changed),
            config: state.effective_config(subject).map(|config| config.offset),
            mode: state.effective_mode_setting(subject).map(|mode| mode.offset),
        }
    }

    pub(super) fn holds(&self, draft: &State) -> bool {
        *self == Self::on(draft, &self.subject)
    }
}

pub(super) fn prepare(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    new: &NewSchema,
) -> Result<Prepared, Rejected> {
    refuse_by_mode(state, &new.subject)?;
    let new = &*inherit(state, new)?;
    let subject = &new.subject;
    let config = state.effective_config(subject);
    let normalize = new.normalize || config.is_some_and(|c| c.value.normalize == Some(true));
    let (language, text) = (new.language, new.text.as_str());
    let source = |purpose| Source { language, text, references: &[], purpose, normalize };
    // What may become new reads the same as stored: one reading serves both, but for an old schema
    // that would be refused today.
    let (parsed, refused) = match parser.parse(source(Purpose::New)) {
        Ok(parsed) => (parsed, None),
        Err(error) => {
            let stored = parser.parse(source(Purpose::Stored));
            (stored.map_err(|error| invalid(language, &error))?, Some(invalid(language, &error)))
        }
    };
    let hash = hash(&parsed.text, &new.references, new.metadata.as_ref(), new.rule_set.as_ref());
    if let Some((version, id)) = active(state, subject, hash) {
        return Ok(Prepared::Answered(Answer::Registered { id, version }));
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    if parsed.text.len() > settings.schema_size_max {
        return Err(Rejected::SchemaTooLarge);
    }
    let relied = Relied::on(state, subject);
    compatibility::check_new(state, settings, parser, subject, &parsed.schema)?;
    let (subject, text) = (subject.clone(), parsed.text.clone());
    let registration = Registration { subject, language, text, hash, relied };
    Ok(Prepared::Ready(Ready::Register(Box::new(registration))))
}

pub(super) fn decide(draft: &State, new: &Registration) -> Result<Decision, Rejected> {
    let Registration { subject, hash, .. } = new;
    if let Some((version, id)) = active(draft, subject, *hash) {
        return Ok(Decision::unchanged(Answer::Registered { id, version }));
    }
    let context = draft.context(subject.context());
    let id = match context.and_then(|context| context.id_of(*hash)) {
        Some(known) => SchemaId::new(known.into()),
        None => SchemaId::new(i64::from(context.map_or(0, |context| context.id_max)) + 1),
    };
    let top = draft.subject(subject).map_or(0, |head| head.top);
    let version = Version::new(i64::from(top) + 1);
    let (Some(id), Some(version)) = (id, version) else {
        let what = "every id or version up to 2^31-1 has been given out";
        return Err(Rejected::NotSupported(what.to_owned()));
    };
    let mut records = Vec::new();
    if subject.context() != DEFAULT_CONTEXT && !context.is_some_and(|context| context.declared) {
        records.push(context_record(subject.context()));
    }
    records.extend(replaced(draft, subject, *hash));
    records.push(schema_record(new, id, version));
    Ok(Decision { answer: Answer::Registered { id, version }, records })
}

/// The active version of a subject that holds a content.
fn active(state: &State, subject: &Subject, hash: Hash) -> Option<(Version, SchemaId)> {
    let held = state.holding(subject, hash).into_iter();
    held.filter(|(_, _, deleted)| !deleted).map(|(version, id, _)| (version, id)).next()
}

/// Soft-deleted versions of the same content go, unless something refers to them: the new version
/// takes their place. A DELETE_SUBJECT record that no version needs any more goes with them.
fn replaced(draft: &State, subject: &Subject, hash: Hash) -> Vec<Record> {
    let held = draft.holding(subject, hash).into_iter();
    let gone: Vec<Version> = held
        .filter(|(version, _, deleted)| {
            *deleted && draft.referrers(subject, *version).next().is_none()
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

/// A request without a schema means the newest version's, so that something beside it can change.
fn inherit<'a>(state: &State, new: &'a NewSchema) -> Result<Cow<'a, NewSchema>, Rejected> {
    if !new.text.is_empty() {
        return Ok(Cow::Borrowed(new));
    }
    let latest = state.resolve(&new.subject, VersionRef::Latest, Visibility::Active);
    let (_, row) = latest.ok_or_else(|| Rejected::InvalidSchema("Empty schema".to_owned()))?;
    let content = state.content_of(&new.subject, row);
    Ok(Cow::Owned(NewSchema {
        language: content.schema_type.parse()?,
        text: content.text.as_ref().to_owned(),
        references: content.references.to_vec(),
        ..new.clone()
    }))
}

fn schema_record(new: &Registration, id: SchemaId, version: Version) -> Record {
    let avro = new.language == Language::Avro;
    let value = SchemaValue {
        subject: new.subject.as_str().to_owned(),
        version: version.get().into(),
        id: id.get().into(),
        schema_type: (!avro).then(|| new.language.name().to_owned()),
        schema: new.text.clone(),
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

fn refuse_by_mode(state: &State, subject: &Subject) -> Result<(), Rejected> {
    let mode = state.effective_mode(subject);
    match (mode.is_read_only(), mode.is_read_write()) {
        (true, _) => Err(Rejected::in_mode(subject, "in read-only")),
        (false, false) => Err(Rejected::in_mode(subject, "not in read-write")),
        (false, true) => Ok(()),
    }
}

/// A parser's refusal as a registration reports it.
pub(super) fn invalid(language: Language, error: &schema::InvalidSchema) -> Rejected {
    match error {
        schema::InvalidSchema::Unsupported(_) => Rejected::InvalidSchema(error.to_string()),
        schema::InvalidSchema::Refused { text, .. } => {
            Rejected::InvalidSchema(format!("Invalid schema of type {language}, details: {text}"))
        }
    }
}
