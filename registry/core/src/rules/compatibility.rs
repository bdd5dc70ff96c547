//! Whether a schema may follow the versions that a subject has.

use std::sync::Arc;

use openapi::ids::{Subject, Version, VersionRef};
use schema::{CompatibilityLevel, Direction, Obstacle, Purpose, Schema};

use super::{NewSchema, Rejected, register::invalid};
use crate::{
    limits::OLD_SCHEMA_TEXT_MAX,
    parser::{Parsed, Parser, Source, parse_stored},
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

/// Answers whether a candidate could be registered.
pub fn check_candidate(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    candidate: &Candidate,
    against: Against,
) -> Result<Verdict, Rejected> {
    let subject = &candidate.subject;
    let level = state.effective_level(subject, settings.compatibility_level);
    let config = state.effective_config(subject);
    let normalize = candidate.normalize || config.is_some_and(|c| c.value.normalize == Some(true));
    let (language, text) = (candidate.language, candidate.text.as_str());
    let source = Source { language, text, references: &[], purpose: Purpose::New, normalize };
    let rows: Vec<(Version, &Row)> = match against {
        Against::History => relevant(state, subject, level),
        Against::One(version) => one(state, subject, version)?,
    };
    let parsed = parser.parse(source).map_err(|error| invalid(language, &error))?;
    let messages = messages(state, parser, subject, &parsed.schema, level, rows);
    Ok(Verdict { messages })
}

/// Refuses a schema that must not become the next version.
pub(super) fn check_new(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    subject: &Subject,
    schema: &Schema,
) -> Result<(), Rejected> {
    let level = state.effective_level(subject, settings.compatibility_level);
    let rows = relevant(state, subject, level);
    let details = messages(state, parser, subject, schema, level, rows);
    match details.is_empty() {
        true => Ok(()),
        false => Err(Rejected::Incompatible { subject: subject.clone(), details }),
    }
}

/// The active versions that a level looks at, newest first.
fn relevant<'a>(
    state: &'a State,
    subject: &Subject,
    level: CompatibilityLevel,
) -> Vec<(Version, &'a Row)> {
    let newest = state.resolve(subject, VersionRef::Latest, Visibility::Active);
    match level {
        CompatibilityLevel::None => Vec::new(),
        level if level.is_transitive() => {
            state.versions(subject, Visibility::Active).rev().collect()
        }
        _ => newest.into_iter().collect(),
    }
}

/// The one version asked about; the latest of a subject without any is no obstacle.
fn one<'a>(
    state: &'a State,
    subject: &Subject,
    version: VersionRef,
) -> Result<Vec<(Version, &'a Row)>, Rejected> {
    match (state.resolve(subject, version, Visibility::Active), version) {
        (Some(found), _) => Ok(vec![found]),
        (None, VersionRef::Latest) => Ok(Vec::new()),
        (None, VersionRef::Number(_)) => Err(Rejected::VersionNotFound(version)),
    }
}

/// What stands against a schema, in upstream's list of messages: the findings of the first version
/// that fails, that version, its text, and the level.
fn messages(
    state: &State,
    parser: &dyn Parser,
    subject: &Subject,
    schema: &Schema,
    level: CompatibilityLevel,
    rows: Vec<(Version, &Row)>,
) -> Vec<String> {
    for (version, row) in rows {
        let found = against(state, parser, subject, schema, level, (version, row));
        if !found.is_empty() {
            let trailer = format!("{{validateFields: 'false', compatibility: '{level}'}}");
            return found.into_iter().chain([trailer]).collect();
        }
    }
    Vec::new()
}

/// What stands against a schema in one version. A stored text that no longer parses cannot be
/// checked, and what cannot be checked is not compatible.
fn against(
    state: &State,
    parser: &dyn Parser,
    subject: &Subject,
    schema: &Schema,
    level: CompatibilityLevel,
    (version, row): (Version, &Row),
) -> Vec<String> {
    if level == CompatibilityLevel::None {
        return Vec::new();
    }
    let content = state.content_of(subject, row);
    if &*content.schema_type != schema.language().name() {
        return vec!["Incompatible because of different schema type".to_owned()];
    }
    let old: Arc<Parsed> = match parse_stored(parser, state, subject, content) {
        Ok(old) => old,
        Err(error) => {
            return vec![format!("Version {version} cannot be read: {error}")];
        }
    };
    let obstacles = schema::check(level, schema, &old.schema);
    with_trailer(level, &obstacles, version, &content.text)
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
