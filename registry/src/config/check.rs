//! The second stage: each text becomes its typed value, then the values are held against each
//! other.
//! Invariant: the default of every key parses, so a bad text costs a problem and never a panic.

use std::net::{SocketAddr, ToSocketAddrs};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::keys::find;
use super::problem::Problem;
use super::values::{Origin, Values};
use super::words::Word;
use super::{Config, limits};
use crate::encoder::{Secret, Secrets};

/// All values; one that cannot be read is reported and replaced by its default, so that the
/// others are still read.
pub(super) fn typed(values: &Values, problems: &mut Vec<Problem>) -> Config {
    let mut read = Reading { values, problems };
    Config {
        data_dir: read.value("data_dir", directory),
        http: read.value("http", address),
        insecure: read.value("insecure", Word::parse),
        log: read.value("log", Word::parse),
        log_format: read.value("log_format", Word::parse),
        log_level: read.value("log_level", Word::parse),
        access_log: read.value("access_log", Word::parse),
        compatibility_level: read.value("compatibility_level", Word::parse),
        read_only: read.value("read_only", Word::parse),
        register_from: read.value("register_from", str::parse),
        mode_mutability: read.value("mode_mutability", Word::parse),
        validate_new_schemas: read.value("validate_new_schemas", Word::parse),
        validate_fields: read.value("validate_fields", Word::parse),
        reference_versions_strict: read.value("reference_versions_strict", Word::parse),
        reject_empty_subject: read.value("reject_empty_subject", Word::parse),
        dialect: read.value("dialect", Word::parse),
        metadata_cluster_id: read.value("metadata_cluster_id", |text| Ok(name(text).ok())),
        schema_registry_group_id: read.value("schema_registry_group_id", name),
        metadata_deployment_attributes: read
            .value("metadata_deployment_attributes", |text| Ok(list(text))),
        secrets: Secrets {
            current: read.value("metadata_encoder_secret", |text| Ok(Secret::new(text))),
            old: read.value("metadata_encoder_old_secret", |text| Ok(Secret::new(text))),
        },
        body_size_max: read.number("body_size_max", &limits::BODY_SIZE),
        schema_size_max: read.number("schema_size_max", &limits::SCHEMA_SIZE),
        connections_max: read.number("connections_max", &limits::CONNECTIONS),
        queue_max: read.number("queue_max", &limits::QUEUE),
        request_timeout_ms: read.number("request_timeout_ms", &limits::REQUEST_MS),
        header_read_timeout_ms: read.number("header_read_timeout_ms", &limits::HEADER_READ_MS),
        shutdown_grace_ms: read.number("shutdown_grace_ms", &limits::SHUTDOWN_GRACE_MS),
        segment_bytes: read.number("segment_bytes", &limits::SEGMENT_BYTES),
        segment_ms: read.number("segment_ms", &limits::SEGMENT_MS),
        min_compaction_lag_ms: read.number("min_compaction_lag_ms", &limits::LAG_MS),
        delete_retention_ms: read.number("delete_retention_ms", &limits::LAG_MS),
    }
}

/// What no single value can show.
pub(super) fn together(
    config: &Config,
    values: &Values,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<String>,
) {
    if !config.http.ip().is_loopback() {
        let message = format!("everybody who reaches {} may change every schema", config.http);
        if config.insecure {
            warnings.push(format!("{message}, as --insecure allows"));
        } else {
            problems.push(Problem::Together(format!(
                "{message}: authentication is not there yet; listen on 127.0.0.1 or say --insecure"
            )));
        }
    }
    if config.secrets.old.is_some() && config.secrets.current.is_none() {
        problems.push(Problem::Together(
            "metadata_encoder_old_secret is said without the metadata_encoder_secret that takes \
             its place"
                .to_owned(),
        ));
    }
    if config.schema_size_max > config.body_size_max {
        problems.push(Problem::Together(format!(
            "schema_size_max ({}) is larger than body_size_max ({}), in which a schema arrives",
            config.schema_size_max, config.body_size_max
        )));
    }
    if let Some((name, said)) = values.kafka_store() {
        if values.of("log").origin == Origin::Default {
            problems.push(Problem::Together(format!(
                "{name} ({}) names a Kafka cluster, whose schemas this registry would not show: \
                 keeping the log in Kafka is not there yet; say --log embedded to start on a log \
                 of its own",
                said.origin
            )));
        } else {
            warnings.push(format!("{name} ({}) is not used: log is embedded", said.origin));
        }
    }
}

struct Reading<'a> {
    values: &'a Values,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn value<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> T {
        let said = self.values.of(name);
        parse(&said.text).unwrap_or_else(|reason| {
            let name = name.to_owned();
            self.problems.push(Problem::Value { name: name.clone(), said: said.clone(), reason });
            let key = find(&name).expect("only keys of the table are read");
            parse(key.default).unwrap_or_else(|_| panic!("the default of {name} must parse"))
        })
    }

    fn number<T: TryFrom<u64>>(&mut self, name: &str, range: &RangeInclusive<u64>) -> T {
        self.value(name, |text| number(text, range))
    }
}

fn number<T: TryFrom<u64>>(text: &str, range: &RangeInclusive<u64>) -> Result<T, String> {
    let plain = text.trim().replace('_', "");
    let number = plain.parse().ok().filter(|number| range.contains(number));
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()))
}

fn directory(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("must name a directory".to_owned()) } else { Ok(text.into()) }
}

/// A name is looked up once, here; IPv4 goes first, as it does for clients of `localhost`.
fn address(text: &str) -> Result<SocketAddr, String> {
    let found: Vec<_> = text
        .to_socket_addrs()
        .map_err(|error| format!("must be ADDRESS:PORT, as 127.0.0.1:8081 ({error})"))?
        .collect();
    let four = found.iter().find(|address| address.is_ipv4());
    four.or(found.first()).copied().ok_or_else(|| "names no address".to_owned())
}

fn name(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn list(text: &str) -> Vec<String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(str::to_owned).collect()
}
