//! The keys that may sign: an ini file as the AWS command line and the SDKs have it, `~/.aws/credentials`.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// One access key.
#[derive(Debug, Clone)]
pub struct Key {
    /// `AKIA…`.
    pub id: String,
    /// What it signs with.
    pub secret: SecretString,
    /// What must come with it, for a key that is temporary.
    pub session_token: Option<SecretString>,
    /// When it ends, in ms since the epoch.
    pub expires_ms: Option<i64>,
}

impl Key {
    /// Whether what a request brings is this key's session token.
    pub(super) fn has_token(&self, brought: Option<&str>) -> bool {
        let own = self.session_token.as_ref().map(|token| token.expose_secret().as_bytes()).unwrap_or_default();
        own.ct_eq(brought.unwrap_or_default().as_bytes()).into()
    }
}

/// The keys of a file's profiles.
///
/// # Errors
/// The line, and what is wrong with it; never what it holds.
pub fn read_keys(text: &str) -> Result<Vec<Key>, String> {
    let (mut keys, mut open): (Vec<Key>, Option<Profile>) = (Vec::new(), None);
    for (n, line) in text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            keys.extend(open.take().map(Profile::key).transpose()?);
            open = Some(Profile { name: name.trim().to_owned(), line: n, ..Profile::default() });
            continue;
        }
        let (Some(profile), Some((name, value))) = (&mut open, line.split_once('=')) else {
            return Err(format!("line {n}: expected [profile], or a name = value below one"));
        };
        let (name, value) = (name.trim(), value.trim());
        match name {
            "aws_access_key_id" => profile.id = Some(value.to_owned()),
            "aws_secret_access_key" => profile.secret = Some(value.into()),
            "aws_session_token" => profile.session_token = Some(value.into()),
            "aws_expiration" => {
                let time: Timestamp = value
                    .parse()
                    .map_err(|_| format!("line {n}: aws_expiration must be a time such as 2026-11-27T05:00:00Z"))?;
                profile.expires_ms = Some(time.as_millisecond());
            }
            // Regions and the like, which the same files may have.
            _ => {}
        }
    }
    keys.extend(open.map(Profile::key).transpose()?);
    if keys.is_empty() {
        return Err("line 1: there is no profile with aws_access_key_id and aws_secret_access_key".into());
    }
    Ok(keys)
}

#[derive(Default)]
struct Profile {
    name: String,
    line: usize,
    id: Option<String>,
    secret: Option<SecretString>,
    session_token: Option<SecretString>,
    expires_ms: Option<i64>,
}

impl Profile {
    fn key(self) -> Result<Key, String> {
        let Self { name, line, session_token, expires_ms, .. } = self;
        let missing = |field: &str| format!("line {line}: profile {name} has no {field}");
        let id = self.id.filter(|id| !id.is_empty()).ok_or_else(|| missing("aws_access_key_id"))?;
        let secret = self.secret.filter(|secret| !secret.expose_secret().is_empty());
        let secret = secret.ok_or_else(|| missing("aws_secret_access_key"))?;
        Ok(Key { id, secret, session_token, expires_ms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_keys() {
        let text = "# mine\n[default]\naws_access_key_id = AKIA1\naws_secret_access_key=s=1\nregion = us-east-1\n\n\
                    [temporary]\naws_access_key_id = ASIA2\naws_secret_access_key = s2\naws_session_token = t2\n\
                    aws_expiration = 1970-01-01T00:00:01Z\n";
        let keys = read_keys(text).unwrap();
        let shown: Vec<_> =
            keys.iter().map(|key| (key.id.as_str(), key.secret.expose_secret(), key.expires_ms)).collect();
        assert_eq!(shown, [("AKIA1", "s=1", None), ("ASIA2", "s2", Some(1_000))]);
        assert!(keys[0].has_token(None) && !keys[0].has_token(Some("t2")));
        assert!(keys[1].has_token(Some("t2")) && !keys[1].has_token(Some("t3")) && !keys[1].has_token(None));
        assert!(!format!("{keys:?}").contains("s2"));
    }

    #[test]
    fn what_is_wrong_is_named_without_its_content() {
        for (text, said) in [
            ("", "line 1: there is no profile"),
            ("aws_access_key_id = a", "line 1: expected [profile]"),
            ("[p]\nnonsense", "line 2: expected [profile]"),
            ("[p]\naws_access_key_id = a\n[q]", "line 1: profile p has no aws_secret_access_key"),
            ("\n[p]\naws_secret_access_key = hidden", "line 2: profile p has no aws_access_key_id"),
            ("[p]\naws_expiration = tomorrow", "line 2: aws_expiration"),
        ] {
            let problem = read_keys(text).unwrap_err();
            assert!(problem.starts_with(said) && !problem.contains("hidden"), "{text}: {problem}");
        }
    }
}
