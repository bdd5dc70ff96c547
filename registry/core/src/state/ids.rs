//! The ids of one context: what each says, and which versions use it.
//! Invariants: an id is there as long as a version uses it; `id_max` is never below one that is.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::{Content, RowKey};
use crate::identity::Hash;

/// The ids of one context.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContextState {
    used: OrdMap<u32, Used>,
    hashes: OrdSet<(Hash, u32)>,
    /// The highest id ever given out or seen.
    pub id_max: u32,
    /// The part of `id_max` that stands in the log of marks.
    pub id_mark: u32,
    /// Whether a CONTEXT record says so.
    pub declared: bool,
}

/// An id in use.
#[derive(Clone, Debug, PartialEq)]
struct Used {
    content: Arc<Content>,
    holders: Holders,
}

/// The versions that use an id: for nearly every id there is one.
#[derive(Clone, Debug, PartialEq)]
enum Holders {
    One(RowKey),
    Many(OrdSet<RowKey>),
}

impl ContextState {
    /// The content of an id.
    pub fn content(&self, id: u32) -> Option<&Arc<Content>> {
        self.used.get(&id).map(|used| &used.content)
    }

    /// The lowest id of a content.
    pub fn id_of(&self, hash: Hash) -> Option<u32> {
        self.ids_of(hash).next()
    }

    /// All ids of a content.
    pub(crate) fn ids_of(&self, hash: Hash) -> impl Iterator<Item = u32> {
        self.hashes.range((hash, 0)..=(hash, u32::MAX)).map(|(_, id)| *id)
    }

    /// Whether an id has this content.
    pub(crate) fn has(&self, hash: Hash, id: u32) -> bool {
        self.hashes.contains(&(hash, id))
    }

    /// The versions that use an id, by subject and version.
    pub fn holders_of(&self, id: u32) -> impl Iterator<Item = (&Arc<str>, u32)> {
        let holders = self.used.get(&id).map(|used| &used.holders);
        let (one, many) = match holders {
            Some(Holders::One(holder)) => (Some(holder), None),
            Some(Holders::Many(holders)) => (None, Some(holders)),
            None => (None, None),
        };
        let all = one.into_iter().chain(many.into_iter().flatten());
        all.map(|(subject, version)| (subject, *version))
    }

    /// The versions of one subject that use an id.
    pub fn held_by(&self, subject: &Arc<str>, id: u32) -> Vec<u32> {
        match self.used.get(&id).map(|used| &used.holders) {
            Some(Holders::One((holder, version))) if holder == subject => vec![*version],
            Some(Holders::Many(holders)) => {
                let range = (subject.clone(), 0)..=(subject.clone(), u32::MAX);
                holders.range(range).map(|(_, version)| *version).collect()
            }
            Some(Holders::One(_)) | None => Vec::new(),
        }
    }

    /// Whether a version of a subject uses an id.
    pub fn is_held_by(&self, subject: &Arc<str>, id: u32) -> bool {
        !self.held_by(subject, id).is_empty()
    }

    /// The highest id that a stored version uses.
    pub fn id_in_use_max(&self) -> u32 {
        self.used.get_max().map_or(0, |(id, _)| *id)
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.used.len()
    }

    /// Whether it is listed: it was declared, or something is registered in it.
    pub fn exists(&self) -> bool {
        self.declared || !self.is_empty()
    }

    /// Whether no id is in use.
    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    /// Notes that a version uses an id; false if the id says something else.
    pub(super) fn hold(&mut self, id: u32, content: Arc<Content>, holder: RowKey) -> bool {
        // Beyond the highest id, where nearly every new one is, there is nothing to look for.
        let known = if id <= self.id_max { self.used.get_mut(&id) } else { None };
        if let Some(used) = known {
            if used.content.text != content.text {
                return false;
            }
            used.holders.add(holder);
        } else {
            self.hashes.insert((content.hash, id));
            self.used.insert(id, Used { content, holders: Holders::One(holder) });
        }
        self.id_max = self.id_max.max(id);
        true
    }

    /// Notes that a version no longer does; an id that nobody uses goes.
    pub(super) fn release(&mut self, id: u32, holder: &RowKey) {
        let Some(used) = self.used.get_mut(&id) else { return };
        if used.holders.remove(holder) {
            return;
        }
        let hash = used.content.hash;
        self.used.remove(&id);
        self.hashes.remove(&(hash, id));
    }
}

impl Holders {
    fn add(&mut self, holder: RowKey) {
        match self {
            Self::One(known) if *known == holder => {}
            Self::One(known) => {
                let both = [std::mem::take(known), holder];
                *self = Self::Many(both.into_iter().collect());
            }
            Self::Many(holders) => drop(holders.insert(holder)),
        }
    }

    /// Takes a holder away; false if none is left.
    fn remove(&mut self, holder: &RowKey) -> bool {
        match self {
            Self::One(known) => known != holder,
            Self::Many(holders) => {
                holders.remove(holder);
                if holders.len() == 1
                    && let Some(last) = holders.get_min().cloned()
                {
                    *self = Self::One(last);
                }
                true
            }
        }
    }
}
