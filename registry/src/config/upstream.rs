//! Confluent's keys: which of ours each one sets, and what becomes of those that set none.
//! Not here: how they are spelled as variables (`environment`).
//! Invariant: a key that would weaken security if it were dropped is refused, never dropped.

use super::keys::{Key, find};

/// What a key of Confluent's comes to here.
#[derive(Debug)]
pub enum Meaning {
    /// It sets a key of ours to this text, or has a text that cannot be carried over.
    Sets(&'static Key, Result<String, String>),
    /// The start is refused.
    Refused(&'static str),
    /// The user should know that it does nothing.
    Warned(&'static str),
    /// It does nothing, and nobody misses it.
    Silent,
}

/// How a text of Confluent's becomes one of ours.
type Carry = fn(&str) -> Result<String, String>;

/// One of Confluent's keys that sets one of ours.
#[derive(Debug)]
pub struct Mapping {
    /// Confluent's name.
    pub name: &'static str,
    /// Ours.
    pub key: &'static str,
    carry: Carry,
}

/// The keys that carry over; where two set the same one, the first wins.
pub const MAPPINGS: &[Mapping] = &[
    Mapping { name: "listeners", key: "http", carry: listener },
    Mapping { name: "schema.compatibility.level", key: "compatibility_level", carry: SAME },
    Mapping { name: "avro.compatibility.level", key: "compatibility_level", carry: SAME },
    Mapping { name: "mode.mutability", key: "mode_mutability", carry: SAME },
    Mapping { name: "schema.validate.new.schemas", key: "validate_new_schemas", carry: SAME },
    Mapping { name: "schema.validate.fields", key: "validate_fields", carry: SAME },
    Mapping {
        name: "schema.providers.reference.versions.strict",
        key: "reference_versions_strict",
        carry: SAME,
    },
    Mapping { name: "schema.reject.empty.subject", key: "reject_empty_subject", carry: SAME },
    Mapping { name: "metadata.encoder.secret", key: "metadata_encoder_secret", carry: SAME },
    Mapping {
        name: "metadata.encoder.old.secret",
        key: "metadata_encoder_old_secret",
        carry: SAME,
    },
    Mapping { name: "schema.registry.group.id", key: "schema_registry_group_id", carry: SAME },
    Mapping {
        name: "schema.registry.metadata.deployment.attributes",
        key: "metadata_deployment_attributes",
        carry: SAME,
    },
    Mapping { name: "size.limit.filter.max.request.body.size", key: "body_size_max", carry: SAME },
    Mapping { name: "server.connection.limit", key: "connections_max", carry: SAME },
    Mapping { name: "connector.connection.limit", key: "connections_max", carry: SAME },
    Mapping { name: "request.timeout.ms", key: "request_timeout_ms", carry: SAME },
    Mapping { name: "shutdown.graceful.ms", key: "shutdown_grace_ms", carry: SAME },
    Mapping { name: "log4j.root.loglevel", key: "log_level", carry: LEVEL },
];

/// A Kafka cluster: whoever names one expects the schemas that are kept there.
const KAFKA_STORE: &[&str] = &["kafkastore.bootstrap.servers", "kafkastore.connection.url"];

/// Keys without a counterpart, each with the one text under which it asks for nothing; any other
/// text refuses the start.
const REFUSED: &[(&str, &str, &str)] = &[
    ("authentication.method", "NONE", "authentication is not there yet"),
    ("ssl.client.authentication", "NONE", "TLS is not there yet"),
    ("ssl.client.auth", "false", "TLS is not there yet"),
    ("ssl.keystore.location", "", "TLS is not there yet"),
    ("inter.instance.protocol", "http", "TLS is not there yet"),
    ("enable.fips", "false", "there is no FIPS mode"),
];

/// The same, where the user loses a convenience at most.
const WARNED: &[(&str, &str, &str)] = &[
    ("schema.providers", "", "has no effect: Java plug-ins cannot be loaded"),
    ("resource.extension.class", "", "has no effect: Java plug-ins cannot be loaded"),
    ("init.resource.extension.class", "", "has no effect: Java plug-ins cannot be loaded"),
    (
        "schema.registry.resource.extension.class",
        "",
        "has no effect: Java plug-ins cannot be loaded",
    ),
    ("access.control.allow.origin", "", "has no effect yet: no CORS headers are sent"),
    ("response.http.headers.config", "", "has no effect yet: no headers are added"),
    (
        "metadata.encoder.topic",
        "_schema_encoders",
        "has no effect: the keys of sensitive metadata are kept in _schema_encoders",
    ),
    ("debug", "false", "has no effect: errors never carry stack traces"),
];

/// Keys that have nothing to do here; one that ends in a dot stands for all that begin with it.
const SILENT: &[&str] = &[
    "access.control.",
    "associations.enable",
    "authentication.",
    "classpath",
    "compression.enable",
    "connector.",
    "context.search.",
    "csrf.",
    "cub.",
    "dek.registry.",
    "dos.filter.",
    "enable.",
    "heap.opts",
    "host.name",
    "host.port",
    "http2.enabled",
    "idle.timeout.ms",
    "inter.instance.",
    "jetty.",
    "jmx.",
    "jvm.",
    "kafkagroup.",
    "kafkastore.",
    "leader.",
    "log4j.",
    "master.eligibility",
    "max.",
    // An empty secret is never one here, whatever this says.
    "metadata.encoder.secret.strict.validation",
    "metric.reporters",
    "metrics.",
    "network.",
    "opts",
    "proxy.",
    "reject.options.request",
    "request.queue.capacity",
    "request.timeout.interrupt.enable",
    "resource.static.locations",
    "response.mediatype.",
    "schema.cache.",
    "schema.canonicalize.on.consume",
    "schema.providers.",
    "schema.registry.",
    "schema.search.",
    "size.limit.filter.enabled",
    "sni.",
    "ssl.",
    "subject.search.",
    "subject.version.search.",
    "thread.pool.",
];

/// Whether it names a Kafka cluster to live on.
pub fn is_kafka_store(name: &str) -> bool {
    KAFKA_STORE.contains(&name)
}

/// Whether the key is one of Confluent's at all.
pub fn is_known(name: &str) -> bool {
    let silent = |known: &&str| {
        *known == name || (known.ends_with('.') && name.starts_with(*known) && name != *known)
    };
    names().any(|known| known == name) || SILENT.iter().any(silent)
}

/// The names that a mistyped one is compared with.
pub fn names() -> impl Iterator<Item = &'static str> {
    let mapped = MAPPINGS.iter().map(|mapping| mapping.name);
    let judged = REFUSED.iter().chain(WARNED).map(|(name, _, _)| *name);
    let silent = SILENT.iter().filter(|name| !name.ends_with('.')).copied();
    mapped.chain(KAFKA_STORE.iter().copied()).chain(judged).chain(silent)
}

/// Its place among the keys that set the same one; the lowest wins.
pub(super) fn rank(name: &str) -> usize {
    MAPPINGS.iter().position(|mapping| mapping.name == name).unwrap_or(usize::MAX)
}

/// What a known key with this text comes to.
pub(super) fn read(name: &str, text: &str) -> Meaning {
    if let Some(mapping) = MAPPINGS.iter().find(|mapping| mapping.name == name) {
        let key = find(mapping.key).expect("a mapping names a key of the table; a test holds it");
        return Meaning::Sets(key, (mapping.carry)(text));
    }
    let asks = |(known, nothing, _): &&(&str, &str, &str)| {
        *known == name && !nothing.eq_ignore_ascii_case(text.trim())
    };
    if let Some((_, _, reason)) = REFUSED.iter().find(asks) {
        return Meaning::Refused(reason);
    }
    WARNED.iter().find(asks).map_or(Meaning::Silent, |(_, _, reason)| Meaning::Warned(reason))
}

/// Most keys mean the same on both sides.
const SAME: Carry = |text| Ok(text.to_owned());

/// `http://0.0.0.0:8081`; a name in front of the scheme's colon, as in `INTERNAL://`, is a named
/// listener, which only matters where one node speaks to another.
fn listener(text: &str) -> Result<String, String> {
    let mut listeners = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    let (Some(only), None) = (listeners.next(), listeners.next()) else {
        return Err("exactly one listener can be served yet".to_owned());
    };
    let Some((scheme, address)) = only.split_once("://") else {
        return Err("must be http://ADDRESS:PORT".to_owned());
    };
    if scheme.eq_ignore_ascii_case("https") {
        return Err("TLS is not there yet; only http:// can be served".to_owned());
    }
    let address = address.trim_end_matches('/');
    // Java takes a listener without an address for all addresses.
    Ok(if address.starts_with(':') { format!("0.0.0.0{address}") } else { address.to_owned() })
}

/// Log4j's words, as Confluent's images take them.
const LEVEL: Carry = |text| {
    Ok(match text.trim().to_lowercase().as_str() {
        "fatal" => "error".to_owned(),
        "all" => "trace".to_owned(),
        other => other.to_owned(),
    })
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mapping_names_a_key() {
        for mapping in MAPPINGS {
            assert!(find(mapping.key).is_some(), "{}", mapping.name);
        }
    }

    #[test]
    fn no_name_has_two_meanings() {
        let mut seen: Vec<_> = names().collect();
        seen.sort_unstable();
        let count = seen.len();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}
