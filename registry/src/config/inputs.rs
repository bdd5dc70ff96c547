//! The inputs of a configuration, gathered once: the only place that asks the process for its
//! environment or opens the file.

use std::path::{Path, PathBuf};

use super::keys::Key;
use super::problem::{Problem, Problems};

/// The variable that names the file when no flag does.
pub(super) const FILE_VARIABLE: &str = "SYNGRAPH_CONFIG";

/// A configuration file's text.
#[derive(Debug)]
pub struct FileText {
    /// Its path, for messages.
    pub path: PathBuf,
    /// Its content.
    pub text: String,
}

/// Everything that was said, before anybody has looked at it.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The flags that were given, with their text.
    pub flags: Vec<(&'static Key, String)>,
    /// The process's variables.
    pub environment: Vec<(String, String)>,
    /// The file, if one was named.
    pub file: Option<FileText>,
}

impl Inputs {
    /// Flags as given, this process's environment, and the file that either of them names.
    pub fn gather(
        file: Option<&Path>,
        flags: Vec<(&'static Key, String)>,
    ) -> Result<Self, Problems> {
        let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let environment: Vec<_> =
            std::env::vars_os().map(|(name, text)| (lossy(name), lossy(text))).collect();
        let named =
            environment.iter().find(|(name, text)| name == FILE_VARIABLE && !text.is_empty());
        let path = file.map(Path::to_owned).or_else(|| named.map(|(_, path)| path.into()));
        let file = path.map(read).transpose()?;
        Ok(Self { flags, environment, file })
    }
}

#[expect(clippy::disallowed_methods, reason = "read once at the start; no log is touched")]
fn read(path: PathBuf) -> Result<FileText, Problems> {
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(FileText { path, text }),
        Err(source) => {
            let path = path.display().to_string();
            Err(Problems(vec![Problem::File { path, source }]))
        }
    }
}
