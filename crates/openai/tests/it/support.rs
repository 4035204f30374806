//! Models and requests of the tests.

use std::time::Duration;

use relevo_agents::{
    definition::models::{InferenceConfiguration, OpenAiChoice},
    model::{Candidate, Content, Message, ModelRequest, Purpose, Role, ToolKind, ToolResult, ToolSpec, ToolUse},
};
use relevo_openai::OpenAiModel;
use serde_json::json;

pub(crate) fn choice(base_url: &str) -> OpenAiChoice {
    OpenAiChoice {
        base_url: base_url.into(),
        model: "small".into(),
        api_key_from: None,
        inference_configuration: InferenceConfiguration::default(),
        timeout_ms: None,
        silence_ms: 5_000,
    }
}

/// A model that asks again after next to no time.
pub(crate) fn of(choice: OpenAiChoice) -> OpenAiModel {
    OpenAiModel::new(choice, |_| None).unwrap().with_pause(Duration::from_millis(1))
}

pub(crate) fn text(text: &str) -> Content {
    Content::Text(text.into())
}

pub(crate) fn call(id: &str, name: &str, input: serde_json::Value) -> Content {
    Content::ToolUse(ToolUse { tool_use_id: id.into(), name: name.into(), input })
}

pub(crate) fn tool(name: &str, description: &str) -> ToolSpec {
    ToolSpec {
        name: name.into(),
        description: description.into(),
        input_schema: json!({"type": "object", "properties": {"order_number": {"type": "string"}}, "required": []}),
        kind: ToolKind::AskUser,
    }
}

/// A history with two calls and their results, one of Converse's.
pub(crate) fn request(purpose: Purpose) -> ModelRequest {
    let result = |id: &str, text: &str, error| {
        Content::ToolResult(ToolResult { tool_use_id: id.into(), text: text.into(), error })
    };
    ModelRequest {
        agent_name: "orders".into(),
        model_id: Some("eu.vendor.big-v1:0".into()),
        system: "You look up orders.".into(),
        messages: [
            Message { role: Role::User, content: vec![text("mi secreto")] },
            Message {
                role: Role::Assistant,
                content: vec![
                    text("I look."),
                    call("tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "Orders__getOrderStatus", json!({"n": 1})),
                    call("call-7", "functions.other", json!({})),
                ],
            },
            Message {
                role: Role::User,
                content: vec![
                    result("call-7", "functions.other is not a tool.", true),
                    result("tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "{\"found\":false}", false),
                    text("¿y?"),
                    text("¿Hola?"),
                ],
            },
        ]
        .into_iter()
        .collect(),
        purpose,
        language: Some("es".into()),
    }
}

pub(crate) fn orchestrate() -> ModelRequest {
    let tools = vec![tool("Orders__getOrderStatus", "Tells where an order is."), tool("user__askuser", " ")];
    request(Purpose::Orchestrate { tools })
}

pub(crate) fn route(previous: Option<&str>) -> ModelRequest {
    let candidate = |name: &str| Candidate {
        name: name.into(),
        instruction: "i".into(),
        functions: Vec::new(),
        knowledge: Vec::new(),
    };
    let candidates = vec![candidate("orders"), candidate("tickets")];
    request(Purpose::Route { candidates, previous: previous.map(str::to_owned) })
}
