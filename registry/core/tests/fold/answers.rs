//! What can be asked of a state, as text.

use openapi::ids::{Subject, VersionRef};
use registry_core::{
    references,
    state::{State, Visibility},
};

/// References that lead to nothing, or from what is active to what is not.
pub(crate) fn dangling(state: &State) -> Vec<String> {
    let mut found = Vec::new();
    for name in state.subjects(Visibility::All) {
        let subject = Subject::trusted(name.clone());
        for (version, row) in state.versions(&subject, Visibility::All) {
            let wanted = if row.deleted { Visibility::All } else { Visibility::Active };
            let references = &state.content_of(&subject, row).references;
            if let Err(error) = references::numbered(state, &subject, references, wanted) {
                found.push(format!("{subject} {version}: {error}"));
            }
        }
    }
    found
}

/// Everything that can be asked, as text.
pub(crate) fn answers(state: &State) -> Vec<String> {
    let mut all = Vec::new();
    for name in state.subjects(Visibility::All) {
        let subject = Subject::trusted(name.clone());
        for (version, row) in state.versions(&subject, Visibility::All) {
            let text = &state.content_of(&subject, row).text;
            all.push(format!(
                "{name} {version} {} {} {} {text}",
                row.id, row.deleted, row.timestamp
            ));
        }
        let (config, mode) = (state.config(&Some(name.clone())), state.mode(&Some(name.clone())));
        all.push(format!("{name} {config:?} {mode:?}"));
        all.push(format!(
            "{name} latest {:?}",
            state.resolve(&subject, VersionRef::Latest, Visibility::Active)
        ));
    }
    for (context, ids) in state.contexts() {
        let held: Vec<_> = (0..=ids.id_max).map(|id| ids.holders_of(id).count()).collect();
        all.push(format!("{context} {} {} {held:?}", ids.exists(), ids.id_max));
    }
    all.push(format!("{:?} {:?}", state.config(&None), state.mode(&None)));
    all
}
