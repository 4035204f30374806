//! From the settings and the environment to what a model needs, before it is asked anything.

use relevo_agents::definition::models::OpenAiChoice;
use reqwest::{Url, header::HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

/// Why there is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// There is no key.
    #[error("environment: {0} is not set (the key of `openai` in `models:`, by its `apiKeyFrom`)")]
    NoKey(String),
    /// A key that cannot be sent.
    #[error("environment: {0} has characters that no key has")]
    OddKey(String),
    /// The address is none.
    #[error("`baseUrl` of `openai` in `models:` is not an address: {0}")]
    Address(String),
}

/// The key, where one is needed. `variable` reads the environment; white space around a key is none of it.
pub(crate) fn key(
    choice: &OpenAiChoice,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<SecretString>, StartError> {
    let Some(name) = &choice.api_key_from else { return Ok(None) };
    let key = variable(name).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let key = SecretString::from(key.ok_or_else(|| StartError::NoKey(name.clone()))?);
    match HeaderValue::from_str(key.expose_secret()) {
        Ok(_) => Ok(Some(key)),
        Err(_) => Err(StartError::OddKey(name.clone())),
    }
}

/// The address of chat completions. What stands behind a `?` stays there.
pub(crate) fn address(choice: &OpenAiChoice) -> Result<Url, StartError> {
    let wrong = |why: String| StartError::Address(why);
    let mut url = Url::parse(&choice.base_url).map_err(|error| wrong(error.to_string()))?;
    url.path_segments_mut()
        .map_err(|()| wrong("it has no path".into()))?
        .pop_if_empty()
        .extend(["chat", "completions"]);
    Ok(url)
}
