//! References between schemas (`registry-api` 2.7): which versions they mean, and what those say.
//!
//! A reference is read in the context of the schema that carries it; -1 means the latest version and
//! is stored as the number that it means. What a schema needs is found depth first, each version
//! once and after those that it needs itself, which is the order in which parsers want the texts.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use openapi::{
    contracts::Reference,
    ids::{Subject, Version, VersionRef},
};
use thiserror::Error;

use crate::{
    limits::{REFERENCED_SIZE_MAX, REFERENCES_MAX},
    state::{Content, State, Visibility, target},
};

/// Why references lead nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unresolved {
    #[error("Invalid reference: {0}")]
    Malformed(Reference),
    #[error("No schema reference found for subject \"{subject}\" and version {version}")]
    Missing { subject: Arc<str>, version: i64 },
    #[error("more than {REFERENCES_MAX} references")]
    TooMany,
    #[error("references of more than {REFERENCED_SIZE_MAX} bytes")]
    TooLarge,
    #[error("Reference \"{name}\" has version {version} and version {other}")]
    Ambiguous { name: String, version: i32, other: i32 },
}

/// The references of a schema under a subject as they are stored: complete, with numbers.
pub fn numbered(
    state: &State,
    subject: &Subject,
    references: &[Reference],
    visibility: Visibility,
) -> Result<Vec<Reference>, Unresolved> {
    let numbered = |reference: &Reference| {
        let (target, version) = named(subject, reference)?;
        let missing = || Unresolved::Missing {
            subject: target.shared(),
            version: reference.version.unwrap_or_default().into(),
        };
        let (version, _) = state.resolve(&target, version, visibility).ok_or_else(missing)?;
        let version = i32::try_from(version.get()).ok();
        Ok(Reference { version, ..reference.clone() })
    };
    references.iter().map(numbered).collect()
}

/// The subject and version that a reference names.
pub fn named(
    subject: &Subject,
    reference: &Reference,
) -> Result<(Subject, VersionRef), Unresolved> {
    let malformed = || Unresolved::Malformed(reference.clone());
    let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if is_empty(&reference.name) || is_empty(&reference.subject) {
        return Err(malformed());
    }
    let number = i64::from(reference.version.ok_or_else(malformed)?);
    let name = Reference { version: Some(1), ..reference.clone() };
    let (target, _) = target(&subject.shared(), &name).ok_or_else(malformed)?;
    let target: Subject = String::from(&*target).try_into().map_err(|_| malformed())?;
    let version = match number {
        -1 => VersionRef::Latest,
        number => {
            let missing = || Unresolved::Missing { subject: target.shared(), version: number };
            VersionRef::Number(Version::new(number).ok_or_else(missing)?)
        }
    };
    Ok((target, version))
}

/// What the schemas say that these references need, in the order in which a parser wants them.
pub fn contents(
    state: &State,
    subject: &Subject,
    references: &[Reference],
) -> Result<Vec<Arc<Content>>, Unresolved> {
    let mut walk = Walk { state, seen: HashSet::new(), size: 0, found: Vec::new() };
    let mut open = vec![(None, children(subject, references))];
    while let Some((_, pending)) = open.last_mut() {
        let Some((target, number)) = pending.pop() else {
            let done = open.pop().and_then(|(content, _)| content);
            walk.found.extend(done);
            continue;
        };
        if let Some(content) = walk.enter(&target, number)? {
            let target = Subject::trusted(target);
            let below = children(&target, &content.references);
            open.push((Some(content), below));
        }
    }
    Ok(walk.found)
}

/// Refuses a graph in which one name stands for two versions.
pub fn one_version_each(
    state: &State,
    subject: &Subject,
    references: &[Reference],
) -> Result<(), Unresolved> {
    let contents = contents(state, subject, references)?;
    let mut versions = HashMap::new();
    let below = contents.iter().flat_map(|content| content.references.iter());
    for reference in references.iter().chain(below) {
        let (Some(name), Some(version)) = (&reference.name, reference.version) else { continue };
        let other = *versions.entry(name).or_insert(version);
        if other != version {
            return Err(Unresolved::Ambiguous { name: name.clone(), version, other });
        }
    }
    Ok(())
}

struct Walk<'a> {
    state: &'a State,
    seen: HashSet<(Arc<str>, u32)>,
    /// Of all texts, in bytes.
    size: usize,
    found: Vec<Arc<Content>>,
}

impl Walk<'_> {
    /// What a version says, the first time that it is met; a cycle ends here too.
    fn enter(
        &mut self,
        target: &Arc<str>,
        number: u32,
    ) -> Result<Option<Arc<Content>>, Unresolved> {
        if !self.seen.insert((target.clone(), number)) {
            return Ok(None);
        }
        if self.seen.len() > REFERENCES_MAX {
            return Err(Unresolved::TooMany);
        }
        let subject = Subject::trusted(target.clone());
        let version = Version::new(number.into());
        let row = version.and_then(|version| self.state.version(&subject, version));
        let missing = || Unresolved::Missing { subject: target.clone(), version: number.into() };
        let content = self.state.content_of(&subject, row.ok_or_else(missing)?);
        self.size += content.text.len();
        if self.size > REFERENCED_SIZE_MAX {
            return Err(Unresolved::TooLarge);
        }
        Ok(Some(content.clone()))
    }
}

/// The direct references, last first, since they are taken from the end.
fn children(subject: &Subject, references: &[Reference]) -> Vec<(Arc<str>, u32)> {
    let from = subject.shared();
    references.iter().rev().filter_map(|reference| target(&from, reference)).collect()
}
