//! The settings that are one word out of a few, each with its table of words.
//! Not here: numbers and paths (`check`).

pub use schema::CompatibilityLevel;

/// A setting whose values are words; the first spelling of a value is the one that is shown.
pub trait Word: Copy + PartialEq + 'static {
    /// Every spelling with its value.
    const WORDS: &'static [(&'static str, Self)];

    /// The value of a word, in any case of letters; otherwise a sentence that lists the words.
    fn parse(text: &str) -> Result<Self, String> {
        let found = Self::WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim()));
        found.map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<_> = Self::WORDS.iter().map(|(word, _)| *word).collect();
            format!("must be one of {}", words.join(", "))
        })
    }

    /// The word for a value.
    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, value)| *value == self);
        found.map_or("", |(word, _)| *word)
    }
}

impl Word for bool {
    const WORDS: &'static [(&'static str, Self)] = &[("true", true), ("false", false)];
}

/// Which engine keeps the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogEngine {
    /// The bundled broker core, in this process.
    Embedded,
}

impl Word for LogEngine {
    const WORDS: &'static [(&'static str, Self)] = &[("embedded", Self::Embedded)];
}

/// Which releases of Confluent's registry the answers are like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DialectSetting {
    /// Those that the client of each request understands.
    #[default]
    Auto,
    /// 7.x for everybody.
    Seven,
    /// 8.x for everybody.
    Eight,
}

impl Word for DialectSetting {
    const WORDS: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("7", Self::Seven), ("8", Self::Eight)];
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// One JSON object in each line, for a collector.
    Json,
}

impl Word for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

/// The least important log line that is still written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words are their own documentation")]
pub enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Word for LogLevel {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("off", Self::Off),
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];
}

impl Word for CompatibilityLevel {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("NONE", Self::None),
        ("BACKWARD", Self::Backward),
        ("BACKWARD_TRANSITIVE", Self::BackwardTransitive),
        ("FORWARD", Self::Forward),
        ("FORWARD_TRANSITIVE", Self::ForwardTransitive),
        ("FULL", Self::Full),
        ("FULL_TRANSITIVE", Self::FullTransitive),
    ];
}
