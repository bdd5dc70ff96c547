//! Fields that may be absent, null, empty or given, and what each of these means.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// Absent keeps a stored value, null clears it: for
/// `#[serde(default, deserialize_with = "maybe::given")]` on an `Option<Option<T>>`.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Null means what absent means.
pub(crate) fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
pub(crate) fn is_blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(str::is_empty)
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
pub(crate) fn is_empty<T>(list: &Option<Vec<T>>) -> bool {
    list.as_ref().is_none_or(Vec::is_empty)
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
pub(crate) fn is_none_left<T>(map: &Option<BTreeMap<String, T>>) -> bool {
    map.as_ref().is_none_or(BTreeMap::is_empty)
}
