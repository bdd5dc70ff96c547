//! Protobuf's encoding, as far as Tink's keysets need it: messages of numbers and bytes.
//! Not here: what a field means (`tink`).

use thiserror::Error;

/// How a field is encoded: the low bits of the tag in front of it.
const VARINT: u64 = 0;
const FIXED_64: u64 = 1;
const LENGTH_DELIMITED: u64 = 2;
const FIXED_32: u64 = 5;
const KIND_BITS: u32 = 3;

/// A number has seven bits in each byte.
const BITS: u32 = 7;
const MORE: u8 = 1 << BITS;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// Bytes that are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a message of Protobuf")]
pub(super) struct Malformed;

/// The fields of a message with their numbers, in their order; the last of a number counts.
pub(super) fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Field<'_>)>, Malformed> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = number(&mut bytes)?;
        let field = match tag & ((1 << KIND_BITS) - 1) {
            VARINT => Field::Number(number(&mut bytes)?),
            LENGTH_DELIMITED => {
                let length = number(&mut bytes)?;
                Field::Bytes(take(&mut bytes, length)?)
            }
            FIXED_64 => Field::Bytes(take(&mut bytes, 8)?),
            FIXED_32 => Field::Bytes(take(&mut bytes, 4)?),
            _ => return Err(Malformed),
        };
        fields.push((tag >> KIND_BITS, field));
    }
    Ok(fields)
}

fn number(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(BITS as usize) {
        let (byte, rest) = bytes.split_first().ok_or(Malformed)?;
        *bytes = rest;
        number |= u64::from(byte & !MORE) << shift;
        if byte & MORE == 0 {
            return Ok(number);
        }
    }
    Err(Malformed)
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], Malformed> {
    let length = usize::try_from(length).map_err(|_| Malformed)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Malformed)?;
    *bytes = rest;
    Ok(taken)
}

/// A message on its way out.
#[derive(Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    /// A number; zero is what is read where none stands.
    pub(super) fn number(mut self, field: u64, number: u64) -> Self {
        if number != 0 {
            self.push(field << KIND_BITS | VARINT);
            self.push(number);
        }
        self
    }

    /// Bytes, a text, or a message.
    pub(super) fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.push(field << KIND_BITS | LENGTH_DELIMITED);
        self.push(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn push(&mut self, mut number: u64) {
        while number >= u64::from(MORE) {
            let low = number.to_le_bytes()[0];
            self.0.push(low | MORE);
            number >>= BITS;
        }
        self.0.push(number.to_le_bytes()[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for value in [1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let long = vec![7; 200];
            let bytes = Message::default().number(1, value).bytes(15, &long).into_bytes();
            let read = fields(&bytes).unwrap();
            assert_eq!(read, [(1, Field::Number(value)), (15, Field::Bytes(&long))]);
            for end in 1..bytes.len() {
                // Between the two fields a message may end as well.
                let whole = fields(&bytes[..end]).is_ok_and(|fields| fields.len() == 1);
                assert!(whole || fields(&bytes[..end]) == Err(Malformed));
            }
        }
    }

    #[test]
    fn bytes_are_those_of_the_documentation() {
        assert_eq!(Message::default().number(1, 150).into_bytes(), [0x08, 0x96, 0x01]);
        let testing = [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67];
        assert_eq!(Message::default().bytes(2, b"testing").into_bytes(), testing);
    }

    #[test]
    fn unknown_kinds_and_endless_numbers_are_refused() {
        assert_eq!(fields(&[0x0d, 1, 2, 3, 4]).unwrap(), [(1, Field::Bytes(&[1, 2, 3, 4]))]);
        assert_eq!(fields(&[0x0b]), Err(Malformed), "a group");
        assert_eq!(fields(&[0xff; 11]), Err(Malformed));
        assert_eq!(
            fields(&[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            Err(Malformed)
        );
    }
}
