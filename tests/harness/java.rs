//! Apache Avro Java as a judge: one virtual machine, asked in batches of JSON lines.
//! Where Java or Maven is missing, tests that need it are skipped with a loud line, and fail under
//! `CI=true`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::maven;

/// A running judge.
#[derive(Debug)]
pub struct Oracle {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts the judge, or says aloud why there is none.
    pub fn start() -> Option<Self> {
        match Self::try_start() {
            Ok(oracle) => Some(oracle),
            Err(why) => {
                let must = std::env::var("CI").is_ok_and(|value| value == "true");
                assert!(!must, "Avro Java cannot be asked: {why}");
                // Straight to the terminal: what a passing test prints is not shown.
                let line =
                    format!("SKIPPED: Avro Java cannot be asked, nothing is compared: {why}\n");
                let _ = std::io::stderr().write_all(line.as_bytes());
                None
            }
        }
    }

    fn try_start() -> Result<Self, String> {
        let path = maven::class_path("avro-oracle")?;
        let mut child = Command::new("java")
            .args(["-XX:+UseSerialGC", "-Xmx1g", "-cp", &path, "Oracle"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("java does not start: {error}"))?;
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("java has no output")?);
        Ok(Self { child, questions, answers })
    }

    /// Asks all questions and gives the answers in their order.
    pub fn ask(&mut self, questions: &[Value]) -> Vec<Value> {
        let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
        let mut stdin = self.questions.take().expect("the judge listens between batches");
        let sender = std::thread::spawn(move || {
            for line in lines {
                stdin.write_all(line.as_bytes()).expect("the judge listens");
                stdin.write_all(b"\n").expect("the judge listens");
            }
            stdin.flush().expect("the judge listens");
            stdin
        });
        let answers = questions.iter().map(|question| self.answer(question)).collect();
        self.questions = Some(sender.join().expect("all questions are sent"));
        answers
    }

    fn answer(&mut self, question: &Value) -> Value {
        let mut line = String::new();
        let count = self.answers.read_line(&mut line).expect("the judge answers in UTF-8");
        assert!(count > 0, "the judge died of: {question}");
        serde_json::from_str(&line).expect("an answer is JSON")
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.questions.take());
        let _ = self.child.wait();
    }
}
