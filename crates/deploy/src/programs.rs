//! Port: other people's programs (`aws`, `sam`), by which everything is asked of AWS. They know the credentials, the profiles
//! and the regions of whoever sits at the terminal, and a person can type what was done here.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use serde_json::Value;

/// One call of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The program's name.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables beside those of the terminal.
    pub variables: BTreeMap<String, String>,
    /// Where it runs; none: here.
    pub folder: Option<PathBuf>,
}

impl Call {
    /// A call with these arguments.
    pub fn new<S: Into<String>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            variables: BTreeMap::new(),
            folder: None,
        }
    }

    /// The same with more arguments.
    #[must_use]
    pub fn with<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }
}

/// As it can be typed.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(folder) = &self.folder {
            write!(f, "cd {} && ", quoted(&folder.display().to_string()))?;
        }
        for (name, value) in &self.variables {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(&self.program)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {}", quoted(argument)))
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// What a program said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Its exit code; none: it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// Runs programs.
pub trait Programs {
    /// Runs one, and gives what it said. `None`: there is no such program.
    fn ask(&self, call: &Call) -> Option<Said>;

    /// Runs one at the terminal: what it says is seen there, and what it asks is answered there. Gives its exit code.
    fn show(&self, call: &Call) -> Option<i32>;
}

/// Why `aws` gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AwsError {
    /// The program is not there.
    #[error(
        "the AWS CLI is not installed: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
    )]
    Missing,
    /// AWS refused, with its error's name and its words.
    #[error("{operation}: {code}: {message}")]
    Refused {
        /// Such as `DescribeInstance`.
        operation: String,
        /// Such as `AccessDeniedException`.
        code: String,
        /// AWS's words.
        message: String,
    },
    /// The program failed otherwise: no credentials, no region, no network.
    #[error("{0}")]
    Failed(String),
}

impl AwsError {
    /// Whether the error has this name, or one that ends with it.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code.contains(name))
    }

    /// Whether it is the caller's permissions.
    pub fn is_denied(&self) -> bool {
        self.is("AccessDenied") || self.is("UnauthorizedOperation") || self.is("AuthorizationError")
    }
}

/// `aws`, for one region.
#[derive(Clone)]
pub struct Aws<'a> {
    programs: &'a dyn Programs,
    region: Option<String>,
}

impl<'a> Aws<'a> {
    /// `region`: none is the terminal's own.
    pub fn new(programs: &'a dyn Programs, region: Option<&str>) -> Self {
        Self { programs, region: region.map(Into::into) }
    }

    /// Asks, for instance `["connect", "describe-instance", "--instance-id", id]`. An answer without a body is null.
    pub fn ask<S: Into<String>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Value, AwsError> {
        let call = Call::new("aws", arguments).with(self.common());
        let said = self.programs.ask(&call).ok_or(AwsError::Missing)?;
        if said.code != Some(0) {
            return Err(refusal(&said.errors));
        }
        if said.output.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&said.output).map_err(|_| AwsError::Failed(format!("not JSON: what `{call}` said")))
    }

    fn common(&self) -> Vec<String> {
        let mut common = vec!["--output".to_owned(), "json".to_owned()];
        if let Some(region) = &self.region {
            common.extend(["--region".to_owned(), region.clone()]);
        }
        common
    }
}

/// `An error occurred (Code) when calling the Operation operation[ (reached max retries: 2)]: words`.
fn refusal(errors: &str) -> AwsError {
    let text = errors.trim();
    let parsed = text.split_once("An error occurred (").and_then(|(_, rest)| {
        let (code, rest) = rest.split_once(") when calling the ")?;
        let (operation, rest) = rest.split_once(" operation")?;
        // `(reached max retries: 2)` may stand between.
        let rest = rest.strip_prefix(" (").and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
        let message = rest.trim_start_matches(':');
        Some(AwsError::Refused { operation: operation.into(), code: code.into(), message: message.trim().into() })
    });
    parsed.unwrap_or_else(|| AwsError::Failed(text.lines().last().unwrap_or("aws failed without a word").into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_can_be_typed() {
        let mut call = Call::new("sam", ["deploy", "--parameter-overrides", "a=it's", ""]);
        call.variables.insert("X".into(), "a b".into());
        call.folder = Some("/x y".into());
        assert_eq!(call.to_string(), r"cd '/x y' && X='a b' sam deploy --parameter-overrides 'a=it'\''s' ''");
    }

    #[test]
    fn the_words_of_aws() {
        let text = "\nAn error occurred (ResourceNotFoundException) when calling the DescribeInstance operation: Not here: x\n";
        let error = refusal(text);
        assert!(error.is("ResourceNotFound") && !error.is_denied());
        assert_eq!(error.to_string(), "DescribeInstance: ResourceNotFoundException: Not here: x");
        let retried =
            "An error occurred (ThrottlingException) when calling the X operation (reached max retries: 2): Slow";
        assert_eq!(refusal(retried).to_string(), "X: ThrottlingException: Slow");
        assert_eq!(refusal("\nUnable to locate credentials").to_string(), "Unable to locate credentials");
    }
}
