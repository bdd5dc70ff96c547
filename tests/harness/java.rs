//! Apache Avro Java as a judge: one virtual machine, asked in batches of JSON lines.
//! Built once by Maven into `target/avro-oracle`, its downloads kept in `.cache/m2`. Where Java or
//! Maven is missing, tests that need it are skipped with a loud line, and fail under `CI=true`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

const PROJECT: &str = "tests/interop/java/avro-oracle";

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
        let root = root();
        build(&root)?;
        let target = root.join("target/avro-oracle");
        let path = format!("{0}/classes:{0}/lib/*", target.display());
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

/// The root of the repository.
pub fn root() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.parent().map(Path::to_path_buf).expect("tests stand in the repository")
}

/// Builds the judge, unless what is built is newer than its source.
#[expect(clippy::disallowed_methods, reason = "a build folder of the tests")]
fn build(root: &Path) -> Result<(), String> {
    let project = root.join(PROJECT);
    let target = root.join("target/avro-oracle");
    std::fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    let lock = std::fs::File::create(target.join(".lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let sources =
        ["pom.xml", "src/main/java/Oracle.java"].map(|file| modified(&project.join(file)));
    let built = modified(&target.join("avro-oracle-1.jar"));
    if built.is_some() && sources.iter().all(|source| *source < built) {
        return Ok(());
    }
    let output = Command::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(project.join("pom.xml"))
        .arg(format!("-Dmaven.repo.local={}", root.join(".cache/m2").display()))
        .arg("package")
        .output()
        .map_err(|error| format!("mvn does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("mvn fails: {}", String::from_utf8_lossy(&output.stdout)))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
