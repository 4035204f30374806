//! Addresses, headers and names of environment variables: what is wrong with one, before a call finds out.

/// What is wrong with an address whose host no model and no customer can choose. Braces in its path are not looked at.
pub fn address_fault(url: &str) -> Option<String> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some(format!("`{url}` must begin with https:// or http://"));
    };
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("an address has no blanks: write %20".into());
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '@']) {
        return Some("the host must be written out, without parameters and passwords".into());
    }
    let port = host.rsplit_once(']').map_or(host, |(_, behind)| behind).split_once(':').map(|(_, port)| port);
    match port {
        Some(port) if port.parse::<u16>().is_err() => Some(format!("`{port}` is no port: 1 to 65535")),
        _ => None,
    }
}

/// What is wrong with the name of an environment variable. What stands here may be a secret: it is not repeated.
pub fn variable_fault(name: &str) -> Option<(&'static str, &'static str)> {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (!begins || !name.chars().all(letter)).then_some((
        "is not the name of an environment variable",
        "a key does not belong in a file; name the variable that holds it",
    ))
}

/// What is wrong with the `{parameters}` of an address: a brace without its other one.
pub(super) fn brace_fault(url: &str) -> Option<String> {
    let mut open = false;
    for c in url.chars() {
        match c {
            '{' if open => return Some("a `{` is not closed before the next one: a parameter is `{name}`".into()),
            '}' if !open => return Some("a `}` has no `{` before it: a parameter is `{name}`".into()),
            '{' | '}' => open = c == '{',
            _ => {}
        }
    }
    open.then(|| "a `{` is not closed: a parameter is `{name}`".into())
}

/// What is wrong with a header: its name by RFC 9110, its value by what our HTTP client sends.
pub(super) fn header_fault(name: &str, value: &str) -> Option<String> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Some(format!("`{name}` is not the name of a header: letters, digits and `-`, such as `X-Client`"));
    }
    let sendable = |c: char| c == '\t' || (' '..='~').contains(&c);
    let bad = value.chars().find(|c| !sendable(*c))?;
    Some(format!("the header `{name}` cannot be sent: {bad:?} in its value; one line of ASCII can"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["http://127.0.0.1:8080/a/{id}?x={y}", "https://crm.example", "http://[::1]:80/v1", "http://[::1]/"]
        {
            assert_eq!(address_fault(good), None, "{good}");
        }
        for (bad, says) in [
            ("crm.example", "must begin with"),
            ("ftp://crm.example", "must begin with"),
            ("https://", "the host must be written out"),
            ("https:///path", "the host must be written out"),
            ("https://{host}/x", "the host must be written out"),
            ("https://user:pass@crm.example", "the host must be written out"),
            ("https://crm.example/a b", "no blanks"),
            ("https://crm.example\n", "no blanks"),
            ("https://crm.example:99999/", "`99999` is no port"),
            ("https://crm.example:/", "`` is no port"),
        ] {
            assert!(address_fault(bad).is_some_and(|fault| fault.contains(says)), "{bad}");
        }
    }

    #[test]
    fn braces() {
        for (url, good) in
            [("/o/{id}/{b}", true), ("/o", true), ("/o/{id", false), ("/o/id}", false), ("/{a{b}}", false)]
        {
            assert_eq!(brace_fault(url).is_none(), good, "{url}");
        }
    }

    #[test]
    fn headers() {
        for (name, value, good) in [
            ("X-Client", "a b;c=\"d\"", true),
            ("x", "", true),
            ("a b", "x", false),
            ("", "x", false),
            ("ñ", "x", false),
            ("x:", "x", false),
            ("x", "a\nb", false),
            ("x", "ñ", false),
        ] {
            assert_eq!(header_fault(name, value).is_none(), good, "{name}: {value}");
        }
    }
}
