//! Addresses with what a model said in them: it can choose no other host, no other path than the template's.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986's unreserved characters stay.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as part of a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Fills the `{names}` of a template.
///
/// # Errors
/// The name of what has no value, or one that would lead to another path.
pub(crate) fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let (path, query) = match template.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (template, None),
    };
    let segments: Result<Vec<String>, String> =
        path.split('/').map(|segment| filled_segment(segment, &value)).collect();
    let path = segments?.join("/");
    Ok(match query {
        Some(query) => format!("{path}?{}", filled_part(query, &value)?.0),
        None => path,
    })
}

/// `.`, `..` and nothing are steps in a path, however they are encoded.
fn filled_segment(segment: &str, value: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let (filled, last) = filled_part(segment, value)?;
    match last {
        Some(name) if matches!(filled.as_str(), "" | "." | "..") => Err(name.to_owned()),
        _ => Ok(filled),
    }
}

fn filled_part<'t>(
    part: &'t str,
    value: &impl Fn(&str) -> Option<String>,
) -> Result<(String, Option<&'t str>), String> {
    let mut filled = String::new();
    let mut rest = part;
    let mut last = None;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(&encoded(&value(name).ok_or_else(|| name.to_owned())?));
        rest = behind;
        last = Some(name);
    }
    filled.push_str(rest);
    Ok((filled, last))
}

/// Adds pairs to an address that may have some.
pub(crate) fn with_query(url: String, pairs: &[(String, String)]) -> String {
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    match (query.is_empty(), url.contains('?')) {
        (true, _) => url,
        (false, true) => format!("{url}&{}", query.join("&")),
        (false, false) => format!("{url}?{}", query.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fill(template: &str, value: &str) -> Result<String, String> {
        filled(template, |name| (name == "id").then(|| value.to_owned()))
    }

    #[test]
    fn values_are_encoded() {
        for (template, value, wanted) in [
            ("https://a.example/o/{id}", "10020030", Ok("https://a.example/o/10020030")),
            (
                "https://a.example/o/{id}/x",
                "../../admin?a=b#c",
                Ok("https://a.example/o/..%2F..%2Fadmin%3Fa%3Db%23c/x"),
            ),
            ("https://a.example/o/{id}", "ñ %", Ok("https://a.example/o/%C3%B1%20%25")),
            ("https://a.example/o?x={id}", "a&b=c", Ok("https://a.example/o?x=a%26b%3Dc")),
            ("https://a.example/o?x={id}", "..", Ok("https://a.example/o?x=..")),
            ("https://a.example/o/{id}", "..", Err("id")),
            ("https://a.example/o/.{id}", ".", Err("id")),
            ("https://a.example/o/{id}", "", Err("id")),
            ("https://a.example/o/v{id}", "", Ok("https://a.example/o/v")),
            ("https://a.example/o/{other}", "1", Err("other")),
            ("https://a.example/o/{id", "1", Ok("https://a.example/o/{id")),
        ] {
            assert_eq!(fill(template, value), wanted.map(str::to_owned).map_err(str::to_owned), "{template} {value}");
        }
        assert_eq!(with_query("u".into(), &[]), "u");
        let pairs = [("a b".to_owned(), "1&2".to_owned()), ("c".to_owned(), String::new())];
        assert_eq!(with_query("u".into(), &pairs), "u?a%20b=1%262&c=");
        assert_eq!(with_query("u?x=1".into(), &pairs), "u?x=1&a%20b=1%262&c=");
    }

    proptest! {
        #[test]
        fn no_value_leaves_its_segment(value in "\\PC{0,30}|[./%?#&\\\\ ]{0,12}") {
            if let Ok(url) = fill("https://a.example/o/{id}/x?q={id}", &value) {
                let rest = url.strip_prefix("https://a.example/o/").unwrap();
                let (path, query) = rest.split_once('?').unwrap();
                let segments: Vec<&str> = path.split('/').collect();
                prop_assert_eq!(segments.len(), 2);
                prop_assert!(!["", ".", ".."].contains(&segments[0]));
                prop_assert!(rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%/?=".contains(&byte)));
                prop_assert_eq!(query.matches('=').count(), 1);
            }
        }
    }
}
