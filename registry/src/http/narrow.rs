//! `subjectPrefix`: which subjects a list is narrowed to (`registry-api` 1.5).

use std::str::FromStr;

use openapi::ids::{InvalidSubject, Subject};

/// `:*:foo` in every context, `:.ctx:foo` in one, `foo` in the default one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubjectPrefix {
    anywhere: bool,
    wanted: Subject,
}

/// Every subject there is.
pub(super) const EVERYTHING: &str = ":*:";

impl FromStr for SubjectPrefix {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        let name = text.strip_prefix(EVERYTHING);
        Ok(Self { anywhere: name.is_some(), wanted: name.unwrap_or(text).parse()? })
    }
}

impl SubjectPrefix {
    /// Whether a subject begins with it.
    pub(super) fn takes(&self, subject: &Subject) -> bool {
        (self.anywhere || subject.context() == self.wanted.context())
            && subject.name().starts_with(self.wanted.name())
    }
}
