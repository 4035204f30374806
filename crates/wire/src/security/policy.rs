//! Which hosts and origins may come in.

use axum::http::{
    HeaderMap, HeaderValue, Uri,
    header::{HOST, ORIGIN},
    uri::Authority,
};

/// Names of this machine.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// What the operator allows beside this machine.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    origins: Vec<String>,
    hosts: Vec<String>,
}

/// Why a request may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    ForeignHost,
    ForeignOrigin,
}

impl Refusal {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::ForeignHost => "This host name is not allowed",
            Self::ForeignOrigin => "This origin is not allowed",
        }
    }
}

impl Policy {
    pub(super) fn new(origins: Vec<String>, hosts: Vec<String>) -> Self {
        Self { origins, hosts }
    }

    /// Lets a request in, with the origin its answer may be shared with. A request without `Host` comes from no
    /// browser; one without `Origin` comes from none, or from a page of the same origin.
    pub(super) fn admit(&self, headers: &HeaderMap, uri: &Uri) -> Result<Option<HeaderValue>, Refusal> {
        let named = headers.get_all(HOST).iter().map(|value| value.to_str().unwrap_or_default());
        let mut hosts = named.chain(uri.authority().map(Authority::as_str));
        if !hosts.all(|host| self.host_allowed(host)) {
            return Err(Refusal::ForeignHost);
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(origin) = origins.next() else { return Ok(None) };
        let allowed = origins.next().is_none() && origin.to_str().is_ok_and(|origin| self.origin_allowed(origin));
        if allowed { Ok(Some(origin.clone())) } else { Err(Refusal::ForeignOrigin) }
    }

    fn host_allowed(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else { return false };
        is_loopback(&name) || self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
    }

    fn origin_allowed(&self, origin: &str) -> bool {
        let here = origin.strip_prefix("http://").and_then(name_of).is_some_and(|name| is_loopback(&name));
        here || self.origins.iter().any(|allowed| allowed.trim_end_matches('/').eq_ignore_ascii_case(origin))
    }
}

fn is_loopback(name: &str) -> bool {
    LOOPBACK.contains(&name)
}

/// The host of `host:port`, in lower case.
fn name_of(authority: &str) -> Option<String> {
    if authority.contains('@') {
        return None;
    }
    let authority: Authority = authority.parse().ok()?;
    Some(authority.host().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy::new(vec!["https://chat.example.com/".into()], vec!["devbox.local".into()])
    }

    #[test]
    fn hosts_of_this_machine() {
        let allowed = ["127.0.0.1", "127.0.0.1:8080", "LOCALHOST:1", "[::1]", "[::1]:8080", "devbox.local:8080"];
        let refused = [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:8080",
            "x@127.0.0.1",
            "[::2]:80",
            "127.0.0.1/x",
            "0.0.0.0",
            "evil.example:127.0.0.1",
            "127.0.0.1:8080:9",
            "localhost.",
        ];
        for host in allowed {
            assert!(policy().host_allowed(host), "{host}");
        }
        for host in refused {
            assert!(!policy().host_allowed(host), "{host}");
        }
    }

    #[test]
    fn origins_of_this_machine() {
        let allowed = ["http://127.0.0.1:3000", "http://localhost", "http://[::1]:9", "https://chat.example.com"];
        let refused = [
            "",
            "null",
            "https://evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1@evil.example",
            "http://evil.example?http://localhost",
            "ftp://localhost",
            "https://chat.example.com.evil.example",
            "http://localhost/x",
        ];
        for origin in allowed {
            assert!(policy().origin_allowed(origin), "{origin}");
        }
        for origin in refused {
            assert!(!policy().origin_allowed(origin), "{origin}");
        }
    }

    #[test]
    fn every_host_and_the_one_origin_must_be_good() {
        let admit = |headers: &[(&str, &str)], uri: &str| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap());
            }
            policy().admit(&map, &uri.parse().unwrap())
        };
        assert_eq!(admit(&[], "/"), Ok(None));
        assert_eq!(admit(&[("host", "localhost")], "http://evil.example/"), Err(Refusal::ForeignHost));
        assert_eq!(admit(&[("host", "localhost"), ("host", "evil.example")], "/"), Err(Refusal::ForeignHost));
        let two = [("origin", "http://localhost"), ("origin", "http://evil.example")];
        assert_eq!(admit(&two, "/"), Err(Refusal::ForeignOrigin));
        assert!(matches!(admit(&[("origin", "http://localhost:1")], "/"), Ok(Some(_))));
    }
}
