//! Doubles as Java prints and reads them (`Double.toString` since JDK 19, `Double.parseDouble`).
//! The digits are the fewest that read back to the same number; only their layout is Java's.

/// A double as Java prints it.
pub(crate) fn double_text(value: f64) -> String {
    if !value.is_finite() {
        return special(value.is_nan(), value < 0.0);
    }
    let two = format!("{value:.1e}");
    let fits = two.parse::<f64>().is_ok_and(|read| read.to_bits() == value.to_bits());
    layout(zmij::Buffer::new().format_finite(value), fits.then_some(&two))
}

/// A float as Java prints it.
pub(crate) fn float_text(value: f32) -> String {
    if !value.is_finite() {
        return special(value.is_nan(), value < 0.0);
    }
    let two = format!("{value:.1e}");
    let fits = two.parse::<f32>().is_ok_and(|read| read.to_bits() == value.to_bits());
    layout(zmij::Buffer::new().format_finite(value), fits.then_some(&two))
}

fn special(nan: bool, negative: bool) -> String {
    match (nan, negative) {
        (true, _) => "NaN".into(),
        (false, true) => "-Infinity".into(),
        (false, false) => "Infinity".into(),
    }
}

/// Puts shortest digits into Java's form. `two` is the nearest decimal of two digits, if it reads
/// back to the same number: where one digit would do, Java prefers it (4.9E-324, not 5E-324).
fn layout(shortest: &str, two: Option<&String>) -> String {
    let (negative, mut digits, mut exponent) = decompose(shortest);
    if let Some(two) = two.filter(|_| digits.len() == 1) {
        (_, digits, exponent) = decompose(two);
    }
    let sign = if negative { "-" } else { "" };
    if digits.is_empty() {
        return format!("{sign}0.0");
    }
    match exponent {
        0..7 => {
            let whole = usize::try_from(exponent).unwrap_or(0) + 1;
            let padded = format!("{digits:0<whole$}");
            let fraction = if padded.len() > whole { &padded[whole..] } else { "0" };
            format!("{sign}{}.{fraction}", &padded[..whole])
        }
        -3..0 => {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
        _ => {
            let fraction = if digits.len() > 1 { &digits[1..] } else { "0" };
            format!("{sign}{}.{fraction}E{exponent}", &digits[..1])
        }
    }
}

/// Sign, significant digits and the power of ten of the first digit, of any decimal notation.
fn decompose(text: &str) -> (bool, String, i32) {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let leading = digits.bytes().take_while(|&byte| byte == b'0').count();
    let significant = digits[leading..].trim_end_matches('0').to_owned();
    let shift = i32::try_from(whole.len()).unwrap_or(0) - 1 - i32::try_from(leading).unwrap_or(0);
    (negative, significant, exponent.parse::<i32>().unwrap_or(0) + shift)
}

/// Reads a number as `Double.parseDouble` does; the error is Java's message.
pub(crate) fn parse_double(text: &str) -> Result<f64, String> {
    let trimmed = text.trim_matches(|character| character <= ' ');
    if trimmed.is_empty() {
        return Err("empty String".into());
    }
    let (negative, body) = match trimmed.strip_prefix(['-', '+']) {
        Some(body) => (trimmed.starts_with('-'), body),
        None => (false, trimmed),
    };
    let magnitude = match body {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        _ if body.starts_with("0x") || body.starts_with("0X") => hexadecimal(&body[2..]),
        _ => decimal(body),
    };
    match magnitude {
        Some(value) => Ok(if negative { -value } else { value }),
        None => Err(format!("For input string: \"{trimmed}\"")),
    }
}

fn decimal(body: &str) -> Option<f64> {
    let body = body.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(body);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) || !exponent_fits {
        return None;
    }
    body.parse().ok()
}

/// A hexadecimal floating-point literal without its `0x`: digits, `p`, a power of two.
fn hexadecimal(body: &str) -> Option<f64> {
    let body = body.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(body);
    let (mantissa, power) = body.split_once(['p', 'P'])?;
    let unsigned = power.strip_prefix(['-', '+']).unwrap_or(power);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let negative = power.starts_with('-');
    let power = unsigned.parse::<i64>().unwrap_or(1 << 40).min(1 << 40);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    let mut bits: u64 = 0;
    let mut exponent: i64 = if negative { -power } else { power };
    for (at, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        exponent -= if at >= whole.len() { 4 } else { 0 };
        if bits >> 59 == 0 {
            bits = bits << 4 | digit;
        } else {
            bits |= u64::from(digit != 0);
            exponent += 4;
        }
    }
    Some(scale(bits, exponent))
}

/// `bits * 2^exponent`, rounded once to the nearest double; the lowest bit may be sticky.
fn scale(bits: u64, exponent: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let top = 63 - i64::from(bits.leading_zeros()) + exponent;
    if top > 1023 {
        return f64::INFINITY;
    }
    if top < -1075 {
        return 0.0;
    }
    // The weight of the last bit that the result can hold, and what is below it.
    let last = (top - 52).max(-1074);
    let drop = last - exponent;
    let mantissa = if drop <= 0 { bits << -drop } else { round_off(bits, drop) };
    // `mantissa` has at most 53 bits (or is exactly 2^53), so both factors are exact.
    let half = i32::try_from(last / 2).unwrap_or(0);
    let rest = i32::try_from(last - i64::from(half)).unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "at most 53 bits")]
    let mantissa = mantissa as f64;
    mantissa * 2f64.powi(half) * 2f64.powi(rest)
}

fn round_off(bits: u64, drop: i64) -> u64 {
    let drop = u32::try_from(drop).unwrap_or(u32::MAX);
    if drop > 64 {
        return 0;
    }
    let wide = u128::from(bits);
    let kept = wide >> drop;
    let rest = wide & ((1 << drop) - 1);
    let half = 1u128 << (drop - 1);
    let up = rest > half || (rest == half && kept & 1 == 1);
    u64::try_from(kept).unwrap_or(0) + u64::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_in_java() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.001, "0.001"),
            (0.000_999_99, "9.9999E-4"),
            (1e6, "1000000.0"),
            (1e7, "1.0E7"),
            (12_345_678.9, "1.23456789E7"),
            (1_234_567.0, "1234567.0"),
            (5e-324, "4.9E-324"),
            (1e-323, "9.9E-324"),
            (2e23, "2.0E23"),
            (f64::MAX, "1.7976931348623157E308"),
            (f64::MIN_POSITIVE, "2.2250738585072014E-308"),
        ] {
            assert_eq!(double_text(value), text);
        }
        assert_eq!(float_text(0.1), "0.1");
        assert_eq!(float_text(f32::from_bits(1)), "1.4E-45");
    }

    #[test]
    fn doubles_read_as_in_java() {
        for (text, value) in [
            ("1.5", 1.5),
            (" 2d ", 2.0),
            ("0x1p3", 8.0),
            ("0X.8P1", 1.0),
            ("0x1p-1074", f64::from_bits(1)),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", f64::from_bits(1)),
            ("0x1.fffffffffffff8p1023", f64::INFINITY),
            ("0x1.fffffffffffff7p1023", f64::MAX),
            ("0x10000000000000000000p0", 75_557_863_725_914_323_419_136.0),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
            (".5", 0.5),
            ("5.", 5.0),
        ] {
            assert_eq!(parse_double(text).map(f64::to_bits), Ok(value.to_bits()), "{text}");
        }
        assert!(parse_double("+NaN").unwrap().is_nan());
        for text in ["x", "inf", "1e", "0x1", "1_0", ".", "--1", "nan", "1 2"] {
            assert_eq!(parse_double(text), Err(format!("For input string: \"{text}\"")));
        }
        assert_eq!(parse_double(" "), Err("empty String".into()));
    }
}
