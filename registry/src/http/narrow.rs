//! What a list is narrowed to (`registry-api` 1.5): `subjectPrefix`, and for schemas more. Subjects are
//! sorted by text, so what cannot begin with the prefix is leapt over: a list costs what it gives and a few
//! leaps for each context.

use std::{collections::BTreeMap, str::FromStr};

use openapi::ids::{DEFAULT_CONTEXT, InvalidSubject, Subject, Version};
use registry_core::state::{Row, State, Visibility};

use super::query::Query;

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

    /// Whether a subject begins with it.
    fn takes(&self, subject: &Subject) -> bool {
        (self.anywhere || subject.context() == self.wanted.context())
            && subject.name().starts_with(self.wanted.name())
    }

    fn step(&self, subject: &Subject) -> Step {
        if self.takes(subject) {
            return Step::Take;
        }
        let (text, context, name) = (subject.as_str(), subject.context(), self.wanted.name());
        let in_context = self.anywhere || context == self.wanted.context();
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

/// The schemas that a list of them is to have.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    prefix: SubjectPrefix,
    visibility: Visibility,
    latest_only: bool,
    /// Only schemas with a rule of one of these types, if there are any.
    rule_types: Vec<String>,
    /// Subjects with the names that stand for them, if these count too.
    pub(super) aliases: BTreeMap<Subject, Vec<Subject>>,
}

impl Wanted {
    pub(super) fn of(state: &State, query: &Query) -> Result<Self, InvalidSubject> {
        let mut aliases = BTreeMap::<_, Vec<_>>::new();
        let counted = query.flag("aliases").then(|| state.aliases());
        for (alias, meant) in counted.into_iter().flatten() {
            aliases.entry(meant).or_default().push(alias);
        }
        Ok(Self {
            prefix: query.text("subjectPrefix").unwrap_or_default().parse()?,
            visibility: Visibility::of(query.flag("deleted"), false),
            latest_only: query.flag("latestOnly"),
            rule_types: query.all("ruleType").map(str::to_owned).collect(),
            aliases,
        })
    }

    /// They, by subject and version.
    pub(super) fn versions<'a>(
        &'a self,
        state: &'a State,
    ) -> impl Iterator<Item = (Subject, Version, &'a Row)> {
        self.subjects(state).flat_map(|subject| {
            let mut versions = state.versions(&subject, self.visibility);
            let last = if self.latest_only { versions.next_back() } else { None };
            let all = (!self.latest_only).then_some(versions);
            let versions = last.into_iter().chain(all.into_iter().flatten());
            let wanted = versions.filter(|(_, row)| self.takes_row(state, &subject, row));
            wanted.map(|(version, row)| (subject.clone(), version, row)).collect::<Vec<_>>()
        })
    }

    /// Subjects that are wanted under their own names, and among them, in their order, those that are
    /// wanted under another.
    fn subjects(&self, state: &State) -> impl Iterator<Item = Subject> {
        let there = |subject: &Subject| state.has_subject(subject, self.visibility);
        let others = self.aliases.iter().filter(|(subject, names)| {
            !self.prefix.takes(subject)
                && names.iter().any(|name| self.prefix.takes(name))
                && there(subject)
        });
        let others: Vec<Subject> = others.map(|(subject, _)| subject.clone()).collect();
        let mut others = others.into_iter().peekable();
        let mut own = self.prefix.clone().subjects(state, self.visibility).peekable();
        std::iter::from_fn(move || match own.peek() {
            Some(next) => others.next_if(|other| other < next).or_else(|| own.next()),
            None => others.next(),
        })
    }

    fn takes_row(&self, state: &State, subject: &Subject, row: &Row) -> bool {
        if self.rule_types.is_empty() {
            return true;
        }
        let Some(rules) = &state.content_of(subject, row).rule_set else { return false };
        let groups = [&rules.migration_rules, &rules.domain_rules, &rules.encoding_rules];
        let mut types = groups.into_iter().flatten().flatten().flat_map(|rule| &rule.executor);
        types.any(|kind| self.rule_types.contains(kind))
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
            let there = state.subjects(Visibility::All).map(|name| Subject::trusted(name.clone()));
            let expected: Vec<Subject> = there.filter(|subject| prefix.takes(subject)).collect();
            let found: Vec<Subject> = prefix.clone().subjects(&state, Visibility::All).collect();
            assert_eq!(found, expected, "{prefix:?}");
        }
    }
}
