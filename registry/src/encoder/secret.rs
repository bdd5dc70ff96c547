//! The secrets of the operator, and the keys that follow from them.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;

use super::aead::{Aead, KEY_SIZE};

/// A text that nobody should read in a log or an error.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What keysets are wrapped with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The one in use; without it nothing is encrypted or decrypted.
    pub current: Option<Secret>,
    /// The one whose place it takes.
    pub old: Option<Secret>,
}

impl Secret {
    /// A secret of a text; an empty one is none, since everybody knows it.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The key that wraps keysets: HKDF with SHA-256, without salt and information.
    pub(super) fn key(&self) -> Aead {
        let mut key = [0; KEY_SIZE];
        let derived = Hkdf::<Sha256>::new(None, self.0.as_bytes()).expand(&[], &mut key);
        derived.expect("a key is shorter than 255 hashes");
        Aead::new(key)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret")
    }
}
