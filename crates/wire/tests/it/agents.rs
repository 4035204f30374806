//! `InvokeAgent` over the real runtime, with a scripted model, as the AWS SDK sees it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use aws_sdk_bedrockagentruntime::{
    error::SdkError,
    operation::invoke_agent::InvokeAgentOutput,
    types::{
        ContentBody, FunctionResult, InvocationInputMember, InvocationResultMember, ResponseStream,
        ReturnControlPayload, SessionState, error::ResponseStreamError,
    },
};
use relevo_agents::{
    definition::{AgentsDefinition, Definition, agent::Agent, offline::Offline},
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, ToolUse, Usage},
    ports::{Clock, Ids},
    runtime::{MemoryRuns, Ports, Runtime},
    tools::{ToolCall, ToolError, Tools},
};
use serde_json::{Value, json};

use crate::{sdk, support::Server};

/// Does what the customer's words say.
struct Scripted;

#[async_trait]
impl Model for Scripted {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let content = match request.messages.last().and_then(|message| message.content.last()) {
            Some(Content::Text(text)) if text.contains("person") => Content::ToolUse(ToolUse {
                tool_use_id: "use-1".into(),
                name: "Escalation__escalate".into(),
                input: json!({"description": "a lost parcel"}),
            }),
            Some(Content::Text(text)) if text.contains("busy") => return Err(ModelError::Throttled("rpm".into())),
            Some(Content::ToolResult(result)) => Content::Text(format!("Result: {}", result.text)),
            _ => Content::Text("¡Hola! ¿En qué te ayudo?".into()),
        };
        Ok(ModelReply { outcome: Outcome::Content(vec![content]), usage: Usage::default(), model: None })
    }
}

struct Nothing(AtomicU64);

#[async_trait]
impl Tools for Nothing {
    async fn call(&self, call: ToolCall) -> Result<String, ToolError> {
        Err(ToolError::Unknown { action_group: call.action_group, function: call.function })
    }
}

impl Clock for Nothing {
    fn now_ms(&self) -> i64 {
        1_700_000_000_000
    }
}

impl Ids for Nothing {
    fn new_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Ports over the scripted model.
pub(crate) fn ports() -> Ports {
    let nothing = Arc::new(Nothing(AtomicU64::new(1)));
    Ports {
        model: Arc::new(Scripted),
        tools: nothing.clone(),
        runs: Arc::new(MemoryRuns::default()),
        clock: nothing.clone(),
        ids: nothing,
    }
}

/// A bot of one agent, which hands over.
pub(crate) fn definition() -> Arc<AgentsDefinition> {
    let agent: Agent = serde_json::from_value(json!({
        "agentName": "front",
        "instruction": "You are the first line of a parcel service and friendly to everybody.",
        "actionGroups": [{
            "actionGroupName": "Escalation",
            "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
            "functionSchema": {"functions": [{
                "name": "escalate",
                "parameters": {"description": {"type": "string", "required": true}},
            }]},
        }],
    }))
    .unwrap();
    let definition = Definition {
        name: "test".into(),
        languages: vec!["es".into()],
        agent,
        conversation: Value::Null,
        tools: BTreeMap::new(),
        tables: BTreeMap::new(),
        rows: BTreeMap::new(),
        models: None,
        budgets: relevo_agents::run::Budgets::default(),
        offline: Offline::default(),
    };
    definition.split().0
}

struct Bot {
    server: Server,
    runtime: Runtime,
}

impl Bot {
    async fn start() -> Self {
        let runtime = Runtime::new(&definition(), ports());
        Self { server: Server::with_agents(runtime.clone()).await, runtime }
    }

    fn path(&self) -> String {
        let (agent, alias) = (self.runtime.agent_id(), self.runtime.agent_alias_id());
        format!("/agents/{agent}/agentAliases/{alias}/sessions/session-1/text")
    }

    async fn ask(&self, text: &str, state: Option<SessionState>) -> InvokeAgentOutput {
        let request = sdk::agents(&self.server)
            .invoke_agent()
            .agent_id(self.runtime.agent_id())
            .agent_alias_id(self.runtime.agent_alias_id())
            .session_id("session-1")
            .input_text(text)
            .enable_trace(true)
            .set_session_state(state);
        request.send().await.unwrap()
    }
}

/// What an answer held.
#[derive(Default)]
struct Answer {
    text: Vec<u8>,
    control: Option<ReturnControlPayload>,
    traces: usize,
}

async fn read(mut output: InvokeAgentOutput) -> Result<Answer, ResponseStreamError> {
    let mut answer = Answer::default();
    loop {
        match output.completion.recv().await {
            Ok(Some(ResponseStream::Chunk(part))) => answer.text.extend(part.bytes().unwrap().as_ref()),
            Ok(Some(ResponseStream::ReturnControl(control))) => answer.control = Some(control),
            Ok(Some(ResponseStream::Trace(_))) => answer.traces += 1,
            Ok(Some(other)) => panic!("{other:?}"),
            Ok(None) => return Ok(answer),
            Err(SdkError::ServiceError(error)) => return Err(error.into_err()),
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_answer_comes_as_text_with_traces() {
    let bot = Bot::start().await;
    let output = bot.ask("hola", None).await;
    assert_eq!((output.session_id(), output.content_type()), ("session-1", "application/json"));
    let answer = read(output).await.unwrap();
    assert_eq!(String::from_utf8(answer.text).unwrap(), "¡Hola! ¿En qué te ayudo?");
    assert!(answer.traces > 0);
    assert!(answer.control.is_none());
}

#[tokio::test]
async fn control_is_returned_and_taken_up_again() {
    let bot = Bot::start().await;
    let answer = read(bot.ask("a person, please", None).await).await.unwrap();
    let control = answer.control.unwrap();
    assert!(answer.text.is_empty());
    let [InvocationInputMember::FunctionInvocationInput(input)] = control.invocation_inputs() else { panic!("one") };
    assert_eq!((input.action_group(), input.function()), ("Escalation", Some("escalate")));
    assert_eq!(input.parameters()[0].value(), Some("a lost parcel"));

    let result = FunctionResult::builder()
        .action_group(input.action_group())
        .set_agent_id(input.agent_id().map(str::to_owned))
        .set_function(input.function().map(str::to_owned))
        .response_body("TEXT", ContentBody::builder().body("queued").build())
        .build()
        .unwrap();
    let state = SessionState::builder()
        .set_invocation_id(control.invocation_id().map(str::to_owned))
        .return_control_invocation_results(InvocationResultMember::FunctionResult(result))
        .build();
    let answer = read(bot.ask("", Some(state)).await).await.unwrap();
    let text = String::from_utf8(answer.text).unwrap();
    assert!(text.contains("queued"), "{text}");
}

#[tokio::test]
async fn a_failure_inside_the_stream_is_an_exception_of_the_stream() {
    let bot = Bot::start().await;
    // The trace of the first step goes out before the model is asked, so that the failure comes later.
    let error = read(bot.ask("are you busy?", None).await).await.err().unwrap();
    assert!(error.is_throttling_exception(), "{error:?}");
    let answer = read(bot.ask("hola", None).await).await.unwrap();
    assert!(!answer.text.is_empty(), "the session goes on");
}

#[tokio::test]
async fn a_failure_before_the_stream_is_a_refusal() {
    let bot = Bot::start().await;
    // Without traces nothing has gone out when the model fails.
    let reply = bot.server.call("POST", &bot.path(), "", &json!({"inputText": "busy"})).await;
    reply.refusal(429, "ThrottlingException", "message");
    let results = json!([{"functionResult": {"actionGroup": "Escalation", "function": "escalate"}}]);
    let state = json!({"invocationId": "nobody's", "returnControlInvocationResults": results});
    let reply = bot.server.call("POST", &bot.path(), "", &json!({"sessionState": state})).await;
    reply.refusal(400, "ValidationException", "message");
}

#[tokio::test]
async fn the_head_of_an_answer() {
    let bot = Bot::start().await;
    let reply = bot.server.call("POST", &bot.path(), "", &json!({"inputText": "hola"})).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/vnd.amazon.eventstream");
    assert_eq!(reply.header("x-amzn-bedrock-agent-content-type"), "application/json");
    assert_eq!(reply.header("x-amz-bedrock-agent-session-id"), "session-1");
    assert!(!reply.header("x-amzn-requestid").is_empty());
}

#[tokio::test]
async fn another_alias_is_not_found() {
    let bot = Bot::start().await;
    let path = bot.path().replace("TSTALIASID", "OTHER");
    let reply = bot.server.call("POST", &path, "", &json!({"inputText": "hola"})).await;
    reply.refusal(404, "ResourceNotFoundException", "message");
}
