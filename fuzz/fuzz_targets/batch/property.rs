//! What holds of any bytes that should be a record batch, fuzzed here and run over the corpus as a
//! plain test. The checksum does not decide: behind it are the codecs and the records.

use broker_core::{Codec, Header, check_records};

/// Panics if reading the batch does.
pub fn holds(bytes: &[u8]) {
    let Ok(header) = Header::decode(bytes) else { return };
    assert!(header.next_offset() > header.base_offset);
    let Some(batch) = bytes.get(..header.size()) else { return };
    let sound = header.verify(batch);
    let read = check_records(&header, batch);
    if header.count == 0 && header.size() > 61 && header.codec() == Ok(Codec::None) {
        assert!(read.is_err(), "bytes behind no record are refused");
    }
    assert_eq!(sound, header.verify(batch), "a verdict does not change");
}
