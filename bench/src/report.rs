//! What was found: goals with their figures, and notes; printed as the document that is kept.

use std::{fmt::Write as _, path::Path};

use crate::{
    machine,
    rounds::{Figure, Number},
};

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// Only told.
    None,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    pub what: String,
    pub goal: Goal,
    pub figure: Figure,
    /// The absolute numbers behind it.
    pub detail: String,
}

/// What measurements found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// A line of the table.
    pub fn row(&mut self, what: impl Into<String>, goal: Goal, figure: Figure, detail: String) {
        let row = Row { what: what.into(), goal, figure, detail };
        eprintln!("{}", row.print());
        self.rows.push(row);
    }

    /// Takes in what another measurement found.
    pub fn add(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    /// The document.
    pub fn print(&self) -> String {
        let mut text = format!(
            "# Benchmarks\n\nWritten by `make bench` on {}.\n{}\n\n",
            machine::today(),
            machine::describe()
        );
        text.push_str(METHOD);
        text.push_str("\n| what | goal | median | min–max | met | behind it |\n");
        text.push_str("| --- | --- | --- | --- | --- | --- |\n");
        for row in &self.rows {
            writeln!(text, "{}", row.print()).expect("a string takes any text");
        }
        text
    }
}

const METHOD: &str = "\
Each figure is a ratio from one run with both sides alive, rounds alternated; the table shows the \
median of the rounds and their spread. Servers are processes of their own, built with the same \
profile; the load comes from one more process on the same machine, so it takes its share of the \
cores from both sides. Log lines, the access log included, go to a file. `make bench` measures everything anew and writes this file; \
`make bench ARGS=\"get-by-id\"` measures one thing and prints it, `--quick` only sees that it works.
";

impl Goal {
    fn is_met(self, value: f64) -> Option<bool> {
        match self {
            Self::AtLeast(goal) => Some(value >= goal),
            Self::AtMost(goal) => Some(value <= goal),
            Self::None => None,
        }
    }
}

impl Row {
    fn print(&self) -> String {
        let median = self.figure.median();
        let goal = match self.goal {
            Goal::AtLeast(goal) => format!("≥ {goal}"),
            Goal::AtMost(goal) => format!("≤ {goal}"),
            Goal::None => String::new(),
        };
        let met = match self.goal.is_met(median) {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let (min, max) = (Number(self.figure.min()), Number(self.figure.max()));
        let (what, median, detail) = (&self.what, Number(median), &self.detail);
        format!("| {what} | {goal} | {median} | {min}–{max} | {met} | {detail} |")
    }
}

/// Keeps the document at the repository's root.
pub fn write(text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../BENCHMARKS.md");
    std::fs::write(path, text).expect("BENCHMARKS.md can be written");
}
