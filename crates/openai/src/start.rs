//! From the settings and the environment to what a model needs, before it is asked anything.

use reqwest::{Url, header::HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

/// Why there is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// There is no key.
    #[error("environment: {0} is not set (the key of `openai` in bot.yaml, by its `apiKeyFrom`)")]
    NoKey(String),
    /// A key that cannot be sent.
    #[error("environment: {0} has characters that no key has")]
    OddKey(String),
    /// The address is none.
    #[error("`baseUrl` of `openai` in bot.yaml is not an address: {0}")]
    Address(String),
}

/// The key, where one is needed. `variable` reads the environment; white space around a key is none of it.
pub(crate) fn key(
    from: Option<&str>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<SecretString>, StartError> {
    let Some(name) = from else { return Ok(None) };
    let key = variable(name).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let key = SecretString::from(key.ok_or_else(|| StartError::NoKey(name.to_owned()))?);
    match HeaderValue::from_str(key.expose_secret()) {
        Ok(_) => Ok(Some(key)),
        Err(_) => Err(StartError::OddKey(name.to_owned())),
    }
}

/// The address of one of the endpoint's operations. What stands behind a `?` stays there.
pub(crate) fn address(base_url: &str, operation: &[&str]) -> Result<Url, StartError> {
    let wrong = |why: String| StartError::Address(why);
    let mut url = Url::parse(base_url).map_err(|error| wrong(error.to_string()))?;
    url.path_segments_mut().map_err(|()| wrong("it has no path".into()))?.pop_if_empty().extend(operation);
    Ok(url)
}
