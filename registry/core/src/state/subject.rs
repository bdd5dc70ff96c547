//! A subject: its versions and what is asked of them most often.
//! Most subjects have a few versions, which lie in one short list; a long history becomes a
//! persistent map, so that one version more does not copy all the others.
//! Invariant: the head agrees with the rows.

use std::ops::RangeBounds;

use imbl::{OrdMap, ordmap, shared_ptr::DefaultSharedPtr};

use super::Row;

/// Versions that a list may hold before it becomes a map.
const FEW_MAX: usize = 32;

/// What is asked most often of a subject.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SubjectHead {
    /// Active versions.
    pub live: u32,
    /// The newest active version; 0 for none.
    pub latest: u32,
    /// The highest version, soft-deleted ones included.
    pub top: u32,
    /// Versions, soft-deleted ones included, that carry something beside their texts.
    pub carrying: u32,
    /// The offset of the last record about this subject's versions.
    pub changed: i64,
}

/// A subject with its versions.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Versions {
    pub(super) head: SubjectHead,
    rows: Rows,
}

/// Rows by version.
#[derive(Clone, Debug)]
enum Rows {
    /// Ascending.
    Few(Vec<(u32, Row)>),
    Many(OrdMap<u32, Row>),
}

impl Versions {
    /// One version, whatever its life.
    pub(super) fn get(&self, version: u32) -> Option<&Row> {
        match &self.rows {
            Rows::Few(list) => {
                list.binary_search_by_key(&version, number).ok().map(|at| &list[at].1)
            }
            Rows::Many(map) => map.get(&version),
        }
    }

    /// All versions, ascending.
    pub(super) fn iter(&self) -> Iter<'_> {
        match &self.rows {
            Rows::Few(list) => Iter::Few(list.iter()),
            Rows::Many(map) => Iter::Many(map.iter()),
        }
    }

    /// A subject with its first version.
    pub(super) fn of(version: u32, row: Row, offset: i64) -> Self {
        let mut versions = Self::default();
        versions.insert(version, row, offset);
        versions
    }

    /// Adds a version that is not there.
    pub(super) fn insert(&mut self, version: u32, row: Row, offset: i64) {
        let (alive, carries) = (!row.deleted, row.carries);
        self.rows.insert(version, row);
        let head = &mut self.head;
        head.carrying += u32::from(carries);
        head.changed = offset;
        head.top = head.top.max(version);
        if alive {
            head.live += 1;
            head.latest = head.latest.max(version);
        }
    }

    /// Drops a version, whatever its life was.
    pub(super) fn remove(&mut self, version: u32, offset: i64) -> Option<Row> {
        let row = self.rows.remove(version)?;
        if !row.deleted {
            self.retire(version, offset);
        }
        self.head.carrying -= u32::from(row.carries);
        self.head.changed = offset;
        self.head.top = self.iter().next_back().map_or(0, |(version, _)| version);
        Some(row)
    }

    /// Soft-deletes the versions of a range.
    pub(super) fn soft_delete(&mut self, range: impl RangeBounds<u32>, offset: i64) {
        let live = self.iter().filter(|(version, row)| !row.deleted && range.contains(version));
        let versions: Vec<u32> = live.map(|(version, _)| version).collect();
        for version in versions {
            if let Some(row) = self.rows.get_mut(version) {
                row.deleted = true;
            }
            self.retire(version, offset);
        }
    }

    /// Notes in the head that a version is no longer active.
    fn retire(&mut self, version: u32, offset: i64) {
        let newest = (self.head.latest == version)
            .then(|| self.iter().rev().find(|(other, row)| *other < version && !row.deleted));
        if let Some(newest) = newest {
            self.head.latest = newest.map_or(0, |(version, _)| version);
        }
        self.head.live -= 1;
        self.head.changed = offset;
    }
}

impl Default for Rows {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

/// Equal if they hold the same; in which form does not matter.
impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Few(these), Self::Few(those)) => these == those,
            (Self::Many(these), Self::Many(those)) => these == those,
            (Self::Few(list), Self::Many(map)) | (Self::Many(map), Self::Few(list)) => {
                list.iter().map(|(version, row)| (version, row)).eq(map)
            }
        }
    }
}

impl Rows {
    fn get_mut(&mut self, version: u32) -> Option<&mut Row> {
        match self {
            Self::Few(list) => {
                let at = list.binary_search_by_key(&version, number).ok()?;
                Some(&mut list[at].1)
            }
            Self::Many(map) => map.get_mut(&version),
        }
    }

    fn insert(&mut self, version: u32, row: Row) {
        match self {
            Self::Few(list) if list.len() < FEW_MAX => {
                let at = list.partition_point(|(other, _)| *other < version);
                // There are as many lists as subjects, and most will never hold a second version.
                if list.is_empty() {
                    list.reserve_exact(1);
                }
                list.insert(at, (version, row));
            }
            Self::Few(list) => {
                let mut map: OrdMap<u32, Row> = list.drain(..).collect();
                map.insert(version, row);
                *self = Self::Many(map);
            }
            Self::Many(map) => drop(map.insert(version, row)),
        }
    }

    fn remove(&mut self, version: u32) -> Option<Row> {
        match self {
            Self::Few(list) => {
                let at = list.binary_search_by_key(&version, number).ok()?;
                Some(list.remove(at).1)
            }
            Self::Many(map) => map.remove(&version),
        }
    }
}

fn number((version, _): &(u32, Row)) -> u32 {
    *version
}

/// Goes over versions in ascending order.
pub(super) enum Iter<'a> {
    Few(std::slice::Iter<'a, (u32, Row)>),
    Many(ordmap::Iter<'a, u32, Row, DefaultSharedPtr>),
}

impl Default for Iter<'_> {
    fn default() -> Self {
        Self::Few([].iter())
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (u32, &'a Row);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(list) => list.next().map(|(version, row)| (*version, row)),
            Self::Many(map) => map.next().map(|(version, row)| (*version, row)),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(list) => list.next_back().map(|(version, row)| (*version, row)),
            Self::Many(map) => map.next_back().map(|(version, row)| (*version, row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn row(id: u32, deleted: bool) -> Row {
        Row { id, deleted, carries: false, timestamp: 0, offset: 0 }
    }

    fn head(model: &BTreeMap<u32, Row>) -> (u32, u32, u32) {
        let live = model.iter().filter(|(_, row)| !row.deleted);
        let latest = live.clone().next_back().map_or(0, |(version, _)| *version);
        let top = model.keys().next_back().copied().unwrap_or_default();
        (u32::try_from(live.count()).unwrap(), latest, top)
    }

    proptest! {
        /// Inserts, removals and soft deletes, about the number at which a list becomes a map.
        #[test]
        fn it_is_a_sorted_map_with_a_head(acts in prop::collection::vec((0..8u8, 1..80u32), 0..300)) {
            let (mut versions, mut model) = (Versions::default(), BTreeMap::new());
            for (act, version) in acts {
                match act {
                    0 => prop_assert_eq!(versions.remove(version, 0), model.remove(&version)),
                    1 => {
                        versions.soft_delete(..=version / 8, 0);
                        model.range_mut(..=version / 8).for_each(|(_, row)| row.deleted = true);
                    }
                    _ if model.contains_key(&version) => {}
                    _ => {
                        versions.insert(version, row(version, act == 2), 0);
                        model.insert(version, row(version, act == 2));
                    }
                }
                let SubjectHead { live, latest, top, .. } = versions.head;
                prop_assert_eq!((live, latest, top), head(&model));
                prop_assert_eq!(versions.get(version), model.get(&version));
            }
            prop_assert!(versions.iter().eq(model.iter().map(|(version, row)| (*version, row))));
            prop_assert!(versions.iter().rev().eq(model.iter().rev().map(|(v, row)| (*v, row))));
        }
    }
}
