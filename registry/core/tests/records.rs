//! The bytes of `_schemas` (`registry-api` 3.2, 3.3): what is written, what is understood, and that
//! foreign byte forms of a key are deleted with it.

use openapi::ids::{Subject, VersionRef};
use registry_core::{
    record::{Key, Record, Value},
    rules::{self, Command, Decision, Outcome, Ready},
    settings::Settings,
    state::{Position, State, Visibility},
};

const SETTINGS: Settings = Settings::UPSTREAM;

/// Entries in upstream's own bytes: decoding and encoding gives them back.
const CANONICAL: &[(&str, Option<&str>)] = &[
    (
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
        Some(r#"{"subject":"s","version":1,"id":1,"schema":"\"int\"","deleted":false}"#),
    ),
    (
        r#"{"keytype":"SCHEMA","subject":":.eu:a\"\\\u000Bé/","version":2147483647,"magic":1}"#,
        Some(concat!(
            r#"{"subject":":.eu:a\"\\\u000Bé/","version":2147483647,"id":7,"schemaType":"JSON","#,
            r#""references":[{"name":"n","subject":"r","version":3}],"#,
            r#""metadata":{"properties":{"k":"v"}},"schema":"true","deleted":true}"#
        )),
    ),
    (r#"{"keytype":"SCHEMA","subject":"s","version":2,"magic":1}"#, None),
    (
        r#"{"keytype":"CONFIG","subject":"s","magic":0}"#,
        Some(r#"{"subject":"s","normalize":true,"compatibilityLevel":"FULL"}"#),
    ),
    (r#"{"keytype":"CONFIG","magic":0}"#, Some(r#"{"compatibilityLevel":"NONE"}"#)),
    (r#"{"keytype":"MODE","subject":"s","magic":0}"#, Some(r#"{"subject":"s","mode":"READONLY"}"#)),
    (r#"{"keytype":"MODE","magic":0}"#, Some(r#"{"mode":"READWRITE"}"#)),
    (
        r#"{"keytype":"DELETE_SUBJECT","subject":"s","magic":0}"#,
        Some(r#"{"subject":"s","version":3}"#),
    ),
    (r#"{"keytype":"CLEAR_SUBJECT","subject":"s","magic":0}"#, Some(r#"{"subject":"s"}"#)),
    (
        r#"{"keytype":"CONTEXT","tenant":"default","context":".eu","magic":0}"#,
        Some(r#"{"tenant":"default","context":".eu"}"#),
    ),
    (r#"{"keytype":"NOOP","magic":0}"#, None),
    (r#"{"keytype":"ID_MARK","context":"."}"#, Some(r#"{"id":7}"#)),
    (r#"{"keytype":"LOG_IDENTITY"}"#, Some(r#"{"id":"x"}"#)),
    (r#"{"keytype":"FORMAT"}"#, Some(r#"{"version":1}"#)),
];

/// Keys as older writers and other registries wrote them, with the canonical form of each.
const FOREIGN: &[(&str, &str)] = &[
    (
        r#"{"subject":"s","version":1,"magic":1,"keytype":"SCHEMA"}"#,
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
    ),
    (
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":0}"#,
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
    ),
    (
        r#"{"keytype": "SCHEMA", "magic": 1, "subject": "s", "version": 1, "seq": 4, "node": 1}"#,
        r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
    ),
    (r#"{"subject":null,"magic":0,"keytype":"CONFIG"}"#, r#"{"keytype":"CONFIG","magic":0}"#),
    (r#"{"keytype":"MODE","subject":null,"magic":0}"#, r#"{"keytype":"MODE","magic":0}"#),
    (r#"{"magic":0,"keytype":"NOOP"}"#, r#"{"keytype":"NOOP","magic":0}"#),
];

#[test]
fn canonical_bytes_come_back_as_they_were() {
    for (key, value) in CANONICAL {
        let value = value.map(str::as_bytes);
        let record = Record::decode(key.as_bytes(), value).expect(key);
        assert_eq!(record.foreign, None, "{key}");
        assert_eq!(record.encode(), (key.as_bytes().to_vec(), value.map(<[u8]>::to_vec)), "{key}");
    }
}

#[test]
fn foreign_keys_mean_the_same_and_keep_their_bytes() {
    for (foreign, canonical) in FOREIGN {
        let record = Record::decode(foreign.as_bytes(), None).expect(foreign);
        assert_eq!(record.key, Key::decode(canonical.as_bytes()).expect(canonical));
        assert_eq!(record.key.encode(), canonical.as_bytes());
        assert_eq!(record.encode().0, foreign.as_bytes());
    }
}

/// A log of one subject, its version under these key bytes.
fn log_with(keys: &[&str]) -> State {
    let value = br#"{"subject":"s","version":1,"id":1,"schema":"\"int\"","deleted":false}"#;
    let mut state = State::default();
    for (offset, key) in (0..).zip(keys) {
        let position = Position { offset, timestamp: 0 };
        state.apply(position, &Record::decode(key.as_bytes(), Some(value)));
    }
    state
}

fn decided(state: &State, command: Command) -> Decision {
    match rules::decide(state, &SETTINGS, &Ready::Plain(command)) {
        Outcome::Decided(decision) => decision,
        other => panic!("{other:?}"),
    }
}

#[test]
fn foreign_forms_are_deleted_before_the_canonical_one_is_written() {
    let foreign: Vec<&str> = FOREIGN[..3].iter().map(|(foreign, _)| *foreign).collect();
    let mut state = log_with(&foreign);
    let subject: Subject = "s".parse().expect("a subject");
    let version = VersionRef::Number(openapi::ids::Version::FIRST);
    let soft = Command::DeleteVersion { subject: subject.clone(), version, permanent: false };
    let decision = decided(&state, soft);
    let written: Vec<_> = decision.records.iter().map(Record::encode).collect();
    let keys: Vec<&[u8]> = written.iter().map(|(key, _)| key.as_slice()).collect();
    let canonical = FOREIGN[0].1.as_bytes();
    let wanted: Vec<&[u8]> = foreign.iter().map(|key| key.as_bytes()).chain([canonical]).collect();
    assert_eq!(keys, wanted);
    assert!(written[..3].iter().all(|(_, value)| value.is_none()));
    for (offset, record) in (10..).zip(decision.records) {
        state.apply(Position { offset, timestamp: 0 }, &Ok(record));
    }
    assert!(state.has_subject(&subject, Visibility::Deleted));
    let permanent = decided(&state, Command::DeleteVersion { subject, version, permanent: true });
    assert_eq!(permanent.records.len(), 1, "the foreign forms are gone already");
}

#[test]
fn an_empty_value_deletes_and_an_unknown_key_is_noted() {
    let mut state = log_with(&[FOREIGN[0].1]);
    let empty = Record::decode(FOREIGN[0].1.as_bytes(), Some(b""));
    assert_eq!(empty.as_ref().map(|record| record.value.is_none()), Ok(true));
    state.apply(Position { offset: 5, timestamp: 0 }, &empty);
    assert_eq!(state.counts(), (0, 0));
    state
        .apply(Position { offset: 6, timestamp: 0 }, &Record::decode(b"{\"keytype\":\"X\"}", None));
    assert_eq!((state.anomalies().total, state.head()), (1, 7));
    let anomaly = &state.anomalies().newest[0];
    assert_eq!((anomaly.offset, anomaly.what.as_str()), (6, "unknown keytype \"X\""));
}

#[test]
fn two_texts_under_one_id_are_reported_and_the_first_stands() {
    let mut state = log_with(&[FOREIGN[0].1]);
    let key = br#"{"keytype":"SCHEMA","subject":"t","version":1,"magic":1}"#;
    let value = br#"{"subject":"t","version":1,"id":1,"schema":"\"long\"","deleted":false}"#;
    state.apply(Position { offset: 9, timestamp: 0 }, &Record::decode(key, Some(value)));
    assert_eq!((state.anomalies().total, state.counts()), (1, (1, 1)));
    let record = Record::decode(key, Some(value)).expect("a schema");
    assert!(matches!(record.value, Some(Value::Schema(_))));
}
