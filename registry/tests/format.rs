//! Data of every released form opens for ever: a data directory that version 1 wrote and that was
//! killed with `kill -9` is opened, and everything that was answered then is answered now.

use std::{path::Path, sync::Arc};

use broker_core::{DataDirOptions, FileStorage, SystemClock, TopicConfig};
use openapi::ids::{Subject, VersionRef};
use registry::{
    encoder::Sealer,
    log::embedded,
    replay::{self, Own},
    verify,
};
use registry_core::state::{State, Visibility};

#[expect(clippy::disallowed_methods, reason = "test data")]
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory can be made");
    for entry in std::fs::read_dir(from).expect("a directory can be listed") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("an entry has a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(std::fs::copy(&path, &target).expect("a file can be copied")),
        }
    }
}

fn read(data_dir: &Path) -> (State, Own) {
    let storage = Arc::new(FileStorage::new(data_dir));
    let (topic, options) = (TopicConfig::ledger(), DataDirOptions::stepped());
    let mut engine = embedded::open_on(storage, Arc::new(SystemClock), &topic, options)
        .expect("version 1 opens");
    let (mut state, mut own) = (State::default(), Own::default());
    let reader = engine.schemas.reader.as_mut();
    let (start, sealer) = (registry::log::Head::default(), Sealer::default());
    replay::catch_up(&mut state, start, reader, &sealer, &mut |_| {}).expect("version 1 is read");
    replay::catch_up_marks(&mut state, &mut own, engine.marks.reader.as_mut())
        .expect("version 1 is read");
    (engine.close)().expect("version 1 closes");
    (state, own)
}

fn versions(state: &State, name: &str) -> Vec<(u32, u32, bool)> {
    let subject: Subject = name.parse().expect("a subject");
    let rows = state.versions(&subject, Visibility::All);
    rows.map(|(version, row)| (version.get(), row.id, row.deleted)).collect()
}

#[test]
fn version_1_opens() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/registry/v1");
    let scratch = tempfile::tempdir().expect("a temporary directory");
    copy(&fixture, scratch.path());
    let (state, own) = read(scratch.path());
    assert_eq!(own.format, Some(1));
    assert!(own.log_id.is_some_and(|id| id.len() == 36));
    assert!(state.anomalies().is_empty());
    assert_eq!(versions(&state, "orders"), [(1, 1, true), (2, 2, false)]);
    assert_eq!(versions(&state, "payments"), [(1, 1, false)]);
    assert_eq!(versions(&state, "refunds"), [(1, 3, true)]);
    assert_eq!(versions(&state, "gone"), []);
    assert_eq!(versions(&state, "difficult/name é"), [(1, 5, false)]);
    let subject: Subject = "payments".parse().expect("a subject");
    assert!(state.effective_mode(&subject).is_read_only());
    let (_, row) = state
        .resolve(&subject, VersionRef::Latest, Visibility::Active)
        .expect("payments has a version");
    let text = r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int"}]}"#;
    assert_eq!(&*state.content_of(&subject, row).text, text);
    let global = state.config(&None).expect("a global level was set");
    assert_eq!(global.value.compatibility_level.as_deref(), Some("FULL_TRANSITIVE"));
    let report = verify::run(scratch.path());
    assert!(report.is_clean(), "{report}");
}
