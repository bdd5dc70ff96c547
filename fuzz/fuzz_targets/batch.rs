//! Any bytes where a record batch should be: refused, or read to the last record.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "batch/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| property::holds(bytes));
