//! What the agents have tried, for who takes over: the functions that were executed for them, read off their traces or told
//! by who executes them. What was only wanted was not tried: it may wait for the customer's yes, or nobody executes it. Names
//! only: what they were called with may be the customer's.

use serde_json::Value;

use crate::ports::FunctionInput;

/// Functions that are remembered.
const TRIED_MAX: usize = 12;
/// A name's longest part.
const NAME_CHARS: usize = 100;

/// The function that a trace tells is executed, with the collaborator who calls it.
pub(crate) fn called(trace: &Value) -> Option<String> {
    let input = trace.pointer("/trace/orchestrationTrace/invocationInput")?;
    let name = if let Some(group) = input.get("actionGroupInvocationInput") {
        function(group).filter(|_| !is_returned(group))?
    } else {
        input.get("knowledgeBaseLookupInput").map(|_| "knowledgeBase".to_owned())?
    };
    Some(named(text(trace.get("collaboratorName")).as_deref(), &name))
}

/// Whether control is returned for a function: then who gets it executes the function, or does not.
pub(super) fn is_returned(input: &Value) -> bool {
    input.get("executionType").and_then(Value::as_str) == Some("RETURN_CONTROL")
}

/// A function that control was returned for, when it is executed.
pub(crate) fn executed(input: &FunctionInput) -> String {
    named(input.collaborator_name.as_deref(), head(&input.function))
}

fn named(collaborator: Option<&str>, name: &str) -> String {
    match collaborator {
        Some(collaborator) => format!("{}: {name}", head(collaborator)),
        None => name.to_owned(),
    }
}

/// The function of an `actionGroupInvocationInput`; an operation is `METHOD /path`.
pub(super) fn function(input: &Value) -> Option<String> {
    let operation = || Some(format!("{} {}", text(input.get("verb"))?.to_uppercase(), text(input.get("apiPath"))?));
    text(input.get("function")).or_else(operation)
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(|text| head(text).to_owned())
}

/// Remembers a function, once.
pub(crate) fn note(tried: &mut Vec<String>, function: String) {
    if tried.len() < TRIED_MAX && !tried.contains(&function) {
        tried.push(function);
    }
}

fn head(text: &str) -> &str {
    text.char_indices().nth(NAME_CHARS).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn functions_are_named_and_nothing_else() {
        let trace = |collaborator: Option<&str>, input: Value| json!({"collaboratorName": collaborator, "trace": {"orchestrationTrace": {"invocationInput": input}}});
        let function = json!({"actionGroupInvocationInput": {"actionGroupName": "Orders", "function": "getOrderStatus",
            "parameters": [{"name": "order_number", "value": "10020030"}]}});
        assert_eq!(called(&trace(Some("orders"), function.clone())).as_deref(), Some("orders: getOrderStatus"));
        assert_eq!(called(&trace(None, function)).as_deref(), Some("getOrderStatus"));
        let api = json!({"actionGroupInvocationInput": {"verb": "get", "apiPath": "/orders/{id}"}});
        assert_eq!(called(&trace(None, api)).as_deref(), Some("GET /orders/{id}"));
        let returned = json!({"actionGroupInvocationInput": {"function": "pay", "executionType": "RETURN_CONTROL"}});
        assert_eq!(called(&trace(Some("orders"), returned)), None, "it is not executed yet");
        let lookup = json!({"knowledgeBaseLookupInput": {"text": "mi secreto"}});
        assert_eq!(called(&trace(Some("help"), lookup)).as_deref(), Some("help: knowledgeBase"));
        for other in [json!({}), json!({"trace": {"orchestrationTrace": {"rationale": {"text": "x"}}}}), json!(null)] {
            assert_eq!(called(&other), None);
        }
    }

    #[test]
    fn the_list_is_short() {
        let mut tried = Vec::new();
        for number in 0..40 {
            note(&mut tried, format!("f{}", number / 2));
        }
        assert_eq!(tried.len(), TRIED_MAX);
        assert_eq!(tried[1], "f1");
    }
}
