//! The folder's flow: the one that was given, or one of ours.

use relevo_connect::flow::{Flow, FlowProblem};
use serde_json::{Value, json};

use super::{
    Note, note,
    sources::{Named, Sources},
    template, words,
};
use crate::document::template as resources;

/// Beside `bot.yaml`.
pub(super) const FILE_NAME: &str = "flow.json";
/// `Type` of a flow.
pub(super) const RESOURCE: &str = "AWS::Connect::ContactFlow";
/// Stands for the function of whoever imports.
const START_BOT: &str = "arn:aws:lambda:us-east-1:123456789012:function:start-bot";

/// The flow's text. `own`: that of a template of ours.
pub(super) fn choose(sources: &Sources, own: Option<Named<String>>, document: &Value, notes: &mut Vec<Note>) -> String {
    let of_templates = sources.templates.iter().flat_map(|template| {
        let flows = resources::of_type(template::resources(&template.it), RESOURCE);
        flows.filter_map(|(_, properties)| {
            let content = super::resolve::resolved(properties.get("Content")?, &template.it);
            Some(Named { file: template.file.clone(), it: content.as_str()?.to_owned() })
        })
    });
    let mut given: Vec<Named<String>> = sources.flows.clone();
    given.extend(own.map_or_else(|| of_templates.collect::<Vec<_>>(), |own| vec![own]));
    // Of several the one in which a bot takes part.
    given.sort_by_key(|flow| !flow.it.contains("BotParticipantDisconnected"));
    let mut given = given.into_iter();
    let Some(flow) = given.next() else {
        note(notes, FILE_NAME, "the flow", "none was given, so it is ours; its queue and its function stand for yours");
        return ours(document);
    };
    for other in given {
        note(notes, &other.file, "the flow", format!("a bot has one; it is that of {}", flow.file));
    }
    findings(&flow, document, notes);
    flow.it
}

fn findings(flow: &Named<String>, document: &Value, notes: &mut Vec<Note>) {
    let parsed = Flow::parse(&flow.it);
    let found: &[FlowProblem] = match &parsed {
        Ok(flow) => flow.warnings(),
        Err(problems) => problems,
    };
    for problem in found {
        let action = problem.action.as_deref().map(|action| format!(" in action {action}")).unwrap_or_default();
        note(notes, &flow.file, format!("{FILE_NAME}, line {}{action}", problem.line), problem.message.clone());
    }
    if let Ok(parsed) = &parsed {
        for queue in distinct(parsed.queues()) {
            note(notes, &flow.file, format!("queue {queue}"), "it is of the instance that the flow comes from");
        }
        for function in distinct(parsed.functions()) {
            note(
                notes,
                &flow.file,
                format!("function {function}"),
                "it is of the account that the flow comes from; the one that starts the bot is found by its name",
            );
        }
    }
    for function in handoffs(document).filter(|name| !flow.it.contains(&format!("\"{name}\""))) {
        let why = format!("the flow does not ask for functionName `{function}`, so it may not lead to a person");
        note(notes, &flow.file, "the hand-off", why);
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

fn handoffs(document: &Value) -> impl Iterator<Item = &str> {
    document
        .pointer("/conversation/handoff/functions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// A greeting, the bot, and a person: when the bot hands over, and whenever something fails.
fn ours(document: &Value) -> String {
    let language = document.pointer("/languages/0").and_then(Value::as_str).unwrap_or("en");
    let words = words::of(language);
    let say = |id: &str, text: &str, next: &str| {
        action(id, "MessageParticipant", &json!({"Text": text}), &json!({"NextAction": next, "Errors": [failed(next)]}))
    };
    let condition =
        |value: &str, next: &str| json!({"NextAction": next, "Condition": {"Operator": "Equals", "Operands": [value]}});
    let left: Vec<Value> =
        handoffs(document).map(|name| condition(name, "queue")).chain([condition("endChat", "ended")]).collect();
    let compare = |id: &str, what: &str, conditions: &[Value]| {
        let transitions = json!({"NextAction": "no-bot", "Errors": [{"NextAction": "no-bot", "ErrorType": "NoMatchingCondition"}], "Conditions": conditions});
        action(id, "Compare", &json!({"ComparisonValue": what}), &transitions)
    };
    let start = json!({
        "LambdaFunctionARN": START_BOT,
        "InvocationTimeLimitSeconds": "8",
        "ResponseValidation": {"ResponseType": "STRING_MAP"},
    });
    // A bot whose answer never came, or that has been waited for long enough, may still be there.
    let leave = json!({
        "LambdaFunctionARN": START_BOT,
        "InvocationTimeLimitSeconds": "4",
        "LambdaInvocationAttributes": {"bot": "leave"},
        "ResponseValidation": {"ResponseType": "STRING_MAP"},
    });
    let wait = json!({
        "NextAction": "no-bot",
        "Errors": [{"NextAction": "why-bot-left", "ErrorType": "ParticipantNotFound"}, failed("no-bot")],
        "Conditions": [condition("BotParticipantDisconnected", "why-bot-left"), condition("WaitCompleted", "no-bot")],
    });
    let queue = "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000001/queue/00000000-0000-4000-8000-000000000010";
    let transfer = json!({
        "NextAction": "no-person",
        "Errors": [{"NextAction": "no-person", "ErrorType": "QueueAtCapacity"}, failed("no-person")],
    });
    let actions = [
        say("welcome", words.welcome, "start-bot"),
        action(
            "start-bot",
            "InvokeLambdaFunction",
            &start,
            &json!({"NextAction": "bot-started", "Errors": [failed("no-bot")]}),
        ),
        compare("bot-started", "$.External.status", &[condition("success", "bot")]),
        action("bot", "Wait", &json!({"TimeLimitSeconds": "86400", "Events": ["BotParticipantDisconnected"]}), &wait),
        compare("why-bot-left", "$.Attributes.functionName", &left),
        say("no-bot", words.no_bot, "bot-leaves"),
        action(
            "bot-leaves",
            "InvokeLambdaFunction",
            &leave,
            &json!({"NextAction": "queue", "Errors": [failed("queue")]}),
        ),
        action(
            "queue",
            "UpdateContactTargetQueue",
            &json!({"QueueId": queue}),
            &json!({"NextAction": "waiting", "Errors": [failed("no-person")]}),
        ),
        say("waiting", words.waiting, "transfer"),
        action("transfer", "TransferContactToQueue", &json!({}), &transfer),
        say("no-person", words.no_person, "end"),
        say("ended", words.ended, "end"),
        action("end", "DisconnectParticipant", &json!({}), &json!({})),
    ];
    let flow = json!({"Version": "2019-10-30", "StartAction": "welcome", "Metadata": {}, "Actions": actions});
    serde_json::to_string_pretty(&flow).unwrap_or_default() + "\n"
}

fn action(id: &str, kind: &str, parameters: &Value, transitions: &Value) -> Value {
    json!({"Identifier": id, "Type": kind, "Parameters": parameters, "Transitions": transitions})
}

fn failed(next: &str) -> Value {
    json!({"NextAction": next, "ErrorType": "NoMatchingError"})
}
