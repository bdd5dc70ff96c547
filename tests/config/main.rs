//! What was said becomes a configuration: cases of flags, variables and files, each with what
//! comes of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use clap::Parser as _;

use harness::case::{self, Case};
use registry::cli::Cli;
use registry::config::{Config, FileText, Inputs, Origin, resolve};

#[test]
fn every_case_resolves_as_written() {
    case::check("tests/cases/config", judge);
}

#[test]
fn local_configuration_is_the_default_on_a_free_port() {
    let resolved = resolve(&Inputs::default()).unwrap();
    let local = Config::local(&resolved.config.data_dir);
    assert_eq!(local.http.to_string(), "127.0.0.1:0");
    assert_eq!(Config { http: resolved.config.http, ..local }, resolved.config);
}

#[test]
fn printed_configuration_is_a_file_that_says_the_same() {
    let resolved = resolve(&Inputs::default()).unwrap();
    let text = registry::config::show(&resolved.values);
    let file = Some(FileText { path: "printed.toml".into(), text });
    let again = resolve(&Inputs { file, ..Inputs::default() }).unwrap();
    assert_eq!(again.config, resolved.config);
}

/// The values that somebody said, then the warnings; or everything that is wrong.
fn judge(case: &Case) -> String {
    let resolved = match inputs(case)
        .and_then(|inputs| resolve(&inputs).map_err(|problems| problems.to_string()))
    {
        Ok(resolved) => resolved,
        Err(problems) => return problems,
    };
    let mut verdict = String::new();
    for (key, said) in resolved.values.iter().filter(|(_, said)| said.origin != Origin::Default) {
        writeln!(verdict, "{} = {} ({})", key.name, said.text, said.origin).unwrap();
    }
    for (name, said) in resolved.values.foreign() {
        writeln!(verdict, "no effect: {name} ({})", said.origin).unwrap();
    }
    for warning in &resolved.warnings {
        writeln!(verdict, "warning: {warning}").unwrap();
    }
    verdict
}

/// The first two lines hold what a user has to read of a wrong flag.
fn inputs(case: &Case) -> Result<Inputs, String> {
    let words = ["syngraph", "serve"].into_iter().chain(case.section("flags").split_whitespace());
    let heading = |error: clap::Error| {
        let shown = error.to_string();
        shown.lines().take(3).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let args = Cli::try_parse_from(words).map_err(heading)?.config_args().unwrap_or_default();
    let variable = |line: &str| {
        let (name, text) = line.split_once('=').expect("a variable is NAME=text");
        (name.to_owned(), text.to_owned())
    };
    let environment = case.lines("environment").into_iter().map(variable).collect();
    let text = case.section("file");
    let file = (!text.is_empty())
        .then(|| FileText { path: "syngraph.toml".into(), text: text.to_owned() });
    Ok(Inputs { flags: args.flags, environment, file })
}
