//! Names and numbers that identify things: subjects, contexts, versions, schema ids.
//! Invariant: a value of these types is well formed; serde and URL extraction go through the same
//! constructors.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::NAME_SIZE_MAX;

/// The context without a prefix.
pub const DEFAULT_CONTEXT: &str = ".";
/// The pseudo context of configuration and mode: the fallback of all contexts.
pub const GLOBAL_CONTEXT: &str = ".__GLOBAL";

/// A subject, possibly qualified by a context: `name`, `:.ctx:name`, or `:.ctx:` for the context
/// itself. `:.:name` is written `name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "document",
    derive(utoipa::ToSchema),
    schema(value_type = String, max_length = 1024, example = "orders-value")
)]
pub struct Subject(Arc<str>);

/// Why a text is no subject (error code 42208).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The specified subject '{0}' is not a valid.")]
pub struct InvalidSubject(pub String);

impl Subject {
    /// The subject as it was written, in its shortest form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The shared text, for indexes that keep many references to one subject.
    pub fn shared(&self) -> Arc<str> {
        self.0.clone()
    }

    /// A subject already known to be well formed, because a log or an index holds it.
    pub fn trusted(text: Arc<str>) -> Self {
        Self(text)
    }

    /// The context: `.` unless the name is qualified.
    pub fn context(&self) -> &str {
        split(&self.0).map_or(DEFAULT_CONTEXT, |(context, _)| context)
    }

    /// The name inside its context; empty for a context itself.
    pub fn name(&self) -> &str {
        split(&self.0).map_or(&self.0, |(_, name)| name)
    }

    /// The subject of this name in another context; a qualified one has no other.
    #[must_use]
    pub fn in_context(&self, context: &str) -> Option<Self> {
        let other = !self.is_qualified() && context != DEFAULT_CONTEXT;
        other.then(|| Self(format!(":{context}:{}", self.0).into()))
    }

    /// Whether the text carries a context prefix.
    pub fn is_qualified(&self) -> bool {
        split(&self.0).is_some()
    }
}

/// The context that a path names: `.ctx`, `ctx` or `:.ctx:`. A colon inside is refused, with what
/// holds it.
pub fn context_named(spelled: &str) -> Result<String, &str> {
    let bare = spelled.strip_prefix(':').unwrap_or(spelled);
    let bare = bare.strip_suffix(':').unwrap_or(bare);
    match bare {
        _ if bare.contains(':') => Err(spelled),
        _ if bare.starts_with('.') => Ok(bare.to_owned()),
        _ => Ok(format!(".{bare}")),
    }
}

/// `:.ctx:name` in its two parts, if the text has that form.
fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(':').filter(|rest| rest.starts_with('.'))?;
    rest.split_once(':')
}

impl TryFrom<String> for Subject {
    type Error = InvalidSubject;

    fn try_from(text: String) -> Result<Self, InvalidSubject> {
        let (context, name) = split(&text).unwrap_or((DEFAULT_CONTEXT, &text));
        let in_global = context == GLOBAL_CONTEXT && !name.is_empty();
        let reserved = in_global || matches!(name, "__GLOBAL" | "__EMPTY");
        if text.len() > NAME_SIZE_MAX || reserved || text.chars().any(char::is_control) {
            return Err(InvalidSubject(text));
        }
        Ok(Self(text.strip_prefix(":.:").unwrap_or(&text).into()))
    }
}

impl FromStr for Subject {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        text.to_owned().try_into()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0.as_ref().to_owned()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A version of a subject: 1 to 2^31-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(
    feature = "document",
    derive(utoipa::ToSchema),
    schema(value_type = i32, minimum = 1, example = 1)
)]
pub struct Version(u32);

impl Version {
    /// The version that a new subject starts with.
    pub const FIRST: Self = Self(1);
    /// The highest version there can be.
    pub const LAST: Self = Self(i32::MAX as u32);

    /// A version, if the number is in range.
    pub fn new(number: i64) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        (Self::FIRST.0..=Self::LAST.0).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The following version; none after the last.
    pub fn next(self) -> Option<Self> {
        Self::new(i64::from(self.0) + 1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A version as a path names it: a number, or the newest active one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionRef {
    /// `latest` (in any letter case) or `-1`.
    Latest,
    /// A number.
    Number(Version),
}

/// Why a text names no version (error code 42202).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "The specified version '{0}' is not a valid version id. Allowed values are between [1, 2^31-1] \
     and the string \"latest\""
)]
pub struct InvalidVersion(pub String);

impl FromStr for VersionRef {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let trimmed = text.trim();
        if trimmed.eq_ignore_ascii_case("latest") || trimmed == "-1" {
            return Ok(Self::Latest);
        }
        let digits = trimmed.bytes().all(|byte| byte.is_ascii_digit());
        let number = trimmed.parse().ok().filter(|_| digits).and_then(Version::new);
        number.map(Self::Number).ok_or_else(|| InvalidVersion(text.to_owned()))
    }
}

impl fmt::Display for VersionRef {
    /// The number that messages show: -1 for the latest.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => out.write_str("-1"),
            Self::Number(version) => version.fmt(out),
        }
    }
}

/// The id of a schema within a context: 0 to 2^31-1; generated ids start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(
    feature = "document",
    derive(utoipa::ToSchema),
    schema(value_type = i32, minimum = 0, example = 1)
)]
pub struct SchemaId(u32);

impl SchemaId {
    /// An id, if the number is in range.
    pub fn new(number: i64) -> Option<Self> {
        i32::try_from(number).ok().and_then(|number| u32::try_from(number).ok()).map(Self)
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The following id; none after the last.
    pub fn next(self) -> Option<Self> {
        Self::new(i64::from(self.0) + 1)
    }
}

impl fmt::Display for SchemaId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_knows_its_context() {
        for (text, context, name, shortest) in [
            ("orders", ".", "orders", "orders"),
            (":.:orders", ".", "orders", "orders"),
            (":.eu:orders", ".eu", "orders", ":.eu:orders"),
            (":.eu:", ".eu", "", ":.eu:"),
            (":orders", ".", ":orders", ":orders"),
            ("a:.b:c", ".", "a:.b:c", "a:.b:c"),
        ] {
            let subject: Subject = text.parse().unwrap();
            let parts = (subject.context(), subject.name(), subject.as_str());
            assert_eq!(parts, (context, name, shortest), "{text}");
        }
    }

    #[test]
    fn reserved_and_control_names_are_no_subjects() {
        let long = "x".repeat(NAME_SIZE_MAX + 1);
        for text in ["__GLOBAL", "__EMPTY", ":.a:__GLOBAL", "a\nb", "a\u{7f}", &long] {
            assert_eq!(text.parse::<Subject>(), Err(InvalidSubject(text.to_owned())));
        }
    }

    #[test]
    fn versions_are_positive_or_latest() {
        let number = |n| Version::new(n).map(VersionRef::Number);
        assert_eq!("1".parse().ok(), number(1));
        assert_eq!(" 007 ".parse().ok(), number(7));
        assert_eq!("2147483647".parse().ok(), number(2_147_483_647));
        for latest in ["latest", "LATEST", " Latest ", "-1"] {
            assert_eq!(latest.parse(), Ok(VersionRef::Latest));
        }
        for wrong in ["0", "-2", "+1", "2147483648", "", "one", "1.0", "99999999999999999999"] {
            assert_eq!(wrong.parse::<VersionRef>(), Err(InvalidVersion(wrong.to_owned())));
        }
    }
}
