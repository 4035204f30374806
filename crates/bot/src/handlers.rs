//! Return-control functions that are no hand-offs: who executes them, and the event and the answer they are asked with.
//!
//! Event and answer are those of a Lambda function of a Bedrock action group (Bedrock user guide, "Configure Lambda
//! functions to send information that an agent elicits"), so that one function serves an agent of Bedrock and this bot.
//! An HTTP endpoint gets the same event as the body of a `POST`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ports::FunctionInput;

/// The session attribute that is the same when the same call comes again after a crash.
pub const IDEMPOTENCY_KEY: &str = "idempotencyKey";

/// Who executes a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Handler {
    /// A Lambda function.
    Lambda(LambdaHandler),
    /// An HTTP endpoint.
    Http(HttpHandler),
}

impl Handler {
    /// How long it may take.
    pub fn timeout_ms(&self) -> u64 {
        match self {
            Self::Lambda(it) => it.timeout_ms,
            Self::Http(it) => it.timeout_ms,
        }
    }
}

/// A Lambda function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LambdaHandler {
    /// Its name or its ARN.
    pub function: String,
    /// How long one call may take.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
}

/// An HTTP endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpHandler {
    /// Where the event is posted to.
    pub url: String,
    /// How long one call may take.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// An environment variable whose value goes along as `Authorization: Bearer …`; none: no such header.
    #[serde(default)]
    pub bearer_from: Option<String>,
}

const fn default_timeout_ms() -> u64 {
    10_000
}

/// The event of a call.
pub fn event(contact_id: &str, turn_id: &str, input: &FunctionInput) -> Value {
    let parameter = |(name, value): &(String, String)| json!({"name": name, "type": "string", "value": value});
    let parameters: Vec<Value> = input.parameters.iter().map(parameter).collect();
    let mut event = json!({
        "messageVersion": "1.0",
        "agent": {"id": input.agent_id, "name": input.collaborator_name},
        "sessionId": contact_id,
        "actionGroup": input.action_group,
        "parameters": parameters,
        "sessionAttributes": {
            "contactId": contact_id,
            "turnId": turn_id,
            IDEMPOTENCY_KEY: idempotency_key(contact_id, turn_id, input),
        },
        "promptSessionAttributes": {},
    });
    if let Value::Object(members) = &mut event {
        match input.operation() {
            Some((method, path)) => {
                members.insert("httpMethod".into(), method.into());
                members.insert("apiPath".into(), path.into());
                if let Some(body) = &input.body {
                    let properties: Vec<Value> = body.properties.iter().map(parameter).collect();
                    let content = json!({"content": {body.content_type.as_str(): {"properties": properties}}});
                    members.insert("requestBody".into(), content);
                }
            }
            None => drop(members.insert("function".into(), input.function.clone().into())),
        }
    }
    event
}

/// What a handler should recognise a call by that it has done already: contact, turn, function and its arguments.
pub fn idempotency_key(contact_id: &str, turn_id: &str, input: &FunctionInput) -> String {
    let mut pairs: Vec<&(String, String)> = input.values().collect();
    pairs.sort();
    let arguments = crate::fnv::fnv(&json!([input.action_group, input.function, pairs]).to_string());
    format!("{contact_id}:{turn_id}:{arguments:016x}")
}

/// The result in an answer. `Err`: the function says that it failed, in words for the agent. An answer in another shape is
/// the result itself, as text.
pub fn answer(body: &str) -> Result<String, String> {
    let Ok(Value::Object(answer)) = serde_json::from_str::<Value>(body) else { return Ok(plain(body)) };
    let Some(Value::Object(response)) = answer.get("response") else { return Ok(plain(body)) };
    let inner = match response.get("functionResponse") {
        Some(Value::Object(inner)) => inner,
        _ => response,
    };
    let content = inner.get("responseBody").and_then(Value::as_object);
    let content = content.and_then(|by_type| by_type.get("TEXT").or_else(|| by_type.values().next()));
    let text = match content.and_then(|content| content.get("body")) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let failed = inner.get("responseState").is_some_and(|state| !state.is_null());
    let status = inner.get("httpStatusCode").and_then(Value::as_u64).unwrap_or(200);
    if failed || status >= 400 { Err(text) } else { Ok(text) }
}

/// A JSON string is its text; anything else is what it is.
fn plain(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(Value::String(text)) => text,
        _ => body.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Confirmation, RequestBody};

    fn input(function: &str) -> FunctionInput {
        FunctionInput {
            action_group: "Billing".into(),
            function: function.into(),
            agent_id: Some("A1".into()),
            collaborator_name: None,
            parameters: vec![("invoice".into(), "7".into()), ("year".into(), "2026".into())],
            body: None,
            confirmation: Confirmation::NotNeeded,
        }
    }

    #[test]
    fn the_event_is_that_of_an_action_group() {
        let event = event("c", "t", &input("getInvoice"));
        assert_eq!((&event["messageVersion"], &event["function"]), (&json!("1.0"), &json!("getInvoice")));
        assert_eq!(event["parameters"][0], json!({"name": "invoice", "type": "string", "value": "7"}));
        assert_eq!(event["sessionAttributes"]["contactId"], "c");
        let api = super::event("c", "t", &input("GET /invoices/{invoice}"));
        assert_eq!((&api["httpMethod"], &api["apiPath"]), (&json!("GET"), &json!("/invoices/{invoice}")));
        assert_eq!((api.get("function"), api.get("requestBody")), (None, None));
        let properties = vec![("note".to_owned(), "paid twice".to_owned())];
        let body = Some(RequestBody { content_type: "application/json".into(), properties });
        let post = super::event("c", "t", &FunctionInput { body, ..input("POST /invoices") });
        let sent = json!({"properties": [{"name": "note", "type": "string", "value": "paid twice"}]});
        assert_eq!(post["requestBody"]["content"]["application/json"], sent);
    }

    #[test]
    fn the_key_is_of_the_call_and_not_of_the_order_of_its_arguments() {
        let key = |input: &FunctionInput| idempotency_key("c", "t", input);
        let mut other = input("getInvoice");
        other.parameters.reverse();
        assert_eq!(key(&input("getInvoice")), key(&other));
        other.parameters[0].1 = "2025".into();
        assert_ne!(key(&input("getInvoice")), key(&other));
        assert_ne!(idempotency_key("c", "t2", &input("f")), idempotency_key("c", "t", &input("f")));
    }

    #[test]
    fn answers_of_every_shape() {
        let function = |state: Value| {
            json!({"messageVersion": "1.0", "response": {"actionGroup": "Billing", "function": "getInvoice",
                "functionResponse": {"responseState": state, "responseBody": {"TEXT": {"body": "paid"}}}}})
            .to_string()
        };
        let api = |status: u32| {
            json!({"response": {"httpStatusCode": status, "responseBody": {"application/json": {"body": "{}"}}}})
                .to_string()
        };
        let ok = |text: &str| Ok(text.to_owned());
        let table: Vec<(String, Result<String, String>)> = vec![
            (function(Value::Null), ok("paid")),
            (function(json!("REPROMPT")), Err("paid".into())),
            (api(200), ok("{}")),
            (api(404), Err("{}".into())),
            (r#"{"status":"paid"}"#.into(), ok(r#"{"status":"paid"}"#)),
            (r#""paid""#.into(), ok("paid")),
            (" paid \n".into(), ok("paid")),
            (String::new(), ok("")),
            (r#"{"response":{}}"#.into(), ok("")),
            (r#"{"response":7}"#.into(), ok(r#"{"response":7}"#)),
        ];
        for (body, expected) in table {
            assert_eq!(answer(&body), expected, "{body}");
        }
    }
}
