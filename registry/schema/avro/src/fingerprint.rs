//! Fingerprints, meant for the Parsing Canonical Form of a schema.
//!
//! ```
//! let schema = syngraph_schema_avro::parse("\"int\"", &[], syngraph_schema_avro::Rules::NEW)?;
//! let form = schema.parsing_form();
//! assert_eq!(syngraph_schema_avro::fingerprint::rabin(form.as_bytes()), 0x7275_d51a_3f39_5c8f);
//! # Ok::<(), syngraph_schema_avro::ParseError>(())
//! ```

use md5::{Digest, Md5};
use sha2::Sha256;

/// The polynomial of CRC-64-AVRO, which is also the fingerprint of nothing.
const EMPTY: u64 = 0xc15d_213a_a4d7_a795;

static TABLE: [u64; 256] = table();

const fn table() -> [u64; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut fingerprint = index as u64;
        let mut bit = 0;
        while bit < 8 {
            let mask = (fingerprint & 1).wrapping_neg();
            fingerprint = (fingerprint >> 1) ^ (EMPTY & mask);
            bit += 1;
        }
        table[index] = fingerprint;
        index += 1;
    }
    table
}

/// CRC-64-AVRO, the 64-bit Rabin fingerprint. On the wire it stands in little-endian order.
#[must_use]
pub fn rabin(bytes: &[u8]) -> u64 {
    bytes.iter().fold(EMPTY, |fingerprint, &byte| {
        let index = fingerprint.to_le_bytes()[0] ^ byte;
        (fingerprint >> 8) ^ TABLE[usize::from(index)]
    })
}

/// MD5.
#[must_use]
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
