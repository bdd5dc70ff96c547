//! Compact JSON exactly as Jackson prints it, which is what makes key bytes equal: serde_json's own
//! form but for control characters, whose hex digits are upper-case.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

struct Jackson;

impl Formatter for Jackson {
    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let short = match escape {
            CharEscape::Quote => "\\\"",
            CharEscape::ReverseSolidus => "\\\\",
            CharEscape::Solidus => "/",
            CharEscape::Backspace => "\\b",
            CharEscape::FormFeed => "\\f",
            CharEscape::LineFeed => "\\n",
            CharEscape::CarriageReturn => "\\r",
            CharEscape::Tab => "\\t",
            CharEscape::AsciiControl(byte) => return write!(out, "\\u{byte:04X}"),
        };
        out.write_all(short.as_bytes())
    }
}

/// The bytes of a value that consists of texts, numbers and maps with text keys.
pub(super) fn print(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, Jackson))
        .expect("a Vec takes every byte, and record types have text keys");
    bytes
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_are_jacksons() {
        let text = "a\"\\/\u{8}\t\n\u{c}\r\u{b}\u{1f}\u{7f}é\u{2028}";
        let printed = String::from_utf8(super::print(&text)).unwrap();
        assert_eq!(printed, "\"a\\\"\\\\/\\b\\t\\n\\f\\r\\u000B\\u001F\u{7f}é\u{2028}\"");
    }
}
