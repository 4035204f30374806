//! What a model is asked, as a body of chat completions. Strictly what is documented, and nothing that was not asked for.

use std::{
    borrow::Cow,
    sync::atomic::{AtomicBool, Ordering},
};

use relevo_agents::{
    definition::models::OpenAiChoice,
    model::{Content, Message, ModelRequest, Purpose, Role, adapter},
};
use serde::Serialize;
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

#[derive(Serialize)]
struct Body<'r> {
    model: &'r str,
    messages: Vec<Written<'r>>,
    #[serde(flatten)]
    settings: Map<String, Value>,
}

/// A message as it is written.
#[derive(Serialize)]
struct Written<'r> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'r str>,
    content: Option<Cow<'r, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<Value>,
}

/// The body, as JSON. A history is long: it is written from where it is.
pub(crate) fn body(
    choice: &OpenAiChoice,
    dialect: &Dialect,
    request: &ModelRequest,
) -> Result<String, serde_json::Error> {
    let (system, history) = (adapter::system(request), adapter::history(request));
    let mut messages = vec![Written::new("system", Some(Cow::Borrowed(&system)))];
    for message in &history {
        write(message, &mut messages);
    }
    serde_json::to_string(&Body { model: &choice.model, messages, settings: settings(choice, dialect, request) })
}

fn settings(choice: &OpenAiChoice, dialect: &Dialect, request: &ModelRequest) -> Map<String, Value> {
    let mut body = Map::new();
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
    body
}

impl<'r> Written<'r> {
    fn new(role: &'static str, content: Option<Cow<'r, str>>) -> Self {
        Self { role, tool_call_id: None, content, tool_calls: Vec::new() }
    }
}

/// A message. Results are messages of their own, directly behind the calls.
fn write<'r>(message: &'r Message, written: &mut Vec<Written<'r>>) {
    let mut texts = Vec::new();
    let mut tool_calls = Vec::new();
    for content in &message.content {
        match content {
            Content::Text(text) => texts.push(text.as_str()),
            Content::ToolUse(call) => {
                // A call whose arguments were no object is in the history with none.
                let arguments = if call.input.is_object() { call.input.to_string() } else { "{}".into() };
                let function = json!({"name": call.name, "arguments": arguments});
                tool_calls.push(json!({"id": call.tool_use_id, "type": "function", "function": function}));
            }
            Content::ToolResult(result) => {
                let told = Written::new("tool", Some(Cow::Borrowed(&result.text)));
                written.push(Written { tool_call_id: Some(&result.tool_use_id), ..told });
            }
        }
    }
    let text = match texts.as_slice() {
        [] => None,
        [one] => Some(Cow::Borrowed(*one)),
        several => Some(Cow::Owned(several.join("\n\n"))),
    };
    match (message.role, text) {
        (Role::User, None) => {}
        (Role::User, text) => written.push(Written::new("user", text)),
        (Role::Assistant, text) => {
            // Beside calls nothing need be said; without them something must.
            let text = text.or_else(|| tool_calls.is_empty().then_some(Cow::Borrowed("")));
            written.push(Written { tool_calls, ..Written::new("assistant", text) });
        }
    }
}
