//! What a Dockerfile and a compose file name, held against the repository and the command line.

use std::path::Path;

use clap::CommandFactory as _;

use harness::repository;
use registry::cli::Cli;
use registry::config::{keys::KEYS, variable};

/// Every file, stage, variable, command and flag of a Dockerfile that does not exist.
pub(crate) fn dockerfile_problems(text: &str) -> Vec<String> {
    let stages = stages(text);
    let mut problems = Vec::new();
    for instruction in instructions(text) {
        let (word, rest) = instruction.split_once(' ').unwrap_or((&instruction, ""));
        match word {
            "COPY" => problems.extend(copy_problems(rest, &stages)),
            "RUN" => problems.extend(run_problems(rest)),
            "ENV" => problems.extend(variable_problems(rest).map(|it| format!("ENV: {it}"))),
            "CMD" | "HEALTHCHECK" => problems.extend(command_problems(&quoted(rest))),
            "USER" if rest.starts_with("root") || rest.starts_with('0') => {
                problems.push("USER: must not be root".to_owned());
            }
            _ => {}
        }
    }
    problems
}

/// Folders of the repository that a source embeds and that the image's build is not given: the build
/// would fail, but only there.
pub(crate) fn embedded_problems(dockerfile: &str, path: &Path, source: &str) -> Vec<String> {
    let instructions = instructions(dockerfile);
    let copied = |folder: &str| instructions.contains(&format!("COPY {folder} {folder}"));
    let embedded = source.split("include_str!(").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let folder = |literal: &str| -> Option<String> {
        let ups = literal.matches("../").count();
        let base = path.parent()?.ancestors().nth(ups)?;
        let target = base.join(literal.trim_start_matches("../"));
        Some(target.iter().next()?.to_str()?.to_owned())
    };
    embedded
        .filter_map(folder)
        .filter(|folder| !copied(folder))
        .map(|folder| format!("{} embeds from {folder}, which is not copied", path.display()))
        .collect()
}

/// Every file, variable, command and flag of a compose file that does not exist.
pub(crate) fn compose_problems(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(rest) = line.strip_prefix("command:") {
            problems.extend(command_problems(&quoted(rest)));
        } else if let Some(path) = line.strip_prefix("dockerfile:") {
            problems.extend(missing(path.trim()).map(|it| format!("dockerfile: {it}")));
        }
        problems.extend(variable_problems(line));
    }
    problems
}

/// Instructions without comments, each on one line.
fn instructions(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    joined.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn stages(text: &str) -> Vec<String> {
    let named = |line: &String| line.starts_with("FROM ") && line.contains(" AS ");
    let lines = instructions(text).into_iter().filter(named);
    lines.filter_map(|line| line.rsplit(' ').next().map(str::to_owned)).collect()
}

fn copy_problems(rest: &str, stages: &[String]) -> Vec<String> {
    let (flags, paths): (Vec<_>, Vec<_>) =
        rest.split_whitespace().partition(|word| word.starts_with("--"));
    if let Some(stage) = flags.iter().find_map(|flag| flag.strip_prefix("--from=")) {
        let known = stages.iter().any(|known| known == stage);
        return if known { vec![] } else { vec![format!("COPY: there is no stage {stage}")] };
    }
    let sources = paths.split_last().map_or(&[][..], |(_, sources)| sources);
    sources.iter().filter_map(|path| missing(path)).map(|it| format!("COPY: {it}")).collect()
}

/// Scripts of the repository stand in ci/.
fn run_problems(rest: &str) -> Vec<String> {
    let words = rest.split(|at: char| !(at.is_alphanumeric() || "/_-.".contains(at)));
    let scripts = words.filter(|word| word.starts_with("ci/"));
    scripts.filter_map(missing).map(|it| format!("RUN: {it}")).collect()
}

fn missing(path: &str) -> Option<String> {
    (!repository::root().join(path).exists()).then(|| format!("{path} does not exist"))
}

fn variable_problems(text: &str) -> impl Iterator<Item = String> {
    let names = text.split(|at: char| !(at.is_ascii_uppercase() || at == '_'));
    let ours = names.filter(|name| name.starts_with("SYNGRAPH_") && *name != "SYNGRAPH_CONFIG");
    ours.filter(|name| KEYS.iter().all(|key| variable(key) != *name))
        .map(|name| format!("{name} is no variable of the registry"))
}

/// The strings of a JSON list, wherever it begins.
fn quoted(text: &str) -> Vec<String> {
    let list = text.find('[').map_or("[]", |at| &text[at..]);
    serde_json::from_str(list).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The words of a command line, with or without the program in front.
pub(crate) fn command_problems(words: &[String]) -> Vec<String> {
    let mut words = words.iter().filter(|word| !word.ends_with("/syngraph"));
    let Some(name) = words.next() else { return Vec::new() };
    let cli = Cli::command();
    let Some(command) = cli.find_subcommand(name) else {
        return vec![format!("there is no command {name}")];
    };
    let flags = words.filter_map(|word| word.strip_prefix("--"));
    let names = flags.map(|flag| flag.split('=').next().unwrap_or(flag));
    names
        .filter(|flag| command.get_arguments().all(|known| known.get_long() != Some(*flag)))
        .map(|flag| format!("{name} has no flag --{flag}"))
        .collect()
}
