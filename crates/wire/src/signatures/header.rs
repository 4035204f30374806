//! The `Authorization` header of signature version 4, taken apart.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// The one algorithm.
pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// `AWS4-HMAC-SHA256 Credential=KEY/20261127/us-east-1/connect/aws4_request, SignedHeaders=host;x-amz-date, Signature=…`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) key_id: &'a str,
    pub(super) date: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// What is wrong with a header that cannot be read, in AWS's words.
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let parts = text
            .strip_prefix(ALGORITHM)
            .ok_or_else(|| format!("Unsupported AWS 'algorithm': the request must be signed with {ALGORITHM}."))?;
        let part = |name: &str| {
            let found = parts.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
            found
                .filter(|value| !value.is_empty())
                .ok_or_else(|| format!("Authorization header requires '{name}' parameter."))
        };
        Self::of(part("Credential")?, part("SignedHeaders")?, part("Signature")?)
    }

    /// Of its three parts, wherever they stood.
    pub(super) fn of(credential: &'a str, signed: &'a str, signature: &'a str) -> Result<Self, String> {
        // A key's id may hold a slash, the scope behind it has four parts.
        let mut scope = credential.rsplitn(5, '/');
        let (Some("aws4_request"), Some(service), Some(region), Some(date), Some(key_id)) =
            (scope.next(), scope.next(), scope.next(), scope.next(), scope.next())
        else {
            return Err("Credential must have exactly 5 slash-delimited elements, e.g. \
                        keyid/date/region/service/aws4_request."
                .into());
        };
        Ok(Self { key_id, date, region, service, signed_headers: signed.split(';').collect(), signature })
    }
}

/// `20261127T050710Z`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The same way back.
pub(super) fn written(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_taken_apart() {
        let text = "AWS4-HMAC-SHA256 Credential=AKID/20261127/us-east-1/connect/aws4_request, \
                    SignedHeaders=host;x-amz-date, Signature=abc";
        let expected = Authorization {
            key_id: "AKID",
            date: "20261127",
            region: "us-east-1",
            service: "connect",
            signed_headers: vec!["host", "x-amz-date"],
            signature: "abc",
        };
        assert_eq!(Authorization::parse(text), Ok(expected.clone()));
        assert_eq!(Authorization::parse(&text.replace(", ", ",")), Ok(expected));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, said) in [
            ("Bearer x", "algorithm"),
            ("AWS4-HMAC-SHA256 SignedHeaders=host, Signature=abc", "'Credential'"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, Signature=abc", "'SignedHeaders'"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=", "'Signature'"),
            ("AWS4-HMAC-SHA256 Credential=a/b/aws4_request, SignedHeaders=host, Signature=abc", "5 slash-delimited"),
            ("AWS4-HMAC-SHA256 Credential=a/b/c/d/aws3, SignedHeaders=host, Signature=abc", "5 slash-delimited"),
        ] {
            let problem = Authorization::parse(text).unwrap_err();
            assert!(problem.contains(said), "{text}: {problem}");
        }
    }

    #[test]
    fn times_there_and_back() {
        let text = "20261127T050710Z";
        assert_eq!(time(text).map(written).as_deref(), Some(text));
        assert_eq!(time("2026-11-27T05:07:10Z"), None);
    }
}
