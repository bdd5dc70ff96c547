//! What the costly work relied on, so that a decision can tell whether it still stands.

use openapi::{contracts::Reference, ids::Subject};

use crate::{references, state::State};

/// Where a subject, its configuration and its mode were last written, and the subjects that it
/// refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relied {
    subject: Subject,
    changed: Option<i64>,
    config: Option<i64>,
    mode: Option<i64>,
    referred: Vec<(Subject, Option<i64>)>,
}

impl Relied {
    /// What work on a schema under a subject relies on.
    pub(super) fn on(state: &State, subject: &Subject, references: &[Reference]) -> Self {
        let targets = references.iter().filter_map(|one| references::named(subject, one).ok());
        Self::with(state, subject, targets.map(|(target, _)| target))
    }

    fn with(state: &State, subject: &Subject, referred: impl Iterator<Item = Subject>) -> Self {
        let changed = |subject: &Subject| state.subject(subject).map(|head| head.changed);
        Self {
            subject: subject.clone(),
            changed: changed(subject),
            config: state.effective_config(subject).map(|config| config.offset),
            mode: state.effective_mode_setting(subject).map(|mode| mode.offset),
            referred: referred.map(|target| (target.clone(), changed(&target))).collect(),
        }
    }

    /// Whether nothing of it has changed.
    pub(super) fn holds(&self, draft: &State) -> bool {
        let referred = self.referred.iter().map(|(target, _)| target.clone());
        *self == Self::with(draft, &self.subject, referred)
    }
}
