//! A field that may be absent, null or given: absent keeps a stored value, null clears it.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "maybe::given")]` on an `Option<Option<T>>`.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
