//! Bodies of schemas by id, printed once and kept. Whoever reads messages asks for the same few
//! thousand ids, and escaping a text costs more than all else that an answer takes.
//! Invariant: a body is handed out only for the very content that it was printed from.

use std::sync::Arc;

use bytes::Bytes;
use openapi::ids::SchemaId;
use quick_cache::{Weighter, sync::Cache};
use registry_core::state::Content;

use super::answer::Answer;
use crate::limits::BODIES_SIZE_MAX;

/// Bodies, bounded by their size.
#[derive(Debug)]
pub(crate) struct Bodies {
    cache: Cache<u32, Body, BySize>,
}

#[derive(Clone, Debug)]
struct Body {
    of: Arc<Content>,
    json: Bytes,
}

#[derive(Clone, Copy, Debug)]
struct BySize;

impl Weighter<u32, Body> for BySize {
    fn weight(&self, _: &u32, body: &Body) -> u64 {
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
    /// The body of an id with this content, printed now if it is not there.
    pub(super) fn get(
        &self,
        id: SchemaId,
        content: &Arc<Content>,
        print: impl FnOnce() -> Answer,
    ) -> Answer {
        let kept = self.kept(id, content);
        let json = kept.unwrap_or_else(|| {
            let json = print().into_bytes();
            self.cache.insert(id.get(), Body { of: content.clone(), json: json.clone() });
            json
        });
        json.into()
    }

    /// The body of an id with this content, if it is there.
    pub(super) fn kept(&self, id: SchemaId, content: &Arc<Content>) -> Option<Bytes> {
        let body = self.cache.get(&id.get())?;
        Arc::ptr_eq(&body.of, content).then_some(body.json)
    }
}
