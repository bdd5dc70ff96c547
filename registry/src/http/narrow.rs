//! What a list is narrowed to (`registry-api` 1.5): `subjectPrefix`, and for schemas more.

use std::{collections::BTreeMap, str::FromStr};

use openapi::ids::{InvalidSubject, Subject, Version};
use registry_core::state::{Row, State as Snapshot, Visibility};

use super::query::Query;

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
    pub(super) fn of(state: &Snapshot, query: &Query) -> Result<Self, InvalidSubject> {
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
        state: &'a Snapshot,
    ) -> impl Iterator<Item = (Subject, Version, &'a Row)> {
        let subjects = state.subjects(self.visibility).map(|name| Subject::trusted(name.clone()));
        subjects.filter(|subject| self.takes(subject)).flat_map(|subject| {
            let mut versions = state.versions(&subject, self.visibility);
            let last = if self.latest_only { versions.next_back() } else { None };
            let all = (!self.latest_only).then_some(versions);
            let versions = last.into_iter().chain(all.into_iter().flatten());
            let wanted = versions.filter(|(_, row)| self.takes_row(state, &subject, row));
            wanted.map(|(version, row)| (subject.clone(), version, row)).collect::<Vec<_>>()
        })
    }

    /// A subject is taken under its own name or another that stands for it.
    fn takes(&self, subject: &Subject) -> bool {
        let mut names = self.aliases.get(subject).into_iter().flatten();
        self.prefix.takes(subject) || names.any(|name| self.prefix.takes(name))
    }

    fn takes_row(&self, state: &Snapshot, subject: &Subject, row: &Row) -> bool {
        if self.rule_types.is_empty() {
            return true;
        }
        let Some(rules) = &state.content_of(subject, row).rule_set else { return false };
        let groups = [&rules.migration_rules, &rules.domain_rules, &rules.encoding_rules];
        let mut types = groups.into_iter().flatten().flatten().flat_map(|rule| &rule.executor);
        types.any(|kind| self.rule_types.contains(kind))
    }
}
