//! Zig-zag variable-length integers, and a cursor that cannot run past its bytes.
//! Total: any bytes give a value or a flaw.

use crate::error::Flaw;

pub(crate) fn put(out: &mut Vec<u8>, value: i64) {
    let mut rest = zigzag(value);
    while rest >= 0x80 {
        out.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    out.push(rest.to_le_bytes()[0]);
}

/// How many bytes `put` writes.
pub(crate) fn size(value: i64) -> usize {
    let bits = 64 - zigzag(value).leading_zeros().min(63);
    bits.div_ceil(7) as usize
}

fn zigzag(value: i64) -> u64 {
    (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned()
}

/// Reads from the front of some bytes.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Flaw> {
        let (taken, rest) =
            self.bytes.split_at_checked(count).ok_or(Flaw::Record("it ends too early"))?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Flaw> {
        Ok(self.take(1)?[0])
    }

    /// A 64-bit number of at most ten bytes.
    pub(crate) fn varlong(&mut self) -> Result<i64, Flaw> {
        let mut value: u64 = 0;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
            }
        }
        Err(Flaw::Record("a number is too long"))
    }

    /// A 32-bit number.
    pub(crate) fn varint(&mut self) -> Result<i32, Flaw> {
        i32::try_from(self.varlong()?).map_err(|_| Flaw::Record("a number is too large"))
    }

    /// A length and as many bytes; -1 stands for null.
    pub(crate) fn nullable_bytes(&mut self) -> Result<Option<&'a [u8]>, Flaw> {
        match self.varint()? {
            -1 => Ok(None),
            length => {
                let length =
                    usize::try_from(length).map_err(|_| Flaw::Record("a length is negative"))?;
                self.take(length).map(Some)
            }
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Flaw> {
        self.nullable_bytes()?.ok_or(Flaw::Record("a header has no key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_is_read_back(value: i64) {
            let mut out = Vec::new();
            put(&mut out, value);
            prop_assert_eq!(out.len(), size(value));
            let mut cursor = Cursor::new(&out);
            prop_assert_eq!(cursor.varlong(), Ok(value));
            prop_assert!(cursor.rest().is_empty());
        }
    }

    #[test]
    fn the_ends_of_the_range_have_their_sizes() {
        assert_eq!([size(0), size(-1), size(63), size(64), size(-65)], [1, 1, 1, 2, 2]);
        assert_eq!([size(i64::MAX), size(i64::MIN)], [10, 10]);
    }
}
