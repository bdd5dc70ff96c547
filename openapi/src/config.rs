//! Bodies of the configuration resource. Reading says `compatibilityLevel`, writing says
//! `compatibility`; that is upstream's way, and clients depend on it.

use serde::{Deserialize, Serialize};

use crate::{
    contracts::{Metadata, RuleSet},
    maybe,
};

macro_rules! config_bodies {
    ($($([$written:meta])? $field:ident: $type:ty,)*) => {
        /// A configuration as `GET` and `DELETE` answer it.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
        #[serde(default, rename_all = "camelCase")]
        pub struct Config {
            $(#[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)*
        }

        /// A change of configuration, and the answer to it: an absent field keeps the stored
        /// value, null clears it.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "document", derive(utoipa::ToSchema))]
        #[serde(default, rename_all = "camelCase")]
        pub struct ConfigUpdate {
            $(
                #[serde(deserialize_with = "maybe::given", skip_serializing_if = "Option::is_none")]
                $(#[$written])?
                pub $field: Option<Option<$type>>,
            )*
        }

        impl ConfigUpdate {
            /// The stored configuration with this change in it.
            #[must_use]
            pub fn over(&self, stored: &Config) -> Config {
                let mut merged = stored.clone();
                $(if let Some(value) = &self.$field { merged.$field.clone_from(value); })*
                merged
            }
        }

        impl From<Config> for ConfigUpdate {
            /// What a `PUT` echoes: the merged configuration.
            fn from(config: Config) -> Self {
                Self { $($field: config.$field.map(Some),)* }
            }
        }
    };
}

config_bodies! {
    alias: String,
    alias_for_deks: String,
    normalize: bool,
    validate_fields: bool,
    validate_new_schemas: bool,
    validate_rules: bool,
    [serde(rename = "compatibility", alias = "compatibilityLevel")]
    compatibility_level: String,
    compatibility_policy: String,
    compatibility_group: String,
    default_metadata: Metadata,
    override_metadata: Metadata,
    default_rule_set: RuleSet,
    override_rule_set: RuleSet,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_keeps_and_null_clears() {
        let stored = Config {
            normalize: Some(true),
            compatibility_level: Some("FULL".into()),
            ..Config::default()
        };
        let change = |json| serde_json::from_str::<ConfigUpdate>(json).unwrap().over(&stored);
        assert_eq!(change("{}"), stored);
        assert_eq!(change(r#"{"normalize":null}"#).normalize, None);
        let changed = change(r#"{"compatibility":"NONE"}"#);
        assert_eq!(changed.compatibility_level.as_deref(), Some("NONE"));
        let echoed = serde_json::to_string(&ConfigUpdate::from(changed)).unwrap();
        assert_eq!(echoed, r#"{"normalize":true,"compatibility":"NONE"}"#);
    }
}
