//! Which texts have come already. Most lists are short: there, looking through them costs less than
//! a table; long ones get one, so that none costs the square of its length.

use std::collections::HashSet;

/// Texts up to which a list is looked through.
const FEW: usize = 16;

/// The texts that have come.
#[derive(Debug, Default)]
pub(crate) struct Seen<'a> {
    few: Vec<&'a str>,
    many: HashSet<&'a str>,
}

impl<'a> Seen<'a> {
    /// Takes a text; false if it had come already.
    pub(crate) fn insert(&mut self, text: &'a str) -> bool {
        if self.contains(text) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(text);
        } else {
            if self.many.is_empty() {
                self.many.extend(&self.few);
            }
            self.many.insert(text);
        }
        true
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        match self.many.is_empty() {
            true => self.few.contains(&text),
            false => self.many.contains(text),
        }
    }
}

impl<'a> FromIterator<&'a str> for Seen<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut seen = Self::default();
        texts.into_iter().for_each(|text| {
            seen.insert(text);
        });
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_new_once() {
        let texts: Vec<String> = (0..3 * FEW).map(|number| number.to_string()).collect();
        let mut seen = Seen::default();
        for text in &texts {
            assert!(!seen.contains(text) && seen.insert(text));
        }
        assert!(texts.iter().all(|text| seen.contains(text) && !seen.insert(text)));
    }
}
