//! Quoted texts, numbers and the three words of JSON.

use super::{Reader, VALUE};
use crate::json::{Fault, Text, Value, fault};
use crate::limits;

impl Reader<'_, '_> {
    /// A text in quotes, at whose opening quote we stand.
    pub(super) fn quoted(&mut self, is_key: bool) -> Result<Text, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
            let Some(length) = plain else {
                return Err(Fault::end(end_of_text(is_key), self.text.len()));
            };
            self.at += length + 1;
            if out.is_empty() && rest.as_bytes()[length] == b'"' {
                return Ok(rest[..length].into());
            }
            out.push_str(&rest[..length]);
            match rest.as_bytes()[length] {
                b'"' => return Ok(out.into()),
                b'\\' => out.push(self.escape()?),
                code => {
                    let what = if is_key { "name" } else { "string value" };
                    let message = format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {code})): has to be escaped using backslash to be included in {what}"
                    );
                    return Err(Fault::syntax(message, self.at - 1));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let Some(letter) = self.text[self.at..].chars().next() else {
            return Err(Fault::end(end_of_escape(), self.at));
        };
        self.at += letter.len_utf8();
        Ok(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'u' => self.unicode()?,
            _ => {
                let described = fault::describe(letter);
                let message = format!("Unrecognized character escape {described}");
                return Err(Fault::syntax(message, self.at - letter.len_utf8()));
            }
        })
    }

    /// `\uXXXX`, after its `u`; takes a second one where the two make one character.
    fn unicode(&mut self) -> Result<char, Fault> {
        let unit = self.hex_unit()?;
        if let Some(character) = char::from_u32(u32::from(unit)) {
            return Ok(character);
        }
        let before = self.at;
        if (0xD800..0xDC00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let low = self.hex_unit()?;
            if let Some(Ok(character)) = char::decode_utf16([unit, low]).next() {
                return Ok(character);
            }
            self.at = before;
        }
        Ok('?')
    }

    fn hex_unit(&mut self) -> Result<u16, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(character) = self.text[self.at..].chars().next() else {
                return Err(Fault::end(end_of_escape(), self.at));
            };
            let Some(digit) = character.to_digit(16) else {
                let expected = "expected a hex-digit for character escape sequence";
                return Err(Fault::unexpected(self.text, self.at, expected));
            };
            unit = unit << 4 | u16::try_from(digit).expect("a hexadecimal digit is below 16");
            self.at += 1;
        }
        Ok(unit)
    }

    /// A number, at whose first character we stand.
    pub(super) fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole =
            self.digits("expected digit (0-9) to follow minus sign, for valid numeric value")?;
        if whole > 1 && self.text.as_bytes()[self.at - whole] == b'0' {
            let message = "Invalid numeric value: Leading zeroes not allowed";
            return Err(Fault::syntax(message, self.at - whole + 1));
        }
        let mut is_integer = true;
        if self.peek() == Some(b'.') {
            is_integer = false;
            self.at += 1;
            self.digits("Decimal point not followed by a digit")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_integer = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'-' | b'+')) {
                self.at += 1;
            }
            self.digits("Exponent indicator not followed by a digit")?;
        }
        if self.open.is_empty() && self.peek().is_some_and(|byte| byte > b' ') {
            let expected = "Expected space separating root-level values";
            return Err(Fault::unexpected(self.text, self.at, expected));
        }
        number_value(&self.text[start..self.at], is_integer)
    }

    fn digits(&mut self, missing: &str) -> Result<usize, Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count > 0 {
            self.at += count;
            return Ok(count);
        }
        match self.text[self.at..].chars().next() {
            None => Err(Fault::end("Unexpected end-of-input in a numeric value", self.at)),
            Some(character) => {
                let described = fault::describe(character);
                let message =
                    format!("Unexpected character ({described}) in numeric value: {missing}");
                Err(Fault::syntax(message, self.at))
            }
        }
    }

    /// `true`, `false`, `null`, or what is none of JSON.
    pub(super) fn literal(&mut self) -> Result<Value, Fault> {
        let rest = &self.text[self.at..];
        let is_part = |character: char| character.is_alphanumeric() || "_$".contains(character);
        let word = &rest[..rest.find(|character| !is_part(character)).unwrap_or(rest.len())];
        let value = match word {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            "null" => Value::Null,
            "" if rest.starts_with('+') => {
                let message = "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have plus signs: enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow";
                return Err(Fault::syntax(message, self.at + 1));
            }
            "" => return Err(Fault::unexpected(self.text, self.at, VALUE)),
            "NaN" | "Infinity" => {
                let message = format!(
                    "Non-standard token '{word}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"
                );
                return Err(Fault::syntax(message, self.at + word.len()));
            }
            _ => {
                let message = format!(
                    "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
                );
                return Err(Fault::syntax(message, self.at));
            }
        };
        self.at += word.len();
        Ok(value)
    }
}

fn number_value(text: &str, is_integer: bool) -> Result<Value, Fault> {
    // Jackson counts digits, and not the zero before a point.
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let length = digits - usize::from(text.trim_start_matches('-').starts_with("0."));
    if length > limits::NUMBER_LENGTH_MAX {
        let max = limits::NUMBER_LENGTH_MAX;
        return Err(Fault::constraint("Number value length", length, max, "getMaxNumberLength"));
    }
    Ok(match text.parse::<i64>() {
        Ok(value) if is_integer => Value::Integer(value),
        Err(_) if is_integer => Value::BigInteger(text.into()),
        _ => Value::Double(text.parse().expect("what was scanned is a decimal number")),
    })
}

fn end_of_text(is_key: bool) -> &'static str {
    if is_key {
        "Unexpected end-of-input in field name"
    } else {
        "Unexpected end-of-input: was expecting closing quote for a string value"
    }
}

fn end_of_escape() -> &'static str {
    "Unexpected end-of-input in character escape sequence"
}
