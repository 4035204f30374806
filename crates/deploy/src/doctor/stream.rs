//! Between Connect and the bot: the topic, its key, its subscription, the queue.

use serde_json::Value;

use super::{Finding, Patient, State, allows, items, text};

pub(super) fn look(patient: &Patient<'_>) -> Vec<Finding> {
    let mut findings = vec![topic(patient), key(patient), subscription(patient)];
    if patient.by_queue() {
        findings.push(source(patient));
        findings.push(waiting(patient));
    }
    findings.push(dead_letters(patient));
    findings
}

fn topic(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "the instance may publish to the topic";
    match patient.aws.ask(["sns", "get-topic-attributes", "--topic-arn", patient.output("TopicArn")]) {
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let policy = text(&answer, "/Attributes/Policy");
            let allowed = allows(&policy, "connect.amazonaws.com", "sns:Publish", &patient.instance_arn());
            Finding::of(WHAT, allowed.err().map(|why| format!("{why}: the bot hears nothing; run relevo deploy again")))
        }
    }
}

fn key(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "the key is in use";
    match patient.aws.ask(["kms", "describe-key", "--key-id", patient.resource("Key")]) {
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let state = text(&answer, "/KeyMetadata/KeyState");
            Finding::of(WHAT, (state != "Enabled").then(|| {
                format!("it is {state}, so no message can be read or written: aws kms cancel-key-deletion and enable-key")
            }))
        }
    }
}

fn subscription(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "the topic delivers to the bot";
    let wanted = if patient.by_queue() { "sqs" } else { "lambda" };
    match patient.aws.ask(["sns", "list-subscriptions-by-topic", "--topic-arn", patient.output("TopicArn")]) {
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let subscribed = items(&answer, "Subscriptions")
                .any(|it| text(it, "/Protocol") == wanted && text(it, "/SubscriptionArn").starts_with("arn:"));
            Finding::of(
                WHAT,
                (!subscribed).then(|| {
                    format!(
                        "there is no {wanted} subscription: customers' messages go nowhere; run relevo deploy again"
                    )
                }),
            )
        }
    }
}

fn source(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "chat-bot reads the queue";
    match patient.aws.ask(["lambda", "list-event-source-mappings", "--function-name", patient.output("ChatBotName")]) {
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let mut mappings = items(&answer, "EventSourceMappings").peekable();
            if mappings.peek().is_none() {
                return Finding::wrong(WHAT, "there is no event source mapping; run relevo deploy again");
            }
            let states: Vec<String> = mappings.map(|mapping| text(mapping, "/State")).collect();
            Finding::of(
                WHAT,
                (!states.iter().any(|state| state == "Enabled")).then(|| {
                    format!(
                        "the event source mapping is {}: aws lambda update-event-source-mapping --enabled",
                        states.join(", ")
                    )
                }),
            )
        }
    }
}

fn waiting(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "nothing waits in the queue";
    match messages(patient, patient.resource("Deliveries")) {
        Err(finding) => Finding { what: WHAT, ..finding },
        Ok(0) => Finding::well(WHAT),
        Ok(count) => Finding::warning(
            WHAT,
            format!(
                "{count} messages wait: when it stays so, look for throttles and errors of chat-bot, or raise maxConcurrentTurns"
            ),
        ),
    }
}

fn dead_letters(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "no dead letters";
    match messages(patient, patient.output("DeadLettersUrl")) {
        Err(finding) => Finding { what: WHAT, ..finding },
        Ok(0) => Finding::well(WHAT),
        Ok(count) => Finding::wrong(
            WHAT,
            format!("{count} messages could not be handled (docs/operations.md, \"Dead letters\")"),
        ),
    }
}

fn messages(patient: &Patient<'_>, url: &str) -> Result<u64, Finding> {
    let names = "ApproximateNumberOfMessages";
    match patient.aws.ask(["sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", names]) {
        Ok(answer) => Ok(answer
            .pointer(&format!("/Attributes/{names}"))
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()),
        Err(error) => Err(Finding { what: "", state: State::Unknown, advice: error.to_string() }),
    }
}
