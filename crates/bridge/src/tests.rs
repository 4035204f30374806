//! The bot's questions through the runtime.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use relevo_agents::{
    definition::Definition,
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Speech, ToolUse, Usage},
    ports::{Clock, Ids},
    runtime::{MemoryRuns, Ports},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use relevo_bot::ports::{
    Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, RequestBody, ResultState,
};
use serde_json::json;

use super::*;

const BOT: &str = "
name: Desk
languages: [en]
agent:
  agentName: desk
  instruction: You are the desk of a small office and hand people over to a person.
  actionGroups:
    - actionGroupName: Escalation
      actionGroupExecutor: {customControl: RETURN_CONTROL}
      functionSchema:
        functions:
          - name: escalate
            parameters:
              reason: {type: string, required: true}
conversation: {}
";

/// Answers words with words, and hands over who asks for it; every call is counted, the ones of `failing` fail.
#[derive(Default)]
struct World {
    asked: AtomicU64,
    ids: AtomicU64,
    failing: Mutex<Vec<ModelError>>,
    heard: tokio::sync::Notify,
    seen: Mutex<Vec<(String, Value)>>,
}

#[async_trait]
impl Model for World {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.asked.fetch_add(1, Relaxed);
        if let Some(error) = self.failing.lock().unwrap().pop() {
            return Err(error);
        }
        let content = match request.messages.last().and_then(|message| message.content.last()) {
            Some(Content::Text(text)) if text.contains("person") => Content::ToolUse(ToolUse {
                tool_use_id: "1".into(),
                name: "Escalation__escalate".into(),
                input: json!({"reason": "asked"}),
            }),
            Some(Content::ToolResult(result)) => Content::Text(format!("Result: {}", result.text)),
            other => Content::Text(format!("Heard {}", other.is_some())),
        };
        Ok(ModelReply { outcome: Outcome::Content(vec![content]), usage: Usage::default(), model: None })
    }

    /// Who asks for a story gets it when the first paragraph was heard.
    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        if !request.messages.iter().any(|message| message.content.contains(&Content::Text("a story".into()))) {
            return self.answer(request).await;
        }
        speech.say("Once there was a desk in a small office.\n\nIt ");
        self.heard.notified().await;
        speech.say("fell.");
        let content = vec![Content::Text(speech.text())];
        Ok(ModelReply { outcome: Outcome::Content(content), usage: Usage::default(), model: None })
    }
}

#[async_trait]
impl Tools for World {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        Err(ToolError::Unknown { action_group: call.action_group, function: call.function })
    }
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        0
    }
}

impl Ids for World {
    fn new_id(&self) -> String {
        format!("id-{}", self.ids.fetch_add(1, Relaxed))
    }
}

impl Observer for World {
    fn trace(&self, contact_id: &str, trace: &Value) {
        self.seen.lock().unwrap().push((contact_id.to_owned(), trace.clone()));
    }
}

/// The agent as a process has it; the runs are what processes share.
fn agent(world: &Arc<World>, runs: &Arc<MemoryRuns>) -> RuntimeAgent {
    let definition: Definition<Value> = Definition::parse(BOT, "bot.yaml").unwrap();
    let ports = Ports {
        model: world.clone(),
        tools: world.clone(),
        runs: runs.clone(),
        clock: world.clone(),
        ids: world.clone(),
    };
    RuntimeAgent::new(Runtime::new(&definition.split().0, ports), runs.clone())
}

fn question(turn_id: &str, input: Input) -> Question {
    Question {
        session_id: "session".into(),
        input,
        session_attributes: [("contactId", "c"), ("turnId", turn_id)].map(|(n, v)| (n.into(), v.into())).into(),
        prompt_session_attributes: [("language".to_owned(), "en".to_owned())].into(),
        end_session: false,
    }
}

fn says(turn_id: &str, words: &str) -> Question {
    question(turn_id, Input::Text(words.into()))
}

async fn ask(agent: &RuntimeAgent, question: Question) -> Vec<Result<AgentEvent, AgentError>> {
    match agent.ask(question).await {
        Ok(events) => events.collect().await,
        Err(error) => vec![Err(error)],
    }
}

#[tokio::test]
async fn control_goes_to_the_bot_and_its_results_come_back_in_any_process() {
    let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
    let first = agent(&world, &runs).untraced();
    assert!(first.goes_on());
    let events = ask(&first, says("t1", "a person")).await;
    let [Ok(AgentEvent::ReturnControl { invocation_id, inputs })] = events.as_slice() else { panic!("{events:?}") };
    let wanted = FunctionInput {
        action_group: "Escalation".into(),
        function: "escalate".into(),
        agent_id: inputs[0].agent_id.clone(),
        collaborator_name: None,
        parameters: vec![("reason".into(), "asked".into())],
        body: None,
        confirmation: Confirmation::NotNeeded,
    };
    assert_eq!(*inputs, [wanted]);
    // Asked again it is the same request, and no model was asked.
    assert_eq!(ask(&agent(&world, &runs).untraced(), says("t1", "a person")).await, events);
    assert_eq!(world.asked.load(Relaxed), 1);
    let results = vec![FunctionResult {
        action_group: "Escalation".into(),
        function: "escalate".into(),
        agent_id: inputs[0].agent_id.clone(),
        body: "done".into(),
        state: ResultState::Done,
        confirmation: None,
    }];
    let results = question("t1", Input::Results { invocation_id: invocation_id.clone(), results });
    for _ in 0..2 {
        let answer = ask(&agent(&world, &runs).untraced(), results.clone()).await;
        assert_eq!(answer, [Ok(AgentEvent::Chunk(b"Result: done".to_vec()))]);
    }
    assert_eq!(world.asked.load(Relaxed), 2, "the answer is given again, not made again");
}

#[test]
fn operations_keep_their_body_and_get_a_result_of_their_kind() {
    let control = json!({"invocationId": "i", "invocationInputs": [{"apiInvocationInput": {
        "actionGroup": "Orders", "actionInvocationType": "USER_CONFIRMATION_AND_RESULT", "agentId": "A1",
        "apiPath": "/orders/{id}", "httpMethod": "PUT",
        "parameters": [{"name": "id", "type": "string", "value": "7"}],
        "requestBody": {"content": {"application/json": {"properties": [
            {"name": "street", "type": "string", "value": "Elm 5"},
        ]}}},
    }}]});
    let mut events = translate::events(RuntimeEvent::ReturnControl(serde_json::from_value(control).unwrap()));
    let Some(AgentEvent::ReturnControl { invocation_id, inputs }) = events.pop() else { panic!("{events:?}") };
    let wanted = FunctionInput {
        action_group: "Orders".into(),
        function: "PUT /orders/{id}".into(),
        agent_id: Some("A1".into()),
        collaborator_name: None,
        parameters: vec![("id".into(), "7".into())],
        body: Some(RequestBody {
            content_type: "application/json".into(),
            properties: vec![("street".into(), "Elm 5".into())],
        }),
        confirmation: Confirmation::AskAndRun,
    };
    assert_eq!(inputs, [wanted]);
    let results = vec![FunctionResult {
        action_group: "Orders".into(),
        function: inputs[0].function.clone(),
        agent_id: inputs[0].agent_id.clone(),
        body: "moved".into(),
        state: ResultState::Reprompt,
        confirmation: Some(ConfirmationAnswer::Confirm),
    }];
    let request = translate::request(question("t", Input::Results { invocation_id, results }), false);
    let result = serde_json::to_value(&request.session_state.return_control_invocation_results[0]).unwrap();
    let wanted = json!({"apiResult": {
        "actionGroup": "Orders", "agentId": "A1", "apiPath": "/orders/{id}", "httpMethod": "PUT",
        "confirmationState": "CONFIRM", "responseState": "REPROMPT",
        "responseBody": {"application/json": {"body": "moved"}},
    }});
    assert_eq!(result, wanted);
}

#[tokio::test]
async fn what_the_agents_do_is_observed_and_told_to_the_bot() {
    let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
    let events = ask(&agent(&world, &runs).observed(world.clone()), says("t1", "a person")).await;
    let traces: Vec<&Value> =
        events.iter().filter_map(|e| if let Ok(AgentEvent::Trace(trace)) = e { Some(trace) } else { None }).collect();
    let seen = world.seen.lock().unwrap();
    assert!(traces.len() > 2 && seen.iter().all(|(contact_id, _)| contact_id == "c"));
    assert_eq!(seen.iter().map(|(_, trace)| trace).collect::<Vec<_>>(), traces);
}

#[tokio::test]
async fn failures_are_the_bots_kinds() {
    let table = [
        (ModelError::Throttled("x".into()), AgentError::Throttled),
        (ModelError::Failed("why".into()), AgentError::Unavailable("why".into())),
    ];
    for (error, wanted) in table {
        let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
        world.failing.lock().unwrap().push(error);
        assert_eq!(ask(&agent(&world, &runs).untraced(), says("t1", "hello")).await, [Err(wanted)]);
        assert_eq!(ask(&agent(&world, &runs).untraced(), says("t1", "hello")).await.len(), 1, "and it goes on");
    }
    let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
    let stray = question("t1", Input::Results { invocation_id: "none".into(), results: Vec::new() });
    assert!(matches!(ask(&agent(&world, &runs), stray).await.as_slice(), [Err(AgentError::Refused(_))]));
}

#[tokio::test]
async fn a_conversation_that_is_over_is_forgotten() {
    let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
    let agent = agent(&world, &runs);
    ask(&agent, says("t1", "hello")).await;
    assert!(runs.load("session").await.unwrap().is_some());
    agent.forget("session").await;
    assert!(runs.load("session").await.unwrap().is_none());
}

#[tokio::test]
async fn the_first_paragraph_is_heard_while_the_model_writes_the_next() {
    let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
    let agent = agent(&world, &runs).untraced();
    let mut events = agent.ask(says("t1", "a story")).await.unwrap();
    let paragraph = || Some(Ok(AgentEvent::Chunk(b"Once there was a desk in a small office.\n\n".to_vec())));
    assert_eq!(events.next().await, paragraph());
    // The process ends here. The next one says the same first, and what the model then has to say.
    drop(events);
    world.heard.notify_one();
    let mut events = agent.ask(says("t1", "a story")).await.unwrap();
    assert_eq!(events.next().await, paragraph());
}

#[test]
fn the_bot_remembers_what_the_guardrail_lets_pass() {
    let guarded = "
guardrail:
  sensitiveInformationPolicyConfig:
    piiEntitiesConfig: [{type: CREDIT_DEBIT_CARD_NUMBER, action: ANONYMIZE}, {type: PASSWORD, action: BLOCK}]
conversation: {}
";
    let (card, password) = ("my card is 4111 1111 1111 1111", "my password is hunter2secret");
    for (yaml, allowed) in [
        (BOT.to_owned(), [Some(card), Some(password)]),
        (BOT.replace("conversation: {}\n", guarded), [Some("my card is {CREDIT_DEBIT_CARD_NUMBER}"), None]),
    ] {
        let definition: Definition<Value> = Definition::parse(&yaml, "bot.yaml").unwrap();
        let definition = definition.split().0;
        let (world, runs) = (Arc::new(World::default()), Arc::new(MemoryRuns::default()));
        let ports = Ports {
            model: world.clone(),
            tools: world.clone(),
            runs: runs.clone(),
            clock: world.clone(),
            ids: world.clone(),
        };
        let own = RuntimeAgent::new(Runtime::new(&definition, ports), runs.clone());
        let elsewhere = Screened::new(agent(&world, &runs), &definition);
        for agent in [&own as &dyn Agent, &elsewhere] {
            assert_eq!([card, password].map(|words| agent.allowed(words)), allowed.map(|it| it.map(str::to_owned)));
        }
    }
}
