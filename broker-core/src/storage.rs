//! The one door to the disk: files and directories as the log needs them, and nothing more.
//! Two ways through it: real files (`file`) and a disk that fails on command (`sim`).
//! Paths are relative to the storage's root, parts joined by `/`; the root itself is `""`.
//!
//! What the log may rely on, and therefore what an implementation must keep:
//! * bytes are durable after `sync` of their file, names after `sync_dir` of their directory,
//!   and nothing is durable before;
//! * `rename` replaces its target at once: after a crash the target is the old or the new file;
//! * an open file can be read after its name is gone.

pub mod file;
pub mod sim;

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::error::{DiskError, Doing};

/// A place that holds files.
pub trait Storage: Send + Sync + fmt::Debug {
    /// Makes an empty file, emptying one that exists.
    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>>;
    fn open(&self, path: &str, access: Access) -> io::Result<Arc<dyn DiskFile>>;
    fn rename(&self, paths: Rename<'_>) -> io::Result<()>;
    fn remove(&self, path: &str) -> io::Result<()>;
    /// What a directory holds, in no order.
    fn list(&self, dir: &str) -> io::Result<Vec<Entry>>;
    /// Makes a directory; one that exists is fine.
    fn create_dir(&self, dir: &str) -> io::Result<()>;
    fn sync_dir(&self, dir: &str) -> io::Result<()>;
    /// Takes a lock that ends with the guard or the process, and leaves the process's number in
    /// the file for others to read.
    fn lock(&self, path: &str) -> Result<Box<dyn Lock>, LockError>;
    /// Tells whether somebody holds the lock, without changing anything.
    fn lock_holder(&self, path: &str) -> io::Result<Holder>;
    /// Bytes that this process may still write.
    fn free_space(&self) -> io::Result<u64>;
}

/// An open file, read and written at positions.
pub trait DiskFile: Send + Sync + fmt::Debug {
    fn len(&self) -> io::Result<u64>;
    /// May return less than asked for; zero only at the end of the file.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize>;
    /// Writes all or fails; after a failure any part may have been written.
    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()>;
    fn truncate(&self, len: u64) -> io::Result<()>;
    /// Makes content and length durable. A failure may have dropped what was not yet durable,
    /// and a later success says nothing about it.
    fn sync(&self) -> io::Result<()>;
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
}

/// A held lock; dropping it lets go.
pub trait Lock: Send + Sync + fmt::Debug {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    ReadWrite,
}

/// The two ends of a rename, named so that they cannot be swapped.
#[derive(Debug, Clone, Copy)]
pub struct Rename<'a> {
    pub from: &'a str,
    pub to: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub is_dir: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Nobody,
    Process(u32),
    Unknown,
}

#[derive(Debug)]
pub enum LockError {
    Held(Holder),
    Disk(io::Error),
}

/// Joins a directory and a name.
pub(crate) fn join(dir: &str, name: &str) -> String {
    assert!(!name.is_empty());
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

/// Fills the buffer unless the file ends first; returns how much was read.
pub(crate) fn read_full(
    file: &dyn DiskFile,
    buffer: &mut [u8],
    position: u64,
) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], position + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    assert!(filled <= buffer.len());
    Ok(filled)
}

/// The content of a small file; `None` if there is none, an error if it is beyond `size_max`.
pub(crate) fn read_small(
    storage: &dyn Storage,
    path: &str,
    size_max: u64,
) -> Result<Option<Vec<u8>>, DiskError> {
    let file = match storage.open(path, Access::Read) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).doing("opening", path),
    };
    let size = file.len().doing("measuring", path)?;
    if size > size_max {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "larger than such a file can be");
        return Err(error).doing("reading", path);
    }
    let mut bytes = vec![0; usize::try_from(size).expect("a limit fits memory")];
    let filled = read_full(&*file, &mut bytes, 0).doing("reading", path)?;
    bytes.truncate(filled);
    Ok(Some(bytes))
}

/// Replaces a small file so that a crash leaves the old or the new content, whole.
pub(crate) fn replace(
    storage: &dyn Storage,
    dir: &str,
    name: &str,
    bytes: &[u8],
) -> Result<(), DiskError> {
    replace_unsynced(storage, dir, name, bytes)?;
    storage.sync_dir(dir).doing("syncing the directory of", &join(dir, name))
}

/// As `replace`, leaving it to the caller to make the name durable.
pub(crate) fn replace_unsynced(
    storage: &dyn Storage,
    dir: &str,
    name: &str,
    bytes: &[u8],
) -> Result<(), DiskError> {
    let to = join(dir, name);
    let from = format!("{to}{}", crate::log::names::TEMPORARY);
    let file = storage.create(&from).doing("creating", &from)?;
    file.write_at(bytes, 0).doing("writing", &from)?;
    file.sync().doing("syncing", &from)?;
    storage.rename(Rename { from: &from, to: &to }).doing("renaming to", &to)
}
