//! The flags of the settings, made from the table of keys: a key that exists has its flag.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::config::keys::{Chapter, KEYS, Key};
use crate::config::{Inputs, Problems, Resolved, resolve, variable};

const FILE: &str = "config";

/// The settings that were given as flags.
#[derive(Debug, Default)]
pub struct ConfigArgs {
    /// The file that was named.
    pub file: Option<PathBuf>,
    /// Each given flag's key and text.
    pub flags: Vec<(&'static Key, String)>,
}

impl ConfigArgs {
    /// These flags over this process's environment and file.
    pub(super) fn resolve(self) -> Result<Resolved, Problems> {
        resolve(&Inputs::gather(self.file.as_deref(), self.flags)?)
    }
}

impl FromArgMatches for ConfigArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given =
            |key: &'static Key| matches.get_one::<String>(key.name).map(|text| (key, text.clone()));
        let flags = KEYS.iter().filter_map(given).collect();
        Ok(Self { file: matches.get_one::<PathBuf>(FILE).cloned(), flags })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ConfigArgs {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(FILE)
            .long(FILE)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help_heading(Chapter::Place.heading())
            .help("Settings in TOML [env: SYNGRAPH_CONFIG]");
        KEYS.iter().fold(command.arg(file), |command, key| command.arg(flag(key)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn flag(key: &'static Key) -> Arg {
    let default = match key.default {
        "" => String::new(),
        text => format!("[default: {text}] "),
    };
    let arg = Arg::new(key.name)
        .long(key.flag())
        .value_name(key.value)
        .help_heading(key.chapter.heading())
        .hide_short_help(matches!(key.chapter, Chapter::Limits | Chapter::Log))
        .help(format!("{} {}", key.about, default.trim_end()))
        .long_help(format!("{}\n{default}[env: {}]", key.about, variable(key)));
    if key.is_switch() {
        arg.num_args(0..=1).require_equals(true).default_missing_value("true")
    } else {
        arg
    }
}
