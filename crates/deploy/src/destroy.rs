//! `relevo destroy`: removes a stack, and says what is left and why.

use serde_json::Value;

use crate::{
    deploy::{
        Say,
        stack::{Stack, failures},
    },
    programs::{Aws, AwsError, Call, Programs},
};

/// Why it was not removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DestroyError {
    /// AWS could not be asked.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// Something is being done to the stack.
    #[error("stack {0} is {1}; wait until that is over, and run the same command again")]
    Busy(String, String),
    /// It was tried in vain.
    #[error("the stack was not removed{}\nRun the same command again: it goes on from there.", .0.iter().map(|cause| format!("\n  {cause}")).collect::<Vec<_>>().concat())]
    Failed(Vec<String>),
}

/// The command that removes a stack.
pub fn command(stack: &str, region: Option<&str>) -> Call {
    let mut call = Call::new("sam", ["delete", "--stack-name", stack, "--no-prompts"])
        .with(region.into_iter().flat_map(|region| ["--region", region]));
    call.variables.insert("SAM_CLI_TELEMETRY".into(), "0".into());
    call
}

/// What there is to remove: none when there is no such stack.
///
/// # Errors
/// AWS could not be asked, or the stack is busy.
pub fn look(programs: &dyn Programs, stack: &str, region: Option<&str>) -> Result<Option<Stack>, DestroyError> {
    match Stack::read(&Aws::new(programs, region), stack)? {
        Some(it) if it.is_busy() => Err(DestroyError::Busy(stack.into(), it.status)),
        other => Ok(other),
    }
}

/// Removes it. Gives what is left, a line each.
///
/// # Errors
/// It is still there.
pub fn destroy(
    programs: &dyn Programs,
    stack: &str,
    region: Option<&str>,
    say: Say<'_>,
) -> Result<Vec<String>, DestroyError> {
    let aws = Aws::new(programs, region);
    let call = command(stack, region);
    say(&format!("removing: {call}"));
    let code = programs.show(&call);
    // What it says is not relied on: the stack is looked for.
    match Stack::read(&aws, stack)? {
        None => Ok(left(&aws, stack)),
        Some(it) if code == Some(0) && it.is_busy() => Err(DestroyError::Busy(stack.into(), it.status)),
        Some(_) => Err(DestroyError::Failed(failures(&aws, stack))),
    }
}

fn left(aws: &Aws<'_>, stack: &str) -> Vec<String> {
    let mut left = vec![
        "the key that the data was encrypted with: it is deleted after seven days, so that a mistake can be undone (aws kms \
         cancel-key-deletion)"
            .to_owned(),
        "transcripts and contact records: they are the Connect instance's, and kept as long as it says".to_owned(),
        "the bucket aws-sam-cli-managed-default-…: SAM keeps artifacts of all stacks there; this one's are removed".to_owned(),
    ];
    let filter = format!("Key=name,Values=relevo/{stack}/");
    if let Ok(answer) = aws.ask(["secretsmanager", "list-secrets", "--filters", filter.as_str()]) {
        let secrets = answer.get("SecretList").and_then(Value::as_array).cloned().unwrap_or_default();
        for name in secrets.iter().filter_map(|secret| secret.get("Name").and_then(Value::as_str)) {
            left.push(format!("the secret {name}: you made it (aws secretsmanager delete-secret --secret-id {name})"));
        }
    }
    left
}
