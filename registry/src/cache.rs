//! Parsed schemas kept ready, bounded by the memory that they are guessed to take.

use std::sync::Arc;

use hashbrown::DefaultHashBuilder;
use quick_cache::{
    Equivalent, Weighter,
    sync::{Cache, DefaultLifecycle},
};
use registry_core::parser::{Parsed, Parser, PlainParser, Source};
use schema::{InvalidSchema, Language, Purpose};

use crate::limits::{PARSED_MEMORY_MAX, PARSED_SIZE_FACTOR};

/// A parser that remembers.
#[derive(Debug)]
pub struct CachedParser {
    /// Whole texts are hashed, for which the standard hash is slow. This one has a seed as well, and
    /// what collides can fill no more than the cache.
    cache: Cache<Asked, Arc<Parsed>, ByMemory, DefaultHashBuilder>,
}

/// What a parsed schema was made from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    language: Language,
    purpose: Purpose,
    normalize: bool,
    text: Box<str>,
    references: Box<[Box<str>]>,
}

/// The same, borrowed, so that asking allocates nothing.
#[derive(Clone, Copy, Hash)]
struct Asking<'a> {
    language: Language,
    purpose: Purpose,
    normalize: bool,
    text: &'a str,
    references: &'a [&'a str],
}

impl Equivalent<Asked> for Asking<'_> {
    fn equivalent(&self, asked: &Asked) -> bool {
        (self.language, self.purpose, self.normalize)
            == (asked.language, asked.purpose, asked.normalize)
            && self.text == &*asked.text
            && self.references.iter().copied().eq(asked.references.iter().map(|text| &**text))
    }
}

#[derive(Clone, Copy, Debug)]
struct ByMemory;

impl Weighter<Asked, Arc<Parsed>> for ByMemory {
    fn weight(&self, asked: &Asked, _: &Arc<Parsed>) -> u64 {
        let references: usize = asked.references.iter().map(|text| text.len()).sum();
        1024 + PARSED_SIZE_FACTOR * (asked.text.len() + references) as u64
    }
}

impl Default for CachedParser {
    fn default() -> Self {
        /// What an ordinary schema weighs, for the size of the cache's own tables.
        const ORDINARY: u64 = 16 << 10;
        let entries = usize::try_from(PARSED_MEMORY_MAX / ORDINARY).expect("a few thousand");
        let (hash, life) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
        Self { cache: Cache::with(entries, PARSED_MEMORY_MAX, ByMemory, hash, life) }
    }
}

impl Parser for CachedParser {
    fn parse(&self, source: Source<'_>) -> Result<Arc<Parsed>, InvalidSchema> {
        let Source { language, text, references, purpose, normalize } = source;
        let asking = Asking { language, purpose, normalize, text, references };
        if let Some(parsed) = self.cache.get(&asking) {
            return Ok(parsed);
        }
        // What may become new reads the same as stored.
        let stricter = Asking { purpose: Purpose::New, ..asking };
        if purpose == Purpose::Stored
            && let Some(parsed) = self.cache.get(&stricter)
        {
            return Ok(parsed);
        }
        let parsed = PlainParser.parse(source)?;
        let references = references.iter().map(|&text| text.into()).collect();
        let asked = Asked { language, purpose, normalize, text: text.into(), references };
        self.cache.insert(asked, parsed.clone());
        Ok(parsed)
    }
}
