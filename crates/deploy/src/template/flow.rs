//! The flow as the `Content` of `AWS::Connect::ContactFlow`: what it names of its own instance becomes the stack's.

use relevo_connect::flow::Flow;

use super::Notes;
use crate::StartBot;

/// The longest content (`CloudFormation` reference, `AWS::Connect::ContactFlow`), in characters.
const CONTENT_MAX: usize = 256_000;

const START_BOT: &str = "${StartBot.Arn}";
const INSTANCE: &str = "arn:${AWS::Partition}:connect:${AWS::Region}:${AWS::AccountId}:instance/${instanceId}";

/// The block of the template. `text`: `flow.json` as it stands.
pub(super) fn content(text: &str, flow: &Flow, notes: &mut Notes) -> String {
    let mut text = as_written(text, flow).replace("${", "${!");
    let start = StartBot::among(flow.functions());
    for function in distinct(flow.functions()) {
        if start.is(function) {
            text = text.replace(&quoted(function), &quoted(START_BOT));
        } else {
            notes.warn(format!(
                "flow.json calls {function}, which the stack does not make: it must exist, and be associated with the \
                 instance (aws connect associate-lambda-function)"
            ));
        }
    }
    if flow.functions().next().is_none() {
        notes.warn("flow.json calls no function, so the bot is never started");
    }
    let mut queues = distinct(flow.queues()).into_iter();
    if let Some(first) = queues.next() {
        text = text.replace(&quoted(first), &quoted(&format!("{INSTANCE}/queue/${{queueId}}")));
    } else {
        notes.warn("flow.json names no queue by itself: the parameter queueId is not used");
    }
    for other in queues {
        notes.warn(format!("flow.json names a further queue, {other}: it must be one of the instance"));
    }
    for instance in instances(&text) {
        text = text.replace(&instance, INSTANCE);
    }
    if text.chars().count() > CONTENT_MAX {
        notes.refuse(format!("flow.json has more than {CONTENT_MAX} characters, the most that Connect takes"));
    }
    let mut block = String::from("Content: !Sub |\n");
    for line in text.trim().lines() {
        block.push_str("  ");
        block.push_str(line);
        block.push('\n');
    }
    block
}

/// The text with its own layout, where what must be found in it is written without escapes; else laid out anew.
fn as_written(text: &str, flow: &Flow) -> String {
    let found = flow.functions().chain(flow.queues()).all(|name| text.contains(&quoted(name)));
    let anew = || serde_json::from_str::<serde_json::Value>(text).and_then(|flow| serde_json::to_string_pretty(&flow));
    if found && !text.contains('\t') { text.to_owned() } else { anew().unwrap_or_else(|_| text.to_owned()) }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Those that are plain texts, each once, in their order.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names.filter(|name| !name.contains("$.")) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The instances that ARNs in the text still name, as `arn:aws:connect:region:account:instance/id`.
fn instances(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for quoted in text.split('"').filter(|part| part.starts_with("arn:")) {
        let mut parts = quoted.splitn(6, ':');
        let (service, resource) = (parts.nth(2), parts.nth(2));
        let Some(rest) = resource.and_then(|it| it.strip_prefix("instance/")).filter(|_| service == Some("connect"))
        else {
            continue;
        };
        let id_len = rest.find('/').unwrap_or(rest.len());
        let instance = quoted.get(..quoted.len() - rest.len() + id_len).unwrap_or(quoted);
        if !instance.contains('$') && !found.iter().any(|known| known == instance) {
            found.push(instance.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(function: &str, more: &str) -> (String, Notes) {
        let text = format!(
            r#"{{"Version": "2019-10-30", "StartAction": "a", "Metadata": {{"of": "{function}"}}, "Actions": [
  {{"Identifier": "a", "Type": "InvokeLambdaFunction", "Parameters": {{"LambdaFunctionARN": "{function}", "InvocationTimeLimitSeconds": "8"}},
   "Transitions": {{"NextAction": "q", "Errors": [{{"NextAction": "q", "ErrorType": "NoMatchingError"}}]}}}},
  {more}
  {{"Identifier": "q", "Type": "UpdateContactTargetQueue", "Parameters": {{"QueueId": "arn:aws:connect:eu-west-1:1:instance/i-1/queue/q-1"}},
   "Transitions": {{"NextAction": "e", "Errors": [{{"NextAction": "e", "ErrorType": "NoMatchingError"}}]}}}},
  {{"Identifier": "e", "Type": "DisconnectParticipant", "Parameters": {{}}, "Transitions": {{}}}}]}}"#
        );
        let flow = Flow::parse(&text).unwrap();
        let mut notes = Notes::default();
        (content(&text, &flow, &mut notes), notes)
    }

    #[test]
    fn names_of_the_author_become_the_stacks() {
        let (block, notes) = block("arn:aws:lambda:eu-west-1:1:function:StartBot:live", "");
        assert!(block.starts_with("Content: !Sub |\n  {\"Version\""), "{block}");
        assert!(!block.contains("eu-west-1") && !block.contains("i-1") && !block.contains("q-1"), "{block}");
        assert_eq!(block.matches("\"${StartBot.Arn}\"").count(), 2, "in the metadata too: {block}");
        assert!(block.contains("instance/${instanceId}/queue/${queueId}\""), "{block}");
        assert!(notes.warnings.is_empty() && notes.refusals.is_empty(), "{notes:?}");
    }

    #[test]
    fn what_looks_like_a_reference_of_the_template_stays_text() {
        let say = r#"{"Identifier": "m", "Type": "MessageParticipant", "Parameters": {"Text": "${price} and arn:aws:connect:x"},
            "Transitions": {"NextAction": "q", "Errors": [{"NextAction": "q", "ErrorType": "NoMatchingError"}]}},"#;
        let (block, _) = block("start-bot", say);
        assert!(block.contains("${!price} and arn:aws:connect:x"), "{block}");
    }

    #[test]
    fn functions_of_others_are_named() {
        let call = r#"{"Identifier": "c", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "crm", "InvocationTimeLimitSeconds": "8"},
            "Transitions": {"NextAction": "q", "Errors": [{"NextAction": "q", "ErrorType": "NoMatchingError"}]}},"#;
        let (block, notes) = block("arn:aws:lambda:eu-west-1:1:function:start-bot", call);
        assert!(block.contains("\"crm\""));
        assert!(notes.warnings.iter().any(|note| note.contains("calls crm")), "{notes:?}");
    }
}
