//! A simulated disk, driven by a seed, that fails in every way the log claims to survive.
//!
//! Faults, all of them reproducible from the seed and the calls made:
//! * **Power loss** (`crash`): names and bytes that were not synced may be kept, lost, or both in
//!   part. Of each unsynced write, every sector of 512 bytes is kept, dropped or filled with noise
//!   on its own; a file may have grown without getting its bytes; a truncation may not have
//!   happened. Bytes written over equal bytes stay what they are: a sector is old or new, and
//!   noise is what a place holds that was never written. Of the unsynced creations, renames and removals in a directory any subset may have
//!   happened, later ones without earlier ones.
//! * **Death of the process** (`restart`): what was written is there, synced or not, locks are
//!   gone; a later power loss still treats it as unsynced.
//! * **A crash between any two calls** (`fail_after`): from a given call on, every call fails; the
//!   call at the border may have happened in part. Then `crash` or `restart`.
//! * **A sync that fails once and forgets** (`fail_sync_after`): what should have become durable
//!   never will, unless it is written again, and all later syncs succeed. Reads show the new or,
//!   if the pages were dropped, the old bytes.
//! * **A write that fails once** (`fail_write_after`), having written any part.
//! * **A full disk** (`set_capacity`): a write that does not fit writes what fits, then fails.
//! * **Short reads**: a read returns fewer bytes than asked for, at random, always.
//!
//! Not simulated: bits that flip on their own, or synced bytes that are lost. No log without a
//! second copy survives those; finding them is what `verify` is for.

mod disk;
mod inode;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::disk::{Act, Disk, parent};
use super::{Access, DiskFile, Entry, Holder, Lock, LockError, Rename, Storage};

/// A handle to a simulated disk; clones share it.
#[derive(Debug, Clone)]
pub struct SimStorage {
    disk: Arc<Mutex<Disk>>,
}

impl SimStorage {
    pub fn new(seed: u64) -> Self {
        Self { disk: Arc::new(Mutex::new(Disk::new(seed))) }
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The disk after a power loss. This one, and every file open on it, is dead from now on.
    #[must_use]
    pub fn crash(&self) -> Self {
        let mut after = self.disk().succeed();
        after.lose_power();
        Self { disk: Arc::new(Mutex::new(after)) }
    }

    /// The disk after the death of the process: nothing lost, nothing synced, nothing locked.
    #[must_use]
    pub fn restart(&self) -> Self {
        Self { disk: Arc::new(Mutex::new(self.disk().succeed())) }
    }

    /// After so many more calls every call fails, until `crash` or `restart`.
    pub fn fail_after(&self, calls: u64) {
        self.disk().faults.calls_left = Some(calls);
    }

    /// Of the syncs of files to come, the one after so many fails, and forgets.
    pub fn fail_sync_after(&self, syncs: u64) {
        self.disk().faults.syncs_left = Some(syncs);
    }

    /// Of the writes to come, the one after so many fails.
    pub fn fail_write_after(&self, writes: u64) {
        self.disk().faults.writes_left = Some(writes);
    }

    /// How many bytes the disk holds.
    pub fn set_capacity(&self, bytes: u64) {
        self.disk().faults.capacity = bytes;
    }

    /// Bytes in use.
    pub fn used(&self) -> u64 {
        self.disk().used()
    }

    /// How many calls were made so far; the range for `fail_after`.
    pub fn calls(&self) -> u64 {
        self.disk().calls
    }

    /// The content of a file as reads show it: to look at, and to copy.
    pub fn content(&self, path: &str) -> Option<Vec<u8>> {
        self.disk().content(path)
    }

    /// Puts a file there, durably: to set a scene, or to damage one.
    pub fn plant(&self, path: &str, bytes: &[u8]) {
        self.disk().plant(path, bytes);
    }

    /// The paths of all files.
    pub fn paths(&self) -> Vec<String> {
        self.disk().paths()
    }
}

impl Storage for SimStorage {
    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        let mut disk = self.disk();
        disk.call()?;
        let inode = disk.create(path)?;
        Ok(Arc::new(SimFile { storage: self.clone(), inode, writable: true }))
    }

    fn open(&self, path: &str, access: Access) -> io::Result<Arc<dyn DiskFile>> {
        let mut disk = self.disk();
        disk.call()?;
        let inode = disk.inode_at(path)?;
        let writable = access == Access::ReadWrite;
        Ok(Arc::new(SimFile { storage: self.clone(), inode, writable }))
    }

    fn rename(&self, paths: Rename<'_>) -> io::Result<()> {
        let mut disk = self.disk();
        let alive = disk.call();
        if alive.is_err() && !disk.happens_at_the_border() {
            return alive;
        }
        let inode = disk.inode_at(paths.from)?;
        let (from, to) = (paths.from.to_owned(), paths.to.to_owned());
        disk.act(parent(paths.to), Act::Rename { from, to, inode });
        alive
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut disk = self.disk();
        let alive = disk.call();
        if alive.is_err() && !disk.happens_at_the_border() {
            return alive;
        }
        let inode = disk.inode_at(path)?;
        disk.act(parent(path), Act::Remove { path: path.to_owned(), inode });
        alive
    }

    fn list(&self, dir: &str) -> io::Result<Vec<Entry>> {
        let mut disk = self.disk();
        disk.call()?;
        disk.list(dir)
    }

    fn create_dir(&self, dir: &str) -> io::Result<()> {
        let mut disk = self.disk();
        disk.call()?;
        disk.create_dir(dir);
        Ok(())
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let mut disk = self.disk();
        disk.call()?;
        disk.sync_dir(dir)
    }

    fn lock(&self, path: &str) -> Result<Box<dyn Lock>, LockError> {
        let mut disk = self.disk();
        disk.call().map_err(LockError::Disk)?;
        if !disk.locks.insert(path.to_owned()) {
            return Err(LockError::Held(Holder::Process(std::process::id())));
        }
        Ok(Box::new(SimLock { storage: self.clone(), path: path.to_owned() }))
    }

    fn lock_holder(&self, path: &str) -> io::Result<Holder> {
        let mut disk = self.disk();
        disk.call()?;
        let held = disk.locks.contains(path);
        Ok(if held { Holder::Process(std::process::id()) } else { Holder::Nobody })
    }

    fn free_space(&self) -> io::Result<u64> {
        let mut disk = self.disk();
        disk.call()?;
        Ok(disk.faults.capacity.saturating_sub(disk.used()))
    }
}

#[derive(Debug)]
struct SimFile {
    storage: SimStorage,
    inode: u64,
    writable: bool,
}

impl DiskFile for SimFile {
    fn len(&self) -> io::Result<u64> {
        let mut disk = self.storage.disk();
        disk.call()?;
        Ok(disk.inode(self.inode).len())
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        let mut disk = self.storage.disk();
        disk.call()?;
        let want = disk.shortened(buffer.len());
        Ok(disk.inode(self.inode).read(&mut buffer[..want], position))
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        assert!(self.writable, "a file opened for reading was written");
        self.storage.disk().write(self.inode, bytes, position)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        assert!(self.writable, "a file opened for reading was cut");
        let mut disk = self.storage.disk();
        disk.call()?;
        disk.inode(self.inode).truncate(len);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.storage.disk().sync(self.inode)
    }
}

#[derive(Debug)]
struct SimLock {
    storage: SimStorage,
    path: String,
}

impl Lock for SimLock {}

impl Drop for SimLock {
    fn drop(&mut self) {
        self.storage.disk().locks.remove(&self.path);
    }
}
