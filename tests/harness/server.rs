//! The real binary as a process: started on a free port over a directory of its own, killed,
//! stopped, started again over the same directory.
//! Not here: anything inside the process; tests of that kind call the crates.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use ureq::http::Method;

use crate::http::Http;
use crate::repository;

/// A start takes well under a second; a loaded machine gets much more.
const START_MAX: Duration = Duration::from_secs(30);
/// A stop takes at most its grace.
const STOP_MAX: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(10);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    flags: Vec<String>,
    place: Place,
}

/// Where a server keeps its data and its log lines, beyond the life of one process.
#[derive(Debug)]
struct Place {
    directory: TempDir,
}

impl Place {
    fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log.txt")
    }
}

impl Server {
    /// A server with nothing in it, once it is ready.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with further flags of `serve`.
    pub fn start_with(flags: &[&str]) -> Self {
        let directory = tempfile::Builder::new().prefix("syngraph-test-").tempdir().unwrap();
        let flags = flags.iter().map(|&flag| flag.to_owned()).collect();
        Self::spawn(Place { directory }, free_address(), flags)
    }

    #[allow(clippy::disallowed_methods, reason = "a process writes its log lines somewhere")]
    fn spawn(place: Place, address: SocketAddr, flags: Vec<String>) -> Self {
        let log = File::options().create(true).append(true).open(place.log()).unwrap();
        let child = command()
            .arg("serve")
            .arg("--data-dir")
            .arg(place.data_dir())
            .args(["--http", &address.to_string()])
            .args(&flags)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let mut server = Self { child, address, flags, place };
        server.wait_until_ready();
        server
    }

    /// A client of it.
    pub fn http(&self) -> Http {
        Http::new(self.address)
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data directory, for `syngraph verify` and for those who damage files on purpose.
    pub fn data_dir(&self) -> PathBuf {
        self.place.data_dir()
    }

    /// Everything that it and its predecessors over this directory have said.
    #[allow(clippy::disallowed_methods, reason = "a test reads what a process wrote")]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.place.log()).unwrap_or_default()
    }

    /// SIGKILL: not even a destructor runs. Returns when the process is gone.
    pub fn kill(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("a killed process ends");
    }

    /// SIGTERM, without waiting for what comes of it.
    pub fn terminate(&self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).expect("the process can be asked to stop");
    }

    /// SIGTERM, and the status with which it ends.
    pub fn stop(&mut self) -> ExitStatus {
        self.terminate();
        let deadline = Instant::now() + STOP_MAX;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "does not stop; it said:\n{}", self.log());
            sleep(PAUSE);
        }
    }

    /// Kills it if it still runs and starts another over the same directory and port.
    #[must_use]
    pub fn restart(self) -> Self {
        let Parts { address, flags, place } = self.into_parts();
        Self::spawn(place, address, flags)
    }

    /// Ends it as it ends when dropped, but keeps the directory: for what reads a stopped log.
    pub fn into_data(self) -> Stopped {
        Stopped { place: self.into_parts().place }
    }

    fn into_parts(mut self) -> Parts {
        let _already_gone = self.child.kill();
        let _ = self.child.wait();
        let nowhere = TempDir::with_prefix("syngraph-test-gone-").unwrap();
        Parts {
            address: self.address,
            flags: std::mem::take(&mut self.flags),
            place: std::mem::replace(&mut self.place, Place { directory: nowhere }),
        }
    }

    fn wait_until_ready(&mut self) {
        let (http, deadline) = (self.http(), Instant::now() + START_MAX);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended ({status}) before it was ready; it said:\n{}", self.log());
            }
            if http.try_send(&Method::GET, "/health/ready", None).is_ok_and(|it| it.status == 200) {
                return;
            }
            assert!(Instant::now() < deadline, "not ready in time; it said:\n{}", self.log());
            sleep(PAUSE);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Parts {
    address: SocketAddr,
    flags: Vec<String>,
    place: Place,
}

/// What a server left behind; removed when dropped.
#[derive(Debug)]
pub struct Stopped {
    place: Place,
}

impl Stopped {
    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.place.data_dir()
    }
}

/// Runs the binary to its end.
pub fn run(args: &[&str]) -> Output {
    command().args(args).stdin(Stdio::null()).output().expect("the binary runs")
}

/// The binary, free of settings that the tests' own environment may hold.
pub fn command() -> Command {
    unset(Command::new(binary()))
}

/// Takes the settings of the tests' own environment from a program that will run the binary.
#[must_use]
pub fn unset(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let prefixes = ["SYNGRAPH_", "SCHEMA_REGISTRY_", "METADATA_ENCODER_"];
        if prefixes.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
}

/// The binary's path: named by SYNGRAPH_BINARY, or else built here, which takes no time when it
/// is up to date.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("SYNGRAPH_BINARY").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--package", "syngraph-registry", "--bin", "syngraph"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(repository::root())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "the binary does not build");
    let messages = String::from_utf8(output.stdout).unwrap();
    let executable = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    };
    messages.lines().find_map(executable).expect("cargo names the binary that it built")
}

/// A port that was free a moment ago; kept over restarts, as clients keep their URL.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
