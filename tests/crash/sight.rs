//! What a state shows to whoever asks: compared before and after a crash.

use std::collections::BTreeMap;

use openapi::ids::Subject;
use registry_core::state::{Scope, State, Visibility};

use crate::wishes::Text;

/// One version, with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) id: u32,
    pub(crate) deleted: bool,
    pub(crate) text: Text,
    timestamp: i64,
    offset: i64,
}

/// A setting, and the offset where it was made.
type Setting = (String, i64);

/// Everything that can be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) versions: BTreeMap<(String, u32), Version>,
    pub(crate) levels: BTreeMap<Option<String>, Setting>,
    pub(crate) modes: BTreeMap<Option<String>, Setting>,
}

impl Sight {
    /// What a state shows of some subjects, and of the global settings.
    pub(crate) fn of(state: &State, subjects: &[Subject]) -> Self {
        let mut sight = Self::default();
        for subject in subjects {
            for (version, row) in state.versions(subject, Visibility::All) {
                let text = Text::of(&state.content_of(subject, row).text);
                let (id, deleted) = (row.id, row.deleted);
                let (timestamp, offset) = (row.timestamp, row.offset);
                let version = version.get();
                let seen = Version { id, deleted, text, timestamp, offset };
                sight.versions.insert((subject.as_str().to_owned(), version), seen);
            }
            sight.look_at(state, &Some(subject.shared()));
        }
        sight.look_at(state, &None);
        let (_, count) = state.counts();
        assert_eq!(count, sight.versions.len(), "versions of unknown subjects");
        sight
    }

    fn look_at(&mut self, state: &State, scope: &Scope) {
        let name = || scope.as_deref().map(str::to_owned);
        if let Some(config) = state.config(scope) {
            let level = config.value.compatibility_level.clone().unwrap_or_default();
            self.levels.insert(name(), (level, config.offset));
        }
        if let Some(mode) = state.mode(scope) {
            self.modes.insert(name(), (mode.value.to_string(), mode.offset));
        }
    }
}
