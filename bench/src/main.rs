//! Measures the registry and writes BENCHMARKS.md.
//!
//! Every figure is a ratio of two things measured in one run, both alive, in alternating rounds, so
//! that a busy or slow machine says the same of both. Servers are processes of their own; the load
//! comes from this one.
//! Not here: comparisons with other products.

mod args;
mod bare;
mod client;
mod data;
mod load;
mod local;
mod machine;
mod prepared;
mod process;
mod report;
mod rounds;
mod samples;
mod side;

mod by_id;
mod durable;
mod growth;
mod known;
mod lists;
mod memory;
mod mixed;
mod recovery;

use std::process::ExitCode;

use args::Args;
use report::Report;

/// A name for the command line, and what it measures.
type Measurement = (&'static str, fn(&Args) -> Report);

/// What can be measured, in the order of the report.
const MEASUREMENTS: [Measurement; 8] = [
    ("get-by-id", by_id::measure),
    ("register-known", known::measure),
    ("register-new", durable::measure),
    ("growth", growth::measure),
    ("lists", lists::measure),
    ("mixed", mixed::measure),
    ("recovery", recovery::measure),
    ("memory", memory::measure),
];

/// As in the product, so that neither side of a ratio allocates in another way.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(bare::COMMAND) {
        bare::serve();
        return ExitCode::SUCCESS;
    }
    let names = MEASUREMENTS.map(|(name, _)| name);
    let args = match Args::parse(std::env::args().skip(1), &names) {
        Ok(args) => args,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    process::build();
    let mut whole = Report::default();
    for (name, measure) in MEASUREMENTS {
        if args.wants(name) {
            eprintln!("measuring {name}");
            whole.add(measure(&args));
        }
    }
    let text = whole.print();
    println!("{text}");
    if args.is_complete() {
        report::write(&text);
    }
    ExitCode::SUCCESS
}
