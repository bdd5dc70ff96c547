//! Bodies of schemas by id, printed once and kept. Whoever reads messages asks for the same few
//! thousand ids, and escaping a text costs more than all else that an answer takes.
//! Invariant: a body is handed out only for what it was printed from: the content, and in the rich
//! dialect the version that it names.

use std::sync::Arc;

use bytes::Bytes;
use openapi::ids::SchemaId;
use quick_cache::{Weighter, sync::Cache};
use registry_core::state::Content;

use super::{answer::Answer, dialect::Dialect, shown::Stored};
use crate::limits::BODIES_SIZE_MAX;

/// Bodies, bounded by their size.
#[derive(Debug)]
pub(crate) struct Bodies {
    cache: Cache<(u32, Dialect), Body, BySize>,
}

#[derive(Clone, Debug)]
struct Body {
    of: Stored,
    json: Bytes,
}

#[derive(Clone, Copy, Debug)]
struct BySize;

impl Weighter<(u32, Dialect), Body> for BySize {
    fn weight(&self, _: &(u32, Dialect), body: &Body) -> u64 {
        body.json.len() as u64 + 128
    }
}

impl Default for Bodies {
    fn default() -> Self {
        /// What an ordinary body weighs, for the size of the cache's own tables.
        const ORDINARY: u64 = 1 << 10;
        let entries = usize::try_from(BODIES_SIZE_MAX / ORDINARY).expect("some thousands");
        Self { cache: Cache::with_weighter(entries, BODIES_SIZE_MAX, BySize) }
    }
}

impl Bodies {
    /// The body of an id that this version uses, printed now if it is not there.
    pub(super) fn get(
        &self,
        dialect: Dialect,
        stored: &Stored,
        print: impl FnOnce() -> Answer,
    ) -> Answer {
        let kept = match dialect {
            Dialect::Terse => self.terse(stored.id, &stored.content),
            Dialect::Rich => self.rich(stored),
        };
        let json = kept.unwrap_or_else(|| {
            let json = print().into_bytes();
            let key = (stored.id.get(), dialect);
            self.cache.insert(key, Body { of: stored.clone(), json: json.clone() });
            json
        });
        json.into()
    }

    /// The terse body of an id with this content, if it is there.
    pub(super) fn terse(&self, id: SchemaId, content: &Arc<Content>) -> Option<Bytes> {
        let body = self.cache.get(&(id.get(), Dialect::Terse))?;
        Arc::ptr_eq(&body.of.content, content).then_some(body.json)
    }

    /// The rich body of an id that this version uses, if it is there.
    pub(super) fn rich(&self, stored: &Stored) -> Option<Bytes> {
        let body = self.cache.get(&(stored.id.get(), Dialect::Rich))?;
        body.of.is_still(stored).then_some(body.json)
    }
}
