//! Reads a page of a view: index to position, position to whole batches.
//! Takes no lock of the writer's; an append that is syncing is simply not in the view yet.
//! Invariants: a page holds at least one batch unless the log ends; no byte beyond the published
//! ones is looked at; a page never spans two segments.

use crate::error::{Damage, Doing, Flaw, ReadError};
use crate::limits::{BATCH_HEADER_SIZE, INDEX_INTERVAL_BYTES, PAGE_SIZE_MAX};
use crate::log::batch::Header;
use crate::log::page::Page;
use crate::log::scan;
use crate::log::segment::Segment;
use crate::log::view::View;
use crate::storage;

/// Reads records from an offset on, as many as fit into `bytes_max`, but at least one batch.
pub(crate) fn page(
    view: &View,
    from: i64,
    bytes_max: usize,
    buffer: Vec<u8>,
) -> Result<Page, ReadError> {
    if !(view.log_start..=view.end).contains(&from) {
        let (log_start, end) = (view.log_start, view.end);
        return Err(ReadError::OutOfRange { from, log_start, end });
    }
    let mut page = Page::new(from, view.end, view.log_start, buffer);
    let bytes_max = bytes_max.clamp(1, PAGE_SIZE_MAX);
    for at in view.segment_at(from)..view.segments.len() {
        let segment = &view.segments[at];
        let limit = view.published_size(at);
        let position = segment.position_before(from.max(segment.base)).min(limit);
        Reading { segment, limit, from }.fill(&mut page, position, bytes_max)?;
        if !page.is_empty() {
            break;
        }
        // Compaction may have taken everything up to the next segment.
        page.next = view.segments.get(at + 1).map_or(view.end, |next| next.base);
    }
    assert!(page.next >= from && page.next <= page.end);
    Ok(page)
}

struct Reading<'a> {
    segment: &'a Segment,
    limit: u64,
    from: i64,
}

impl Reading<'_> {
    fn fill(&self, page: &mut Page, mut at: u64, bytes_max: usize) -> Result<(), ReadError> {
        // The index points somewhat before the offset; room for that comes on top.
        let mut want = bytes_max + usize::try_from(INDEX_INTERVAL_BYTES).expect("4096");
        while at < self.limit {
            let left = usize::try_from(self.limit - at).unwrap_or(usize::MAX);
            let size = want.min(left);
            let mut buffer = page.take_buffer();
            if buffer.len() < size {
                buffer.resize(size, 0);
            }
            let window = &mut buffer[..size];
            let read = storage::read_full(&*self.segment.file, window, at)
                .doing("reading", &self.segment.path)?;
            if read < size {
                return Err(self.damage(at + read as u64, Flaw::Truncated));
            }
            let step = self.admit(page, window, at, bytes_max)?;
            page.keep(buffer);
            match step {
                Step::Done => return Ok(()),
                Step::On { skipped, next_size } => {
                    at += skipped as u64;
                    want = want.max(next_size);
                }
            }
        }
        Ok(())
    }

    /// Admits the batches that lie whole in the window.
    fn admit(
        &self,
        page: &mut Page,
        window: &[u8],
        start: u64,
        bytes_max: usize,
    ) -> Result<Step, ReadError> {
        let (mut at, mut next_size) = (0, BATCH_HEADER_SIZE);
        let mut first = None;
        while window.len() - at >= BATCH_HEADER_SIZE {
            let flawed = |flaw| self.damage(start + at as u64, flaw);
            let header = Header::decode(&window[at..]).map_err(flawed)?;
            let size = header.size();
            let wanted = header.last_offset() >= self.from;
            let full = first.is_some_and(|first| at + size - first > bytes_max);
            if full || at + size > window.len() {
                next_size = size;
                break;
            }
            if wanted {
                let least = if page.is_empty() { self.segment.base } else { page.next };
                scan::check_place(self.segment.base, least, &header).map_err(flawed)?;
                page.admit(header, window, at..at + size).map_err(flawed)?;
                first = first.or(Some(at));
            }
            at += size;
        }
        if !page.is_empty() {
            return Ok(Step::Done);
        }
        let left = self.limit - start - at as u64;
        if left > 0 && left < next_size as u64 {
            return Err(self.damage(start + at as u64, Flaw::Truncated));
        }
        Ok(Step::On { skipped: at, next_size })
    }

    fn damage(&self, position: u64, flaw: Flaw) -> ReadError {
        let file = self.segment.path.clone();
        Box::new(Damage { file, position, offset: self.from, flaw }).into()
    }
}

enum Step {
    Done,
    /// Nothing wanted was whole in the window.
    On {
        skipped: usize,
        next_size: usize,
    },
}
