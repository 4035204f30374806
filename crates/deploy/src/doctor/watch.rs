//! What the stack says of itself: alarms, and the last errors in the logs.

use serde_json::Value;

use super::{Finding, Patient, items, text};

/// How far back errors are looked for.
const HOURS: i64 = 24;
/// How many of them are told.
const MOST_LINES: usize = 5;

pub(super) fn look(patient: &Patient<'_>, now_ms: i64) -> Vec<Finding> {
    vec![
        alarms(patient),
        errors(patient, "start-bot logs no errors", "start-bot", now_ms),
        errors(patient, "chat-bot logs no errors", "chat-bot", now_ms),
    ]
}

fn alarms(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "no alarm";
    let prefix = format!("{}-", patient.name);
    match patient.aws.ask([
        "cloudwatch",
        "describe-alarms",
        "--alarm-name-prefix",
        prefix.as_str(),
        "--state-value",
        "ALARM",
    ]) {
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let ringing: Vec<String> =
                items(&answer, "MetricAlarms").map(|alarm| text(alarm, "/AlarmDescription")).collect();
            Finding::of(WHAT, (!ringing.is_empty()).then(|| format!("{} (docs/operations.md)", ringing.join("; "))))
        }
    }
}

/// Lines of level `ERROR`: kinds and ids, as what customers write is not in the logs.
fn errors(patient: &Patient<'_>, what: &'static str, function: &str, now_ms: i64) -> Finding {
    let group = format!("/aws/lambda/{}-{function}", patient.name);
    let since = (now_ms - HOURS * 3_600_000).to_string();
    let arguments = [
        "logs",
        "filter-log-events",
        "--log-group-name",
        group.as_str(),
        "--start-time",
        since.as_str(),
        "--filter-pattern",
        "{ $.level = \"ERROR\" }",
        "--max-items",
        "50",
    ];
    match patient.aws.ask(arguments) {
        Err(error) => Finding::unknown(what, &error),
        Ok(answer) => {
            let lines: Vec<String> = items(&answer, "events").map(|event| short(&text(event, "/message"))).collect();
            if lines.is_empty() {
                return Finding::well(what);
            }
            let shown: Vec<&str> = lines.iter().rev().take(MOST_LINES).map(String::as_str).collect();
            Finding::warning(what, format!("{} in {HOURS} hours, the last: {}", lines.len(), shown.join("; ")))
        }
    }
}

/// The message and what stands beside it, without time and place.
fn short(line: &str) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(line) else { return line.trim().to_owned() };
    let message = fields.remove("message").and_then(|it| it.as_str().map(ToOwned::to_owned)).unwrap_or_default();
    for beside in ["timestamp", "level", "target", "span", "spans", "requestId", "xrayTraceId"] {
        fields.remove(beside);
    }
    if fields.is_empty() { message } else { format!("{message} {}", Value::Object(fields)) }
}
