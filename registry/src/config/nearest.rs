//! The known word that a mistyped one most likely meant.

/// Below this likeness (Jaro-Winkler) a hint misleads more than it helps.
const LIKENESS_MIN: f64 = 0.8;

/// The nearest of `known`, if any is near at all.
pub(super) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(typed, word), word))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word)
}
