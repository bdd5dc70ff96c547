//! The state of a simulated disk: names, the files behind them, and the faults to come.
//! Names are kept twice: as calls see them, and as a power loss would leave them, with the acts in
//! between waiting for the sync of their directory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::inode::Inode;
use crate::storage::Entry;

/// What a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Dir,
    File(u64),
}

/// A change of names.
#[derive(Debug, Clone)]
pub(super) enum Act {
    CreateDir { path: String },
    Create { path: String, inode: u64 },
    Rename { from: String, to: String, inode: u64 },
    Remove { path: String, inode: u64 },
}

type Names = BTreeMap<String, Node>;

/// The faults that were asked for.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    pub(super) calls_left: Option<u64>,
    pub(super) syncs_left: Option<u64>,
    pub(super) writes_left: Option<u64>,
    pub(super) capacity: u64,
}

#[derive(Debug)]
pub(super) struct Disk {
    names: Names,
    durable_names: Names,
    /// The acts of each directory that a power loss may still undo.
    acts: BTreeMap<String, Vec<Act>>,
    inodes: BTreeMap<u64, Inode>,
    next_inode: u64,
    pub(super) locks: BTreeSet<String>,
    pub(super) faults: Faults,
    pub(super) calls: u64,
    random: fastrand::Rng,
    /// The first call that failed because the disk is gone was made.
    border_passed: bool,
    dead: bool,
}

impl Disk {
    pub(super) fn new(seed: u64) -> Self {
        let calls_left = None;
        Self {
            names: Names::new(),
            durable_names: Names::new(),
            acts: BTreeMap::new(),
            inodes: BTreeMap::new(),
            next_inode: 0,
            locks: BTreeSet::new(),
            faults: Faults { calls_left, syncs_left: None, writes_left: None, capacity: 1 << 40 },
            calls: 0,
            random: fastrand::Rng::with_seed(seed),
            border_passed: false,
            dead: false,
        }
    }

    /// Takes the disk out of its dying process, without faults and locks.
    pub(super) fn succeed(&mut self) -> Self {
        assert!(!self.dead, "a disk crashes once; go on with its successor");
        self.dead = true;
        let mut after = Self::new(self.random.u64(..));
        after.faults.capacity = self.faults.capacity;
        after.names = std::mem::take(&mut self.names);
        after.durable_names = std::mem::take(&mut self.durable_names);
        after.acts = std::mem::take(&mut self.acts);
        after.inodes = std::mem::take(&mut self.inodes);
        after.next_inode = self.next_inode;
        after
    }

    /// Leaves what a power loss leaves.
    pub(super) fn lose_power(&mut self) {
        for acts in std::mem::take(&mut self.acts).into_values() {
            let share = self.random.choice([0, 2, 5, 8, 10]).unwrap_or(5);
            for act in acts {
                if self.random.u32(..10) < share {
                    apply(&mut self.durable_names, act);
                }
            }
        }
        // A file whose directory is gone is gone.
        let names = self.durable_names.clone();
        self.durable_names.retain(|path, _| {
            parent(path).is_empty() || names.get(parent(path)) == Some(&Node::Dir)
        });
        self.names = self.durable_names.clone();
        for inode in self.inodes.values_mut() {
            inode.lose_power(&mut self.random);
        }
    }

    /// Counts a call, and fails it if the disk is gone.
    pub(super) fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        if self.dead {
            return Err(io::Error::other("the disk of another life"));
        }
        match &mut self.faults.calls_left {
            None => Ok(()),
            Some(0) => Err(io::Error::other("the disk is gone")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    /// Whether a call that fails because the disk goes away has happened nevertheless. Only the
    /// first failing call may; for all later ones the disk is gone.
    pub(super) fn happens_at_the_border(&mut self) -> bool {
        if self.dead || self.border_passed {
            return false;
        }
        self.border_passed = true;
        self.random.bool()
    }

    pub(super) fn inode(&mut self, inode: u64) -> &mut Inode {
        self.inodes.entry(inode).or_default()
    }

    pub(super) fn inode_at(&self, path: &str) -> io::Result<u64> {
        match self.names.get(path) {
            Some(Node::File(inode)) => Ok(*inode),
            _ => Err(io::Error::new(io::ErrorKind::NotFound, path.to_owned())),
        }
    }

    /// Does an act, to be made durable by the sync of a directory.
    pub(super) fn act(&mut self, dir: &str, act: Act) {
        apply(&mut self.names, act.clone());
        self.acts.entry(dir.to_owned()).or_default().push(act);
    }

    pub(super) fn create(&mut self, path: &str) -> io::Result<u64> {
        self.check_dir(parent(path))?;
        if let Ok(inode) = self.inode_at(path) {
            self.inode(inode).truncate(0);
            return Ok(inode);
        }
        let inode = self.next_inode;
        self.next_inode += 1;
        self.inodes.insert(inode, Inode::default());
        self.act(parent(path), Act::Create { path: path.to_owned(), inode });
        Ok(inode)
    }

    pub(super) fn create_dir(&mut self, dir: &str) {
        if !dir.is_empty() && !self.names.contains_key(dir) {
            self.act(parent(dir), Act::CreateDir { path: dir.to_owned() });
        }
    }

    pub(super) fn sync_dir(&mut self, dir: &str) -> io::Result<()> {
        self.check_dir(dir)?;
        for act in self.acts.remove(dir).unwrap_or_default() {
            apply(&mut self.durable_names, act);
        }
        Ok(())
    }

    pub(super) fn list(&self, dir: &str) -> io::Result<Vec<Entry>> {
        self.check_dir(dir)?;
        let inside = self.names.iter().filter(|(path, _)| parent(path) == dir);
        let entry = |(path, node): (&String, &Node)| Entry {
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
            is_dir: *node == Node::Dir,
        };
        Ok(inside.map(entry).collect())
    }

    fn check_dir(&self, dir: &str) -> io::Result<()> {
        if dir.is_empty() || self.names.get(dir) == Some(&Node::Dir) {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::NotFound, dir.to_owned()))
    }

    pub(super) fn write(&mut self, inode: u64, bytes: &[u8], position: u64) -> io::Result<()> {
        let alive = self.call();
        let room = self.faults.capacity.saturating_sub(self.used());
        let fits = self.inode(inode).len().saturating_add(room).saturating_sub(position);
        let fits = usize::try_from(fits).unwrap_or(usize::MAX).min(bytes.len());
        let fails = count_down(&mut self.faults.writes_left);
        let part = match &alive {
            Err(_) if !self.happens_at_the_border() => return alive,
            Err(_) => self.random.usize(..=fits),
            Ok(()) if fails => self.random.usize(..=fits),
            Ok(()) => fits,
        };
        self.inode(inode).write(&bytes[..part], position);
        alive?;
        if fails {
            return Err(io::Error::other("a write that fails"));
        }
        if part < bytes.len() {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
        }
        Ok(())
    }

    pub(super) fn sync(&mut self, inode: u64) -> io::Result<()> {
        let alive = self.call();
        if alive.is_err() && !self.happens_at_the_border() {
            return alive;
        }
        if count_down(&mut self.faults.syncs_left) {
            let drops_pages = self.random.bool();
            self.inode(inode).forget(drops_pages);
            return Err(io::Error::other("a sync that fails"));
        }
        self.inode(inode).sync();
        alive
    }

    /// How much of a read is answered: mostly all, now and then less.
    pub(super) fn shortened(&mut self, want: usize) -> usize {
        if want > 1 && self.random.u8(..8) == 0 { self.random.usize(1..want) } else { want }
    }

    pub(super) fn used(&self) -> u64 {
        let files = self.names.values().filter_map(|node| match node {
            Node::File(inode) => Some(*inode),
            Node::Dir => None,
        });
        files.map(|inode| self.inodes[&inode].len()).sum()
    }

    pub(super) fn content(&self, path: &str) -> Option<Vec<u8>> {
        self.inode_at(path).ok().map(|inode| self.inodes[&inode].bytes().to_vec())
    }

    pub(super) fn plant(&mut self, path: &str, bytes: &[u8]) {
        self.create_dir(parent(path));
        let inode = self.create(path).expect("its directory was just made");
        let file = self.inode(inode);
        file.truncate(0);
        file.write(bytes, 0);
        file.sync();
        self.sync_dir(parent(path)).expect("its directory was just made");
        self.sync_dir("").expect("there is always a root");
    }

    pub(super) fn paths(&self) -> Vec<String> {
        let files = self.names.iter().filter(|(_, node)| **node != Node::Dir);
        files.map(|(path, _)| path.clone()).collect()
    }
}

fn count_down(left: &mut Option<u64>) -> bool {
    match left {
        Some(0) => {
            *left = None;
            true
        }
        Some(left) => {
            *left -= 1;
            false
        }
        None => false,
    }
}

fn apply(names: &mut Names, act: Act) {
    match act {
        Act::CreateDir { path } => drop(names.insert(path, Node::Dir)),
        Act::Create { path, inode } => drop(names.insert(path, Node::File(inode))),
        Act::Rename { from, to, inode } => {
            if names.get(&from) == Some(&Node::File(inode)) {
                names.remove(&from);
            }
            names.insert(to, Node::File(inode));
        }
        Act::Remove { path, inode } => {
            if names.get(&path) == Some(&Node::File(inode)) {
                names.remove(&path);
            }
        }
    }
}

pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}
