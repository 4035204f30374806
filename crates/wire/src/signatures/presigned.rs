//! A request whose signature stands in its URL's query (a presigned request), taken apart.

use percent_encoding::percent_decode_str;

use super::header::ALGORITHM;

/// What stands in a signed query, behind `X-Amz-`.
const MEMBERS: [&str; 7] =
    ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature", "Security-Token"];
/// The longest time that a URL is good for, in seconds: a week.
const LONGEST_S: i64 = 604_800;

/// What signs a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Presigned {
    pub(super) credential: String,
    pub(super) date: String,
    pub(super) expires_s: i64,
    pub(super) signed_headers: String,
    pub(super) signature: String,
    pub(super) session_token: Option<String>,
    /// The query without all this, as it stood.
    pub(super) rest: String,
}

impl Presigned {
    /// Whether a query is signed, rightly or not.
    pub(super) fn is_in(query: &str) -> bool {
        query.split('&').any(|part| part.starts_with("X-Amz-Signature=") || part.starts_with("X-Amz-Algorithm="))
    }

    /// What is wrong with a query that cannot be read, in AWS's words.
    pub(super) fn parse(query: &str) -> Result<Self, String> {
        let (mut found, mut rest) = (Vec::new(), Vec::new());
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name.strip_prefix("X-Amz-").filter(|name| MEMBERS.contains(name)) {
                Some(name) => found.push((name, percent_decode_str(value).decode_utf8_lossy().into_owned())),
                None => rest.push(part),
            }
        }
        let take = |name: &str| found.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let need = |name: &str| {
            take(name).filter(|value| !value.is_empty()).ok_or_else(|| {
                format!(
                    "AWS query-string parameters must include 'X-Amz-{name}'. Re-examine the query-string parameters."
                )
            })
        };
        if need("Algorithm")? != ALGORITHM {
            return Err(format!("Unsupported AWS 'algorithm': the request must be signed with {ALGORITHM}."));
        }
        let expires = need("Expires")?;
        let expires_s = expires.parse().ok().filter(|seconds| (1..=LONGEST_S).contains(seconds));
        Ok(Self {
            credential: need("Credential")?,
            date: need("Date")?,
            expires_s: expires_s.ok_or_else(|| format!("X-Amz-Expires must be from 1 to {LONGEST_S} seconds."))?,
            signed_headers: need("SignedHeaders")?,
            signature: need("Signature")?,
            session_token: take("Security-Token"),
            rest: rest.join("&"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "b=2&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=K%2F20261127%2Fr%2Fconnect%2Faws4_request\
                         &X-Amz-Date=20261127T050710Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&a=%C3%A9\
                         &X-Amz-Security-Token=t%2B&X-Amz-Signature=abc";

    #[test]
    fn a_query_is_taken_apart() {
        let parsed = Presigned::parse(QUERY).unwrap();
        assert_eq!(parsed.credential, "K/20261127/r/connect/aws4_request");
        assert_eq!((parsed.expires_s, parsed.rest.as_str()), (60, "b=2&a=%C3%A9"));
        assert_eq!((parsed.session_token.as_deref(), parsed.signature.as_str()), (Some("t+"), "abc"));
        assert!(Presigned::is_in(QUERY) && !Presigned::is_in("a=X-Amz-Signature=b") && !Presigned::is_in(""));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for name in ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            let without = QUERY.replace(&format!("X-Amz-{name}="), "x=");
            let problem = Presigned::parse(&without).unwrap_err();
            assert!(problem.contains(&format!("'X-Amz-{name}'")), "{problem}");
        }
        for expires in ["0", "604801", "-1", "soon"] {
            let wrong = QUERY.replace("Expires=60", &format!("Expires={expires}"));
            assert!(Presigned::parse(&wrong).unwrap_err().starts_with("X-Amz-Expires"), "{expires}");
        }
    }
}
