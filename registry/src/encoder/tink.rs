//! Tink's keysets and the ciphertexts under them.
//!
//! A ciphertext is `01`, the id of its key in four bytes (big-endian), then what `aead` makes.
//! Keysets are Protobuf messages of Tink's:
//!
//! ```text
//! Keyset           1 primary_key_id   2 key, repeated
//! Key              1 key_data   2 status: 1 is ENABLED   3 key_id   4 output_prefix_type: 1 is TINK
//! KeyData          1 type_url   2 value   3 key_material_type: 1 is SYMMETRIC
//! AesGcmKey        1 version   3 key_value
//! EncryptedKeyset  2 encrypted_keyset: a Keyset under `aead`   3 keyset_info
//! KeysetInfo       1 primary_key_id   2 key_info, repeated: each a Key with type_url for key_data
//! ```
//!
//! Keys of other kinds are kept where a keyset is wrapped anew, and not used.

use thiserror::Error;

use super::{
    aead::{Aead, KEY_SIZE, NoRandomness, random},
    protobuf::{Field, Malformed, Message, fields},
};

const AES_GCM: &[u8] = b"type.googleapis.com/google.crypto.tink.AesGcmKey";
const ENABLED: u64 = 1;
const TINK: u64 = 1;
const SYMMETRIC: u64 = 1;

/// What a ciphertext with a key's id in front begins with.
const PREFIX: u8 = 1;

/// Keys, of which one encrypts and all decrypt.
#[derive(Clone, Debug)]
pub(super) struct Keyset {
    /// As it is wrapped.
    bytes: Vec<u8>,
    /// What is told of it in the clear.
    info: Vec<u8>,
    primary: u32,
    usable: Vec<(u32, Aead)>,
}

/// Why a wrapped keyset cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unusable {
    #[error("it was wrapped with another secret")]
    OtherSecret,
    #[error("it is no keyset of Tink's")]
    Malformed,
    #[error("its primary key is not an AES-128-GCM key of Tink's")]
    OtherKind,
}

impl From<Malformed> for Unusable {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl Keyset {
    /// A keyset of one new key.
    pub(super) fn generate() -> Result<Self, NoRandomness> {
        let value: [u8; KEY_SIZE] = random()?;
        let value = Message::default().bytes(3, &value).into_bytes();
        let data =
            Message::default().bytes(1, AES_GCM).bytes(2, &value).number(3, SYMMETRIC).into_bytes();
        // Tink takes zero for no id.
        let id = u32::from_be_bytes(random()?).max(1);
        let key = Message::default().bytes(1, &data).number(2, ENABLED);
        let key = key.number(3, id.into()).number(4, TINK).into_bytes();
        let keyset = Message::default().number(1, id.into()).bytes(2, &key).into_bytes();
        Ok(Self::parse(keyset).expect("a keyset that was just made is one"))
    }

    /// The keyset of an EncryptedKeyset.
    pub(super) fn unwrap(wrapped: &[u8], key: &Aead) -> Result<Self, Unusable> {
        let sealed = encrypted(wrapped)?;
        Self::parse(key.decrypt(sealed).ok_or(Unusable::OtherSecret)?)
    }

    /// The EncryptedKeyset of a keyset.
    pub(super) fn wrap(&self, key: &Aead) -> Result<Vec<u8>, NoRandomness> {
        let sealed = key.encrypt(&self.bytes)?;
        Ok(Message::default().bytes(2, &sealed).bytes(3, &self.info).into_bytes())
    }

    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, NoRandomness> {
        let primary = self.usable.iter().find(|(id, _)| *id == self.primary);
        let (id, key) = primary.expect("a keyset without its primary key is not parsed");
        Ok([[PREFIX].as_slice(), &id.to_be_bytes(), &key.encrypt(plain)?].concat())
    }

    /// None if none of its keys has encrypted it.
    pub(super) fn decrypt(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (id, sealed) = bytes.strip_prefix(&[PREFIX])?.split_first_chunk()?;
        let id = u32::from_be_bytes(*id);
        let mut keys = self.usable.iter().filter(|(known, _)| *known == id);
        keys.find_map(|(_, key)| key.decrypt(sealed))
    }

    fn parse(bytes: Vec<u8>) -> Result<Self, Unusable> {
        let (mut primary, mut usable) = (0, Vec::new());
        let mut info = Message::default();
        for field in fields(&bytes)? {
            match field {
                (1, Field::Number(id)) => {
                    primary = u32::try_from(id).map_err(|_| Unusable::Malformed)?;
                    info = info.number(1, id);
                }
                (2, Field::Bytes(key)) => {
                    let key = Key::parse(key)?;
                    info = info.bytes(2, &key.info());
                    usable.extend(key.usable()?);
                }
                _ => {}
            }
        }
        if !usable.iter().any(|(id, _)| *id == primary) {
            return Err(Unusable::OtherKind);
        }
        let info = info.into_bytes();
        Ok(Self { bytes, info, primary, usable })
    }
}

/// Whether bytes look like an EncryptedKeyset; what is in it only its secret can tell.
pub(super) fn check(wrapped: &[u8]) -> Result<(), Unusable> {
    encrypted(wrapped).map(drop)
}

fn encrypted(wrapped: &[u8]) -> Result<&[u8], Unusable> {
    let sealed = fields(wrapped)?.into_iter().rev().find_map(|field| match field {
        (2, Field::Bytes(sealed)) => Some(sealed),
        _ => None,
    });
    sealed.ok_or(Unusable::Malformed)
}

/// A key of a keyset as it stands there.
#[derive(Default)]
struct Key<'a> {
    kind: &'a [u8],
    value: &'a [u8],
    status: u64,
    id: u32,
    prefix: u64,
}

impl<'a> Key<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        let mut key = Self::default();
        for field in fields(bytes)? {
            match field {
                (1, Field::Bytes(data)) => key.read_data(data)?,
                (2, Field::Number(status)) => key.status = status,
                (3, Field::Number(id)) => {
                    key.id = u32::try_from(id).map_err(|_| Unusable::Malformed)?;
                }
                (4, Field::Number(prefix)) => key.prefix = prefix,
                _ => {}
            }
        }
        Ok(key)
    }

    fn read_data(&mut self, data: &'a [u8]) -> Result<(), Unusable> {
        for field in fields(data)? {
            match field {
                (1, Field::Bytes(kind)) => self.kind = kind,
                (2, Field::Bytes(value)) => self.value = value,
                _ => {}
            }
        }
        Ok(())
    }

    fn info(&self) -> Vec<u8> {
        let info = Message::default().bytes(1, self.kind).number(2, self.status);
        info.number(3, self.id.into()).number(4, self.prefix).into_bytes()
    }

    /// The key with its id, if it is of the one kind that is used here.
    fn usable(&self) -> Result<Option<(u32, Aead)>, Unusable> {
        if self.kind != AES_GCM || self.status != ENABLED || self.prefix != TINK {
            return Ok(None);
        }
        let (mut version, mut value) = (0, None);
        for field in fields(self.value)? {
            match field {
                (1, Field::Number(number)) => version = number,
                (3, Field::Bytes(bytes)) => value = <[u8; KEY_SIZE]>::try_from(bytes).ok(),
                _ => {}
            }
        }
        Ok(value.filter(|_| version == 0).map(|value| (self.id, Aead::new(value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Aead {
        Aead::new([byte; KEY_SIZE])
    }

    #[test]
    fn what_is_wrapped_unwraps_under_its_secret_alone() {
        let keyset = Keyset::generate().unwrap();
        let wrapped = keyset.wrap(&key(1)).unwrap();
        let unwrapped = Keyset::unwrap(&wrapped, &key(1)).unwrap();
        assert_eq!((unwrapped.primary, &unwrapped.bytes), (keyset.primary, &keyset.bytes));
        assert_eq!(Keyset::unwrap(&wrapped, &key(2)).unwrap_err(), Unusable::OtherSecret);
        assert_eq!(Keyset::unwrap(b"", &key(1)).unwrap_err(), Unusable::Malformed);
        let sealed = keyset.encrypt(b"plain").unwrap();
        assert_eq!(sealed[..5], [&[1], &keyset.primary.to_be_bytes()[..]].concat());
        assert_eq!(unwrapped.decrypt(&sealed).as_deref(), Some(b"plain".as_slice()));
        assert_eq!(Keyset::generate().unwrap().decrypt(&sealed), None);
    }

    #[test]
    fn nothing_that_was_changed_is_decrypted() {
        let keyset = Keyset::generate().unwrap();
        let sealed = keyset.encrypt(b"plain").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(keyset.decrypt(&changed), None, "byte {at}");
            assert_eq!(keyset.decrypt(&sealed[..at]), None, "up to {at}");
        }
        assert_ne!(keyset.encrypt(b"plain").unwrap(), sealed, "a nonce is used once");
    }

    #[test]
    fn a_keyset_whose_primary_key_is_of_another_kind_is_not_used() {
        let disabled = Message::default().bytes(1, b"").number(2, 2).number(3, 9).number(4, TINK);
        let keyset = Message::default().number(1, 9).bytes(2, &disabled.into_bytes());
        assert_eq!(Keyset::parse(keyset.into_bytes()).unwrap_err(), Unusable::OtherKind);
    }
}
