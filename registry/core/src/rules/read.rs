//! A schema that somebody sends, read together with what it refers to, and where a subject has it.

use std::sync::Arc;

use openapi::{
    contracts::Reference,
    ids::{Subject, Version, VersionRef},
};
use schema::{Language, Purpose};

use super::{
    NewSchema, Rejected,
    admission::Admission,
    completion::Carried,
    contracts,
    same::{self, Wanted},
    tags,
};
use crate::{
    identity::{Hash, hash},
    parser::{Parsed, Parser, Source},
    references,
    settings::Settings,
    state::{Content, Row, State, Visibility},
};

/// A schema as it was read.
pub(super) struct Read {
    pub(super) parsed: Arc<Parsed>,
    pub(super) references: Vec<Reference>,
    /// Why it must not become a new version, though it may be one already.
    refused: Option<Rejected>,
}

impl Read {
    /// Reads what is to be registered. What may become new reads the same as stored: one reading
    /// serves both, but for an old schema that would be refused today.
    pub(super) fn new(
        state: &State,
        settings: &Settings,
        parser: &dyn Parser,
        asked: &NewSchema,
        admission: Admission,
    ) -> Result<Self, Rejected> {
        let config = state.effective_config(&asked.subject).map(|config| &config.value);
        let ordinary = admission == Admission::Ordinary;
        let checked = config.and_then(|config| config.validate_new_schemas);
        let strict = ordinary && checked.unwrap_or(settings.validate_new_schemas);
        let normalize = ordinary && normalizes(state, asked);
        if !strict {
            let read = Self::with(state, parser, asked, Purpose::Stored, normalize)?;
            return Ok(read.checked(state, settings, asked));
        }
        match Self::with(state, parser, asked, Purpose::New, normalize) {
            Err(refused @ Rejected::InvalidSchema(_)) => {
                let read = Self::with(state, parser, asked, Purpose::Stored, normalize)?;
                Ok(Self { refused: Some(refused), ..read })
            }
            read => Ok(read?.checked(state, settings, asked)),
        }
    }

    /// Reads what is only looked for.
    pub(super) fn stored(
        state: &State,
        parser: &dyn Parser,
        asked: &NewSchema,
    ) -> Result<Self, Rejected> {
        Self::with(state, parser, asked, Purpose::Stored, normalizes(state, asked))
    }

    /// Reads what is asked about.
    pub(super) fn candidate(
        state: &State,
        settings: &Settings,
        parser: &dyn Parser,
        asked: &NewSchema,
    ) -> Result<Self, Rejected> {
        let read = Self::new(state, settings, parser, asked, Admission::Ordinary)?;
        read.refused.clone().map_or(Ok(read), Err)
    }

    fn with(
        state: &State,
        parser: &dyn Parser,
        asked: &NewSchema,
        purpose: Purpose,
        normalize: bool,
    ) -> Result<Self, Rejected> {
        let NewSchema { subject, language, text, .. } = asked;
        contracts::few("references", Some(asked.references.len()))?;
        let mut references =
            references::numbered(state, subject, &asked.references, Visibility::All)?;
        if normalize {
            references.sort();
            references.dedup();
        }
        let contents = references::contents(state, subject, &references)?;
        let texts: Vec<&str> = contents.iter().map(|content| &*content.text).collect();
        let source = Source { language: *language, text, references: &texts, purpose, normalize };
        let refuse = |error| invalid(*language, &error);
        let mut parsed = parser.parse(source).map_err(refuse)?;
        if !asked.tags.is_empty() {
            let text = tags::edited(state, parser, subject, &parsed.schema, &asked.tags);
            let text = &text.map_err(refuse)?;
            parsed = parser.parse(Source { text, ..source }).map_err(refuse)?;
        }
        Ok(Self { parsed, references, refused: None })
    }

    /// What must hold for references of a new version alone: that their targets are active.
    fn checked(mut self, state: &State, settings: &Settings, asked: &NewSchema) -> Self {
        let subject = &asked.subject;
        let active = references::numbered(state, subject, &self.references, Visibility::Active);
        let refused = active.and_then(|_| match settings.reference_versions_strict {
            true => references::one_version_each(state, subject, &self.references),
            false => Ok(()),
        });
        self.refused = refused.err().map(Rejected::from);
        self
    }

    /// Refuses what may only be there already.
    pub(super) fn may_become_new(&self, settings: &Settings) -> Result<(), Rejected> {
        match &self.refused {
            Some(refused) => Err(refused.clone()),
            None if self.parsed.text.len() > settings.schema_size_max => {
                Err(Rejected::SchemaTooLarge)
            }
            None => Ok(()),
        }
    }

    /// The identity of the schema with what it carries.
    pub(super) fn hash(&self, carried: &Carried<'_>) -> Hash {
        let (metadata, rule_set) = (carried.metadata.as_deref(), carried.rule_set.as_deref());
        hash(&self.parsed.text, &self.references, metadata, rule_set)
    }

    /// The active version that settles a registration: any, or the newest, or the one of that number
    /// and id, as was asked.
    pub(super) fn find<'s>(
        &self,
        state: &'s State,
        parser: &dyn Parser,
        asked: &NewSchema,
        carried: &Carried<'_>,
        hash: Hash,
    ) -> Option<(Version, &'s Row)> {
        if matches!(asked.version, Some(VersionRef::Number(_))) && asked.id.is_none() {
            return None;
        }
        let latest = state.subject(&asked.subject)?.latest;
        self.versions(state, parser, &asked.subject, carried, hash, Visibility::Active, |found| {
            let (version, row) = *found;
            let is_asked_for = match asked.version {
                None => true,
                Some(VersionRef::Latest) => version.get() == latest,
                Some(VersionRef::Number(number)) => version == number,
            };
            is_asked_for && asked.id.is_none_or(|id| id.get() == row.id)
        })
    }

    /// The newest version of a subject that says the same and suits: by the hash, else by what it
    /// says.
    #[expect(clippy::too_many_arguments, reason = "a question with all its parts")]
    pub(super) fn versions<'s>(
        &self,
        state: &'s State,
        parser: &dyn Parser,
        subject: &Subject,
        carried: &Carried<'_>,
        hash: Hash,
        visibility: Visibility,
        suits: impl Fn(&(Version, &'s Row)) -> bool,
    ) -> Option<(Version, &'s Row)> {
        let held = state.holding(subject, hash).into_iter();
        let by_hash = held.filter_map(|(version, _, _)| {
            let row = state.version(subject, version)?;
            let is_it = visibility.shows(row) && self.is_read_in(state.content_of(subject, row));
            is_it.then_some((version, row))
        });
        let wanted = Wanted { parsed: &self.parsed, references: &self.references, carried };
        let by_words = || same::newest(state, parser, subject, wanted, visibility);
        by_hash.into_iter().find(&suits).or_else(|| by_words().filter(suits))
    }

    /// Whether a content of the same hash has this text and these references.
    fn is_read_in(&self, content: &Content) -> bool {
        *content.text == *self.parsed.text && *content.references == *self.references
    }

    /// What the registry keeps of it.
    pub(super) fn content(&self, carried: &Carried<'_>, hash: Hash) -> Content {
        let (metadata, rule_set) = (carried.metadata.as_deref(), carried.rule_set.as_deref());
        Content {
            schema_type: self.parsed.schema.language().name().into(),
            text: self.parsed.text.as_str().into(),
            references: self.references.clone().into(),
            metadata: metadata.cloned().map(Box::new),
            rule_set: rule_set.cloned().map(Box::new),
            hash,
        }
    }
}

/// Whether schemas of equal meaning get equal text: asked for, or configured.
fn normalizes(state: &State, asked: &NewSchema) -> bool {
    let config = state.effective_config(&asked.subject);
    asked.normalize || config.is_some_and(|config| config.value.normalize == Some(true))
}

/// A parser's refusal as a registration reports it.
fn invalid(language: Language, error: &schema::InvalidSchema) -> Rejected {
    match error {
        schema::InvalidSchema::Unsupported(_) => Rejected::InvalidSchema(error.to_string()),
        schema::InvalidSchema::Refused { text, .. } => {
            Rejected::InvalidSchema(format!("Invalid schema of type {language}, details: {text}"))
        }
    }
}
