//! Any text: parsed, printed in every form, read again, compared with itself.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "avro_schema/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| property::holds(bytes));
