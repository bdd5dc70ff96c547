//! The real process, killed amid concurrent registrations and deletions, again and again: every
//! answer stands after every restart, and an operation that got none has happened whole or not
//! at all.

mod client;

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use harness::{Server, server};

use client::{Client, Ids};

const KILLS: usize = 20;
const CLIENTS: usize = 6;

/// Small segments, so that kills meet the roll from one to the next.
const FLAGS: [&str; 8] = [
    "--compatibility-level",
    "NONE",
    "--segment-bytes",
    "65536",
    "--min-compaction-lag-ms",
    "0",
    "--log-level",
    "warn",
];

#[test]
fn a_killed_server_keeps_every_answer() {
    let mut server = Server::start_with(&FLAGS);
    let mut random = fastrand::Rng::with_seed(20);
    let ids = Mutex::new(Ids::default());
    let mut clients: Vec<Client> = (0..CLIENTS).map(Client::new).collect();
    for kill in 0..KILLS {
        let http = server.http();
        thread::scope(|scope| {
            for client in &mut clients {
                let (http, ids) = (http.clone(), &ids);
                scope.spawn(move || client.work(&http, ids, kill));
            }
            thread::sleep(Duration::from_millis(random.u64(20..120)));
            server.kill();
        });
        server = server.restart();
        let http = server.http();
        thread::scope(|scope| {
            for client in &mut clients {
                let (http, ids) = (&http, &ids);
                scope.spawn(move || client.check(http, ids));
            }
        });
        ids.lock().unwrap().check(&http);
    }
    let done: usize = clients.iter().map(|client| client.done).sum();
    assert!(done > KILLS * CLIENTS, "only {done} operations were answered");
    println!("{done} operations over {KILLS} kills");
    verify(server);
}

/// The log of a stopped server has nothing to report.
pub(crate) fn verify(mut server: Server) {
    assert!(server.stop().success(), "{}", server.log());
    let data = server.into_data();
    let output = server::run(&["verify", "--data-dir", data.data_dir().to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
