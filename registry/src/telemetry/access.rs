//! The access log: one line for each answer, in the form of all other lines, but printed by hand and
//! written some at a time. A line that goes through the general machinery and then alone to stderr
//! costs as much as a read by id itself.
//! Invariants: lines come out in the order in which they were added, and before any other line that
//! was logged after them; a slow stderr slows the callers down, and loses nothing.

use std::{
    fmt,
    io::{self, Write as _},
    mem,
    sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::Duration,
};

use broker_core::{Clock as _, SystemClock};
use http::{HeaderValue, Method, StatusCode, Uri};

use crate::{
    config::LogFormat,
    limits::{ACCESS_LINES_SIZE_MAX, ACCESS_LINES_WAIT_MAX},
};

/// What a line tells.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    pub method: &'a Method,
    pub path: &'a Uri,
    pub status: StatusCode,
    pub elapsed: Duration,
    pub request_id: Option<&'a HeaderValue>,
}

static LINES: OnceLock<Lines> = OnceLock::new();

/// Lines on their way to stderr.
#[derive(Debug)]
struct Lines {
    format: LogFormat,
    waiting: Mutex<Vec<u8>>,
    some: Condvar,
}

/// Lets lines through from now on; without this they are dropped.
pub(super) fn start(format: LogFormat) {
    let lines = Lines { format, waiting: Mutex::default(), some: Condvar::new() };
    if LINES.set(lines).is_ok() {
        // Without the thread, lines wait for the next one that is not about an access, or the end.
        let _alone = thread::Builder::new().name("access-log".to_owned()).spawn(write_for_ever);
    }
}

/// Adds a line.
pub fn log(access: &Access<'_>) {
    let Some(lines) = LINES.get() else { return };
    let mut line = Vec::with_capacity(256);
    print(lines.format, SystemClock.now_ms(), access, &mut line);
    let mut waiting = lines.waiting();
    if waiting.is_empty() {
        lines.some.notify_one();
    }
    waiting.extend_from_slice(&line);
    if waiting.len() > ACCESS_LINES_SIZE_MAX {
        write_out(&mut waiting);
    }
}

/// Writes what waits.
pub fn flush() {
    if let Some(lines) = LINES.get() {
        write_out(&mut lines.waiting());
    }
}

impl Lines {
    fn waiting(&self) -> MutexGuard<'_, Vec<u8>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_for_ever() {
    let mut full = Vec::new();
    while let Some(lines) = LINES.get() {
        let waiting = lines.waiting();
        drop(lines.some.wait_while(waiting, |waiting| waiting.is_empty()));
        thread::sleep(ACCESS_LINES_WAIT_MAX);
        // Outside the lock, or whoever answers would wait for the write; order holds, since whoever
        // else writes out takes the lock of stderr only after this thread has.
        let mut waiting = lines.waiting();
        mem::swap(&mut *waiting, &mut full);
        let mut stderr = io::stderr().lock();
        drop(waiting);
        // Nobody can be told that stderr is gone.
        let _gone = stderr.write_all(&full);
        full.clear();
    }
}

/// Writes lines under their lock, for those who must not go on before.
fn write_out(waiting: &mut Vec<u8>) {
    let _gone = io::stderr().lock().write_all(waiting);
    waiting.clear();
}

fn print(format: LogFormat, now_ms: i64, access: &Access<'_>, line: &mut Vec<u8>) {
    let Access { method, path, status, elapsed, request_id } = access;
    let (method, status) = (method.as_str(), status.as_str());
    let elapsed_us = elapsed.as_micros();
    let request_id = request_id.and_then(|id| id.to_str().ok()).unwrap_or("?");
    let told = match format {
        LogFormat::Text => write!(
            line,
            "{}  INFO answered method={method} path={path} status={status} \
             elapsed_us={elapsed_us} request_id={request_id:?}",
            Timestamp(now_ms)
        ),
        LogFormat::Json => write!(
            line,
            "{{\"timestamp\":\"{}\",\"level\":\"INFO\",\"message\":\"answered\",\
             \"method\":{},\"path\":{},\"status\":{status},\"elapsed_us\":{elapsed_us},\
             \"request_id\":{},\"target\":\"syngraph::access\"}}",
            Timestamp(now_ms),
            quoted(method),
            quoted(&path.to_string()),
            quoted(request_id)
        ),
    };
    told.expect("a Vec takes every byte");
    line.push(b'\n');
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text has a JSON form")
}

/// Epoch milliseconds as RFC 3339 writes them.
struct Timestamp(i64);

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        let (year, month, day) = date(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        let ms = ms % 1000;
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    }
}

/// The Gregorian date of a day since 1970. Years are counted from March, so that a leap day is the
/// last one; eras of 400 years are all alike.
fn date(day: i64) -> (i64, i64, i64) {
    const ERA_DAYS: i64 = 146_097;
    let since_era_zero = day + 719_468;
    let era = since_era_zero.div_euclid(ERA_DAYS);
    let day = since_era_zero.rem_euclid(ERA_DAYS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(format: LogFormat) -> String {
        let (uri, id) = (Uri::from_static("/a\"b?c=d"), HeaderValue::from_static("x\"y"));
        let access = Access {
            method: &Method::GET,
            path: &uri,
            status: StatusCode::OK,
            elapsed: Duration::from_micros(42),
            request_id: Some(&id),
        };
        let mut line = Vec::new();
        print(format, 1_709_210_096_007, &access, &mut line);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn lines_look_like_all_others() {
        assert_eq!(
            line(LogFormat::Text),
            "2024-02-29T12:34:56.007Z  INFO answered method=GET path=/a\"b?c=d status=200 \
             elapsed_us=42 request_id=\"x\\\"y\"\n"
        );
        let json: serde_json::Value = serde_json::from_str(&line(LogFormat::Json)).unwrap();
        assert_eq!(json["path"], "/a\"b?c=d");
        assert_eq!(json["status"], 200);
    }

    #[test]
    fn dates_are_gregorian() {
        let text = |ms| Timestamp(ms).to_string();
        assert_eq!(text(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(text(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(text(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
        assert_eq!(text(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
    }
}
