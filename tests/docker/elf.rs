//! Just enough of ELF to see whether a program asks for a dynamic loader.
//!
//! ```text
//! header  4: class (2 = 64 bit)  5: order (1 = little)  32: program headers at (8 bytes)
//!         54: size of one (2 bytes)  56: their number (2 bytes)
//! program header  0: type (4 bytes; 3 = interpreter)  8: offset (8 bytes)  32: size (8 bytes)
//! ```

const PT_INTERP: usize = 3;

/// The loader that a 64-bit little-endian program names, if it names one.
pub(crate) fn interpreter(bytes: &[u8]) -> Result<Option<String>, &'static str> {
    if bytes.get(..6) != Some(b"\x7fELF\x02\x01") {
        return Err("no 64-bit little-endian ELF file");
    }
    let (at, size, count) = (number(bytes, 32, 8)?, number(bytes, 54, 2)?, number(bytes, 56, 2)?);
    for index in 0..count {
        let header = at + index * size;
        if number(bytes, header, 4)? == PT_INTERP {
            let (from, length) = (number(bytes, header + 8, 8)?, number(bytes, header + 32, 8)?);
            let path = bytes.get(from..from + length).ok_or("the interpreter lies outside")?;
            return Ok(Some(String::from_utf8_lossy(path).trim_end_matches('\0').to_owned()));
        }
    }
    Ok(None)
}

fn number(bytes: &[u8], at: usize, size: usize) -> Result<usize, &'static str> {
    let field = bytes.get(at..at + size).ok_or("shorter than its headers say")?;
    Ok(field.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte)))
}
