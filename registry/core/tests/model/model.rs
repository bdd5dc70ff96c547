//! The registry as somebody explains it (`registry-api` 2.4 to 2.7, 2.13): subjects with versions,
//! and for each context the highest id ever seen.

use std::collections::BTreeMap;

use crate::acts::{Act, Place, is_other, name};

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// Id and version.
    Registered(u32, u32),
    Versions(Vec<u32>),
    Version(u32),
    Done,
    Refused(&'static str),
}

/// What a schema says: a text, or that it refers to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text(u8),
    Refers(u8, u32),
}

#[derive(Clone, Debug)]
struct Row {
    id: u32,
    content: Content,
    deleted: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    rows: BTreeMap<(u8, u32), Row>,
    modes: BTreeMap<Place, &'static str>,
    /// By context: the default one, the other.
    id_max: [u32; 2],
}

type Answer = Result<Said, &'static str>;

impl Model {
    pub(crate) fn act(&mut self, act: &Act) -> Said {
        let said = match *act {
            Act::Register(subject, text) => self.register(subject, Content::Text(text)),
            Act::Refer(from, to, version) => self.refer(from, to, version),
            Act::Import(subject, text, id, version) => {
                self.import(subject, Content::Text(text), id, version)
            }
            Act::DeleteVersion(subject, version, permanent) => {
                self.delete_version(subject, version, permanent)
            }
            Act::DeleteSubject(subject, permanent) => self.delete_subject(subject, permanent),
            Act::UndeleteVersion(subject, version) => self.undelete_version(subject, version),
            Act::UndeleteSubject(subject) => self.undelete_subject(subject),
            Act::Mode(place, mode, force) => self.set_mode(place, mode, force),
        };
        said.unwrap_or_else(Said::Refused)
    }

    pub(crate) fn held(&self) -> Vec<String> {
        let row = |((subject, version), row): (&(u8, u32), &Row)| {
            format!("{} {version} {} {}", name(*subject), row.id, row.deleted)
        };
        let mut held: Vec<_> =
            self.rows.iter().map(|(key, it)| (name(key.0), key.1, row((key, it)))).collect();
        held.sort();
        held.into_iter().map(|(_, _, text)| text).collect()
    }

    fn of(&self, subject: u8) -> impl DoubleEndedIterator<Item = (u32, &Row)> {
        self.rows
            .range((subject, 0)..=(subject, u32::MAX))
            .map(|((_, version), row)| (*version, row))
    }

    fn versions(&self, subject: u8, wanted: impl Fn(&Row) -> bool) -> Vec<u32> {
        self.of(subject).filter(|(_, row)| wanted(row)).map(|(version, _)| version).collect()
    }

    fn latest(&self, subject: u8) -> Option<u32> {
        self.versions(subject, |row| !row.deleted).pop()
    }

    fn next(&self, subject: u8) -> u32 {
        self.of(subject).next_back().map_or(1, |(version, _)| version + 1)
    }

    fn mode(&self, subject: u8) -> &'static str {
        let context = if is_other(subject) { Place::Other } else { Place::Default };
        let places = [Place::Subject(subject), context];
        places.iter().find_map(|place| self.modes.get(place)).copied().unwrap_or("READWRITE")
    }

    fn writable(&self, subject: u8) -> Result<(), &'static str> {
        if self.mode(subject) == "READONLY" { Err("in read-only") } else { Ok(()) }
    }

    /// Who refers to a version: subject and whether it is active.
    fn referrers(&self, subject: u8, version: u32) -> Vec<(u8, bool)> {
        let refers =
            self.rows.iter().filter(|(_, row)| row.content == Content::Refers(subject, version));
        refers.map(|((from, _), row)| (*from, !row.deleted)).collect()
    }

    /// The content of an id in a context.
    fn content(&self, other: bool, id: u32) -> Option<Content> {
        let mut in_context =
            self.rows.iter().filter(|((subject, _), _)| is_other(*subject) == other);
        in_context.find(|(_, row)| row.id == id).map(|(_, row)| row.content)
    }

    fn refer(&mut self, from: u8, to: u8, version: Option<u32>) -> Answer {
        self.ordinary(from)?;
        let version = version.or_else(|| self.latest(to)).ok_or("invalid")?;
        if !self.rows.contains_key(&(to, version)) {
            return Err("invalid");
        }
        self.register(from, Content::Refers(to, version))
    }

    fn ordinary(&self, subject: u8) -> Result<(), &'static str> {
        self.writable(subject)?;
        if self.mode(subject) == "IMPORT" { Err("not in read-write") } else { Ok(()) }
    }

    fn register(&mut self, subject: u8, content: Content) -> Answer {
        self.ordinary(subject)?;
        let same = |(_, row): &(u32, &Row)| !row.deleted && row.content == content;
        if let Some((version, row)) = self.of(subject).rev().find(same) {
            return Ok(Said::Registered(row.id, version));
        }
        if let Content::Refers(to, version) = content
            && self.rows[&(to, version)].deleted
        {
            return Err("invalid");
        }
        let other = is_other(subject);
        let known = (1..=self.id_max[usize::from(other)])
            .find(|id| self.content(other, *id) == Some(content));
        let id = known.unwrap_or(self.id_max[usize::from(other)] + 1);
        Ok(self.put(subject, self.next(subject), id, content))
    }

    /// A new version; older deleted ones of the same schema go, unless something refers to them.
    fn put(&mut self, subject: u8, version: u32, id: u32, content: Content) -> Said {
        let spent =
            self.versions(subject, |row| row.deleted && row.content == content && row.id == id);
        for old in spent.into_iter().filter(|old| *old < version) {
            if self.referrers(subject, old).is_empty() {
                self.rows.remove(&(subject, old));
            }
        }
        self.rows.insert((subject, version), Row { id, content, deleted: false });
        let id_max = &mut self.id_max[usize::from(is_other(subject))];
        *id_max = id.max(*id_max);
        Said::Registered(id, version)
    }

    fn import(&mut self, subject: u8, content: Content, id: u32, version: u32) -> Answer {
        self.writable(subject)?;
        if self.mode(subject) != "IMPORT" {
            return Err("not in import");
        }
        if let Some(there) = self.rows.get(&(subject, version)) {
            let same = there.content == content;
            if !there.deleted && same && there.id == id {
                return Ok(Said::Registered(id, version));
            }
            let referred = !self.referrers(subject, version).is_empty();
            if !there.deleted || (referred && !same) {
                return Err("version taken");
            }
        }
        if self.content(is_other(subject), id).is_some_and(|held| held != content) {
            return Err("id taken");
        }
        Ok(self.put(subject, version, id, content))
    }

    fn delete_version(&mut self, subject: u8, version: Option<u32>, permanent: bool) -> Answer {
        self.of(subject).next().ok_or("no subject")?;
        let version = version.or_else(|| self.latest(subject)).ok_or("no version")?;
        let row = self.rows.get(&(subject, version)).ok_or("no version")?;
        match (row.deleted, permanent) {
            (true, false) => return Err("version deleted already"),
            (false, true) => return Err("version not deleted"),
            _ => {}
        }
        self.writable(subject)?;
        if self.referrers(subject, version).iter().any(|(_, active)| permanent || *active) {
            return Err("referred to");
        }
        self.take(subject, &[version], permanent);
        Ok(Said::Version(version))
    }

    fn delete_subject(&mut self, subject: u8, permanent: bool) -> Answer {
        self.of(subject).next().ok_or("no subject")?;
        let active = self.versions(subject, |row| !row.deleted);
        if active.is_empty() && !permanent {
            return Err("subject deleted already");
        }
        self.writable(subject)?;
        if !active.is_empty() && permanent {
            return Err("subject not deleted");
        }
        let versions = if permanent { self.versions(subject, |_| true) } else { active };
        let blocks = |(from, active): &(u8, bool)| *from != subject && (permanent || *active);
        if versions.iter().any(|version| self.referrers(subject, *version).iter().any(blocks)) {
            return Err("referred to");
        }
        self.take(subject, &versions, permanent);
        Ok(Said::Versions(versions))
    }

    fn take(&mut self, subject: u8, versions: &[u32], permanent: bool) {
        for version in versions {
            if permanent {
                self.rows.remove(&(subject, *version));
            } else if let Some(row) = self.rows.get_mut(&(subject, *version)) {
                row.deleted = true;
            }
        }
        if permanent && self.of(subject).next().is_none() {
            self.modes.remove(&Place::Subject(subject));
        }
    }

    fn undelete_version(&mut self, subject: u8, version: u32) -> Answer {
        self.of(subject).next().ok_or("no subject")?;
        let row = self.rows.get(&(subject, version)).ok_or("no version")?;
        let versions = if row.deleted { vec![version] } else { Vec::new() };
        self.revive(subject, &versions)?;
        Ok(Said::Version(version))
    }

    fn undelete_subject(&mut self, subject: u8) -> Answer {
        self.of(subject).next().ok_or("no subject")?;
        let versions = self.versions(subject, |row| row.deleted);
        self.revive(subject, &versions)?;
        Ok(Said::Versions(versions))
    }

    fn revive(&mut self, subject: u8, versions: &[u32]) -> Result<(), &'static str> {
        self.writable(subject)?;
        for version in versions {
            if let Content::Refers(to, number) = self.rows[&(subject, *version)].content
                && self.rows[&(to, number)].deleted
            {
                return Err("invalid");
            }
        }
        for version in versions {
            self.rows.get_mut(&(subject, *version)).expect("it is there").deleted = false;
        }
        Ok(())
    }

    fn set_mode(&mut self, place: Place, mode: &'static str, force: bool) -> Answer {
        if mode == "IMPORT" && self.modes.get(&place) != Some(&"IMPORT") {
            let within = |subject: u8| match place {
                Place::Subject(one) => one == subject,
                Place::Default => !is_other(subject),
                Place::Other => is_other(subject),
            };
            let mut rows = self.rows.iter().filter(|((subject, _), _)| within(*subject));
            if !force && rows.any(|(_, row)| !row.deleted) {
                return Err("subjects exist");
            }
            let all: Vec<(u8, u32)> = self.rows.keys().copied().collect();
            let gone = all.into_iter().filter(|(subject, version)| {
                within(*subject)
                    && self.rows[&(*subject, *version)].deleted
                    && self.referrers(*subject, *version).is_empty()
            });
            for key in gone.collect::<Vec<_>>() {
                self.rows.remove(&key);
            }
        }
        self.modes.insert(place, mode);
        Ok(Said::Done)
    }
}
