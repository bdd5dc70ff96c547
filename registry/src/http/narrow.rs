//! `subjectPrefix`: which subjects a list is narrowed to (`registry-api` 1.5). Subjects are sorted by
//! text, so what cannot begin with the prefix is leapt over: a list costs what it gives and a few
//! leaps for each context.

use std::str::FromStr;

use openapi::ids::{DEFAULT_CONTEXT, InvalidSubject, Subject};
use registry_core::state::{State, Visibility};

/// `:*:foo` in every context, `:.ctx:foo` in one, `foo` in the default one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubjectPrefix {
    anywhere: bool,
    wanted: Subject,
}

/// Every subject there is.
pub(super) const EVERYTHING: &str = ":*:";

/// Where the subjects of contexts other than the default one begin.
const QUALIFIED: &str = ":.";

/// What to do about a subject met on the way.
enum Step {
    Take,
    Pass,
    /// Go on from here.
    Leap(String),
    Stop,
}

impl FromStr for SubjectPrefix {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        let name = text.strip_prefix(EVERYTHING);
        Ok(Self { anywhere: name.is_some(), wanted: name.unwrap_or(text).parse()? })
    }
}

impl SubjectPrefix {
    /// The subjects that begin with it, sorted by text.
    pub(super) fn subjects(
        self,
        state: &State,
        visibility: Visibility,
    ) -> impl Iterator<Item = Subject> {
        let start = if self.anywhere { "" } else { self.wanted.as_str() };
        let mut way = state.subjects_from(visibility, start);
        std::iter::from_fn(move || {
            loop {
                let subject = Subject::trusted(way.next()?.clone());
                match self.step(&subject) {
                    Step::Take => return Some(subject),
                    Step::Pass => {}
                    Step::Leap(to) => way = state.subjects_from(visibility, &to),
                    Step::Stop => return None,
                }
            }
        })
    }

    fn step(&self, subject: &Subject) -> Step {
        let (text, context, name) = (subject.as_str(), subject.context(), self.wanted.name());
        let in_context = self.anywhere || context == self.wanted.context();
        if in_context && subject.name().starts_with(name) {
            return Step::Take;
        }
        if context != DEFAULT_CONTEXT {
            let first = format!(":{context}:{name}");
            let is_ahead = in_context && *text < *first;
            // A semicolon follows the colon: behind every subject of the context.
            return Step::Leap(if is_ahead { first } else { format!(":{context};") });
        }
        // The other contexts lie in the midst of the default one, whose names may look like theirs.
        if text.starts_with(QUALIFIED) {
            return Step::Pass;
        }
        let ahead = [name, QUALIFIED].into_iter().filter(|ahead| *ahead > text).min();
        ahead.map_or(Step::Stop, |ahead| Step::Leap(ahead.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use registry_core::{record::Record, state::Position};

    use super::*;

    /// A state with a version of each subject.
    fn state(subjects: &[&str]) -> State {
        let mut state = State::default();
        for (offset, subject) in (0..).zip(subjects) {
            let key = serde_json::json!({
                "keytype": "SCHEMA", "subject": subject, "version": 1, "magic": 1,
            });
            let value = serde_json::json!({
                "subject": subject, "version": 1, "id": 1, "schema": "\"int\"", "deleted": false,
            });
            let (key, value) = (key.to_string(), value.to_string());
            let record = Record::decode(key.as_bytes(), Some(value.as_bytes()));
            state.apply(Position { offset, timestamp: 0 }, &record);
        }
        state
    }

    #[test]
    fn a_prefix_leaps_over_nothing_that_it_takes() {
        let parts = ["", "a", "ab", "b", "9", ":", ":.", ":.x", "~", "*", ";", ":;", "é"];
        let contexts = ["", ":.c:", ":.a:", ":.a.b:"];
        let all = contexts
            .iter()
            .flat_map(|context| parts.iter().map(move |part| format!("{context}{part}")));
        let all: Vec<String> = all.filter(|text| !text.is_empty()).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let state = state(&all);
        let prefixes = contexts
            .iter()
            .chain(&[":*:", ":.d:"])
            .flat_map(|context| parts.iter().map(move |part| format!("{context}{part}")));
        for prefix in prefixes {
            let prefix: SubjectPrefix = prefix.parse().unwrap();
            let takes = |subject: &Subject| {
                (prefix.anywhere || subject.context() == prefix.wanted.context())
                    && subject.name().starts_with(prefix.wanted.name())
            };
            let there = state.subjects(Visibility::All).map(|name| Subject::trusted(name.clone()));
            let expected: Vec<Subject> = there.filter(takes).collect();
            let found: Vec<Subject> = prefix.clone().subjects(&state, Visibility::All).collect();
            assert_eq!(found, expected, "{prefix:?}");
        }
    }
}
