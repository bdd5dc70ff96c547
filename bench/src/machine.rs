//! The machine that was measured on, and the day.

use std::{fs, process::Command};

/// Processor, cores, memory, kernel, disk, compiler.
pub fn describe() -> String {
    let cpu = line_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = line_of("/proc/meminfo", "MemTotal").and_then(|text| gib(&text)).unwrap_or(0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let (kernel, disk) = (kernel.trim(), disk());
    let compiler = output("rustc", &["--version"]);
    format!("{cpu}, {cores} cores, {memory} GiB; Linux {kernel}; {disk}; {compiler}.")
}

/// The value of a line such as `model name : …`.
fn line_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn gib(kib: &str) -> Option<u64> {
    let kib: u64 = kib.split_whitespace().next()?.parse().ok()?;
    Some(kib.div_ceil(1 << 20))
}

/// The file system under the data directories, by its device's kind.
fn disk() -> String {
    let text = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let place = std::env::temp_dir();
    let mounts = text.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?, words.next()?, words.next()?))
    });
    let under = mounts.filter(|(_, point, _)| place.starts_with(point));
    let Some((device, _, kind)) = under.max_by_key(|(_, point, _)| point.len()) else {
        return "unknown disk".to_owned();
    };
    format!("{kind} on {device}")
}

/// Today's date, UTC.
pub fn today() -> String {
    output("date", &["--utc", "+%Y-%m-%d"])
}

fn output(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map_or_else(|_| String::new(), |it| String::from_utf8_lossy(&it.stdout).trim().into())
}
