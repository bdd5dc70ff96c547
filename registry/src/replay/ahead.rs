//! Reading a long log: one thread reads, some decode, the caller folds, all at once. Decoding costs
//! as much as folding, and only folding must happen in order.
//! Pages go to the decoders in turn and are taken from them in the same turn, so that order needs no
//! numbers. What was decoded goes back to the reader for the memory it has, which costs more to get
//! from the system than to fill; what was folded goes back to its decoder to be taken apart.
//! Invariant: what waits between the threads is bounded by a few pages for each.

use std::{
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    thread,
    time::Duration,
};

use registry_core::state::{Decoded, Position};

use crate::{
    encoder::Sealer,
    limits::{DECODERS_MAX, PAGES_WAITING_MAX},
    log::{Head, ReadError, SchemaLogReader},
};

/// Hands over the entries from a place to the end, decoded, page by page.
pub(super) fn read(
    reader: &mut dyn SchemaLogReader,
    from: Head,
    sealer: &Sealer,
    fold: &mut dyn FnMut(&mut Decodeds),
) -> Result<Head, ReadError> {
    let decoders = thread::available_parallelism().map_or(1, usize::from).min(DECODERS_MAX);
    thread::scope(|scope| {
        let (mut pages, mut results) = (Vec::new(), Vec::<(Receiver<Decodeds>, _)>::new());
        // As many come back as were sent, and so this one is bounded by the others.
        let (done, used) = channel();
        for _ in 0..decoders {
            let (page, taken) = sync_channel::<Page>(PAGES_WAITING_MAX);
            let (result, decoded) = sync_channel(PAGES_WAITING_MAX);
            let (spent, folded) = channel();
            let done = done.clone();
            scope.spawn(move || decode_all(sealer, &taken, (&result, &folded), &done));
            pages.push(page);
            results.push((decoded, spent));
        }
        let reading = scope.spawn(move || read_all(reader, from, &pages, &used));
        for (result, spent) in results.iter().cycle() {
            // The first decoder without a next page had it last.
            let Ok(mut entries) = result.recv() else { break };
            fold(&mut entries);
            // Nobody takes it after the last page was read.
            spent.send(entries).unwrap_or_default();
        }
        reading.join().expect("reading a log does not panic")
    })
}

/// Entries of a page, decoded.
type Decodeds = Vec<(Position, Decoded)>;

/// Entries as they stand in the log, copied out of it.
#[derive(Default)]
struct Page {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

/// Where an entry's parts end in the page's bytes; each begins where the one before ends.
struct Entry {
    position: Position,
    key_end: usize,
    value_end: Option<usize>,
}

fn read_all(
    reader: &mut dyn SchemaLogReader,
    from: Head,
    decoders: &[SyncSender<Page>],
    used: &Receiver<Page>,
) -> Result<Head, ReadError> {
    let mut next = from;
    for decoder in decoders.iter().cycle() {
        let mut page = used.try_recv().unwrap_or_default();
        page.clear();
        let read = reader.read(next, Duration::ZERO, &mut |stored| {
            let position = Position { offset: stored.offset, timestamp: stored.timestamp };
            page.bytes.extend_from_slice(stored.key);
            let key_end = page.bytes.len();
            let value_end = stored.value.map(|value| {
                page.bytes.extend_from_slice(value);
                page.bytes.len()
            });
            page.entries.push(Entry { position, key_end, value_end });
        })?;
        next = read.next;
        if decoder.send(page).is_err() || read.next >= read.end {
            break;
        }
    }
    Ok(next)
}

fn decode_all(
    sealer: &Sealer,
    pages: &Receiver<Page>,
    (results, folded): (&SyncSender<Decodeds>, &Receiver<Decodeds>),
    done: &Sender<Page>,
) {
    for page in pages {
        // Whoever allocated gives back at the least cost, and folding is what all else waits for.
        folded.try_iter().for_each(drop);
        if results.send(page.decode(sealer)).is_err() {
            return;
        }
        // Nobody takes it after the last page was read.
        done.send(page).unwrap_or_default();
    }
}

impl Page {
    fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
    }

    fn decode(&self, sealer: &Sealer) -> Decodeds {
        let mut start = 0;
        let records = self.entries.iter().map(|entry| {
            let key = &self.bytes[start..entry.key_end];
            let value = entry.value_end.map(|end| &self.bytes[entry.key_end..end]);
            start = entry.value_end.unwrap_or(entry.key_end);
            sealer.decode(key, value)
        });
        let decoded = Decoded::all(records);
        self.entries.iter().map(|entry| entry.position).zip(decoded).collect()
    }
}
