//! A stand-in for `aws`, `sam` and `cargo`: an account with an instance, its queues and a stack, whose answers have the shapes
//! of the AWS CLI.

use std::{cell::RefCell, collections::BTreeMap};

use relevo_deploy::programs::{Call, Programs, Said};
use serde_json::{Value, json};

/// The instance that is there.
pub(crate) const INSTANCE: &str = "11111111-1111-4111-8111-111111111111";

/// The account, its faults, and what was called.
#[derive(Default)]
pub(crate) struct Account {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// Name and id of the instance's standard queues.
    queues: Vec<(String, String)>,
    /// The stack's status; empty: there is none.
    stack: String,
    parameters: BTreeMap<String, String>,
    /// By the first two arguments of `aws`, or `sam build`: the error's name and its words.
    faults: BTreeMap<String, (String, String)>,
    /// In place of what the account would answer.
    answers: BTreeMap<String, Value>,
    absent: Vec<String>,
    calls: Vec<String>,
}

impl Account {
    /// With one queue, and nothing deployed.
    pub(crate) fn new() -> Self {
        let account = Self::default();
        account.state.borrow_mut().queues = vec![("BasicQueue".into(), "22222222-2222-4222-8222-222222222222".into())];
        account
    }

    pub(crate) fn queue(self, name: &str, id: &str) -> Self {
        self.state.borrow_mut().queues.push((name.into(), id.into()));
        self
    }

    pub(crate) fn stack(self, status: &str, parameters: &[(&str, &str)]) -> Self {
        {
            let mut state = self.state.borrow_mut();
            state.stack = status.into();
            state.parameters = parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        }
        self
    }

    /// A call fails, such as `connect describe-instance` or `sam deploy`.
    pub(crate) fn fault(self, call: &str, code: &str, message: &str) -> Self {
        self.state.borrow_mut().faults.insert(call.into(), (code.into(), message.into()));
        self
    }

    pub(crate) fn mended(&self) {
        self.state.borrow_mut().faults.clear();
    }

    pub(crate) fn answer(self, call: &str, answer: Value) -> Self {
        self.state.borrow_mut().answers.insert(call.into(), answer);
        self
    }

    pub(crate) fn without(self, program: &str) -> Self {
        self.state.borrow_mut().absent.push(program.into());
        self
    }

    /// What was called, as program and its first words.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.state.borrow().calls.clone()
    }

    pub(crate) fn status(&self) -> String {
        self.state.borrow().stack.clone()
    }

    pub(crate) fn deployed(&self) -> BTreeMap<String, String> {
        self.state.borrow().parameters.clone()
    }
}

impl Programs for Account {
    fn ask(&self, call: &Call) -> Option<Said> {
        let name = name(call);
        let mut state = self.state.borrow_mut();
        if state.absent.contains(&call.program) {
            return None;
        }
        if call.program != "aws" {
            return Some(Said { code: Some(0), ..Said::default() });
        }
        state.calls.push(name.clone());
        if let Some((code, message)) = state.faults.get(&name) {
            let errors = format!("\nAn error occurred ({code}) when calling the Operation operation: {message}\n");
            return Some(Said { code: Some(254), errors, ..Said::default() });
        }
        let answer = match state.answers.get(&name) {
            Some(answer) => Ok(answer.clone()),
            None => state.answer(&name, &call.arguments),
        };
        Some(match answer {
            Ok(Value::Null) => Said { code: Some(0), ..Said::default() },
            Ok(answer) => Said { code: Some(0), output: answer.to_string(), ..Said::default() },
            Err(errors) => Said { code: Some(254), errors, ..Said::default() },
        })
    }

    fn show(&self, call: &Call) -> Option<i32> {
        let name = name(call);
        let mut state = self.state.borrow_mut();
        state.calls.push(name.clone());
        let failed = state.faults.contains_key(&name);
        match (name.as_str(), failed) {
            ("sam deploy", false) => {
                let values = call.arguments.iter().skip_while(|argument| *argument != "--parameter-overrides").skip(1);
                let values: Vec<(String, String)> =
                    values.filter_map(|value| value.split_once('=')).map(|(a, b)| (a.into(), b.into())).collect();
                state.parameters.extend(values);
                state.stack = if state.stack.is_empty() { "CREATE_COMPLETE" } else { "UPDATE_COMPLETE" }.into();
            }
            ("sam deploy", true) => {
                state.stack =
                    if state.stack.is_empty() { "ROLLBACK_COMPLETE" } else { "UPDATE_ROLLBACK_COMPLETE" }.into();
            }
            ("sam delete", false) => state.stack.clear(),
            _ => {}
        }
        Some(i32::from(failed))
    }
}

impl State {
    fn answer(&mut self, name: &str, arguments: &[String]) -> Result<Value, String> {
        let refused = |code: &str, words: &str| {
            Err(format!("\nAn error occurred ({code}) when calling the Operation operation: {words}\n"))
        };
        let option = |wanted: &str| {
            let at = arguments.iter().position(|argument| argument == wanted)?;
            arguments.get(at + 1).map(String::as_str)
        };
        Ok(match name {
            "sts get-caller-identity" => json!({"Account": "210987654321", "Arn": "arn:aws:iam::210987654321:user/me"}),
            "cloudformation describe-stacks" if self.stack.is_empty() => {
                return refused("ValidationError", "Stack with id s does not exist");
            }
            "cloudformation describe-stacks" => {
                let parameters: Vec<Value> = self
                    .parameters
                    .iter()
                    .map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value}))
                    .collect();
                json!({"Stacks": [{"StackStatus": self.stack, "Parameters": parameters,
                    "Outputs": [{"OutputKey": "FlowName", "OutputValue": "s"}]}]})
            }
            "cloudformation delete-stack" => {
                self.stack.clear();
                Value::Null
            }
            "cloudformation continue-update-rollback" => {
                self.stack = "UPDATE_ROLLBACK_COMPLETE".into();
                Value::Null
            }
            "cloudformation describe-stack-events" => json!({"StackEvents": [
                {"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "Deliveries", "ResourceStatus": "CREATE_FAILED",
                 "ResourceStatusReason": "Resource creation cancelled"},
                {"ResourceType": "AWS::Connect::ContactFlow", "LogicalResourceId": "Flow", "ResourceStatus": "CREATE_FAILED",
                 "ResourceStatusReason": "Invalid flow"},
                {"ResourceType": "AWS::CloudFormation::Stack", "LogicalResourceId": "s", "ResourceStatus": "CREATE_IN_PROGRESS"},
                {"ResourceType": "AWS::KMS::Key", "LogicalResourceId": "Key", "ResourceStatus": "CREATE_FAILED",
                 "ResourceStatusReason": "of an earlier deployment"}]}),
            "connect describe-instance" if option("--instance-id") == Some(INSTANCE) => {
                json!({"Instance": {"Id": INSTANCE, "InstanceStatus": "ACTIVE"}})
            }
            "connect describe-instance" => return refused("ResourceNotFoundException", "Instance not found"),
            "connect list-queues" => {
                assert_eq!(option("--queue-types"), Some("STANDARD"));
                let queues: Vec<Value> = self
                    .queues
                    .iter()
                    .map(|(name, id)| json!({"Name": name, "Id": id, "QueueType": "STANDARD"}))
                    .collect();
                json!({"QueueSummaryList": queues})
            }
            "bedrock get-foundation-model-availability" => json!({"authorizationStatus": "AUTHORIZED",
                "entitlementAvailability": "AVAILABLE", "agreementAvailability": {"status": "AVAILABLE"}}),
            "bedrock-agent get-agent-alias" => json!({"agentAlias": {"agentAliasStatus": "PREPARED"}}),
            "bedrock-agent list-agents" => json!({"agentSummaries": []}),
            "lambda get-account-settings" => json!({"AccountLimit": {"ConcurrentExecutions": 1000}}),
            "secretsmanager list-secrets" => json!({"SecretList": [{"Name": "relevo/s/KEY"}]}),
            _ => Value::Null,
        })
    }
}

/// `connect describe-instance`, `sam build`.
fn name(call: &Call) -> String {
    let words: Vec<&str> = call.arguments.iter().take(2).map(String::as_str).collect();
    if call.program == "aws" { words.join(" ") } else { format!("{} {}", call.program, words[0]) }
}
