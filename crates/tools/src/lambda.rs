//! Lambda functions, with the event and the answer of a Bedrock action group (Bedrock user guide, "Configure Lambda
//! functions to send information an Amazon Bedrock agent elicits"): one function serves both.

use std::collections::BTreeMap;

use relevo_agents::{
    definition::{agent::Function, operation::ArgumentPlace, tool::LambdaTool},
    run::ALIAS_ID,
    tools::{Argument, ToolCall, ToolError, ToolOutput},
};
use relevo_outbound::Invoke;
use serde_json::{Value, json};

use crate::executors::failed;

/// The session attribute that is the same when the same call comes again. It goes out and does not come back.
const IDEMPOTENCY_KEY: &str = "idempotencyKey";

/// Invokes the function once.
pub(crate) async fn call(
    lambda: &dyn Invoke,
    tool: &LambdaTool,
    function: &Function,
    call: &ToolCall,
) -> Result<ToolOutput, ToolError> {
    match lambda.invoke(&tool.function, &event(function, call).to_string()).await {
        Ok(payload) => read(&payload),
        Err(error) => failed(&error),
    }
}

fn event(function: &Function, call: &ToolCall) -> Value {
    let caller = &call.caller;
    let mut session_attributes = call.session_attributes.clone();
    session_attributes.insert(IDEMPOTENCY_KEY.into(), call.idempotency_key.clone());
    let mut event = json!({
        "messageVersion": "1.0",
        "agent": {"name": caller.agent_name, "id": caller.agent_id, "alias": ALIAS_ID, "version": "DRAFT"},
        "inputText": caller.input_text,
        "sessionId": caller.session_id,
        "actionGroup": call.action_group,
        "sessionAttributes": session_attributes,
        "promptSessionAttributes": caller.prompt_session_attributes,
    });
    let Value::Object(members) = &mut event else { return event };
    match &function.operation {
        None => {
            let parameters = call.arguments.iter().map(|argument| parameter(&argument.name, argument)).collect();
            members.insert("function".into(), function.name.clone().into());
            members.insert("parameters".into(), parameters);
        }
        Some(operation) => {
            let (body, parameters): (Vec<&Argument>, Vec<&Argument>) =
                call.arguments.iter().partition(|it| operation.place(&it.name) == Some(ArgumentPlace::Body));
            let listed = |arguments: Vec<&Argument>| -> Value {
                arguments.into_iter().map(|it| parameter(operation.wire_name(&it.name), it)).collect()
            };
            members.insert("apiPath".into(), operation.path.clone().into());
            members.insert("httpMethod".into(), operation.method.clone().into());
            members.insert("parameters".into(), listed(parameters));
            if let Some(mime) = &operation.body {
                members.insert("requestBody".into(), json!({"content": {mime: {"properties": listed(body)}}}));
            }
        }
    }
    event
}

fn parameter(name: &str, argument: &Argument) -> Value {
    json!({"name": name, "type": argument.r#type, "value": argument.value})
}

/// The result in an answer.
fn read(payload: &str) -> Result<ToolOutput, ToolError> {
    let answer: Value = serde_json::from_str(payload).map_err(|_| malformed("it is not JSON"))?;
    let response =
        answer.get("response").filter(|it| it.is_object()).ok_or_else(|| malformed("`response` is missing"))?;
    let inner = match response.get("functionResponse") {
        Some(inner) if inner.is_object() => inner,
        Some(_) => return Err(malformed("`functionResponse` is no structure")),
        None => response,
    };
    let state = inner.get("responseState").and_then(Value::as_str);
    if state == Some("FAILURE") {
        return Err(ToolError::Fatal("the function answers FAILURE".into()));
    }
    let bodies =
        inner.get("responseBody").and_then(Value::as_object).ok_or_else(|| malformed("`responseBody` is missing"))?;
    let body = bodies.get("TEXT").or_else(|| bodies.values().next()).and_then(|content| content.get("body"));
    let text = match body {
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(malformed("`body` is not a text")),
        None => return Err(malformed("`body` is missing")),
    };
    let status = inner.get("httpStatusCode").and_then(Value::as_u64).unwrap_or(200);
    Ok(ToolOutput {
        text,
        error: state.is_some() || status >= 400,
        session_attributes: attributes(&answer, "sessionAttributes"),
        prompt_session_attributes: attributes(&answer, "promptSessionAttributes"),
    })
}

fn malformed(what: &str) -> ToolError {
    ToolError::Failed(format!("the function's answer is not that of an action group: {what}"))
}

fn attributes(answer: &Value, name: &str) -> BTreeMap<String, String> {
    let given = answer.get(name).and_then(Value::as_object).into_iter().flatten();
    let texts = given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    texts.filter(|(name, _)| name != IDEMPOTENCY_KEY).collect()
}
