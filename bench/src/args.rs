//! The command line: names of measurements, none for all, and `--quick`.

/// What to measure, and how long.
#[derive(Debug)]
pub struct Args {
    wanted: Vec<String>,
    /// Short rounds and small numbers, to see that everything still works.
    pub quick: bool,
}

impl Args {
    /// Reads the arguments; anything unknown is an error that names what is known.
    pub fn parse(args: impl Iterator<Item = String>, known: &[&str]) -> Result<Self, String> {
        let mut parsed = Self { wanted: Vec::new(), quick: false };
        for arg in args {
            match arg.as_str() {
                "--quick" => parsed.quick = true,
                name if known.contains(&name) => parsed.wanted.push(arg),
                other => return Err(format!("{other}? Known: {} --quick", known.join(" "))),
            }
        }
        Ok(parsed)
    }

    /// Whether a measurement was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| wanted == name)
    }

    /// Whether the result is worth keeping: everything, at full length.
    pub fn is_complete(&self) -> bool {
        self.wanted.is_empty() && !self.quick
    }

    /// One number for a full run, a smaller one for a quick one.
    pub fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}
