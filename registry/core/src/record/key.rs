//! Keys. Kafka compacts by key bytes, so the canonical form is exact: fields in this order, compact.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Undecodable, json};

/// What a record is about. The `magic` of upstream's keys carries no meaning and is not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A version of a subject.
    Schema { subject: Arc<str>, version: u32 },
    /// Configuration of a subject or context; of the default context where the name is none.
    Config(Option<Arc<str>>),
    /// Mode, scoped like configuration.
    Mode(Option<Arc<str>>),
    /// A subject was soft-deleted up to a version.
    DeleteSubject(Arc<str>),
    /// The soft-deleted versions of a subject or context were dropped.
    ClearSubject(Arc<str>),
    /// A context exists.
    Context { tenant: Arc<str>, context: Arc<str> },
    /// A resource is bound to a subject; kept as it stands.
    Association(Box<str>),
    /// Somebody looked for the end of the log.
    Noop,
    /// `_syngraph`: the highest id given out in a context.
    IdMark(Arc<str>),
    /// `_syngraph`: which log this is.
    LogIdentity,
    /// `_syngraph`: in which form the logs are written.
    Format,
}

/// Every key form there is, for reading.
#[derive(Deserialize)]
struct AnyKey {
    keytype: String,
    #[serde(default)]
    subject: Option<Arc<str>>,
    #[serde(default)]
    version: Option<u32>,
    #[serde(default)]
    tenant: Option<Arc<str>>,
    #[serde(default)]
    context: Option<Arc<str>>,
}

#[derive(Serialize)]
struct SchemaKey<'a> {
    keytype: &'a str,
    subject: &'a str,
    version: u32,
    magic: u8,
}

#[derive(Serialize)]
struct SubjectKey<'a> {
    keytype: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    magic: u8,
}

#[derive(Serialize)]
struct ContextKey<'a> {
    keytype: &'a str,
    tenant: &'a str,
    context: &'a str,
    magic: u8,
}

#[derive(Serialize)]
struct OwnKey<'a> {
    keytype: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
}

impl Key {
    /// Reads a key in any of the byte forms that writers of the field have used.
    pub fn decode(bytes: &[u8]) -> Result<Self, Undecodable> {
        let any: AnyKey = serde_json::from_slice(bytes)
            .map_err(|error| Undecodable(format!("the key is not understood: {error}")))?;
        let missing = |field| Undecodable(format!("a {} key without {field}", any.keytype));
        let subject = || any.subject.clone().ok_or_else(|| missing("a subject"));
        let context = || any.context.clone().ok_or_else(|| missing("a context"));
        Ok(match any.keytype.as_str() {
            "SCHEMA" => {
                let version = any.version.ok_or_else(|| missing("a version"))?;
                Self::Schema { subject: subject()?, version }
            }
            "CONFIG" => Self::Config(any.subject.clone()),
            "MODE" => Self::Mode(any.subject.clone()),
            "DELETE_SUBJECT" => Self::DeleteSubject(subject()?),
            "CLEAR_SUBJECT" => Self::ClearSubject(subject()?),
            "CONTEXT" => Self::Context {
                tenant: any.tenant.clone().unwrap_or_else(|| "default".into()),
                context: context()?,
            },
            "ASSOC" => Self::Association(String::from_utf8_lossy(bytes).into()),
            "NOOP" => Self::Noop,
            "ID_MARK" => Self::IdMark(context()?),
            "LOG_IDENTITY" => Self::LogIdentity,
            "FORMAT" => Self::Format,
            other => return Err(Undecodable(format!("unknown keytype {other:?}"))),
        })
    }

    /// Reads the canonical bytes of a plain SCHEMA key, which nearly every key of a log is, without
    /// the detour through JSON; none if they are anything else.
    pub(super) fn decode_canonical(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let rest = text.strip_prefix(r#"{"keytype":"SCHEMA","subject":""#)?;
        let (subject, rest) = rest.split_once('"')?;
        let digits = rest.strip_prefix(r#","version":"#)?.strip_suffix(r#","magic":1}"#)?;
        let is_plain = subject.bytes().all(|byte| byte >= b' ' && byte != b'\\');
        let is_shortest = digits == "0" || !digits.starts_with(['0', '+']);
        let version = digits.parse().ok().filter(|_| is_plain && is_shortest)?;
        Some(Self::Schema { subject: subject.into(), version })
    }

    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let of_subject = |keytype, subject| json::print(&SubjectKey { keytype, subject, magic: 0 });
        let own = |keytype, context| json::print(&OwnKey { keytype, context });
        match self {
            Self::Schema { subject, version } => {
                json::print(&SchemaKey { keytype: "SCHEMA", subject, version: *version, magic: 1 })
            }
            Self::Config(subject) => of_subject("CONFIG", subject.as_deref()),
            Self::Mode(subject) => of_subject("MODE", subject.as_deref()),
            Self::DeleteSubject(subject) => of_subject("DELETE_SUBJECT", Some(subject)),
            Self::ClearSubject(subject) => of_subject("CLEAR_SUBJECT", Some(subject)),
            Self::Context { tenant, context } => {
                json::print(&ContextKey { keytype: "CONTEXT", tenant, context, magic: 0 })
            }
            Self::Association(text) => text.as_bytes().to_vec(),
            Self::Noop => of_subject("NOOP", None),
            Self::IdMark(context) => own("ID_MARK", Some(context)),
            Self::LogIdentity => own("LOG_IDENTITY", None),
            Self::Format => own("FORMAT", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_takes_canonical_keys_only() {
        let key = |subject: &str| Key::Schema { subject: subject.into(), version: 7 };
        for subject in ["a", "", "é\u{7f}:.x:/", "a b"] {
            let bytes = key(subject).encode();
            assert_eq!(Key::decode_canonical(&bytes), Some(key(subject)));
            assert_eq!(Key::decode(&bytes), Ok(key(subject)));
        }
        assert_eq!(Key::decode_canonical(&key("a\"b\\").encode()), None);
        let others = [
            r#"{"keytype":"SCHEMA","subject":"a","version":07,"magic":1}"#,
            r#"{"keytype":"SCHEMA","subject":"a","version":+7,"magic":1}"#,
            r#"{"keytype":"SCHEMA","subject":"a","version":7,"magic":0}"#,
            r#"{"keytype":"SCHEMA","subject":"\u0061","version":7,"magic":1}"#,
            r#"{"keytype": "SCHEMA","subject":"a","version":7,"magic":1}"#,
            "{\"keytype\":\"SCHEMA\",\"subject\":\"a\nb\",\"version\":7,\"magic\":1}",
        ];
        assert!(others.iter().all(|other| Key::decode_canonical(other.as_bytes()).is_none()));
    }
}
