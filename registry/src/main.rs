//! The binary: parse the command line, run one command.

fn main() {}
