//! When a stored version says what a new schema says although their hashes differ: "can look up" of
//! `registry-api` 2.3. The version number among the properties does not count unless it is asked
//! for, and a text that spells its types out equals one that refers to them.

use std::borrow::Cow;

use openapi::{
    contracts::{Metadata, Reference},
    ids::{Subject, Version},
};

use super::completion::{Carried, VERSION_PROPERTY};
use crate::{
    parser::{Parsed, Parser, parse_stored},
    state::{Content, Row, State, Visibility},
};

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) references: &'a [Reference],
    pub(super) carried: &'a Carried<'a>,
}

/// The newest version of a subject that says the same. One that carries nothing beside its text is
/// found by its hash or not at all.
pub(super) fn newest<'s>(
    state: &'s State,
    parser: &dyn Parser,
    subject: &Subject,
    wanted: Wanted<'_>,
    visibility: Visibility,
) -> Option<(Version, &'s Row)> {
    state.subject(subject).filter(|head| head.carrying > 0)?;
    let carrying = state.versions(subject, visibility).rev().filter(|(_, row)| row.carries);
    let mut carrying =
        carrying.map(|(version, row)| (version, row, state.content_of(subject, row)));
    let found = carrying.find(|(_, _, content)| {
        is_of_type(content, wanted)
            && carries_the_same(content, wanted.carried)
            && says_the_same(state, parser, subject, content, wanted)
    });
    found.map(|(version, row, _)| (version, row))
}

fn is_of_type(content: &Content, wanted: Wanted<'_>) -> bool {
    *content.schema_type == *wanted.parsed.schema.language().name()
}

fn carries_the_same(content: &Content, wanted: &Carried<'_>) -> bool {
    let (stored, new) = (content.metadata.as_deref(), wanted.metadata.as_deref());
    let number = |metadata: Option<&Metadata>| {
        metadata.and_then(|metadata| metadata.property(VERSION_PROPERTY)).map(str::to_owned)
    };
    let is_asked_for = number(new).is_none_or(|number_new| number(stored) == Some(number_new));
    is_asked_for
        && content.rule_set.as_deref() == wanted.rule_set.as_deref()
        && without_version(stored) == without_version(new)
}

/// Metadata without the version number; none at all if nothing else is in it.
fn without_version(metadata: Option<&Metadata>) -> Option<Cow<'_, Metadata>> {
    let metadata = metadata?;
    if metadata.property(VERSION_PROPERTY).is_none() {
        return Some(Cow::Borrowed(metadata));
    }
    let mut rest = metadata.clone();
    let properties = rest.properties.get_or_insert_default();
    properties.remove(VERSION_PROPERTY);
    if properties.is_empty() {
        rest.properties = None;
    }
    (rest != Metadata::default()).then_some(Cow::Owned(rest))
}

fn says_the_same(
    state: &State,
    parser: &dyn Parser,
    subject: &Subject,
    content: &Content,
    wanted: Wanted<'_>,
) -> bool {
    if *wanted.references == *content.references {
        return *wanted.parsed.text == *content.text;
    }
    wanted.references.is_empty()
        && parse_stored(parser, state, subject, content).is_ok_and(|stored| {
            stored.schema.resolved().is_ok_and(|text| text == wanted.parsed.text)
        })
}
