//! What a model is asked, as a body of chat completions. Strictly what is documented, and nothing that was not asked for.

use std::sync::atomic::{AtomicBool, Ordering};

use relevo_agents::{
    definition::models::OpenAiChoice,
    model::{Content, Message, ModelRequest, Purpose, Role, adapter},
};
use serde_json::{Map, Value, json};

/// What is sent differently to an endpoint that has refused the usual. It is learned once, from its own words.
#[derive(Debug, Default)]
pub(crate) struct Dialect {
    /// Newer models of OpenAI refuse `max_tokens`, most other servers know nothing else.
    completion_tokens: AtomicBool,
    /// Some servers refuse `stream_options`: what an answer costs is then not known.
    no_stream_options: AtomicBool,
}

impl Dialect {
    /// Learns from a refusal's words. Whether the same question is worth asking once more.
    pub(crate) fn learn(&self, choice: &OpenAiChoice, words: &str) -> bool {
        let limited = choice.inference_configuration.maximum_length.is_some();
        if limited && words.contains("max_completion_tokens") {
            return !self.completion_tokens.swap(true, Ordering::Relaxed);
        }
        words.contains("stream_options") && !self.no_stream_options.swap(true, Ordering::Relaxed)
    }
}

/// The body.
pub(crate) fn body(choice: &OpenAiChoice, dialect: &Dialect, request: &ModelRequest) -> Value {
    let mut messages = vec![json!({"role": "system", "content": adapter::system(request)})];
    messages.extend(adapter::history(request).iter().flat_map(written));
    let mut body = Map::new();
    body.insert("model".into(), json!(choice.model));
    body.insert("messages".into(), Value::Array(messages));
    if let Purpose::Orchestrate { tools } = &request.purpose
        && !tools.is_empty()
    {
        let tools = tools.iter().map(|tool| {
            let mut function = json!({"name": tool.name, "parameters": tool.input_schema});
            if let (false, Value::Object(members)) = (tool.description.trim().is_empty(), &mut function) {
                members.insert("description".into(), json!(tool.description));
            }
            json!({"type": "function", "function": function})
        });
        body.insert("tools".into(), tools.collect());
    }
    let inference = &choice.inference_configuration;
    if let Some(tokens) = inference.maximum_length {
        let newer = dialect.completion_tokens.load(Ordering::Relaxed);
        body.insert(if newer { "max_completion_tokens" } else { "max_tokens" }.into(), json!(tokens));
    }
    // As it was written: an f32 as f64 has digits of its own.
    let short = |value: f32| value.to_string().parse::<f64>().unwrap_or_else(|_| value.into());
    for (name, value) in [("temperature", inference.temperature), ("top_p", inference.top_p)] {
        if let Some(value) = value {
            body.insert(name.into(), json!(short(value)));
        }
    }
    if !inference.stop_sequences.is_empty() {
        body.insert("stop".into(), json!(inference.stop_sequences));
    }
    body.insert("stream".into(), json!(true));
    if !dialect.no_stream_options.load(Ordering::Relaxed) {
        body.insert("stream_options".into(), json!({"include_usage": true}));
    }
    Value::Object(body)
}

/// A message. Results are messages of their own, directly behind the calls.
fn written(message: &Message) -> Vec<Value> {
    let mut texts = Vec::new();
    let mut calls = Vec::new();
    let mut written = Vec::new();
    for content in &message.content {
        match content {
            Content::Text(text) => texts.push(text.as_str()),
            Content::ToolUse(call) => {
                // A call whose arguments were no object is in the history with none.
                let arguments = if call.input.is_object() { call.input.to_string() } else { "{}".into() };
                let function = json!({"name": call.name, "arguments": arguments});
                calls.push(json!({"id": call.tool_use_id, "type": "function", "function": function}));
            }
            Content::ToolResult(result) => {
                written.push(json!({"role": "tool", "tool_call_id": result.tool_use_id, "content": result.text}));
            }
        }
    }
    let text = (!texts.is_empty()).then(|| texts.join("\n\n"));
    match (message.role, text) {
        (Role::User, Some(text)) => written.push(json!({"role": "user", "content": text})),
        (Role::User, None) => {}
        (Role::Assistant, text) if calls.is_empty() => {
            written.push(json!({"role": "assistant", "content": text.unwrap_or_default()}));
        }
        (Role::Assistant, text) => {
            written.push(json!({"role": "assistant", "content": text, "tool_calls": calls}));
        }
    }
    written
}
