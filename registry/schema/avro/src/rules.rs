//! How strictly a text is read: one set of rules for new schemas, one for stored ones.

use crate::name::NameRule;

/// How strictly a schema text is read. What is refused by neither preset (an unknown name, a union
/// in a union, a bad enum default …) cannot be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// The rule for every name that the parser meets, in references too.
    pub(crate) names: NameRule,
    /// The rule for short names, field names and symbols of the main text, once it is parsed.
    pub(crate) names_once_parsed: NameRule,
    pub(crate) check_defaults: bool,
}

impl Rules {
    /// For a schema that somebody wants to add: ASCII names, defaults checked.
    pub const NEW: Rules =
        Rules { names: NameRule::Strict, names_once_parsed: NameRule::None, check_defaults: true };

    /// For a schema that was accepted once: names as Java allows them, defaults not looked at.
    pub const STORED: Rules = Rules {
        names: NameRule::None,
        names_once_parsed: NameRule::Unicode,
        check_defaults: false,
    };

    /// Avro Java's own parser when nothing is said: Unicode names, defaults checked.
    pub const AVRO: Rules =
        Rules { names: NameRule::Unicode, names_once_parsed: NameRule::None, check_defaults: true };

    /// The same rules with defaults checked or not.
    #[must_use]
    pub const fn with_defaults_checked(self, check_defaults: bool) -> Rules {
        Rules { check_defaults, ..self }
    }
}
