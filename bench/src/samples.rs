//! Times that something took, and the percentiles of them.

use std::time::Duration;

/// Times of one round, sorted.
#[derive(Clone, Debug)]
pub struct Samples(Vec<u64>);

impl Samples {
    /// From nanoseconds in any order.
    pub fn new(mut nanos: Vec<u64>) -> Self {
        assert!(!nanos.is_empty(), "nothing was measured");
        nanos.sort_unstable();
        Self(nanos)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The time below which this share of them lies, in microseconds.
    pub fn percentile_us(&self, percent: usize) -> f64 {
        let at = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0[at] as f64 / 1e3
    }

    pub fn p50_us(&self) -> f64 {
        self.percentile_us(50)
    }

    pub fn p99_us(&self) -> f64 {
        self.percentile_us(99)
    }
}

/// How long something took, in nanoseconds.
pub fn nanos(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_nanos()).expect("a round is shorter than centuries")
}
