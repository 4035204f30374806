//! A stack as `CloudFormation` tells of it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::programs::{Aws, AwsError};

/// A stack that is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    /// `CREATE_COMPLETE` and its like.
    pub status: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
}

impl Stack {
    /// The stack of this name, if there is one.
    pub fn read(aws: &Aws<'_>, name: &str) -> Result<Option<Self>, AwsError> {
        let answer = match aws.ask(["cloudformation", "describe-stacks", "--stack-name", name]) {
            // It has no error of its own for this.
            Err(error) if error.is("ValidationError") && error.to_string().contains("does not exist") => {
                return Ok(None);
            }
            answer => answer?,
        };
        let Some(stack) = answer.pointer("/Stacks/0") else { return Ok(None) };
        let status = stack.get("StackStatus").and_then(Value::as_str).unwrap_or_default().to_owned();
        if status == "DELETE_COMPLETE" {
            return Ok(None);
        }
        Ok(Some(Self {
            status,
            parameters: pairs(stack, "Parameters", "ParameterKey", "ParameterValue"),
            outputs: pairs(stack, "Outputs", "OutputKey", "OutputValue"),
        }))
    }

    /// Something is being done to it.
    pub fn is_busy(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS") && self.status != "REVIEW_IN_PROGRESS"
    }

    /// Its first deployment failed: nothing of it is left, and it can only be removed.
    pub fn is_dead(&self) -> bool {
        ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"].contains(&self.status.as_str())
    }

    /// It neither went on nor back.
    pub fn is_stuck(&self) -> bool {
        self.status == "UPDATE_ROLLBACK_FAILED"
    }

    /// It stands as it should.
    pub fn is_well(&self) -> bool {
        self.status.ends_with("_COMPLETE") && !self.is_dead()
    }
}

fn pairs(stack: &Value, list: &str, name: &str, value: &str) -> BTreeMap<String, String> {
    let list = stack.get(list).and_then(Value::as_array).into_iter().flatten();
    let text = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
    list.filter_map(|entry| Some((text(entry, name)?, text(entry, value)?))).collect()
}

/// Why the last deployment failed: resource and reason, the first cause first. What was only called off because of it is left
/// out.
pub fn failures(aws: &Aws<'_>, name: &str) -> Vec<String> {
    let Ok(answer) = aws.ask(["cloudformation", "describe-stack-events", "--stack-name", name]) else {
        return Vec::new();
    };
    let events = answer.get("StackEvents").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |event: &Value, key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut failures = Vec::new();
    // Newest first: until the event that began it.
    for event in &events {
        let (status, kind) = (text(event, "ResourceStatus"), text(event, "ResourceType"));
        let begun = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"].contains(&status.as_str());
        if kind == "AWS::CloudFormation::Stack" && begun {
            break;
        }
        let reason = text(event, "ResourceStatusReason");
        if status.ends_with("_FAILED") && !reason.contains("cancelled") && kind != "AWS::CloudFormation::Stack" {
            failures.push(format!("{} ({kind}): {reason}", text(event, "LogicalResourceId")));
        }
    }
    failures.reverse();
    failures
}
