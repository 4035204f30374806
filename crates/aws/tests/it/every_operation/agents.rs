//! The agents: the bot's own, and those that come with a request.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use aws_sdk_bedrockagentruntime::types::{InlineAgentResponseStream, ResponseStream};
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Usage},
    ports::{Clock, Ids},
    runtime::{InlineAgents, MemoryRuns, Ports, Runtime},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::{Value, json};

use super::Service;
use crate::laptop::NOW;

const INSTRUCTION: &str = "You are the first line of a parcel service and friendly to everybody.";

/// Greets everybody, and has nothing else.
struct Friendly(AtomicU64);

#[async_trait]
impl Model for Friendly {
    async fn answer(&self, _: ModelRequest) -> Result<ModelReply, ModelError> {
        let content = vec![Content::Text("¡Hola!".into())];
        Ok(ModelReply { outcome: Outcome::Content(content), usage: Usage::default(), model: None })
    }
}

#[async_trait]
impl Tools for Friendly {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        Err(ToolError::Unknown { action_group: call.action_group, function: call.function })
    }
}

impl Clock for Friendly {
    fn now_ms(&self) -> i64 {
        NOW
    }
}

impl Ids for Friendly {
    fn new_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

fn definition() -> Arc<AgentsDefinition> {
    let agent = json!({"agentName": "front", "instruction": INSTRUCTION});
    let text = json!({"name": "test", "languages": ["es"], "agent": agent, "conversation": null}).to_string();
    let definition: Definition<Value> = Definition::parse(&text, "bot.yaml").unwrap();
    definition.split().0
}

/// The bot's runtime, and that of agents that come with a request.
pub(super) fn runtimes() -> (Runtime, InlineAgents) {
    let friendly = Arc::new(Friendly(AtomicU64::new(1)));
    let runs = Arc::new(MemoryRuns::default());
    let ports =
        Ports { model: friendly.clone(), tools: friendly.clone(), runs, clock: friendly.clone(), ids: friendly };
    let inline = ports.clone();
    let inline = InlineAgents::new(definition(), Arc::new(move |_: &Arc<_>| Ok(inline.clone())));
    (Runtime::new(&definition(), ports), inline)
}

pub(super) async fn walk(service: &Service) {
    let (runtime, _) = runtimes();
    let ask = service.bedrock.invoke_agent().agent_id(runtime.agent_id()).agent_alias_id(runtime.agent_alias_id());
    let mut answer = ask.session_id("session-1").input_text("hola").send().await.unwrap();
    let mut said = Vec::new();
    while let Some(event) = answer.completion.recv().await.unwrap() {
        if let ResponseStream::Chunk(part) = event {
            said.extend_from_slice(part.bytes().unwrap().as_ref());
        }
    }
    assert_eq!(String::from_utf8(said).unwrap(), "¡Hola!");

    let ask = service.bedrock.invoke_inline_agent().session_id("session-1").input_text("hola");
    let mut answer = ask.foundation_model("any").instruction(INSTRUCTION).send().await.unwrap();
    let mut said = Vec::new();
    while let Some(event) = answer.completion.recv().await.unwrap() {
        if let InlineAgentResponseStream::Chunk(part) = event {
            said.extend_from_slice(part.bytes().unwrap().as_ref());
        }
    }
    assert_eq!(String::from_utf8(said).unwrap(), "¡Hola!");
}
