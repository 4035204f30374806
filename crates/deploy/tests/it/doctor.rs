//! Each finding of the doctor by table: what AWS answers, and what is said of it.

use relevo_deploy::doctor::{Finding, Load, State, examine};
use serde_json::{Value, json};

use super::stand_in::{Account, INSTANCE};

const NOW_MS: i64 = 1_790_000_000_000;
const QUEUE: &str = "22222222-2222-4222-8222-222222222222";
const START: &str = "arn:aws:lambda:eu-west-1:210987654321:function:s-start-bot";
const TOPIC: &str = "arn:aws:sns:eu-west-1:210987654321:s-Messages";

fn stack(status: &str, more: &[(&str, &str)]) -> Value {
    let mut parameters =
        vec![("instanceId", INSTANCE), ("queueId", QUEUE), ("delivery", "queue"), ("agentBackend", "relevo")];
    parameters.retain(|(name, _)| !more.iter().any(|(of, _)| of == name));
    parameters.extend(more);
    let parameters: Vec<Value> =
        parameters.iter().map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value})).collect();
    let outputs: Vec<Value> = [
        ("StartBotArn", START),
        ("FlowArn", "arn:aws:connect:eu-west-1:210987654321:instance/i/contact-flow/f"),
        ("TopicArn", TOPIC),
        ("ChatBotName", "s-chat-bot"),
        ("DeadLettersUrl", "https://sqs/dead"),
    ]
    .iter()
    .map(|(name, value)| json!({"OutputKey": name, "OutputValue": value}))
    .collect();
    json!({"Stacks": [{"StackStatus": status, "Parameters": parameters, "Outputs": outputs}]})
}

fn policy(service: &str, action: &str, source: &str) -> String {
    let condition = json!({"ArnEquals": {"aws:SourceArn": source}});
    json!({"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Condition": condition}]})
        .to_string()
}

fn instance() -> String {
    format!("arn:aws:connect:eu-west-1:210987654321:instance/{INSTANCE}")
}

fn flow(state: &str, content: &str) -> Value {
    json!({"ContactFlow": {"State": state, "Content": content}})
}

fn function(state: &str, instance: &str) -> Value {
    json!({"State": state, "LastUpdateStatus": "Successful", "Environment": {"Variables": {"INSTANCE_ID": instance}}})
}

fn waiting(count: &str) -> Value {
    json!({"Attributes": {"ApproximateNumberOfMessages": count}})
}

/// A stack to which nothing is wanting.
fn well() -> Account {
    let account = Account::new();
    [
        ("cloudformation describe-stacks", stack("CREATE_COMPLETE", &[])),
        (
            "cloudformation list-stack-resources",
            json!({"StackResourceSummaries": [
                {"LogicalResourceId": "StartBot", "PhysicalResourceId": "s-start-bot"},
                {"LogicalResourceId": "ChatBot", "PhysicalResourceId": "s-chat-bot"},
                {"LogicalResourceId": "Key", "PhysicalResourceId": "k"},
                {"LogicalResourceId": "Deliveries", "PhysicalResourceId": "https://sqs/deliveries"}]}),
        ),
        ("connect list-lambda-functions", json!({"LambdaFunctions": [START]})),
        ("connect describe-contact-flow", flow("ACTIVE", &format!("{START} /queue/{QUEUE}"))),
        ("connect list-routing-profiles", json!({"RoutingProfileSummaryList": [{"Id": "p"}]})),
        (
            "connect list-routing-profile-queues",
            json!({"RoutingProfileQueueConfigSummaryList": [{"QueueId": QUEUE, "Channel": "CHAT"}]}),
        ),
        (
            "sns get-topic-attributes",
            json!({"Attributes": {"Policy": policy("connect.amazonaws.com", "sns:Publish", &instance())}}),
        ),
        ("kms describe-key", json!({"KeyMetadata": {"KeyState": "Enabled"}})),
        (
            "sns list-subscriptions-by-topic",
            json!({"Subscriptions": [{"Protocol": "sqs", "SubscriptionArn": "arn:aws:sns:x"}]}),
        ),
        ("lambda list-event-source-mappings", json!({"EventSourceMappings": [{"State": "Enabled"}]})),
        ("sqs get-queue-attributes", waiting("0")),
        ("lambda get-function-configuration", function("Active", INSTANCE)),
        ("lambda get-policy", json!({"Policy": policy("connect.amazonaws.com", "lambda:InvokeFunction", &instance())})),
        ("cloudwatch describe-alarms", json!({"MetricAlarms": []})),
        ("logs filter-log-events", json!({"events": []})),
    ]
    .into_iter()
    .fold(account, |account, (call, answer)| account.answer(call, answer))
}

fn found(account: &Account) -> Vec<Finding> {
    examine(account, "s", Some("eu-west-1"), Load::default(), NOW_MS)
}

fn bad(account: &Account) -> Vec<Finding> {
    let known = ["quota", "concurren", "chats", "capacity"];
    found(account)
        .into_iter()
        .filter(|it| it.state != State::Well && !known.iter().any(|word| it.what.to_lowercase().contains(word)))
        .collect()
}

#[test]
fn of_a_stack_that_is_well_nothing_is_said() {
    assert_eq!(bad(&well()), []);
    assert!(found(&well()).len() > 14);
}

#[test]
fn each_finding_says_what_was_seen_and_what_to_do() {
    for (call, answer, what, state, says) in [
        ("cloudformation describe-stacks", stack("UPDATE_IN_PROGRESS", &[]), "stack", State::Warning, "look again"),
        ("cloudformation describe-stacks", stack("UPDATE_ROLLBACK_FAILED", &[]), "stack", State::Wrong, "Invalid flow"),
        (
            "connect list-lambda-functions",
            json!({"LambdaFunctions": []}),
            "the instance knows start-bot",
            State::Wrong,
            "associate-lambda-function",
        ),
        (
            "connect describe-contact-flow",
            flow("ARCHIVED", START),
            "the flow calls start-bot",
            State::Wrong,
            "the flow is ARCHIVED",
        ),
        (
            "connect describe-contact-flow",
            flow("ACTIVE", "{}"),
            "the flow calls start-bot",
            State::Wrong,
            "does not call this stack's start-bot",
        ),
        ("connect describe-contact-flow", flow("ACTIVE", START), "the flow calls start-bot", State::Wrong, QUEUE),
        (
            "connect list-routing-profiles",
            json!({"RoutingProfileSummaryList": []}),
            "people answer from the queue",
            State::Wrong,
            "nobody is ever offered",
        ),
        (
            "connect list-routing-profile-queues",
            json!({"RoutingProfileQueueConfigSummaryList": [{"QueueId": QUEUE, "Channel": "VOICE"}]}),
            "people answer from the queue",
            State::Wrong,
            "for chat",
        ),
        (
            "sns get-topic-attributes",
            json!({"Attributes": {"Policy": "{}"}}),
            "the instance may publish to the topic",
            State::Wrong,
            "the bot hears nothing",
        ),
        (
            "kms describe-key",
            json!({"KeyMetadata": {"KeyState": "PendingDeletion"}}),
            "the key is in use",
            State::Wrong,
            "cancel-key-deletion",
        ),
        (
            "sns list-subscriptions-by-topic",
            json!({"Subscriptions": [{"Protocol": "sqs", "SubscriptionArn": "PendingConfirmation"}]}),
            "the topic delivers to the bot",
            State::Wrong,
            "customers' messages go nowhere",
        ),
        (
            "lambda list-event-source-mappings",
            json!({"EventSourceMappings": []}),
            "chat-bot reads the queue",
            State::Wrong,
            "no event source mapping",
        ),
        (
            "lambda list-event-source-mappings",
            json!({"EventSourceMappings": [{"State": "Disabled"}]}),
            "chat-bot reads the queue",
            State::Wrong,
            "--enabled",
        ),
        ("sqs get-queue-attributes", waiting("7"), "nothing waits in the queue", State::Warning, "7 messages wait"),
        ("sqs get-queue-attributes", waiting("7"), "no dead letters", State::Wrong, "7 messages could not be handled"),
        (
            "lambda get-function-configuration",
            function("Failed", INSTANCE),
            "chat-bot is ready",
            State::Wrong,
            "it is Failed",
        ),
        (
            "lambda get-function-configuration",
            function("Active", "other"),
            "start-bot is ready",
            State::Wrong,
            "changed its environment",
        ),
        (
            "lambda get-policy",
            json!({"Policy": "{}"}),
            "the instance may call start-bot",
            State::Wrong,
            "run relevo deploy again",
        ),
        (
            "cloudwatch describe-alarms",
            json!({"MetricAlarms": [{"AlarmDescription": "Turns fail"}]}),
            "no alarm",
            State::Wrong,
            "Turns fail",
        ),
        (
            "logs filter-log-events",
            json!({"events": [{"message": r#"{"level": "ERROR", "timestamp": "t", "message": "no session", "kind": "io"}"#}]}),
            "chat-bot logs no errors",
            State::Warning,
            r#"1 in 24 hours, the last: no session {"kind":"io"}"#,
        ),
    ] {
        let account = well().answer(call, answer);
        let findings = bad(&account);
        let finding =
            findings.iter().find(|it| it.what == what).unwrap_or_else(|| panic!("{call}: {what}: {findings:?}"));
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.advice.contains(says), "{finding:?}");
    }
}

#[test]
fn what_cannot_be_looked_at_is_said_and_the_rest_is_looked_at() {
    for (call, code, what, state) in [
        ("connect list-lambda-functions", "AccessDeniedException", "the instance knows start-bot", State::Unknown),
        ("connect describe-contact-flow", "ContactFlowNotPublishedException", "the flow calls start-bot", State::Wrong),
        ("connect list-routing-profiles", "ThrottlingException", "people answer from the queue", State::Unknown),
        ("sns get-topic-attributes", "AuthorizationError", "the instance may publish to the topic", State::Unknown),
        ("kms describe-key", "AccessDeniedException", "the key is in use", State::Unknown),
        ("lambda get-policy", "ResourceNotFoundException", "the instance may call start-bot", State::Wrong),
        ("lambda get-policy", "AccessDeniedException", "the instance may call start-bot", State::Unknown),
        ("sqs get-queue-attributes", "AccessDenied", "no dead letters", State::Unknown),
        ("cloudwatch describe-alarms", "AccessDenied", "no alarm", State::Unknown),
    ] {
        let account = well().fault(call, code, "no");
        let findings = bad(&account);
        let finding = findings.iter().find(|it| it.what == what).unwrap_or_else(|| panic!("{call}: {findings:?}"));
        assert_eq!(finding.state, state, "{finding:?}");
        assert_eq!(found(&account).len(), found(&well()).len(), "{call}: the rest is looked at");
    }
    let none = found(&Account::new());
    assert!(
        matches!(none.as_slice(), [it] if it.state == State::Wrong && it.advice.contains("there is no stack s")),
        "{none:?}"
    );
}

#[test]
fn an_agent_of_bedrock_and_a_topic_without_a_queue_are_looked_at_where_they_are() {
    let agent = [("agentBackend", "bedrock-agent"), ("agentId", "ABCDEFGHIJ"), ("agentAliasId", "KLMNOPQRST")];
    let account = || well().answer("cloudformation describe-stacks", stack("CREATE_COMPLETE", &agent));
    assert_eq!(bad(&account()), []);
    let gone = bad(&account().fault("bedrock-agent get-agent-alias", "ResourceNotFoundException", "no"));
    assert!(gone[0].advice.contains("no alias KLMNOPQRST any more"), "{gone:?}");
    let failed = json!({"agentAlias": {"agentAliasStatus": "FAILED"}});
    assert!(bad(&account().answer("bedrock-agent get-agent-alias", failed))[0].advice.contains("is FAILED"));

    let topic = stack("CREATE_COMPLETE", &[("delivery", "topic")]);
    let direct = well().answer("cloudformation describe-stacks", topic);
    let findings = bad(&direct);
    assert!(findings.iter().any(|it| it.advice.contains("no lambda subscription")), "{findings:?}");
    assert!(!direct.calls().contains(&"lambda list-event-source-mappings".to_owned()));
}
