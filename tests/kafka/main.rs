//! Apache Kafka and our log read each other's files: `kafka-dump-log` over ours, our log over the
//! directory of a real broker.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod dump;
mod foreign;
mod judge;
