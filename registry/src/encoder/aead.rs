//! AES-128-GCM as Tink has it without a prefix: a random nonce of 12 bytes, then the ciphertext,
//! then the tag of 16 bytes. Associated data is always empty.

use std::fmt;

use aes_gcm::{Aes128Gcm, KeyInit as _, Nonce, aead::Aead as _};
use thiserror::Error;

/// Bytes of a key.
pub(super) const KEY_SIZE: usize = 16;
const NONCE_SIZE: usize = 12;

/// A key, ready for use.
#[derive(Clone)]
pub(super) struct Aead(Aes128Gcm);

/// The system gives no random bytes.
#[derive(Clone, Copy, Debug, Error)]
#[error("the system gives no random bytes")]
pub(crate) struct NoRandomness(#[from] getrandom::Error);

impl Aead {
    pub(super) fn new(key: [u8; KEY_SIZE]) -> Self {
        Self(Aes128Gcm::new(&key.into()))
    }

    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, NoRandomness> {
        let nonce: [u8; NONCE_SIZE] = random()?;
        let sealed = self.0.encrypt(&Nonce::from(nonce), plain);
        let sealed = sealed.expect("what is encrypted is far shorter than the 64 GiB of one nonce");
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// None if anything but this key, or nothing at all, has encrypted it.
    pub(super) fn decrypt(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_SIZE>()?;
        self.0.decrypt(&Nonce::from(*nonce), sealed).ok()
    }
}

impl fmt::Debug for Aead {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Aead")
    }
}

/// Bytes that nobody can foretell.
pub(super) fn random<const SIZE: usize>() -> Result<[u8; SIZE], NoRandomness> {
    let mut bytes = [0; SIZE];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
