//! Real files: positioned reads and writes of the standard library, `fdatasync`, `flock`.
//! Invariants: every path is below the root; the lock file holds the number of the process that
//! holds the lock, so that a second one can name it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Access, DiskFile, Entry, Holder, Lock, LockError, Rename, Storage};

/// A directory of the machine.
#[derive(Debug)]
pub struct FileStorage {
    root: PathBuf,
}

impl FileStorage {
    /// Nothing is touched before the first use; `create_dir("")` makes the directory itself.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn at(&self, path: &str) -> PathBuf {
        assert!(!path.starts_with('/') && !path.split('/').any(|part| part == ".."));
        self.root.join(path)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one door to the disk")]
impl Storage for FileStorage {
    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        Ok(Arc::new(RealFile(options.open(self.at(path))?)))
    }

    fn open(&self, path: &str, access: Access) -> io::Result<Arc<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(access == Access::ReadWrite);
        Ok(Arc::new(RealFile(options.open(self.at(path))?)))
    }

    fn rename(&self, paths: Rename<'_>) -> io::Result<()> {
        std::fs::rename(self.at(paths.from), self.at(paths.to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        std::fs::remove_file(self.at(path))
    }

    fn list(&self, dir: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(self.at(dir))? {
            let entry = entry?;
            // A name that is not text is none of ours.
            let Ok(name) = entry.file_name().into_string() else { continue };
            entries.push(Entry { name, is_dir: entry.file_type()?.is_dir() });
        }
        Ok(entries)
    }

    fn create_dir(&self, dir: &str) -> io::Result<()> {
        let path = self.at(dir);
        std::fs::create_dir_all(&path)?;
        // A root has no parent that `sync_dir` could name.
        match path.parent().filter(|parent| dir.is_empty() && !parent.as_os_str().is_empty()) {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        File::open(self.at(dir))?.sync_all()
    }

    fn lock(&self, path: &str) -> Result<Box<dyn Lock>, LockError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(self.at(path)).map_err(LockError::Disk)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(pid_in(&file))),
            Err(TryLockError::Error(error)) => return Err(LockError::Disk(error)),
        }
        // The number is a courtesy: a full disk must not keep the log from being read.
        let told = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(error) = told {
            tracing::warn!(%error, "the lock file does not name this process");
        }
        Ok(Box::new(RealLock { _file: file }))
    }

    fn lock_holder(&self, path: &str) -> io::Result<Holder> {
        let file = match File::open(self.at(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Holder::Nobody),
            Err(error) => return Err(error),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Holder::Nobody),
            Err(TryLockError::WouldBlock) => Ok(pid_in(&file)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn free_space(&self) -> io::Result<u64> {
        let stat = rustix::fs::statvfs(&self.root)?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

/// What the holder wrote into the lock file; unknown while it is just writing it.
fn pid_in(file: &File) -> Holder {
    let mut text = [0; 16];
    let count = file.read_at(&mut text, 0).unwrap_or(0);
    let pid = std::str::from_utf8(&text[..count]).ok().and_then(|text| text.trim().parse().ok());
    pid.map_or(Holder::Unknown, Holder::Process)
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        loop {
            match self.0.read_at(buffer, position) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, position)
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

/// The lock ends when the file closes.
#[derive(Debug)]
struct RealLock {
    _file: File,
}

impl Lock for RealLock {}
