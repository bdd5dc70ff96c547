//! The box: the release binary is static, and the files of docker/ name only what exists.
//! Not here: building an image, which needs a daemon.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod elf;
mod files;

use std::path::{Path, PathBuf};

use harness::{repository, skip::skip};

#[test]
fn release_binary_is_static() {
    let Some(path) = std::env::var_os("SYNGRAPH_STATIC_BINARY") else {
        skip("the static binary is not looked at: `make test` builds it");
        return;
    };
    #[allow(clippy::disallowed_methods, reason = "the test reads a file that was built")]
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(elf::interpreter(&bytes), Ok(None), "it asks for a dynamic loader");
}

#[test]
fn the_check_sees_a_dynamic_binary() {
    // This test itself is one, on every platform that it runs on by default.
    #[allow(clippy::disallowed_methods, reason = "the test reads itself")]
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let interpreter = elf::interpreter(&bytes).unwrap();
    assert!(cfg!(target_env = "musl") || interpreter.is_some_and(|path| path.contains("ld")));
}

#[test]
fn the_check_refuses_what_is_no_binary() {
    for bytes in [&b""[..], b"\x7fELF", b"#!/bin/sh\necho static\n", &[0x7f; 100]] {
        assert!(elf::interpreter(bytes).is_err());
    }
}

#[test]
fn dockerfile_names_only_what_exists() {
    let text = repository::read("docker/Dockerfile");
    assert_eq!(files::dockerfile_problems(&text), Vec::<String>::new());
}

#[test]
fn image_is_built_from_all_that_is_embedded() {
    let dockerfile = repository::read("docker/Dockerfile");
    let sources = repository::files().into_iter().filter(|path| path.starts_with("registry/src"));
    let problems =
        |path: PathBuf| files::embedded_problems(&dockerfile, &path, &repository::read(&path));
    assert_eq!(sources.flat_map(problems).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn compose_file_names_only_what_exists() {
    let text = repository::read("docker/compose.yaml");
    assert_eq!(files::compose_problems(&text), Vec::<String>::new());
}

#[test]
fn rust_of_the_image_is_the_one_of_the_workspace() {
    let manifest: toml::Table = repository::read("Cargo.toml").parse().unwrap();
    let version = manifest["workspace"]["package"]["rust-version"].as_str().unwrap();
    let line = format!("ARG RUST_VERSION={version}\n");
    assert!(repository::read("docker/Dockerfile").contains(&line), "expected {line}");
}

#[test]
fn each_mistake_in_a_dockerfile_is_found() {
    for (line, problem) in [
        ("COPY nowhere nowhere", "COPY: nowhere does not exist"),
        ("COPY --from=bulid /syngraph /syngraph", "COPY: there is no stage bulid"),
        ("RUN cp \"$(ci/sttaic)\" /x", "RUN: ci/sttaic does not exist"),
        ("ENV SYNGRAPH_HTPP=1", "ENV: SYNGRAPH_HTPP is no variable of the registry"),
        (r#"CMD ["serve", "--htpp", "x"]"#, "serve has no flag --htpp"),
        (r#"CMD ["sevre"]"#, "there is no command sevre"),
        (r#"HEALTHCHECK CMD ["/syngraph", "health", "--port"]"#, "health has no flag --port"),
        ("USER root", "USER: must not be root"),
    ] {
        let text = format!("FROM scratch AS build\nENTRYPOINT [\"/syngraph\"]\n{line}\n");
        assert_eq!(files::dockerfile_problems(&text), [problem], "{line}");
    }
}

#[test]
fn what_is_embedded_and_not_copied_is_found() {
    let path = Path::new("registry/src/cli/x.rs");
    let source = "include_str!(concat!(\"../../../docs/\", 1)) include_str!(\"../y.txt\")";
    let given = "FROM rust AS build\nCOPY registry registry\nCOPY docs docs\n";
    assert_eq!(files::embedded_problems(given, path, source), Vec::<String>::new());
    let lacking = given.replace("COPY docs docs\n", "");
    let problem = "registry/src/cli/x.rs embeds from docs, which is not copied";
    assert_eq!(files::embedded_problems(&lacking, path, source), [problem]);
}

#[test]
fn each_mistake_in_a_compose_file_is_found() {
    for (line, problem) in [
        ("    command: [\"serve\", \"--nope\"]", "serve has no flag --nope"),
        ("      dockerfile: docker/Dokcerfile", "dockerfile: docker/Dokcerfile does not exist"),
        ("      SYNGRAPH_HTPP: x", "SYNGRAPH_HTPP is no variable of the registry"),
        ("      - SYNGRAPH_HTPP=x", "SYNGRAPH_HTPP is no variable of the registry"),
    ] {
        assert_eq!(files::compose_problems(line), [problem], "{line}");
    }
}
