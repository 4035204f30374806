//! Least privilege: every call that the functions make is allowed by their roles on what it is made to, and everything that
//! the roles allow is called, or stands here with its reason. In each mode of the template by itself.
//!
//! The calls are those of the deployed binaries over whole conversations and failures, written down by the acceptance suite
//! `permissions`, which fails when they make others.

use std::collections::{BTreeMap, BTreeSet};

use relevo_deploy::{cfn, template::synth};
use serde_json::{Value, json};

use crate::folders::Folder;

const CALLS: &str = include_str!("../fixtures/calls.json");

/// What is allowed and is not among the calls: function (empty: both), action, resource (empty: any), in which modes (those
/// that have this in their name), and why it is needed all the same.
const BESIDES: [(&str, &str, &str, &str, &str); 16] = [
    ("", "kms:Decrypt", "", "", "DynamoDB, SNS, SQS and Lambda decrypt with the stack's key in the role's name"),
    ("", "kms:GenerateDataKey", "", "", "DynamoDB and SNS encrypt with the stack's key in the role's name"),
    ("", "logs:CreateLogStream", "", "", "Lambda writes the function's lines in the role's name"),
    ("", "logs:PutLogEvents", "", "", "Lambda writes the function's lines in the role's name"),
    ("", "xray:PutTraceSegments", "", "", "Lambda's tracing, in the role's name"),
    ("", "xray:PutTelemetryRecords", "", "", "Lambda's tracing, in the role's name"),
    ("chat-bot", "sqs:ReceiveMessage", "", "queue", "Lambda's poller, in the role's name"),
    ("chat-bot", "sqs:DeleteMessage", "", "queue", "Lambda's poller, in the role's name"),
    ("chat-bot", "sqs:GetQueueAttributes", "", "queue", "Lambda's poller, in the role's name"),
    (
        "chat-bot",
        "sqs:SendMessage",
        "",
        "topic",
        "Lambda sends what it gives up to the dead letters, in the role's name",
    ),
    ("start-bot", "connect:CreateParticipant", "instance", "", ONE_OF_TWO),
    ("start-bot", "connect:StartContactStreaming", "instance", "", ONE_OF_TWO),
    ("", "connect:StopContactStreaming", "instance", "", ONE_OF_TWO),
    (
        "start-bot",
        "connect:UpdateContactAttributes",
        "contact",
        "envios",
        "its flow never comes back to the bot; another may, as that of the club does",
    ),
    ("chat-bot", "bedrock:InvokeModel", "model behind", "club", PROFILE),
    ("chat-bot", "bedrock:InvokeModelWithResponseStream", "model behind", "envios: relevo", PROFILE),
];
const ONE_OF_TWO: &str = "on which of instance and contact IAM holds it only an account can tell (docs/deploy.md)";
const PROFILE: &str = "who calls an inference profile must be allowed its models, too";

/// The mode that is deployed like another, and calls the same on its own agents.
const CLASSIC: &str = "envios: bedrock-classic, queue";
const LIKE_CLASSIC: &str = "envios: bedrock-agent, queue";

/// Function, action, resource.
type Call = (String, String, String);

/// A template with the parameters of a mode: `bot: agentBackend, delivery`.
struct Deployed {
    template: Value,
    parameters: BTreeMap<&'static str, String>,
}

impl Deployed {
    fn of(mode: &str) -> Self {
        let (bot, rest) = mode.split_once(": ").unwrap();
        let (backend, delivery) = rest.split_once(", ").unwrap();
        let folder = if bot == "club" { Folder::fixture(bot) } else { Folder::example(bot) };
        let (text, notes) = synth(folder.bot());
        assert!(notes.refusals.is_empty(), "{notes:?}");
        let parameters = BTreeMap::from([("agentBackend", backend.to_owned()), ("delivery", delivery.to_owned())]);
        Self { template: cfn::read(&text, "template.yaml").unwrap(), parameters }
    }

    fn holds(&self, condition: &Value) -> bool {
        let name = condition.as_str().unwrap();
        let equals = self.template["Conditions"][name]["Fn::Equals"].as_array().unwrap_or_else(|| panic!("{name}"));
        let parameter = equals[0]["Ref"].as_str().unwrap();
        self.parameters[parameter] == equals[1].as_str().unwrap()
    }

    /// The statement itself, or what its `Fn::If` comes to.
    fn statement(&self, statement: &Value) -> Option<Value> {
        let Some(branches) = statement.get("Fn::If") else { return Some(statement.clone()) };
        assert_eq!(branches[2], json!({"Ref": "AWS::NoValue"}));
        self.holds(&branches[0]).then(|| branches[1].clone())
    }

    /// All that the policies of a function's role allow.
    fn allowed(&self, function: &str, role: &str) -> BTreeSet<Call> {
        let resources = &self.template["Resources"];
        let mut documents: Vec<&Value> = resources[role]["Properties"]["Policies"].as_array().unwrap().iter().collect();
        for resource in resources.as_object().unwrap().values() {
            let attached =
                resource["Properties"]["Roles"].as_array().is_some_and(|it| it.contains(&json!({"Ref": role})));
            let policy = resource["Type"] == "AWS::IAM::Policy" && attached;
            if policy && resource.get("Condition").is_none_or(|condition| self.holds(condition)) {
                documents.push(&resource["Properties"]);
            }
        }
        let mut all = BTreeSet::new();
        let statements = documents.iter().flat_map(|it| list(&it["PolicyDocument"]["Statement"]));
        for statement in statements.filter_map(|it| self.statement(&it)) {
            assert_eq!(statement["Effect"], "Allow");
            assert!(statement.get("NotAction").is_none() && statement.get("NotResource").is_none(), "{statement}");
            for action in list(&statement["Action"]) {
                for resource in list(&statement["Resource"]) {
                    let action = action.as_str().unwrap().to_owned();
                    assert!(!action.contains('*'), "{function}: {action} has no wildcard");
                    all.insert((function.to_owned(), action, kind(&resource)));
                }
            }
        }
        all
    }

    fn both(&self) -> BTreeSet<Call> {
        let (mut all, chat) = (self.allowed("start-bot", "StartBotRole"), self.allowed("chat-bot", "ChatBotRole"));
        all.extend(chat);
        all
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

/// What of the stack a statement's resource is, in the words of the list of calls.
fn kind(resource: &Value) -> String {
    let text = resource.get("Fn::Sub").and_then(Value::as_str).unwrap_or_default();
    for (end, kind) in [
        (":instance/${instanceId}/contact/*", "contact"),
        (":instance/${instanceId}", "instance"),
        (":agent-alias/${agentId}/${agentAliasId}", "agent-alias"),
        (":inference-profile/${modelId}", "model"),
        ("::foundation-model/${modelArnPattern}", "model behind"),
        (":knowledge-base/KBCLUB0001", "knowledge-base"),
        (":guardrail/gr1234567890", "guardrail"),
        (":function:club-crm", "function"),
    ] {
        if text.ends_with(end) {
            return kind.into();
        }
    }
    if *resource == json!({"Fn::GetAtt": ["Contacts", "Arn"]}) {
        "table".into()
    } else if *resource == json!({"Ref": "Messages"}) {
        "topic".into()
    } else if *resource == json!({"Fn::GetAtt": ["EnviosAgentAlias", "AgentAliasArn"]}) {
        "agent-alias".into()
    } else {
        resource.to_string()
    }
}

/// The calls of each mode.
fn modes() -> BTreeMap<String, BTreeSet<Call>> {
    let written: BTreeMap<String, BTreeSet<String>> = serde_json::from_str(CALLS).unwrap();
    let call = |line: &String| {
        let mut words = line.splitn(3, ' ').map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap(), words.next().unwrap())
    };
    let mut modes: BTreeMap<String, BTreeSet<Call>> =
        written.iter().map(|(mode, calls)| (mode.clone(), calls.iter().map(call).collect())).collect();
    modes.insert(CLASSIC.into(), modes[LIKE_CLASSIC].clone());
    modes
}

#[test]
fn every_mode_is_there() {
    let modes = modes();
    for mode in ["relevo, queue", "relevo, topic", "bedrock-agent, queue", "bedrock-agent, topic"] {
        assert!(modes[&format!("envios: {mode}")].len() > 10, "no conversation was held with {mode}");
    }
}

#[test]
fn every_call_is_allowed_on_what_it_is_made_to() {
    for (mode, calls) in modes() {
        let allowed = Deployed::of(&mode).both();
        let refused: Vec<_> = calls.difference(&allowed).collect();
        assert!(refused.is_empty(), "{mode}: not allowed: {refused:?}");
    }
}

#[test]
fn everything_that_is_allowed_is_called_or_has_its_reason() {
    let mut needed = BTreeSet::new();
    for (mode, calls) in modes() {
        for (function, action, resource) in Deployed::of(&mode).both().difference(&calls) {
            let is = |reason: &&(&str, &str, &str, &str, &str)| {
                (reason.0.is_empty() || reason.0 == function)
                    && reason.1 == action
                    && (reason.2.is_empty() || reason.2 == resource)
                    && mode.contains(reason.3)
            };
            let reason = BESIDES.iter().find(is);
            let unused = || panic!("{mode}: {function} may {action} on {resource}, never does, and there is no reason");
            needed.insert(*reason.unwrap_or_else(unused));
        }
    }
    let needless: Vec<_> = BESIDES.iter().filter(|reason| !needed.contains(reason)).collect();
    assert!(needless.is_empty(), "reasons that nothing needs any more: {needless:?}");
}

#[test]
fn what_one_mode_alone_calls_no_other_allows() {
    let allows = |mode: &str, action: &str| {
        Deployed::of(mode).both().iter().any(|(function, it, _)| function == "chat-bot" && it == action)
    };
    for (action, backend) in [
        ("bedrock:InvokeAgent", "bedrock-agent"),
        ("bedrock:InvokeModelWithResponseStream", "relevo"),
        ("dynamodb:DeleteItem", "relevo"),
    ] {
        for other in ["relevo", "bedrock-agent"] {
            assert_eq!(allows(&format!("envios: {other}, queue"), action), backend == other, "{action} with {other}");
        }
    }
}

#[test]
fn the_only_resource_without_a_name_is_x_rays() {
    for mode in modes().keys() {
        for (_, action, resource) in Deployed::of(mode).both() {
            assert!(resource != "\"*\"" || action.starts_with("xray:"), "{action} on {resource}");
        }
    }
}
