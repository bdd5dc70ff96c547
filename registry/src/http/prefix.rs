//! `/contexts/{context}/…`: every path may be written below a context, and is then routed as if it
//! stood alone, with its subjects taken into that context (`registry-api` 1.4).

use http::Uri;
use openapi::{
    error::ErrorCode,
    ids::{DEFAULT_CONTEXT, context_named},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::error::ApiError;

/// What a prefix may hold unescaped, in a path and in a query.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b':').remove(b'.').remove(b'-').remove(b'_').remove(b'*');

/// The address without its context; none if it names no context or nothing below `contexts`.
pub(super) fn resolved(uri: &Uri) -> Result<Option<Uri>, ApiError> {
    let Some(below) = uri.path().strip_prefix("/contexts/") else { return Ok(None) };
    let (context, rest) = below.split_once('/').unwrap_or((below, ""));
    let prefix = prefix_of(&percent_decode_str(context).decode_utf8_lossy())?;
    let segments: Vec<&str> = rest.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut address = match segments.as_slice() {
        [] if prefix.is_empty() => format!("/contexts/:{DEFAULT_CONTEXT}:"),
        [] => format!("/contexts/{prefix}"),
        segments => path(segments, &prefix),
    };
    let query = query(&segments, &prefix, uri.query().unwrap_or_default());
    if !query.is_empty() {
        address.push('?');
        address.push_str(&query);
    }
    let wrong = |_| ApiError::new(ErrorCode::BadRequest, "HTTP 400 Bad Request");
    address.parse().map(Some).map_err(wrong)
}

/// `:.ctx:`, escaped; empty for the default context, which needs none.
fn prefix_of(spelled: &str) -> Result<String, ApiError> {
    let context = context_named(spelled).map_err(|wrong| {
        let message = format!("Context name '{wrong}' cannot contain a colon");
        ApiError::new(ErrorCode::BadRequest, message)
    })?;
    if context == DEFAULT_CONTEXT {
        return Ok(String::new());
    }
    Ok(utf8_percent_encode(&format!(":{context}:"), ESCAPED).to_string())
}

/// The path of the rest: the one segment that is a subject gets the prefix.
fn path(segments: &[&str], prefix: &str) -> String {
    let subject = match segments {
        ["subjects" | "config" | "mode", _, ..] => Some(1),
        ["compatibility" | "associations", "subjects", _, ..] => Some(2),
        _ => segments.iter().position(|segment| *segment == "deks").map(|at| at + 1),
    };
    let mut path = String::new();
    for (at, segment) in segments.iter().enumerate() {
        path.push('/');
        if Some(at) == subject && !is_qualified(segment) {
            path.push_str(prefix);
        }
        path.push_str(segment);
    }
    // Without a subject these two are about the context itself.
    if let ["config" | "mode"] = segments
        && !prefix.is_empty()
    {
        path.push('/');
        path.push_str(prefix);
    }
    path
}

/// Whether a segment names its context already.
fn is_qualified(segment: &str) -> bool {
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    decoded.starts_with(":.") || decoded.starts_with(":*:")
}

/// The query of the rest: a parameter that narrows by subject is narrowed to the context.
fn query(segments: &[&str], prefix: &str, query: &str) -> String {
    let narrowed = match segments {
        ["schemas", "ids", ..] => Some("subject"),
        ["schemas" | "subjects"] | ["keks", ..] => Some("subjectPrefix"),
        _ => None,
    };
    let Some(name) = narrowed.filter(|_| !prefix.is_empty()) else { return query.to_owned() };
    let mut found = false;
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if key == name {
            found = true;
            format!("{key}={prefix}{value}")
        } else {
            pair.to_owned()
        }
    });
    let mut pairs: Vec<String> = pairs.collect();
    if !found {
        pairs.push(format!("{name}={prefix}"));
    }
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_a_context_is_the_path_in_it() {
        for (below, alone) in [
            (".foo", "/contexts/:.foo:"),
            ("foo", "/contexts/:.foo:"),
            (":.foo:", "/contexts/:.foo:"),
            ("%3A.foo%3A", "/contexts/:.foo:"),
            (".", "/contexts/:.:"),
            (".a%20b", "/contexts/:.a%20b:"),
            (".foo/subjects", "/subjects?subjectPrefix=:.foo:"),
            (".foo/subjects?deleted=true", "/subjects?deleted=true&subjectPrefix=:.foo:"),
            (".foo/subjects?subjectPrefix=a%20", "/subjects?subjectPrefix=:.foo:a%20"),
            (".foo/subjects/s", "/subjects/:.foo:s"),
            (".foo/subjects/s/versions/1?a=b", "/subjects/:.foo:s/versions/1?a=b"),
            (".foo/subjects/%3A.bar%3As", "/subjects/%3A.bar%3As"),
            (".foo/subjects/:*:s", "/subjects/:*:s"),
            (".foo/subjects/subjects", "/subjects/:.foo:subjects"),
            (".foo/compatibility/subjects/s/versions", "/compatibility/subjects/:.foo:s/versions"),
            (".foo/config", "/config/:.foo:"),
            (".foo/mode", "/mode/:.foo:"),
            (".foo/config/s", "/config/:.foo:s"),
            (".foo/mode/:.bar:", "/mode/:.bar:"),
            (".foo/schemas/ids/1", "/schemas/ids/1?subject=:.foo:"),
            (".foo/schemas/ids/1/versions?subject=s", "/schemas/ids/1/versions?subject=:.foo:s"),
            (".foo/schemas", "/schemas?subjectPrefix=:.foo:"),
            (".foo/schemas/types", "/schemas/types"),
            (".foo/contexts", "/contexts"),
            ("./subjects", "/subjects"),
            (":.:/config", "/config"),
            ("./schemas/ids/1", "/schemas/ids/1"),
        ] {
            let uri = format!("/contexts/{below}").parse().unwrap();
            let resolved = resolved(&uri).unwrap().unwrap();
            assert_eq!(resolved.to_string(), alone, "{below}");
        }
    }

    #[test]
    fn other_paths_stay_as_they_are() {
        for path in ["/", "/contexts", "/subjects/contexts", "/contextsx/a"] {
            assert_eq!(resolved(&path.parse().unwrap()), Ok(None));
        }
        assert!(resolved(&"/contexts/a:b/subjects".parse().unwrap()).is_err());
    }
}
