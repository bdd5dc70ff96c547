//! The environment: `SYNGRAPH_*` are our keys, `SCHEMA_REGISTRY_*` are Confluent's, written as
//! its container images write them (`.` as `_`, `-` as `__`, `_` as `___`).
//! A variable without a text is one that was not set, as composed files leave them.
//! Variables that Kubernetes makes for a service of either name are nobody's settings.

use super::inputs::FILE_VARIABLE;
use super::keys::{KEYS, Key};
use super::nearest::nearest;
use super::problem::Problem;
use super::upstream;
use super::values::{Origin, Said, Sentence};

const OURS: &str = "SYNGRAPH_";
const THEIRS: &str = "SCHEMA_REGISTRY_";
/// Confluent's one variable without the prefix, and its key; the one with the prefix wins.
const BARE: (&str, &str) = ("METADATA_ENCODER_SECRET", "metadata.encoder.secret");

/// The variable of one of our keys.
pub fn variable(key: &Key) -> String {
    format!("{OURS}{}", key.name.to_uppercase())
}

/// Confluent's layer and ours in one, since ours wins by its name. An unknown variable of ours is
/// a problem (a mistyped data directory must not start an empty registry), all unknown ones of
/// Confluent's are one warning, for its images set some of their own.
pub(super) fn read(
    environment: &[(String, String)],
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<String>,
) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut unknown = Vec::new();
    let set = environment.iter().filter(|(name, text)| !text.is_empty() && !is_service_link(name));
    for (variable, text) in set {
        let said = Said { text: text.clone(), origin: Origin::Environment(variable.clone()) };
        if let Some(rest) = variable.strip_prefix(THEIRS) {
            let name = dotted(rest);
            if upstream::is_known(&name) {
                sentences.push(Sentence { name, said });
            } else {
                unknown.push(unknown_of_theirs(variable, &name));
            }
        } else if let Some(rest) = variable.strip_prefix(OURS)
            && variable != FILE_VARIABLE
        {
            let name = rest.to_lowercase();
            if super::keys::find(&name).is_some() {
                sentences.push(Sentence { name, said });
            } else {
                problems.push(unknown_of_ours(variable, &name));
            }
        } else if variable == BARE.0 {
            // The last of a name counts.
            sentences.insert(0, Sentence { name: BARE.1.to_owned(), said });
        }
    }
    if !unknown.is_empty() {
        unknown.sort();
        warnings.push(format!("unknown variables are ignored: {}", unknown.join(", ")));
    }
    sentences
}

fn unknown_of_ours(variable: &str, name: &str) -> Problem {
    let nearest = nearest(name, KEYS.iter().map(|key| key.name));
    Problem::Unknown { name: variable.to_owned(), origin: "environment", nearest }
}

fn unknown_of_theirs(variable: &str, name: &str) -> String {
    match nearest(name, upstream::names()) {
        Some(known) => format!("{variable} (did you mean {known}?)"),
        None => variable.to_owned(),
    }
}

/// `KAFKASTORE_BOOTSTRAP_SERVERS` is `kafkastore.bootstrap.servers`.
fn dotted(rest: &str) -> String {
    rest.to_lowercase()
        .replace("___", "\u{0}")
        .replace("__", "-")
        .replace('_', ".")
        .replace('\u{0}', "_")
}

/// Whether Kubernetes made it for a service: `X_SERVICE_HOST`, `X_SERVICE_PORT*`, `X_PORT`,
/// `X_PORT_8081_TCP*`.
fn is_service_link(variable: &str) -> bool {
    if !variable.starts_with(OURS) && !variable.starts_with(THEIRS) {
        return false;
    }
    variable.ends_with("_SERVICE_HOST")
        || variable.ends_with("_PORT")
        || variable.contains("_SERVICE_PORT")
        || variable.split("_PORT_").skip(1).any(is_port_with_protocol)
}

fn is_port_with_protocol(rest: &str) -> bool {
    let Some((port, protocol)) = rest.split_once('_') else { return false };
    let protocol = protocol.split('_').next().unwrap_or_default();
    port.parse::<u16>().is_ok() && ["TCP", "UDP", "SCTP"].contains(&protocol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_setting_looks_like_a_service_link() {
        for key in KEYS {
            assert!(!is_service_link(&variable(key)), "{}", key.name);
        }
    }

    #[test]
    fn underscores_are_undone_longest_first() {
        assert_eq!(dotted("A_B__C___D"), "a.b-c_d");
    }

    #[test]
    fn links_of_both_prefixes_are_seen() {
        for name in [
            "SCHEMA_REGISTRY_PORT",
            "SCHEMA_REGISTRY_SERVICE_HOST",
            "SCHEMA_REGISTRY_SERVICE_PORT_HTTP",
            "SYNGRAPH_PORT_8081_TCP",
            "SYNGRAPH_PORT_8081_TCP_ADDR",
            "SYNGRAPH_MAIN_PORT_9092_UDP_PROTO",
        ] {
            assert!(is_service_link(name), "{name}");
        }
        for name in ["SYNGRAPH_HTTP", "SYNGRAPH_PORT_X_TCP", "OTHER_PORT", "SYNGRAPH_PORTS"] {
            assert!(!is_service_link(name), "{name}");
        }
    }
}
