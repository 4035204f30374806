//! What an answer means, by what it was asked for and how it ended.

use serde_json::{Map, Value};

use super::routes;
use crate::model::{Content, ModelError, ModelReply, Outcome, Purpose, Usage};

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The model was done, or waits for its calls.
    Complete,
    /// The longest answer was reached.
    Cut,
    /// The conversation is longer than the model reads.
    TooLong,
    /// A guardrail or a filter stopped it. What it says then is what a guardrail says in its place.
    Blocked,
    /// The model wrote something that could not be read.
    Malformed,
}

/// The reply to a request, of the blocks that a model gave. `model`: which it was, as the provider names it.
///
/// # Errors
/// [`ModelError::Refused`], where there is nothing that could be used and asking the same again would not help.
pub fn reply(
    purpose: &Purpose,
    content: Vec<Content>,
    stop: Stop,
    usage: Usage,
    model: Option<String>,
) -> Result<ModelReply, ModelError> {
    let outcome = match purpose {
        Purpose::Orchestrate { .. } | Purpose::Summarize { .. } => Outcome::Content(usable(content, stop)?),
        Purpose::Route { candidates, .. } => {
            let texts: Vec<String> = content.into_iter().filter_map(text).collect();
            Outcome::Route(routes::read(&texts.join("\n"), candidates))
        }
    };
    Ok(ModelReply { outcome, usage, model })
}

fn usable(content: Vec<Content>, stop: Stop) -> Result<Vec<Content>, ModelError> {
    let refused = |why: &str| Err(ModelError::Refused(why.into()));
    match stop {
        // A call that was cut has arguments that the model did not mean.
        Stop::Cut if content.iter().any(|block| matches!(block, Content::ToolUse(_))) => {
            refused("the answer was cut in a call")
        }
        Stop::Complete | Stop::Cut => Ok(content),
        Stop::TooLong => refused("the conversation is longer than the model reads"),
        // Nothing that could be used; the run asks once more for an empty answer.
        Stop::Malformed => Ok(Vec::new()),
        // A call that was stopped is not to be made.
        Stop::Blocked => {
            let said: Vec<_> = content.into_iter().filter_map(text).filter(|text| !text.trim().is_empty()).collect();
            if said.is_empty() {
                return refused("the answer was blocked by a filter");
            }
            Ok(said.into_iter().map(Content::Text).collect())
        }
    }
}

fn text(content: Content) -> Option<String> {
    if let Content::Text(text) = content { Some(text) } else { None }
}

/// A call's arguments, of the text that a model wrote. What is no JSON object stays a text: the run then tells the model
/// that the call is wrong, as it does with any other wrong call.
pub fn arguments(text: &str) -> Value {
    match serde_json::from_str(text.trim()) {
        Ok(Value::Object(members)) => Value::Object(members),
        Ok(Value::Null) => Value::Object(Map::new()),
        // Written down twice over, which some models do.
        Ok(Value::String(inner)) => match serde_json::from_str(&inner) {
            Ok(Value::Object(members)) => Value::Object(members),
            _ => Value::String(inner),
        },
        Ok(other) => other,
        Err(_) if text.trim().is_empty() => Value::Object(Map::new()),
        Err(_) => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ToolUse;

    #[test]
    fn arguments_are_an_object_or_wrong() {
        for (text, wanted) in [
            (r#"{"n": 1}"#, json!({"n": 1})),
            ("", json!({})),
            (" \n", json!({})),
            ("null", json!({})),
            (r#""{\"n\": 1}""#, json!({"n": 1})),
            (r#"{"n": "#, json!(r#"{"n": "#)),
            ("[1]", json!([1])),
            ("n=1", json!("n=1")),
            (r#"{"a":1}{"b":2}"#, json!(r#"{"a":1}{"b":2}"#)),
        ] {
            assert_eq!(arguments(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn what_is_blocked_or_cut_calls_nothing() {
        let said = |text: &str| Content::Text(text.into());
        let call = Content::ToolUse(ToolUse { tool_use_id: "1".into(), name: "f".into(), input: json!({}) });
        let both = vec![said("No."), call.clone()];
        assert_eq!(usable(both.clone(), Stop::Complete).unwrap(), both);
        assert_eq!(usable(both.clone(), Stop::Blocked).unwrap(), [said("No.")]);
        assert!(matches!(usable(both, Stop::Cut), Err(ModelError::Refused(_))));
        assert_eq!(usable(vec![said("a")], Stop::Cut).unwrap(), [said("a")]);
        assert!(matches!(usable(vec![call.clone()], Stop::Blocked), Err(ModelError::Refused(_))));
        assert!(matches!(usable(vec![said("a")], Stop::TooLong), Err(ModelError::Refused(_))));
        assert_eq!(usable(vec![call], Stop::Malformed).unwrap(), []);
    }
}
