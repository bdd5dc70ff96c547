//! Storages that break one promise each, to show that the harness notices.

use std::io;
use std::sync::Arc;

use broker_core::{Access, DiskFile, Entry, Holder, Lock, LockError, Rename, SimStorage, Storage};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    None,
    /// The sync of a file does nothing.
    SkipSync,
    /// The sync of a directory does nothing.
    SkipDirSync,
    /// A rename does nothing.
    SkipRename,
    /// Only the rename that makes a rewritten segment valid does nothing.
    SkipRenameToSwap,
    /// A truncation does nothing.
    SkipTruncate,
}

impl Mutation {
    pub(crate) const ALL: [Self; 5] = [
        Self::SkipSync,
        Self::SkipDirSync,
        Self::SkipRename,
        Self::SkipRenameToSwap,
        Self::SkipTruncate,
    ];
}

pub(crate) fn wrap(disk: SimStorage, mutation: Mutation) -> Arc<dyn Storage> {
    match mutation {
        Mutation::None => Arc::new(disk),
        _ => Arc::new(Mutant { disk, mutation }),
    }
}

#[derive(Debug)]
struct Mutant {
    disk: SimStorage,
    mutation: Mutation,
}

impl Mutant {
    fn file(&self, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        Arc::new(MutantFile { file, mutation: self.mutation })
    }
}

impl Storage for Mutant {
    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        Ok(self.file(self.disk.create(path)?))
    }

    fn open(&self, path: &str, access: Access) -> io::Result<Arc<dyn DiskFile>> {
        Ok(self.file(self.disk.open(path, access)?))
    }

    fn rename(&self, paths: Rename<'_>) -> io::Result<()> {
        match self.mutation {
            Mutation::SkipRename => Ok(()),
            // What was not renamed cannot be renamed on; the log shall not see that.
            Mutation::SkipRenameToSwap
                if paths.to.contains(".swap") || paths.from.contains(".swap") =>
            {
                Ok(())
            }
            _ => self.disk.rename(paths),
        }
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.disk.remove(path)
    }

    fn list(&self, dir: &str) -> io::Result<Vec<Entry>> {
        self.disk.list(dir)
    }

    fn create_dir(&self, dir: &str) -> io::Result<()> {
        self.disk.create_dir(dir)
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        if self.mutation == Mutation::SkipDirSync { Ok(()) } else { self.disk.sync_dir(dir) }
    }

    fn lock(&self, path: &str) -> Result<Box<dyn Lock>, LockError> {
        self.disk.lock(path)
    }

    fn lock_holder(&self, path: &str) -> io::Result<Holder> {
        self.disk.lock_holder(path)
    }

    fn free_space(&self) -> io::Result<u64> {
        self.disk.free_space()
    }
}

#[derive(Debug)]
struct MutantFile {
    file: Arc<dyn DiskFile>,
    mutation: Mutation,
}

impl DiskFile for MutantFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        self.file.read_at(buffer, position)
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        self.file.write_at(bytes, position)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        if self.mutation == Mutation::SkipTruncate { Ok(()) } else { self.file.truncate(len) }
    }

    fn sync(&self) -> io::Result<()> {
        if self.mutation == Mutation::SkipSync { Ok(()) } else { self.file.sync() }
    }
}
