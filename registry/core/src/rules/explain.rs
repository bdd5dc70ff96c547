//! Why a schema has the id that it has: what it is read as, what its hash covers, and what it equals.

use std::sync::Arc;

use openapi::{
    contracts::{Metadata, Reference, RuleSet},
    ids::{SchemaId, Version},
};

use super::{NewSchema, Rejected, admission::Admission, completion::Carried, read::Read, register};
use crate::{
    identity::Hash,
    parser::Parser,
    state::{State, Visibility},
};

/// What a registration of a schema would be identified by, and what has that identity already.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The text that is stored and hashed.
    pub text: String,
    /// With the numbers that -1 means.
    pub references: Vec<Reference>,
    /// With what the version before and the configuration add.
    pub metadata: Option<Metadata>,
    pub rule_set: Option<RuleSet>,
    /// Over all of the above.
    pub hash: Hash,
    /// The id that it has in the subject's context, or would get.
    pub id: Option<SchemaId>,
    /// Every id that the same content has, by context.
    pub ids: Vec<(Arc<str>, SchemaId)>,
    /// The version of the subject that has it.
    pub version: Option<Version>,
    pub because: Because,
}

/// Which of the ways to an id it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// A version of the subject has this hash.
    SameHashHere,
    /// A version of the subject says the same, though its hash differs.
    SameWordsHere,
    /// The context has this hash, though no active version of the subject does.
    SameHashInContext,
    /// Nothing in the context has this hash.
    New,
}

/// Explains what registering a schema comes to, without doing it. Whether it would be compatible is
/// another question.
pub fn explain(
    state: &State,
    parser: &dyn Parser,
    asked: &NewSchema,
) -> Result<Explanation, Rejected> {
    let asked = &*register::with_text(state, asked, Admission::Ordinary)?;
    let subject = &asked.subject;
    let read = Read::stored(state, parser, asked)?;
    let config = state.effective_config(subject).map(|config| config.value.as_ref());
    let as_asked = Carried::as_asked(asked);
    let completed = register::completed(state, asked, config)?;
    // As a registration looks: where the configuration adds, nothing is taken as it was asked.
    let asked_first = (!config.is_some_and(register::adds)).then_some(&as_asked);
    let found = asked_first.into_iter().chain([&completed]).find_map(|carried| {
        let hash = read.hash(carried);
        let active = Visibility::Active;
        let found = read.versions(state, parser, subject, carried, hash, active, |_| true);
        found.map(|found| (carried, found))
    });
    let carried = found.as_ref().map_or(&completed, |(carried, _)| *carried);
    let hash = read.hash(carried);
    let context = state.context(subject.context());
    let same = context.and_then(|context| context.id_of(hash));
    let next = context.map_or(0, |context| context.id_max).checked_add(1);
    let by_hash = |row: u32| context.is_some_and(|context| context.has(hash, row));
    let (because, id, version) = match found {
        Some((_, (version, row))) if by_hash(row.id) => {
            (Because::SameHashHere, Some(row.id), Some(version))
        }
        Some((_, (version, row))) => (Because::SameWordsHere, Some(row.id), Some(version)),
        None if same.is_some() => (Because::SameHashInContext, same, None),
        None => (Because::New, next, None),
    };
    let id_of = |number: u32| SchemaId::new(number.into());
    let ids = state.contexts().flat_map(|(name, context)| {
        let ids = context.ids_of(hash).filter_map(id_of);
        ids.map(|id| (name.clone(), id)).collect::<Vec<_>>()
    });
    Ok(Explanation {
        text: read.parsed.text.clone(),
        references: read.references.clone(),
        metadata: carried.metadata.as_deref().cloned(),
        rule_set: carried.rule_set.as_deref().cloned(),
        hash,
        id: id.and_then(id_of),
        ids: ids.collect(),
        version,
        because,
    })
}
