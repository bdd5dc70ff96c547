//! Whether a schema may follow the versions that a subject has.

use std::sync::Arc;

use openapi::{
    contracts::Metadata,
    ids::{Subject, Version, VersionRef},
};
use schema::{CompatibilityLevel, Direction, Obstacle, Schema};

use super::{NewSchema, Rejected, read::Read, register, reserved};
use crate::{
    limits::OLD_SCHEMA_TEXT_MAX,
    parser::{Parsed, Parser, parse_stored},
    settings::Settings,
    state::{Row, State, Visibility},
};

/// A schema that somebody asks about.
pub type Candidate = NewSchema;

/// Which versions a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// As many as the level demands.
    History,
    /// This one, whatever the level.
    One(VersionRef),
}

/// The answer to such a question; no messages mean compatible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub messages: Vec<String>,
}

/// What a check is made with: the subject's configuration, as far as it matters here.
struct Check<'a> {
    state: &'a State,
    parser: &'a dyn Parser,
    subject: &'a Subject,
    level: CompatibilityLevel,
    /// Only versions that agree in this metadata property are compared.
    group: Option<&'a str>,
    validate_fields: bool,
    schema: &'a Schema,
    metadata: Option<&'a Metadata>,
}

/// Answers whether a candidate could be registered.
pub fn check_candidate(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    candidate: &Candidate,
    against: Against,
) -> Result<Verdict, Rejected> {
    let subject = &candidate.subject;
    if let Against::One(version @ VersionRef::Number(_)) = against {
        let found = state.resolve(subject, version, Visibility::Active);
        found.ok_or(Rejected::VersionNotFound(version))?;
    }
    let read = Read::candidate(state, settings, parser, candidate)?;
    let config = state.effective_config(subject).map(|config| config.value.as_ref());
    let carried = register::completed(state, candidate, config)?;
    let metadata = carried.metadata.as_deref();
    let check = Check::new(state, settings, parser, (subject, &read.parsed.schema, metadata));
    let rows = match against {
        Against::History => check.relevant(),
        // The latest of a subject without any is no obstacle.
        Against::One(version) => {
            state.resolve(subject, version, Visibility::Active).into_iter().collect()
        }
    };
    Ok(Verdict { messages: check.messages(rows) })
}

/// Refuses a schema that must not become the next version.
pub(super) fn check_new(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    (subject, schema, metadata): (&Subject, &Schema, Option<&Metadata>),
) -> Result<(), Rejected> {
    let check = Check::new(state, settings, parser, (subject, schema, metadata));
    let details = check.messages(check.relevant());
    match details.is_empty() {
        true => Ok(()),
        false => Err(Rejected::Incompatible { subject: subject.clone(), details }),
    }
}

impl<'a> Check<'a> {
    fn new(
        state: &'a State,
        settings: &Settings,
        parser: &'a dyn Parser,
        (subject, schema, metadata): (&'a Subject, &'a Schema, Option<&'a Metadata>),
    ) -> Self {
        let config = state.effective_config(subject).map(|config| config.value.as_ref());
        Self {
            state,
            parser,
            subject,
            level: state.effective_level(subject, settings.compatibility_level),
            group: config.and_then(|config| config.compatibility_group.as_deref()),
            validate_fields: config
                .and_then(|config| config.validate_fields)
                .unwrap_or(settings.validate_fields),
            schema,
            metadata,
        }
    }

    /// The active versions that the level looks at, newest first; with a group, those of it.
    fn relevant(&self) -> Vec<(Version, &'a Row)> {
        let (state, subject) = (self.state, self.subject);
        if self.level == CompatibilityLevel::None {
            return Vec::new();
        }
        if self.group.is_none() && !self.level.is_transitive() {
            let newest = state.resolve(subject, VersionRef::Latest, Visibility::Active);
            return newest.into_iter().collect();
        }
        let group = self.group.map(|name| (name, value(self.metadata, name)));
        let is_of_group = |row: &Row| {
            let metadata = state.content_of(subject, row).metadata.as_deref();
            group.is_none_or(|(name, own)| value(metadata, name) == own)
        };
        let rows = state.versions(subject, Visibility::Active).rev();
        let rows = rows.filter(|(_, row)| is_of_group(row));
        rows.take(if self.level.is_transitive() { usize::MAX } else { 1 }).collect()
    }

    /// What stands against the schema, in upstream's list of messages: reserved fields; then the
    /// findings of the first version that fails, that version, and its text; last the level.
    fn messages(&self, rows: Vec<(Version, &Row)>) -> Vec<String> {
        let mut messages = self.reserved();
        messages.extend(
            rows.into_iter()
                .map(|row| self.against(row))
                .find(|found| !found.is_empty())
                .unwrap_or_default(),
        );
        if !messages.is_empty() {
            let (fields, level) = (self.validate_fields, self.level);
            messages.push(format!("{{validateFields: '{fields}', compatibility: '{level}'}}"));
        }
        messages
    }

    fn reserved(&self) -> Vec<String> {
        if !self.validate_fields {
            return Vec::new();
        }
        let newest = self.state.resolve(self.subject, VersionRef::Latest, Visibility::Active);
        let newest = newest.map(|(_, row)| self.state.content_of(self.subject, row));
        let earlier = newest.and_then(|content| content.metadata.as_deref());
        reserved::messages(self.schema, self.metadata, earlier)
    }

    /// What stands against the schema in one version. A stored text that no longer parses cannot be
    /// checked, and what cannot be checked is not compatible.
    fn against(&self, (version, row): (Version, &Row)) -> Vec<String> {
        if self.level == CompatibilityLevel::None {
            return Vec::new();
        }
        let content = self.state.content_of(self.subject, row);
        if &*content.schema_type != self.schema.language().name() {
            return vec!["Incompatible because of different schema type".to_owned()];
        }
        let old: Arc<Parsed> = match parse_stored(self.parser, self.state, self.subject, content) {
            Ok(old) => old,
            Err(error) => {
                return vec![format!("Version {version} cannot be read: {error}")];
            }
        };
        let obstacles = schema::check(self.level, self.schema, &old.schema);
        with_trailer(self.level, &obstacles, version, &content.text)
    }
}

/// A metadata property's value.
fn value<'a>(metadata: Option<&'a Metadata>, name: &str) -> Option<&'a str> {
    metadata.and_then(|metadata| metadata.property(name))
}

/// The messages of a version's obstacles, followed by the version and its text. Under the FULL levels
/// upstream says these two only when the backward half fails; clients compare the list.
fn with_trailer(
    level: CompatibilityLevel,
    obstacles: &[Obstacle],
    version: Version,
    text: &str,
) -> Vec<String> {
    let mut messages: Vec<String> =
        obstacles.iter().flat_map(|obstacle| obstacle.messages.iter().cloned()).collect();
    let both = level.reads_old() && level.read_by_old();
    let backward = obstacles.iter().any(|obstacle| obstacle.direction == Direction::Backward);
    if !messages.is_empty() && (backward || !both) {
        messages.push(format!("{{oldSchemaVersion: {version}}}"));
        messages.push(old_schema(text));
    }
    messages
}

/// The text of the old schema, cut where it would drown the rest.
fn old_schema(text: &str) -> String {
    match text.char_indices().nth(OLD_SCHEMA_TEXT_MAX) {
        None => format!("{{oldSchema: '{text}'}}"),
        Some((end, _)) => format!("{{oldSchema: <truncated> '{}...'}}", &text[..end]),
    }
}
