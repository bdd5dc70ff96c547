//! Rounds: the same measured again and again, sides alternating, and what all rounds say together.

use std::fmt;

/// One figure over all rounds.
#[derive(Clone, Debug, Default)]
pub struct Figure(Vec<f64>);

impl Figure {
    /// No round yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// One more round.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        }
    }

    pub fn min(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub fn max(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Round by round, this over that.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        assert_eq!(self.0.len(), other.0.len());
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one / other).collect())
    }

    /// The median with a unit, in a form for the eye.
    pub fn with(&self, unit: &str) -> String {
        format!("{} {unit}", Number(self.median()))
    }
}

impl FromIterator<f64> for Figure {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// A number with three significant digits or all of its whole ones.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.0.abs() {
            value if value >= 100.0 => 0,
            value if value >= 10.0 => 1,
            _ => 2,
        };
        write!(out, "{:.digits$}", self.0)
    }
}

/// Runs all sides once per round, each round in the reverse order of the one before.
pub fn alternate(rounds: usize, sides: &mut [&mut dyn FnMut()]) {
    for round in 0..rounds {
        if round % 2 == 0 {
            for side in &mut *sides {
                side();
            }
        } else {
            for side in sides.iter_mut().rev() {
                side();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_ordered() {
        let figure: Figure = [3.0, 1.0, 2.0].into_iter().collect();
        assert_eq!((figure.min(), figure.median(), figure.max()), (1.0, 2.0, 3.0));
        assert_eq!(Number(1234.4).to_string(), "1234");
        assert_eq!(Number(0.956).to_string(), "0.96");
    }
}
