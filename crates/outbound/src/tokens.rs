//! Bearer tokens: a definition names the environment variables, their values are read once.

use std::collections::BTreeMap;

use secrecy::SecretString;

use crate::error::CallError;

/// The tokens, by the variable that holds them.
#[derive(Debug, Default)]
pub struct Tokens(BTreeMap<String, SecretString>);

impl Tokens {
    /// Reads the variables with these names. `variable` reads one.
    pub fn read<'n>(names: impl IntoIterator<Item = &'n str>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let read =
            |name: &str| Some((name.to_owned(), SecretString::from(variable(name).filter(|it| !it.is_empty())?)));
        Self(names.into_iter().filter_map(read).collect())
    }

    /// The token of a call that names a variable, or none.
    ///
    /// # Errors
    /// The variable is not set: such a call is not made.
    pub fn of(&self, name: Option<&str>) -> Result<Option<&SecretString>, CallError> {
        let Some(name) = name else { return Ok(None) };
        let missing = || CallError::NotConfigured(format!("the environment variable {name} is not set"));
        self.0.get(name).ok_or_else(missing).map(Some)
    }
}
