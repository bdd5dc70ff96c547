//! Entries of `_schema_encoders`. The key is the tenant as text; there is one, `default`. The value
//! is JSON with one field, which a newer form may add to:
//!
//! ```text
//! {"keyset":"CoYB…"}    Base64, with padding, of Tink's EncryptedKeyset in Protobuf's encoding
//! ```

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};

use super::tink::{self, Unusable};
use crate::log::Entry;

/// The tenant that every registry without tenants has.
pub(super) const TENANT: &[u8] = b"default";

#[derive(Serialize, Deserialize)]
struct Value {
    keyset: String,
}

/// The entry that keeps a wrapped keyset.
pub(super) fn encode(wrapped: &[u8], timestamp: i64) -> Entry {
    let value = Value { keyset: BASE64.encode(wrapped) };
    let value = serde_json::to_vec(&value).expect("a text has a JSON form");
    Entry { key: TENANT.to_vec(), value: Some(value), timestamp }
}

/// The wrapped keyset of an entry's value.
pub(super) fn decode(value: &[u8]) -> Result<Vec<u8>, Unusable> {
    let value: Value = serde_json::from_slice(value).map_err(|_| Unusable::Malformed)?;
    BASE64.decode(value.keyset).map_err(|_| Unusable::Malformed)
}

/// Whether an entry is one that a registry may have written; its secret is not asked for.
pub(crate) fn check(key: &[u8], value: Option<&[u8]>) -> Result<(), String> {
    if key != TENANT {
        return Err("a keyset of an unknown tenant".to_owned());
    }
    let wrapped = value.ok_or(Unusable::Malformed).and_then(decode);
    let checked = wrapped.and_then(|wrapped| tink::check(&wrapped));
    checked.map_err(|unusable| format!("the keyset: {unusable}"))
}
