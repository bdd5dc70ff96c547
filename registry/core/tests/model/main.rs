//! The life of versions against a model that knows no log, no index and no offset: whatever happens,
//! in whatever order, the registry answers as the model does, and holds the same afterwards.
//! Deletions, undeletions, modes, imports, references and re-registrations, over two contexts.

mod acts;
mod model;

use std::sync::Arc;

use acts::Act;
use model::{Model, Said};
use openapi::ids::{Subject, Version};
use proptest::{collection::vec, prelude::*};
use registry_core::{
    parser::PlainParser,
    rules::{self, Answer, Outcome, Prepared, Rejected},
    settings::Settings,
    state::{Position, State, Visibility},
};
use schema::CompatibilityLevel;

const SETTINGS: Settings =
    Settings { compatibility_level: CompatibilityLevel::None, ..Settings::UPSTREAM };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_registry_does_what_the_model_says(acts in vec(acts::act(), 1..60)) {
        let (mut state, mut model) = (State::default(), Model::default());
        for act in acts {
            let told = tell(&mut state, &act);
            prop_assert_eq!(told, model.act(&act), "{:?} on {:#?}", act, model);
            prop_assert_eq!(held(&state), model.held(), "after {:?}", act);
        }
    }
}

/// Does what the writer does, with a log that never fails.
fn tell(state: &mut State, act: &Act) -> Said {
    let ready = match rules::prepare(state, &SETTINGS, &PlainParser, act.command()) {
        Ok(Prepared::Ready(ready)) => ready,
        Ok(Prepared::Answered(answer)) => return said(&answer),
        Err(rejected) => return Said::Refused(kind(&rejected)),
    };
    match rules::decide(state, &SETTINGS, &ready) {
        Outcome::Rejected(rejected) => Said::Refused(kind(&rejected)),
        Outcome::Stale => unreachable!("nobody else writes"),
        Outcome::Decided(decision) => {
            for record in decision.records {
                let offset = state.head();
                state.apply(Position { offset, timestamp: 0 }, &Ok(record));
            }
            said(&decision.answer)
        }
    }
}

fn said(answer: &Answer) -> Said {
    let number = |version: &Version| version.get();
    match answer {
        Answer::Registered { id, version, .. } => Said::Registered(id.get(), version.get()),
        Answer::Versions(versions) => Said::Versions(versions.iter().map(number).collect()),
        Answer::Version(version) => Said::Version(version.get()),
        Answer::Mode(_) => Said::Done,
        other => panic!("nobody asked for {other:?}"),
    }
}

/// The refusal in a word.
fn kind(rejected: &Rejected) -> &'static str {
    match rejected {
        Rejected::SubjectNotFound(_) => "no subject",
        Rejected::VersionNotFound(_) => "no version",
        Rejected::SubjectSoftDeleted(_) => "subject deleted already",
        Rejected::SubjectNotSoftDeleted(_) => "subject not deleted",
        Rejected::VersionSoftDeleted(..) => "version deleted already",
        Rejected::VersionNotSoftDeleted(..) => "version not deleted",
        Rejected::InMode { mode, .. } => mode,
        Rejected::ReferenceExists(..) => "referred to",
        Rejected::InvalidSchema(_) => "invalid",
        Rejected::IdTaken(..) => "id taken",
        Rejected::VersionTaken(..) => "version taken",
        Rejected::SubjectsExist => "subjects exist",
        other => panic!("nobody expects {other:?}"),
    }
}

/// Every version as text: subject, number, id, life.
fn held(state: &State) -> Vec<String> {
    let names: Vec<Arc<str>> = state.subjects(Visibility::All).cloned().collect();
    let rows = names.into_iter().flat_map(|name| {
        let subject = Subject::trusted(name.clone());
        let rows = state.versions(&subject, Visibility::All);
        rows.map(|(version, row)| format!("{name} {version} {} {}", row.id, row.deleted))
            .collect::<Vec<_>>()
    });
    rows.collect()
}
