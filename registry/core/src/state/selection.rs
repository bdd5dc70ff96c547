//! Versions picked by what they carry: by their references, by their metadata.

use std::collections::BTreeSet;

use openapi::ids::{Subject, Version};

use super::{Row, State, Visibility};

impl State {
    /// The ids of the schemas that refer to a version. They stand without their context, as upstream
    /// has it, and each once.
    pub fn referrer_ids(
        &self,
        subject: &Subject,
        version: Version,
        visibility: Visibility,
    ) -> BTreeSet<u32> {
        let rows = self.referrers(subject, version).filter_map(|(referrer, version)| {
            self.version(&Subject::trusted(referrer.clone()), Version::new(version.into())?)
        });
        rows.filter(|row| visibility.shows(row)).map(|row| row.id).collect()
    }

    /// The newest version whose metadata has all these properties.
    pub fn newest_with(
        &self,
        subject: &Subject,
        visibility: Visibility,
        wanted: &[(&str, &str)],
    ) -> Option<(Version, &Row)> {
        self.versions(subject, visibility).rev().find(|(_, row)| {
            let metadata = self.content_of(subject, row).metadata.as_ref();
            let properties = metadata.and_then(|metadata| metadata.properties.as_ref());
            let has = |key: &str| properties.and_then(|properties| properties.get(key));
            wanted.iter().all(|(key, value)| has(key).is_some_and(|known| known == value))
        })
    }
}
