//! Aliases: names under which requests mean another subject (`registry-api` 1.4).
//! A subject's own configuration alone can make it an alias, and what it stands for is not looked up
//! again: there is one hop.

use openapi::{
    config::Config,
    ids::{InvalidSubject, Subject},
};

use super::State;

impl State {
    /// The subject that a name stands for, if it is an alias.
    pub fn alias(&self, name: &Subject) -> Result<Option<Subject>, InvalidSubject> {
        self.aliased(name, |config| config.alias.as_deref())
    }

    /// The same where the keys of encrypted fields are concerned, for which a name may stand for
    /// another subject than elsewhere.
    pub fn alias_for_deks(&self, name: &Subject) -> Result<Option<Subject>, InvalidSubject> {
        self.aliased(name, |config| config.alias_for_deks.as_deref().or(config.alias.as_deref()))
    }

    /// Every alias with what it stands for, sorted by alias; one that stands for nothing that could
    /// be a subject is none.
    pub fn aliases(&self) -> impl Iterator<Item = (Subject, Subject)> {
        let names = self.configs.keys().flatten();
        let names = names.map(|name| Subject::trusted(name.clone()));
        names.filter_map(|name| self.alias(&name).ok()?.map(|meant| (name, meant)))
    }

    fn aliased(
        &self,
        name: &Subject,
        alias: impl Fn(&Config) -> Option<&str>,
    ) -> Result<Option<Subject>, InvalidSubject> {
        // Every request asks, and in most registries no subject has a configuration.
        if self.configs.is_empty() || name.name().is_empty() {
            return Ok(None);
        }
        let own = self.config(&Some(name.shared()));
        let meant = own.and_then(|own| alias(&own.value)).filter(|meant| !meant.is_empty());
        meant.map(|meant| read_beside(name, meant)).transpose()
    }
}

/// A subject's name as the configuration of another one has it: in that one's context, unless it
/// names its own.
fn read_beside(name: &Subject, meant: &str) -> Result<Subject, InvalidSubject> {
    match name.is_qualified() && !meant.starts_with(":.") {
        true => format!(":{}:{meant}", name.context()).parse(),
        false => meant.parse(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::state::Setting;

    fn state(configs: &[(&str, Option<&str>, Option<&str>)]) -> State {
        let mut state = State::default();
        for (scope, alias, alias_for_deks) in configs {
            let alias = alias.map(str::to_owned);
            let alias_for_deks = alias_for_deks.map(str::to_owned);
            let value = Arc::new(Config { alias, alias_for_deks, ..Config::default() });
            let scope = (!scope.is_empty()).then(|| (*scope).into());
            state.configs.insert(scope, Setting { value, offset: 0 });
        }
        state
    }

    #[test]
    fn an_alias_is_one_hop_and_its_own() {
        let state = state(&[
            ("", Some("nobody"), None),
            (":.ctx:", Some("nobody"), None),
            ("a", Some("b"), None),
            ("b", Some("c"), None),
            (":.ctx:a", Some("b"), None),
            (":.ctx:b", Some(":.:b"), None),
            ("empty", Some(""), None),
            ("wrong", Some("x\ny"), None),
        ]);
        for (name, meant) in [
            ("a", Some("b")),
            ("b", Some("c")),
            ("c", None),
            (":.ctx:a", Some(":.ctx:b")),
            (":.ctx:b", Some("b")),
            (":.ctx:", None),
            ("", None),
            ("empty", None),
        ] {
            let name: Subject = name.parse().unwrap();
            let found = state.alias(&name).unwrap();
            assert_eq!(found.as_ref().map(Subject::as_str), meant, "{name}");
        }
        assert!(state.alias(&"wrong".parse().unwrap()).is_err());
        assert_eq!(state.aliases().count(), 4);
    }

    #[test]
    fn keys_of_fields_may_have_an_alias_of_their_own() {
        let state = state(&[("a", Some("b"), Some("k")), ("c", Some("d"), None)]);
        for (name, meant) in [("a", "k"), ("c", "d")] {
            let found = state.alias_for_deks(&name.parse().unwrap()).unwrap();
            assert_eq!(found.unwrap().as_str(), meant);
        }
    }
}
