//! `InvokeAgent` over the real runtime, with a scripted model, as the AWS SDK sees it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use aws_sdk_bedrockagentruntime::{
    error::SdkError,
    operation::invoke_agent::InvokeAgentOutput,
    types::{
        ApiResult, Citation, ContentBody, FunctionResult, InvocationInputMember, InvocationResultMember,
        KnowledgeBaseConfiguration, KnowledgeBaseRetrievalConfiguration, KnowledgeBaseVectorSearchConfiguration,
        OrchestrationTrace, ResponseStream, ReturnControlPayload, SessionState, StreamingConfigurations, Trace,
        TracePart, error::ResponseStreamError,
    },
};
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    knowledge::{Location, Retrieval, RetrievalError, RetrievedReference, Retriever},
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Speech, ToolUse, Usage},
    ports::{Clock, Ids},
    runtime::{MemoryRuns, Ports, Runtime},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
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
            Some(Content::Text(text)) if text.contains("address") => Content::ToolUse(ToolUse {
                tool_use_id: "use-2".into(),
                name: "PUT__Orders__orders_orderId_address".into(),
                input: json!({"orderId": "1 2/3", "notify": true, "street": "Elm 5", "tags": ["a", "ñ"]}),
            }),
            Some(Content::Text(text)) if text.contains("parcels?") => Content::ToolUse(ToolUse {
                tool_use_id: "use-1".into(),
                name: "KnowledgeBase__FAQ".into(),
                input: json!({"query": "lost parcels"}),
            }),
            Some(Content::ToolResult(result)) if result.text.contains("passages") => {
                let passages: Value = serde_json::from_str(&result.text).unwrap();
                Content::Text(format!("¡Sí! {}", passages["passages"][0]["text"].as_str().unwrap()))
            }
            Some(Content::Text(text)) if text.contains("busy") => return Err(ModelError::Throttled("rpm".into())),
            Some(Content::ToolResult(result)) => Content::Text(format!("Result: {}", result.text)),
            _ => Content::Text("¡Hola! ¿En qué te ayudo?".into()),
        };
        Ok(ModelReply { outcome: Outcome::Content(vec![content]), usage: Usage::default(), model: None })
    }

    /// Who wants a story gets its first paragraph, and the second when that was read.
    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        match request.messages.last().and_then(|message| message.content.last()) {
            Some(Content::Text(text)) if text.contains("story") => {}
            _ => return self.answer(request).await,
        }
        speech.say("Once there was a parcel, and it was lost.\n\nIt was f");
        READ.notified().await;
        speech.say("ound.");
        let content = vec![Content::Text(speech.text())];
        Ok(ModelReply { outcome: Outcome::Content(content), usage: Usage::default(), model: None })
    }
}

/// The story's first paragraph was read.
static READ: tokio::sync::Notify = tokio::sync::Notify::const_new();

struct Nothing(AtomicU64);

#[async_trait]
impl Tools for Nothing {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
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
    let text = json!({
        "name": "test",
        "languages": ["es"],
        "agent": agent(),
        "knowledgeBases": {"FAQ": {"folder": "knowledge"}},
        "conversation": null,
    });
    let definition: Definition<Value> = Definition::parse(&text.to_string(), "bot.yaml").unwrap();
    definition.split().0
}

fn agent() -> Value {
    let orders = json!({
        "openapi": "3.0.3",
        "paths": {"/orders/{orderId}/address": {"put": {
            "parameters": [
                {"name": "orderId", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "notify", "in": "query", "schema": {"type": "boolean"}},
            ],
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object",
                "required": ["street"],
                "properties": {"street": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
            }}}},
        }}},
    });
    json!({
        "agentName": "front",
        "instruction": "You are the first line of a parcel service and friendly to everybody.",
        "knowledgeBases": [{"knowledgeBaseId": "FAQ", "description": "What customers ask"}],
        "actionGroups": [{
            "actionGroupName": "Escalation",
            "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
            "functionSchema": {"functions": [{
                "name": "escalate",
                "parameters": {"description": {"type": "string", "required": true}},
            }]},
        }, {
            "actionGroupName": "Orders",
            "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
            "apiSchema": {"payload": orders.to_string()},
        }],
    })
}

/// Says how many passages it was asked for.
struct Numbered;

#[async_trait]
impl Retriever for Numbered {
    async fn retrieve(&self, asked: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError> {
        let text = format!("{} passages about {}.", asked.number_of_results, asked.query);
        Ok(vec![RetrievedReference::new(text, Some(Location::custom("faq.md")), serde_json::Map::new())])
    }
}

struct Bot {
    server: Server,
    runtime: Runtime,
}

impl Bot {
    async fn start() -> Self {
        let runtime = Runtime::new(&definition(), ports()).knowing(Arc::new(Numbered));
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
    citations: Vec<Citation>,
    looked_up: Vec<String>,
}

async fn read(mut output: InvokeAgentOutput) -> Result<Answer, ResponseStreamError> {
    let mut answer = Answer::default();
    loop {
        match output.completion.recv().await {
            Ok(Some(ResponseStream::Chunk(part))) => {
                answer.text.extend(part.bytes().unwrap().as_ref());
                answer.citations.extend(part.attribution.into_iter().flat_map(|it| it.citations.unwrap_or_default()));
            }
            Ok(Some(ResponseStream::ReturnControl(control))) => answer.control = Some(control),
            Ok(Some(ResponseStream::Trace(part))) => {
                answer.traces += 1;
                answer.looked_up.extend(looked_up(part));
            }
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

/// What a trace tells of knowledge bases.
fn looked_up(part: TracePart) -> Option<String> {
    let Some(Trace::OrchestrationTrace(trace)) = part.trace else { return None };
    match trace {
        OrchestrationTrace::InvocationInput(input) => {
            let input = input.knowledge_base_lookup_input?;
            Some(format!("{:?} {:?}", input.knowledge_base_id?, input.text?))
        }
        OrchestrationTrace::Observation(seen) => {
            let references = seen.knowledge_base_lookup_output?.retrieved_references?;
            Some(references.iter().map(|it| it.content.as_ref().unwrap().text()).collect())
        }
        _ => None,
    }
}

#[tokio::test]
async fn an_answer_from_a_knowledge_base_has_its_citations() {
    let bot = Bot::start().await;
    let search = KnowledgeBaseVectorSearchConfiguration::builder().number_of_results(7).build();
    let search = KnowledgeBaseRetrievalConfiguration::builder().vector_search_configuration(search).build();
    let base = KnowledgeBaseConfiguration::builder().knowledge_base_id("FAQ").retrieval_configuration(search);
    let state = SessionState::builder().knowledge_base_configurations(base.build().unwrap()).build();
    let answer = read(bot.ask("Lost parcels?", Some(state)).await).await.unwrap();
    assert_eq!(String::from_utf8(answer.text).unwrap(), "¡Sí! 7 passages about lost parcels.");
    assert_eq!(answer.looked_up, [r#""FAQ" "lost parcels""#, "7 passages about lost parcels."]);
    let [citation] = answer.citations.as_slice() else { panic!("{:?}", answer.citations) };
    let part = citation.generated_response_part().unwrap().text_response_part().unwrap();
    let span = part.span().unwrap();
    assert_eq!((part.text(), span.start(), span.end()), (Some("7 passages about lost parcels."), Some(5), Some(34)));
    let [reference] = citation.retrieved_references() else { panic!("one reference") };
    assert_eq!(reference.content().unwrap().text(), "7 passages about lost parcels.");
    assert_eq!(reference.location().unwrap().custom_document_location().unwrap().id(), Some("faq.md"));
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
async fn control_is_returned_for_an_operation() {
    let bot = Bot::start().await;
    for (status, says) in [(200, "moved"), (409, "it left already")] {
        let control = read(bot.ask("another address", None).await).await.unwrap().control.unwrap();
        let [InvocationInputMember::ApiInvocationInput(input)] = control.invocation_inputs() else { panic!("one") };
        assert_eq!((input.api_path(), input.http_method()), (Some("/orders/{orderId}/address"), Some("PUT")));
        let flat = |name: Option<&str>, r#type: Option<&str>, value: Option<&str>| {
            [name, r#type, value].map(|text| text.unwrap_or_default().to_owned())
        };
        let parameters: Vec<_> = input.parameters().iter().map(|it| flat(it.name(), it.r#type(), it.value())).collect();
        assert_eq!(parameters, [["orderId", "string", "1 2/3"], ["notify", "boolean", "true"]]);
        let content = input.request_body().unwrap().content().unwrap();
        let properties = content["application/json"].properties();
        let properties: Vec<_> = properties.iter().map(|it| flat(it.name(), it.r#type(), it.value())).collect();
        assert_eq!(properties, [["street", "string", "Elm 5"], ["tags", "array", r#"["a","ñ"]"#]]);

        let result = ApiResult::builder()
            .action_group(input.action_group())
            .set_agent_id(input.agent_id().map(str::to_owned))
            .set_api_path(input.api_path().map(str::to_owned))
            .set_http_method(input.http_method().map(str::to_owned))
            .http_status_code(status)
            .response_body("application/json", ContentBody::builder().body(says).build())
            .build()
            .unwrap();
        let state = SessionState::builder()
            .set_invocation_id(control.invocation_id().map(str::to_owned))
            .return_control_invocation_results(InvocationResultMember::ApiResult(result))
            .build();
        let answer = read(bot.ask("", Some(state)).await).await.unwrap();
        assert!(String::from_utf8(answer.text).unwrap().contains(says));
    }
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

#[tokio::test]
async fn an_answer_is_read_while_it_is_written() {
    let bot = Bot::start().await;
    let streaming = StreamingConfigurations::builder().stream_final_response(true).build();
    let call = sdk::agents(&bot.server).invoke_agent().agent_id(bot.runtime.agent_id()).session_id("story-1");
    let call = call.agent_alias_id(bot.runtime.agent_alias_id()).input_text("a story");
    let mut answer = call.streaming_configurations(streaming).send().await.unwrap();
    let mut said = Vec::new();
    while let Some(ResponseStream::Chunk(part)) = answer.completion.recv().await.unwrap() {
        said.push(String::from_utf8(part.bytes.unwrap().into_inner()).unwrap());
        READ.notify_one();
    }
    assert_eq!(said, ["Once there was a parcel, and it was lost.\n\n", "It was found."]);
}
