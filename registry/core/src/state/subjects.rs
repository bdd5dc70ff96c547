//! Subjects by name, those with an active version apart from those without any, so that listing the
//! ones passes over none of the others.
//! Invariant: each subject is in the map of its life, and has a version.

use std::{iter::Peekable, ops::Bound, sync::Arc};

use imbl::{OrdMap, ordmap, shared_ptr::DefaultSharedPtr};

use super::{Visibility, subject::Versions};

type Map = OrdMap<Arc<str>, Arc<Versions>>;

/// All subjects.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Subjects {
    active: Map,
    deleted: Map,
}

impl Subjects {
    /// A subject's versions.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<Versions>> {
        self.active.get(name).or_else(|| self.deleted.get(name))
    }

    /// A subject's versions, with its name as all share it.
    pub(super) fn get_key_value(&self, name: &str) -> Option<(&Arc<str>, &Arc<Versions>)> {
        self.active.get_key_value(name).or_else(|| self.deleted.get_key_value(name))
    }

    /// Adds a subject that is not there.
    pub(super) fn insert(&mut self, name: Arc<str>, versions: Arc<Versions>) {
        self.map_of(&versions).insert(name, versions);
    }

    /// Changes a subject that is there, and moves it where it belongs afterwards.
    pub(super) fn change<T>(
        &mut self,
        name: &Arc<str>,
        act: impl FnOnce(&mut Versions) -> T,
    ) -> Option<T> {
        // Looked for once: nearly every change is one more version of an active subject.
        if let Some(versions) = self.active.get_mut(name) {
            let versions = Arc::make_mut(versions);
            let done = act(versions);
            if versions.head.live == 0 {
                let moved = self.active.remove_with_key(name);
                self.settle(moved);
            }
            return Some(done);
        }
        let versions = Arc::make_mut(self.deleted.get_mut(name)?);
        let done = act(versions);
        if versions.head.live > 0 || versions.head.top == 0 {
            let moved = self.deleted.remove_with_key(name);
            self.settle(moved);
        }
        Some(done)
    }

    /// Puts a subject that was taken out where it belongs, unless nothing is left of it.
    fn settle(&mut self, moved: Option<(Arc<str>, Arc<Versions>)>) {
        let (name, versions) = moved.expect("it was changed there just above");
        if versions.head.top > 0 {
            self.insert(name, versions);
        }
    }

    fn map_of(&mut self, versions: &Versions) -> &mut Map {
        if versions.head.live > 0 { &mut self.active } else { &mut self.deleted }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.active.len() + self.deleted.len()
    }

    /// Those of a life, sorted by text, from a name on.
    pub(super) fn from(&self, visibility: Visibility, start: &str) -> Sorted<'_> {
        match visibility {
            Visibility::Active => Sorted([Some(within(&self.active, start)), None]),
            Visibility::Deleted => Sorted([None, Some(within(&self.deleted, start))]),
            Visibility::All => {
                Sorted([&self.active, &self.deleted].map(|map| Some(within(map, start))))
            }
        }
    }
}

type Part<'a> = Peekable<ordmap::RangedIter<'a, Arc<str>, Arc<Versions>, DefaultSharedPtr>>;

fn within<'a>(map: &'a Map, start: &str) -> Part<'a> {
    map.range::<_, str>((Bound::Included(start), Bound::Unbounded)).peekable()
}

/// Goes over one map, or over both as if they were one.
pub(super) struct Sorted<'a>([Option<Part<'a>>; 2]);

impl<'a> Iterator for Sorted<'a> {
    type Item = (&'a Arc<str>, &'a Arc<Versions>);

    fn next(&mut self) -> Option<Self::Item> {
        let [first, second] = &mut self.0;
        let name = |part: &mut Option<Part<'a>>| Some(part.as_mut()?.peek()?.0);
        let from_first = match (name(first), name(second)) {
            (Some(one), Some(other)) => one < other,
            (one, _) => one.is_some(),
        };
        if from_first { first.as_mut()?.next() } else { second.as_mut()?.next() }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Row, *};

    fn row(deleted: bool) -> Row {
        Row { id: 1, deleted, carries: false, timestamp: 0, offset: 0 }
    }

    fn names(subjects: &Subjects, visibility: Visibility, start: &str) -> Vec<String> {
        subjects.from(visibility, start).map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn lists_are_sorted_whatever_map_a_subject_is_in() {
        let mut subjects = Subjects::default();
        for (name, deleted) in [("b", true), ("a", false), ("d", false), ("c", true)] {
            subjects.insert(name.into(), Arc::new(Versions::of(1, row(deleted), 0)));
        }
        assert_eq!(names(&subjects, Visibility::All, ""), ["a", "b", "c", "d"]);
        assert_eq!(names(&subjects, Visibility::All, "b"), ["b", "c", "d"]);
        assert_eq!(names(&subjects, Visibility::Active, "b"), ["d"]);
        assert_eq!(names(&subjects, Visibility::Deleted, ""), ["b", "c"]);
    }

    #[test]
    fn a_subject_moves_with_its_life() {
        let mut subjects = Subjects::default();
        let name: Arc<str> = "a".into();
        subjects.insert(name.clone(), Arc::new(Versions::of(1, row(false), 0)));
        subjects.change(&name, |versions| versions.soft_delete(..=1, 1));
        assert_eq!(names(&subjects, Visibility::Deleted, ""), ["a"]);
        assert_eq!(names(&subjects, Visibility::Active, ""), Vec::<String>::new());
        subjects.change(&name, |versions| versions.insert(2, row(false), 2));
        assert_eq!(names(&subjects, Visibility::Active, ""), ["a"]);
        for version in [1, 2] {
            subjects.change(&name, |versions| versions.remove(version, 3));
        }
        assert_eq!((subjects.len(), subjects.get("a")), (0, None));
        assert_eq!(subjects.change(&name, |_| ()), None);
    }
}
