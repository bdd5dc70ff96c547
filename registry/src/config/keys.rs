//! Every key, once: its name, default and meaning. Flags, variables, the file, the printed
//! configuration and the documentation are all read from this table.
//! Not here: how a text becomes a value (`check`), Confluent's names (`upstream`).

mod chapter;

pub use chapter::Chapter;

/// One setting, as the user meets it.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in the file; `--name` with hyphens as a flag, `SYNGRAPH_NAME` as a variable.
    pub name: &'static str,
    /// What stands for the value in help.
    pub value: &'static str,
    /// The text that counts when nothing is said.
    pub default: &'static str,
    /// The chapter that it belongs to.
    pub chapter: Chapter,
    /// What it does, as a sentence without its full stop.
    pub about: &'static str,
}

impl Key {
    /// Whether it is a switch: a flag without a value says `true`.
    pub fn is_switch(&self) -> bool {
        self.value == SWITCH
    }

    /// The name as a flag, without its hyphens in front.
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }
}

/// The key of a name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

const SWITCH: &str = "true|false";

/// The table.
pub const KEYS: &[Key] = &[
    Key {
        name: "data_dir",
        value: "DIR",
        default: "./syngraph-data",
        chapter: Chapter::Place,
        about: "Directory that holds the logs; made when it is missing",
    },
    Key {
        name: "http",
        value: "ADDR:PORT",
        default: "127.0.0.1:8081",
        chapter: Chapter::Place,
        about: "Address of the REST API",
    },
    Key {
        name: "insecure",
        value: SWITCH,
        default: "false",
        chapter: Chapter::Place,
        about: "Serve an address other than loopback although there is no authentication yet",
    },
    Key {
        name: "log",
        value: "ENGINE",
        default: "embedded",
        chapter: Chapter::Place,
        about: "What keeps the logs: embedded, the bundled broker core",
    },
    Key {
        name: "compatibility_level",
        value: "LEVEL",
        default: "BACKWARD",
        chapter: Chapter::Registry,
        about: "Level of subjects for which none is set: NONE, BACKWARD, FORWARD or FULL, the \
                last three also with _TRANSITIVE for all versions",
    },
    Key {
        name: "read_only",
        value: SWITCH,
        default: "false",
        chapter: Chapter::Registry,
        about: "Whether every write is refused",
    },
    Key {
        name: "register_from",
        value: "CALLERS",
        default: "anyone",
        chapter: Chapter::Registry,
        about: "Whose registrations are taken: anyone, nobody, or addresses and networks separated \
                by commas; whoever else is only told what is registered",
    },
    Key {
        name: "mode_mutability",
        value: SWITCH,
        default: "true",
        chapter: Chapter::Registry,
        about: "Whether /mode may be changed",
    },
    Key {
        name: "validate_new_schemas",
        value: SWITCH,
        default: "true",
        chapter: Chapter::Registry,
        about: "Whether names and defaults of new schemas are checked where nothing is configured",
    },
    Key {
        name: "validate_fields",
        value: SWITCH,
        default: "false",
        chapter: Chapter::Registry,
        about: "Whether fields are held against the reserved ones where nothing is configured",
    },
    Key {
        name: "reference_versions_strict",
        value: SWITCH,
        default: "false",
        chapter: Chapter::Registry,
        about: "Whether a schema is refused that refers to two versions under one name",
    },
    Key {
        name: "reject_empty_subject",
        value: SWITCH,
        default: "false",
        chapter: Chapter::Registry,
        about: "Whether a subject without a name is refused",
    },
    Key {
        name: "dialect",
        value: "DIALECT",
        default: "auto",
        chapter: Chapter::Registry,
        about: "Releases of Confluent's registry that answers are like: 7 (terse), 8 (with guid, ts \
                and deleted), or auto, which is 8 for clients that say they take unknown fields",
    },
    Key {
        name: "metadata_cluster_id",
        value: "ID",
        default: "",
        chapter: Chapter::Registry,
        about: "Kafka cluster id in the answer of /v1/metadata/id",
    },
    Key {
        name: "schema_registry_group_id",
        value: "NAME",
        default: "schema-registry",
        chapter: Chapter::Registry,
        about: "Name of this registry in the answer of /v1/metadata/id",
    },
    Key {
        name: "metadata_deployment_attributes",
        value: "LIST",
        default: "",
        chapter: Chapter::Registry,
        about: "Words about this registry in the answer of /v1/metadata/deployment, between commas",
    },
    Key {
        name: "metadata_encoder_secret",
        value: "SECRET",
        default: "",
        chapter: Chapter::Registry,
        about: "What sensitive metadata is encrypted with in the log; without it such metadata is \
                refused",
    },
    Key {
        name: "metadata_encoder_old_secret",
        value: "SECRET",
        default: "",
        chapter: Chapter::Registry,
        about: "The secret whose place metadata_encoder_secret takes from this start on",
    },
    Key {
        name: "log_format",
        value: "FORMAT",
        default: "text",
        chapter: Chapter::Logging,
        about: "Form of a log line on stderr: text or json",
    },
    Key {
        name: "log_level",
        value: "LEVEL",
        default: "info",
        chapter: Chapter::Logging,
        about: "Least important line written: off, error, warn, info, debug or trace",
    },
    Key {
        name: "access_log",
        value: SWITCH,
        default: "true",
        chapter: Chapter::Logging,
        about: "One line for each answered request",
    },
    Key {
        name: "body_size_max",
        value: "BYTES",
        default: "8388608",
        chapter: Chapter::Limits,
        about: "Largest request body; the default holds the largest schema with every byte \
                escaped",
    },
    Key {
        name: "schema_size_max",
        value: "BYTES",
        default: "1048576",
        chapter: Chapter::Limits,
        about: "Largest schema text; the default is also the largest message that Kafka takes \
                unasked",
    },
    Key {
        name: "connections_max",
        value: "COUNT",
        default: "900",
        chapter: Chapter::Limits,
        about: "Most connections at one time; the default stays below the usual limit of 1024 \
                open files",
    },
    Key {
        name: "queue_max",
        value: "COUNT",
        default: "1024",
        chapter: Chapter::Limits,
        about: "Most writes that wait for the log at one time; beyond it they are refused at once",
    },
    Key {
        name: "request_timeout_ms",
        value: "MS",
        default: "30000",
        chapter: Chapter::Limits,
        about: "Longest time that a write waits; then it is answered with 50002, and may still \
                happen",
    },
    Key {
        name: "header_read_timeout_ms",
        value: "MS",
        default: "10000",
        chapter: Chapter::Limits,
        about: "Longest time that a client may take to send the head of a request",
    },
    Key {
        name: "shutdown_grace_ms",
        value: "MS",
        default: "5000",
        chapter: Chapter::Limits,
        about: "Longest time that a stop waits for requests in flight",
    },
    Key {
        name: "segment_bytes",
        value: "BYTES",
        default: "16777216",
        chapter: Chapter::Log,
        about: "Size at which a segment is closed, as Kafka's segment.bytes",
    },
    Key {
        name: "segment_ms",
        value: "MS",
        default: "604800000",
        chapter: Chapter::Log,
        about: "Age at which a segment is closed, as Kafka's segment.ms",
    },
    Key {
        name: "min_compaction_lag_ms",
        value: "MS",
        default: "604800000",
        chapter: Chapter::Log,
        about: "How long a record stays before compaction may drop it, as Kafka's \
                min.compaction.lag.ms",
    },
    Key {
        name: "delete_retention_ms",
        value: "MS",
        default: "86400000",
        chapter: Chapter::Log,
        about: "How long a tombstone stays, as Kafka's delete.retention.ms",
    },
];
