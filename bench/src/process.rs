//! Servers as processes of their own: the registry's release binary, and bare handlers.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{bare, client::Answer, data};

/// A million records take a while to read.
const START_MAX: Duration = Duration::from_secs(120);

/// Builds the binary that is measured.
pub fn build() {
    if std::env::var_os("SYNGRAPH_BINARY").is_some() {
        return;
    }
    let status = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--release", "--package", "syngraph-registry"])
        .current_dir(root())
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the product does not build");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn binary() -> PathBuf {
    let target = || {
        let elsewhere = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        elsewhere.unwrap_or_else(|| root().join("target")).join("release/syngraph")
    };
    std::env::var_os("SYNGRAPH_BINARY").map_or_else(target, PathBuf::from)
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

/// A place for a registry's data that goes when it is dropped.
pub fn directory() -> TempDir {
    tempfile::Builder::new().prefix("syngraph-bench-").tempdir().expect("there is a place for data")
}

impl Server {
    /// The registry over a directory, once it is ready; log lines go to a file beside the data.
    pub fn registry(directory: &Path, flags: &[&str]) -> Self {
        Self::registry_timed(directory, flags).0
    }

    /// The same, with the time from its start until it was ready.
    pub fn registry_timed(directory: &Path, flags: &[&str]) -> (Self, Duration) {
        let address = free_address();
        let log = File::create(directory.join("log.txt")).expect("log lines can be kept");
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("SYNGRAPH_") || text.starts_with("SCHEMA_REGISTRY_") {
                command.env_remove(&name);
            }
        }
        command.arg("serve").arg("--data-dir").arg(directory.join("data"));
        command.args(["--http", &address.to_string()]).args(flags);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let started = Instant::now();
        let child = command.spawn().expect("the registry's binary starts");
        let server = Self { child, address };
        server.wait_until_ready(started);
        (server, started.elapsed())
    }

    /// A bare handler that sends this answer, whatever it is asked.
    pub fn bare(answer: &Answer) -> Self {
        let own = std::env::current_exe().expect("this program knows where it is");
        let mut child = Command::new(own)
            .arg(bare::COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts again");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(answer.head.as_bytes()).expect("it reads");
        stdin.write_all(b"\r\n\r\n").expect("it reads");
        stdin.write_all(&answer.body).expect("it reads");
        drop(stdin);
        let stdout = child.stdout.as_mut().expect("it is piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().parse().expect("it says an address");
        Self { child, address }
    }

    /// Who it is, for those who ask the kernel about it.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&self, started: Instant) {
        let probe = data::get("/health/ready");
        while started.elapsed() < START_MAX {
            if let Ok(mut stream) = TcpStream::connect(self.address)
                && stream.write_all(&probe).is_ok()
                && status(&mut stream).as_deref() == Some("200")
            {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("the registry is not ready in time");
    }

    /// Memory in use, in bytes.
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("the process lives");
        let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("it has memory");
        let kib = line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok());
        kib.expect("a number of KiB") << 10
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("it can be asked to stop");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "it ends badly: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time that a process has taken, in seconds.
pub fn processor_seconds(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process lives");
    // The name in parentheses may hold anything; user and system time are the 12th and 13th after.
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.map(|text| text.parse::<u64>().expect("a number of ticks")).sum();
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

fn status(stream: &mut TcpStream) -> Option<String> {
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok()?;
    line.split(' ').nth(1).map(str::to_owned)
}

/// A port that was free a moment ago.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("a bound socket has an address")
}
