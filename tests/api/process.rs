//! The real process, over its socket: the binary as it is built, in a data directory of its own.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    case::{Ending, Setting},
    client,
    exchange::{Answer, Request},
    target::Target,
};

/// A start that takes longer is a failure.
const START_MAX: Duration = Duration::from_secs(20);

/// A running server.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
    data_dir: TempDir,
    settings: Vec<Setting>,
}

impl Process {
    /// Starts a server over an empty directory and waits until it is ready.
    pub(crate) fn start(settings: &[Setting]) -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let address = free_address();
        let child = spawn(data_dir.path(), address, settings);
        let mut process = Self { child, address, data_dir, settings: settings.to_vec() };
        process.wait_until_ready();
        process
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait_until_ready(&mut self) {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended with {status}: {}", self.log());
            }
            let listening = TcpStream::connect(self.address).is_ok();
            if listening && self.answer(&Request::new("GET", "/health/ready")).status == 200 {
                return;
            }
            assert!(started.elapsed() < START_MAX, "the server is not ready: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn end(&mut self, ending: Ending) {
        let id = rustix::process::Pid::from_child(&self.child);
        let signal = match ending {
            Ending::Stopped => rustix::process::Signal::TERM,
            Ending::Killed => rustix::process::Signal::KILL,
        };
        rustix::process::kill_process(id, signal).unwrap();
        let status = self.child.wait().unwrap();
        if ending == Ending::Stopped {
            assert!(status.success(), "the server stopped with {status}: {}", self.log());
        }
    }

    #[allow(clippy::disallowed_methods, reason = "a test reads the log lines of its server")]
    fn log(&self) -> String {
        std::fs::read_to_string(lines(self.data_dir.path())).unwrap_or_default()
    }
}

impl Target for Process {
    fn answer(&mut self, request: &Request) -> Answer {
        client::send(self.address, request)
    }

    fn reopen(&mut self, ending: Ending) {
        self.end(ending);
        self.child = spawn(self.data_dir.path(), self.address, &self.settings);
        self.wait_until_ready();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

#[allow(clippy::disallowed_methods, reason = "a test keeps the log lines of its server")]
fn spawn(directory: &Path, address: SocketAddr, settings: &[Setting]) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(lines(directory)).unwrap();
    let mut command = Command::new(binary());
    command.arg("serve").arg("--data-dir").arg(directory.join("data"));
    command.args(["--http", &address.to_string()]);
    for Setting { key, text } in settings {
        command.arg(format!("--{}={text}", key.replace('_', "-")));
    }
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}", binary().display()))
}

fn lines(directory: &Path) -> PathBuf {
    directory.join("stderr")
}

/// A port that nobody holds now; each test of this process gets another, and other processes begin
/// elsewhere.
fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 300).unwrap_or(0) * 32;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed) % 2_000;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// The binary that this build makes; made first, since a test of another package does not.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).expect("a test lies in PROFILE/deps");
        let target = profile.parent().expect("a profile lies in the target directory");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--locked", "--workspace"]);
        build.args(["--bin", "syngraph", "--target-dir"]).arg(target);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        let status = build.current_dir(harness::repository::root()).status().unwrap();
        assert!(status.success(), "the binary cannot be built");
        profile.join("syngraph")
    })
}
