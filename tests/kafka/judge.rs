//! Apache Kafka as a judge: one virtual machine that is asked line by line.
//! Where Java or Maven is missing, tests that need it are skipped with a loud line, and fail under
//! `CI=true`.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock};

use harness::skip::skip;
use harness::{maven, repository};

/// A running judge.
pub(crate) struct Judge {
    _child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The judge that all tests share, or nothing with a loud line.
pub(crate) fn judge() -> Option<MutexGuard<'static, Judge>> {
    static JUDGE: OnceLock<Option<Mutex<Judge>>> = OnceLock::new();
    let judge = JUDGE.get_or_init(|| match Judge::start() {
        Ok(judge) => Some(Mutex::new(judge)),
        Err(why) => {
            skip(&format!("Apache Kafka cannot be asked, nothing is compared: {why}"));
            None
        }
    });
    judge.as_ref().map(|judge| judge.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

impl Judge {
    fn start() -> Result<Self, String> {
        let path = maven::class_path("kafka-judge")?;
        // Formatting and shutting down are chatty; what matters is in the answers.
        let log = repository::root().join("target/kafka-judge/judge.log");
        let log = File::create(log).map_err(|error| error.to_string())?;
        let mut child = Command::new("java")
            .args(["-XX:+UseSerialGC", "-Xmx512m", "-cp", &path, "Judge"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("java does not start: {error}"))?;
        let questions = child.stdin.take().ok_or("java has no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("java has no output")?);
        Ok(Self { _child: child, questions, answers })
    }

    /// What `kafka-dump-log` prints for these arguments.
    pub(crate) fn dump(&mut self, to: &Path, arguments: &[&str]) -> String {
        let question = format!("dump\t{}\t{}", to.display(), arguments.join("\t"));
        self.ask(&question);
        String::from_utf8_lossy(&std::fs::read(to).unwrap()).into_owned()
    }

    /// Lets a real broker write logs below `dir`; what a consumer read from them.
    pub(crate) fn write_log(&mut self, dir: &Path, to: &Path) -> String {
        self.ask(&format!("write\t{}\t{}", dir.display(), to.display()));
        std::fs::read_to_string(to).unwrap()
    }

    fn ask(&mut self, question: &str) {
        writeln!(self.questions, "{question}").unwrap();
        self.questions.flush().unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim_end(), "ok", "{question}; see target/kafka-judge/judge.log");
    }
}
