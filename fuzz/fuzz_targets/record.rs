//! Any entry of `_schemas` or `_syngraph`: decoded, written again, applied.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "record/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| property::holds(bytes));
