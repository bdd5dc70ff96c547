//! `syngraph health`: one GET to a running registry, for a container without other tools.
//! Speaks just enough HTTP to read a status line; not a client.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::{ConfigArgs, FAILED, MISUSED, answer, complain};

/// A check that hangs is a check that failed; orchestrators commonly give it some seconds.
const WAIT_MAX: Duration = Duration::from_secs(3);

/// A status line and a short body; what goes on for longer is not ours.
const RESPONSE_SIZE_MAX: u64 = 16 << 10;

#[derive(Debug, Args)]
pub(super) struct HealthArgs {
    /// Registry to ask, as http://127.0.0.1:8081
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Ask whether it is alive rather than whether it is ready
    #[arg(long)]
    live: bool,
    /// Configuration file that holds the address
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum HealthError {
    #[error("{0} is not http://ADDRESS:PORT")]
    Url(String),
    #[error("cannot ask {address}")]
    Unreachable { address: String, source: io::Error },
    #[error("{0} does not answer in HTTP")]
    Foreign(String),
}

pub(super) fn run(args: &HealthArgs) -> ExitCode {
    let address = match address(args) {
        Ok(address) => address,
        Err(failure) => {
            complain(&*failure);
            return MISUSED.into();
        }
    };
    let path = if args.live { "/health/live" } else { "/health/ready" };
    match ask(&address, path) {
        Ok(status) => {
            answer(format_args!("http://{address}{path} answers {status}\n"));
            if status == 200 { ExitCode::SUCCESS } else { FAILED.into() }
        }
        Err(failure) => {
            complain(&failure);
            FAILED.into()
        }
    }
}

/// Where to ask: the URL, or else where `serve` would listen.
fn address(args: &HealthArgs) -> Result<String, Box<dyn std::error::Error>> {
    if let Some(url) = &args.url {
        let address = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let address = address.filter(|rest| rest.contains(':') && !rest.contains('/'));
        return Ok(address.ok_or_else(|| HealthError::Url(url.clone()))?.to_owned());
    }
    let settings = ConfigArgs { file: args.config.clone(), flags: Vec::new() };
    Ok(reachable(settings.resolve()?.config.http).to_string())
}

/// Who listens on all addresses is asked on loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn ask(address: &str, path: &str) -> Result<u16, HealthError> {
    let response = exchange(address, path)
        .map_err(|source| HealthError::Unreachable { address: address.to_owned(), source })?;
    let status = response.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    let status = status.and_then(|digits| digits.parse().ok());
    status.ok_or_else(|| HealthError::Foreign(address.to_owned()))
}

fn exchange(address: &str, path: &str) -> io::Result<String> {
    let nowhere = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let socket = address.to_socket_addrs()?.next().ok_or_else(nowhere)?;
    let mut stream = TcpStream::connect_timeout(&socket, WAIT_MAX)?;
    stream.set_read_timeout(Some(WAIT_MAX))?;
    stream.set_write_timeout(Some(WAIT_MAX))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut response = Vec::new();
    stream.take(RESPONSE_SIZE_MAX).read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}
