//! The two schemas of a check, by age.

/// Which schema reads: the candidate or one that is registered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The candidate. It reads in a backward check.
    New,
    /// The registered one. It reads in a forward check.
    Old,
}

impl Side {
    /// The schema on the other side.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::New => Side::Old,
            Side::Old => Side::New,
        }
    }

    /// The word for it in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Side::New => "new",
            Side::Old => "old",
        }
    }
}
