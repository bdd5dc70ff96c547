//! The chapters that keys belong to.

/// The chapters of help and documentation, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is only a heading")]
pub enum Chapter {
    Place,
    Registry,
    Logging,
    Limits,
    Log,
}

impl Chapter {
    /// All, in reading order.
    pub const ALL: [Self; 5] =
        [Self::Place, Self::Registry, Self::Logging, Self::Limits, Self::Log];

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Place => "Place",
            Self::Registry => "Registry",
            Self::Logging => "Logging",
            Self::Limits => "Limits",
            Self::Log => "Log of schemas",
        }
    }
}
