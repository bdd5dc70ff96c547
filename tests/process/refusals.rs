//! Starts that must fail, each with the reason, and `verify` over the same directories.

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use harness::server::{Server, Stopped, run};
use serde_json::json;

/// The exit code, and everything that was said.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn serve(data_dir: &Path) -> (Option<i32>, String) {
    said(&run(&["serve", "--data-dir", data_dir.to_str().unwrap(), "--http", "127.0.0.1:0"]))
}

fn verify(data_dir: &Path) -> (Option<i32>, String) {
    said(&run(&["verify", "--data-dir", data_dir.to_str().unwrap()]))
}

/// A directory with two versions in it, cleanly closed.
fn two_versions() -> Stopped {
    let mut server = Server::start();
    for schema in ["\"int\"", "\"long\""] {
        server.http().post("/subjects/s/versions", &json!({ "schema": schema })).ok();
    }
    assert!(server.stop().success(), "{}", server.log());
    server.into_data()
}

#[expect(clippy::disallowed_methods, reason = "a test damages files on purpose")]
fn flip(file: &Path, position: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[position] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn a_directory_in_use_names_its_process() {
    let server = Server::start();
    for (code, text) in [serve(&server.data_dir()), verify(&server.data_dir())] {
        assert_eq!(code, Some(1), "{text}");
        let (_, rest) = text.split_once("in use by process ").unwrap_or_else(|| panic!("{text}"));
        let pid: String = rest.chars().take_while(char::is_ascii_digit).collect();
        #[expect(clippy::disallowed_methods, reason = "who the process is")]
        let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
        assert!(command.contains(server.data_dir().to_str().unwrap()), "{command}");
        assert_eq!(text.matches("in use by process").count(), 1, "said once: {text}");
    }
    server.http().get("/subjects").ok();
}

#[test]
fn a_port_in_use_is_told_before_anything_is_made() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path().join("data");
    let output =
        run(&["serve", "--data-dir", data_dir.to_str().unwrap(), "--http", address.as_str()]);
    let (code, text) = said(&output);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains(&format!("cannot listen on {address}: Address already in use")),
        "{text}"
    );
    assert_eq!(text.matches("Address already in use").count(), 1, "said once: {text}");
    assert!(!data_dir.exists());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a file where a directory should be")]
fn a_directory_that_cannot_be_made_is_told_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (code, text) = serve(&file.join("data"));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("file/data") && text.contains("Not a directory"), "{text}");
}

#[test]
fn damage_is_refused_with_file_position_and_offset() {
    // The first batch of `_schemas` begins at 0; 17 is where its checksum stands, 61 a record.
    for position in [17, 61, 100] {
        let data = two_versions();
        assert_eq!(verify(&data.data_dir()).0, Some(0));
        flip(&data.data_dir().join("_schemas-0/00000000000000000000.log"), position);
        let place = "_schemas-0/00000000000000000000.log is damaged at position 0, offset 0";
        for (code, text) in [serve(&data.data_dir()), verify(&data.data_dir())] {
            assert_eq!(code, Some(1), "{text}");
            assert!(text.contains(place), "{position}: {text}");
        }
    }
}

#[test]
fn verify_counts_what_is_whole_and_reports_an_index_that_is_not() {
    let data = two_versions();
    let (code, text) = verify(&data.data_dir());
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("2 versions of 1 subjects"), "{text}");
    assert!(text.ends_with("nothing is wrong\n"), "{text}");
    flip(&data.data_dir().join("_schemas-0/00000000000000000000.timeindex"), 7);
    let (code, text) = verify(&data.data_dir());
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("00000000000000000000.timeindex is damaged at position 0"), "{text}");
}

#[test]
fn verify_of_nothing_fails() {
    let (code, text) = verify(Path::new("/nowhere/at/all"));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("there is no such directory"), "{text}");
    let empty = tempfile::tempdir().unwrap();
    let (code, text) = verify(empty.path());
    assert_eq!(code, Some(1));
    assert!(text.contains("this is no data directory"), "{text}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test writes what a newer version would")]
fn a_newer_form_of_the_directory_is_refused() {
    let data = two_versions();
    let file = data.data_dir().join("meta.properties");
    let text = std::fs::read_to_string(&file).unwrap();
    let newer = text.replace("syngraph.format.version=1", "syngraph.format.version=2");
    assert_ne!(text, newer);
    std::fs::write(&file, newer).unwrap();
    let (code, text) = serve(&data.data_dir());
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("version"), "{text}");
}
