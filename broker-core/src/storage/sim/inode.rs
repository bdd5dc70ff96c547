//! One simulated file: its bytes as reads see them, as a power loss would leave them, and the
//! changes in between that wait for a sync.

use crate::limits::SECTOR_SIZE;

#[derive(Debug, Clone, Default)]
pub(super) struct Inode {
    bytes: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { len: usize },
}

impl Inode {
    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn read(&self, buffer: &mut [u8], position: u64) -> usize {
        let at = index(position).min(self.bytes.len());
        let count = buffer.len().min(self.bytes.len() - at);
        buffer[..count].copy_from_slice(&self.bytes[at..at + count]);
        count
    }

    pub(super) fn write(&mut self, bytes: &[u8], position: u64) {
        if bytes.is_empty() {
            return;
        }
        let at = index(position);
        put(&mut self.bytes, at, bytes);
        self.pending.push(Change::Write { at, bytes: bytes.to_vec() });
    }

    pub(super) fn truncate(&mut self, len: u64) {
        let len = index(len);
        self.bytes.resize(len, 0);
        self.pending.push(Change::Truncate { len });
    }

    pub(super) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            match change {
                Change::Write { at, bytes } => put(&mut self.durable, at, &bytes),
                Change::Truncate { len } => self.durable.resize(len, 0),
            }
        }
    }

    /// A sync has failed: what waited for it will never be durable, though reads may show it.
    pub(super) fn forget(&mut self, drops_pages: bool) {
        self.pending.clear();
        if drops_pages {
            let len = self.bytes.len();
            self.bytes = self.durable.clone();
            self.bytes.resize(len, 0);
        }
    }

    /// Leaves what a power loss leaves of the changes that were not synced.
    pub(super) fn lose_power(&mut self, random: &mut fastrand::Rng) {
        // One temper for the file: all lost, all kept, or a mixture with or without noise.
        let temper = Temper::any(random);
        for change in std::mem::take(&mut self.pending) {
            match change {
                Change::Truncate { len } if temper.keeps(random) => self.durable.resize(len, 0),
                Change::Truncate { .. } => {}
                Change::Write { at, bytes } => self.tear(at, &bytes, temper, random),
            }
        }
        self.bytes = self.durable.clone();
    }

    fn tear(&mut self, at: usize, bytes: &[u8], temper: Temper, random: &mut fastrand::Rng) {
        let end = at + bytes.len();
        if temper.keeps(random) && self.durable.len() < end {
            // The length got there, whether or not the bytes do.
            let len = random.usize(self.durable.len()..=end);
            self.durable.resize(len, 0);
        }
        let mut from = at;
        while from < end {
            let to = ((from / SECTOR_SIZE + 1) * SECTOR_SIZE).min(end);
            let piece = &bytes[from - at..to - at];
            // A sector that is overwritten with what it holds holds it, whatever happens.
            if self.durable.get(from..to) != Some(piece) && temper.keeps(random) {
                put(&mut self.durable, from, piece);
                if temper.garbles(random) {
                    let sector = &mut self.durable[from..to];
                    sector.fill_with(|| random.u8(..));
                }
            }
            from = to;
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Temper {
    /// Of ten changes, how many are kept.
    kept: u8,
    /// Of ten kept sectors, how many hold noise.
    garbled: u8,
}

impl Temper {
    fn any(random: &mut fastrand::Rng) -> Self {
        let kept = [0, 3, 7, 9, 10][random.usize(..5)];
        let garbled = [0, 0, 1, 4][random.usize(..4)];
        Self { kept, garbled }
    }

    fn keeps(self, random: &mut fastrand::Rng) -> bool {
        random.u8(..10) < self.kept
    }

    fn garbles(self, random: &mut fastrand::Rng) -> bool {
        random.u8(..10) < self.garbled
    }
}

fn put(to: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if to.len() < end {
        to.resize(end, 0);
    }
    to[at..end].copy_from_slice(bytes);
}

fn index(position: u64) -> usize {
    usize::try_from(position).expect("a simulated file fits memory")
}
