//! `relevo doctor`: looks at a deployed stack from outside, and says what to do.

mod connect;
mod functions;
pub mod live;
mod quotas;
mod stream;
mod watch;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    deploy::stack::{Stack, failures},
    programs::{Aws, AwsError, Programs},
};

pub use quotas::Load;

/// How something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Well,
    /// It works, but somebody should know.
    Warning,
    /// Customers are, or will be, left alone.
    Wrong,
    /// It could not be looked at.
    Unknown,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How it is.
    pub state: State,
    /// What was seen and what to do about it; empty when it is well.
    pub advice: String,
}

impl Finding {
    fn well(what: &'static str) -> Self {
        Self { what, state: State::Well, advice: String::new() }
    }

    fn warning(what: &'static str, advice: impl Into<String>) -> Self {
        Self { what, state: State::Warning, advice: advice.into() }
    }

    fn wrong(what: &'static str, advice: impl Into<String>) -> Self {
        Self { what, state: State::Wrong, advice: advice.into() }
    }

    fn unknown(what: &'static str, error: &AwsError) -> Self {
        let text = error.to_string();
        Self { what, state: State::Unknown, advice: text.lines().next().unwrap_or_default().to_owned() }
    }

    /// Well when nothing is wrong.
    fn of(what: &'static str, wrong: Option<String>) -> Self {
        wrong.map_or_else(|| Self::well(what), |advice| Self::wrong(what, advice))
    }
}

/// The stack, and what it is made of.
struct Patient<'a> {
    aws: Aws<'a>,
    name: String,
    stack: Stack,
    /// Physical by logical id.
    resources: BTreeMap<String, String>,
}

impl Patient<'_> {
    fn resource(&self, id: &str) -> &str {
        self.resources.get(id).map(String::as_str).unwrap_or_default()
    }

    fn parameter(&self, name: &str) -> &str {
        self.stack.parameters.get(name).map(String::as_str).unwrap_or_default()
    }

    fn output(&self, name: &str) -> &str {
        self.stack.outputs.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The instance's ARN, by region and account of the function's.
    fn instance_arn(&self) -> String {
        let mut parts = self.output("StartBotArn").split(':');
        let (partition, region, account) = (parts.nth(1), parts.nth(1), parts.next());
        format!(
            "arn:{}:connect:{}:{}:instance/{}",
            partition.unwrap_or("aws"),
            region.unwrap_or_default(),
            account.unwrap_or_default(),
            self.parameter("instanceId")
        )
    }

    fn by_queue(&self) -> bool {
        self.parameter("delivery") != "topic"
    }
}

/// Looks at everything that can be seen without a contact. `load`: what is to be carried; `now_ms`: since the epoch.
pub fn examine(programs: &dyn Programs, name: &str, region: Option<&str>, load: Load, now_ms: i64) -> Vec<Finding> {
    const STACK: &str = "stack";
    let aws = Aws::new(programs, region);
    let stack = match Stack::read(&aws, name) {
        Ok(Some(stack)) => stack,
        Ok(None) => {
            let advice = format!("there is no stack {name} in this account and region (relevo deploy makes it)");
            return vec![Finding::wrong(STACK, advice)];
        }
        Err(error) => return vec![Finding::unknown(STACK, &error)],
    };
    let mut findings = vec![if stack.is_well() && !stack.is_busy() {
        Finding::well(STACK)
    } else if stack.is_busy() {
        Finding::warning(STACK, format!("it is {}: look again when that is over", stack.status))
    } else {
        let causes = failures(&aws, name).join("; ");
        Finding::wrong(STACK, format!("it is {}: {causes}; run relevo deploy again", stack.status))
    }];
    let resources = match aws.ask(["cloudformation", "list-stack-resources", "--stack-name", name]) {
        Ok(answer) => resources(&answer),
        Err(error) => {
            findings.push(Finding::unknown("resources", &error));
            return findings;
        }
    };
    let patient = Patient { aws, name: name.into(), stack, resources };
    findings.extend(connect::look(&patient));
    findings.extend(stream::look(&patient));
    findings.extend(functions::look(&patient));
    findings.extend(watch::look(&patient, now_ms));
    findings.extend(quotas::look(&patient, load));
    findings
}

fn resources(answer: &Value) -> BTreeMap<String, String> {
    items(answer, "StackResourceSummaries")
        .map(|resource| (text(resource, "/LogicalResourceId"), text(resource, "/PhysicalResourceId")))
        .collect()
}

/// The elements of a list in an answer.
fn items<'a>(answer: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    answer.get(list).and_then(Value::as_array).into_iter().flatten()
}

/// A text in an answer; empty when it is not there.
fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a resource policy lets a service do an action for this source alone: some statement allows it, and none does so
/// without the source.
fn allows(policy: &str, service: &str, action: &str, source_arn: &str) -> Result<(), String> {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let holds = |value: &Value, wanted: &str| match value {
        Value::String(text) => text == wanted || text == "*",
        Value::Array(list) => list.iter().any(|it| it == wanted || it == "*"),
        _ => false,
    };
    let statements: Vec<&Value> = items(&policy, "Statement")
        .filter(|it| it.get("Effect") == Some(&Value::from("Allow")))
        .filter(|it| it.pointer("/Principal/Service").is_some_and(|principal| holds(principal, service)))
        .filter(|it| it.get("Action").is_some_and(|actions| holds(actions, action)))
        .collect();
    let sourced = |statement: &&&Value| {
        let conditions = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
        conditions
            .filter_map(|(_, keys)| keys.as_object())
            .flatten()
            .any(|(key, value)| key.eq_ignore_ascii_case("aws:SourceArn") && holds(value, source_arn))
    };
    let with_source = statements.iter().filter(sourced).count();
    match (with_source, statements.len()) {
        (0, 0) => Err(format!("{service} may not {action}")),
        (0, _) => Err(format!("{service} may {action}, but not for {source_arn} as its source")),
        (with, all) if with < all => {
            Err(format!("{service} may {action} for any source: another account's could, too"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_policy_allows() {
        let statement = |condition: &str| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {{"Service": "connect.amazonaws.com"}}, "Action": ["sns:Publish"]{condition}}}"#
            )
        };
        let policy = |statements: &[String]| format!(r#"{{"Statement": [{}]}}"#, statements.join(","));
        let asked = |policy: &str| allows(policy, "connect.amazonaws.com", "sns:Publish", "arn:i");
        let right = statement(r#", "Condition": {"ArnEquals": {"aws:SourceArn": "arn:i"}}"#);
        let other = statement(r#", "Condition": {"ArnEquals": {"AWS:SourceArn": ["arn:o"]}}"#);
        assert_eq!(asked(&policy(std::slice::from_ref(&right))), Ok(()));
        assert!(asked(&policy(&[])).unwrap_err().contains("may not"));
        assert!(asked(&policy(std::slice::from_ref(&other))).unwrap_err().contains("but not for arn:i"));
        assert!(asked(&policy(&[right, statement("")])).unwrap_err().contains("any source"));
        assert!(asked("not json").is_err());
    }
}
