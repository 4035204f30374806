//! `InvokeAgent` without HTTP: events, order, conflict, time to live, failures.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::StreamExt;
use relevo_agents::{
    model::{Model, ModelError, ModelReply, ModelRequest, Outcome, Route},
    run::Budgets,
    runtime::{
        AgentError, AgentErrorKind, AgentEvent, InvocationResult, InvokeAgent, Kept, Limits, MemoryRuns, Ports,
        RunStore, RunStoreError, Runtime, SessionState,
    },
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::{Value, json};

use crate::support::{
    CountedIds, Script, SetClock, ask, call, calls, definition, function_of, result_of, send, text, to,
};

/// A scripted model that takes its time.
#[derive(Default)]
struct Scripted {
    script: Mutex<Script>,
    seconds: AtomicUsize,
    thinking: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Model for Scripted {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let now = self.thinking.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_secs(self.seconds.load(Ordering::SeqCst) as u64)).await;
        self.thinking.fetch_sub(1, Ordering::SeqCst);
        self.script.lock().unwrap().answer(&request)
    }
}

struct Fixed;

#[async_trait]
impl Tools for Fixed {
    async fn call(&self, _: ToolCall) -> Result<ToolOutput, ToolError> {
        Ok(r#"{"found":true,"status":"Sent"}"#.into())
    }
}

/// A store that can fail.
#[derive(Default)]
struct Shaky {
    runs: MemoryRuns,
    broken: AtomicBool,
}

#[async_trait]
impl RunStore for Shaky {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        self.runs.load(session_id).await
    }
    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(RunStoreError::Unavailable("disk full".into()));
        }
        self.runs.save(session_id, session).await
    }
    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        self.runs.remove(session_id).await
    }
}

struct World {
    model: Arc<Scripted>,
    runs: Arc<Shaky>,
    clock: Arc<SetClock>,
    runtime: Runtime,
}

fn world(mode: &str) -> World {
    world_with(mode, Budgets::default())
}

fn world_with(mode: &str, budgets: Budgets) -> World {
    let (model, runs, clock) =
        (Arc::new(Scripted::default()), Arc::new(Shaky::default()), Arc::new(SetClock::default()));
    let ports = Ports {
        model: model.clone(),
        tools: Arc::new(Fixed),
        runs: runs.clone(),
        clock: clock.clone(),
        ids: Arc::new(CountedIds::default()),
    };
    let runtime = Runtime::with_limits(&definition(mode), ports, Limits { budgets, ..Limits::default() });
    World { model, runs, clock, runtime }
}

fn saying(text: &str) -> InvokeAgent {
    InvokeAgent { session_id: "contact-1".into(), input_text: Some(text.into()), ..InvokeAgent::default() }
}

impl World {
    fn script(&self, write: impl FnOnce(&mut Script)) {
        write(&mut self.model.script.lock().unwrap());
    }

    async fn events(&self, request: InvokeAgent) -> Result<Vec<AgentEvent>, AgentError> {
        self.runtime.invoke(request).await?.collect::<Vec<_>>().await.into_iter().collect()
    }

    async fn text(&self, request: InvokeAgent) -> String {
        let events = self.events(request).await.unwrap();
        match &events[..] {
            [AgentEvent::Chunk(bytes)] => String::from_utf8(bytes.clone()).unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_answer_is_one_chunk_or_paragraphs() {
    let world = world("SUPERVISOR");
    world.script(|script| {
        script.then("front", text("uno\n\ndos")).then("front", text("uno\n\ndos"));
    });
    assert_eq!(world.text(saying("hola")).await, "uno\n\ndos");
    let events = world.events(InvokeAgent { stream_final_response: true, ..saying("hola") }).await.unwrap();
    assert_eq!(events, [AgentEvent::Chunk(b"uno\n\n".to_vec()), AgentEvent::Chunk(b"dos".to_vec())]);
}

/// The path of single members down a trace, as `routingClassifierTrace.modelInvocationInput`.
fn path(event: &AgentEvent) -> String {
    let AgentEvent::Trace(part) = event else { return format!("{event:?}").split('(').next().unwrap().into() };
    let trace = part["trace"].as_object().unwrap();
    assert_eq!(trace.len(), 1, "{part}");
    let (kind, body) = trace.iter().next().unwrap();
    let body = body.as_object().unwrap();
    if kind == "failureTrace" {
        return kind.clone();
    }
    assert_eq!(body.len(), 1, "a union has one member: {part}");
    let (member, content) = body.iter().next().unwrap();
    assert!(content["traceId"].is_string(), "{part}");
    let r#type = content.get("invocationType").or_else(|| content.get("type")).and_then(Value::as_str);
    let who = part["collaboratorName"].as_str().unwrap_or("-");
    format!("{who} {} {member} {}", kind.trim_end_matches("Trace"), r#type.unwrap_or("-"))
}

#[tokio::test]
async fn traces_of_a_routed_turn_come_in_the_recorded_order() {
    let world = world("SUPERVISOR_ROUTER");
    let lookup = json!({"order_number": "1", "identity_document_number": "2"});
    world.script(|script| {
        script.then("front", to("orders"));
        let thought = relevo_agents::model::Content::Text("I look it up".into());
        script.then("orders", calls(vec![thought, call("Orders__getOrderStatus", lookup)]));
        script.then("orders", text("Enviado."));
    });
    let events = world.events(InvokeAgent { enable_trace: true, ..saying("mi pedido") }).await.unwrap();
    let paths: Vec<String> = events.iter().map(path).collect();
    assert_eq!(
        paths,
        [
            "- routingClassifier modelInvocationInput ROUTING_CLASSIFIER",
            "- routingClassifier modelInvocationOutput -",
            "- routingClassifier invocationInput AGENT_COLLABORATOR",
            "orders orchestration modelInvocationInput ORCHESTRATION",
            "orders orchestration modelInvocationOutput -",
            "orders orchestration rationale -",
            "orders orchestration invocationInput ACTION_GROUP",
            "orders orchestration observation ACTION_GROUP",
            "orders orchestration modelInvocationInput ORCHESTRATION",
            "orders orchestration modelInvocationOutput -",
            "orders orchestration observation FINISH",
            "- routingClassifier observation AGENT_COLLABORATOR",
            "- routingClassifier observation FINISH",
            "Chunk",
        ]
    );
    let AgentEvent::Trace(top) = &events[2] else { panic!() };
    assert_eq!(top["sessionId"], "contact-1");
    assert_eq!(top["agentId"], world.runtime.agent_id());
    let input = &top["trace"]["routingClassifierTrace"]["invocationInput"]["agentCollaboratorInvocationInput"];
    assert_eq!(input["input"], json!({"type": "TEXT", "text": "mi pedido"}));
    let AgentEvent::Trace(below) = &events[3] else { panic!() };
    assert_ne!(below["sessionId"], "contact-1");
    assert_eq!(below["callerChain"].as_array().unwrap().len(), 2);
    assert_eq!(below["eventTime"], "1970-01-01T00:00:00.000000000Z");
}

#[tokio::test]
async fn control_goes_out_and_comes_back_traced() {
    let world = world("SUPERVISOR");
    world.script(|script| {
        script.then("front", calls(vec![send("escalation", "a")]));
        script.then("escalation", calls(vec![call("Escalation__escalate", json!({"description": "d"}))]));
        script.then("escalation", text("ok")).then("front", text("listo"));
    });
    let events = world.events(InvokeAgent { enable_trace: true, ..saying("persona") }).await.unwrap();
    let Some(AgentEvent::ReturnControl(control)) = events.last() else { panic!("{events:?}") };
    let paths: Vec<String> = events.iter().map(path).collect();
    assert_eq!(
        paths[paths.len() - 3..],
        [
            "escalation orchestration invocationInput ACTION_GROUP",
            "- orchestration observation AGENT_COLLABORATOR",
            "ReturnControl",
        ]
    );
    let input = function_of(control, 0);
    assert_eq!(input.agent_id.len(), 10);
    let back = InvokeAgent {
        session_id: "contact-1".into(),
        enable_trace: true,
        session_state: SessionState {
            invocation_id: Some(control.invocation_id.clone()),
            return_control_invocation_results: vec![InvocationResult::FunctionResult(result_of(control, 0, "OK"))],
            ..SessionState::default()
        },
        ..InvokeAgent::default()
    };
    let mut wrong = back.clone();
    wrong.session_state.invocation_id = Some("other".into());
    let refused = world.events(wrong).await.unwrap_err();
    assert_eq!(refused.kind, AgentErrorKind::Validation);
    assert!(refused.message.starts_with("Validation failed: Unexpected actionGroup: Escalation"), "{refused}");
    let events = world.events(back).await.unwrap();
    assert_eq!(events.last(), Some(&AgentEvent::Chunk(b"listo".to_vec())));
    let all: Vec<String> = events.iter().map(path).collect();
    assert_eq!(
        all[..2],
        ["- orchestration invocationInput AGENT_COLLABORATOR", "escalation orchestration observation ACTION_GROUP",]
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_request_at_the_same_time_is_a_conflict() {
    let world = world("SUPERVISOR");
    world.model.seconds.store(5, Ordering::SeqCst);
    world.script(|script| {
        script.then("front", text("a")).then("front", text("b"));
    });
    let first = world.runtime.invoke(saying("uno")).await.unwrap();
    let second = world.runtime.invoke(saying("dos")).await.err().unwrap();
    assert_eq!(second.kind, AgentErrorKind::Conflict);
    let other = InvokeAgent { session_id: "contact-2".into(), ..saying("dos") };
    assert!(world.runtime.invoke(other).await.is_ok(), "another session is free");
    assert_eq!(first.collect::<Vec<_>>().await.len(), 1);
    assert_eq!(world.text(saying("dos")).await, "b");
    // Who has read the answer need not wait for the stream's end.
    world.script(|script| {
        script.then("front", text("c"));
    });
    let mut open = world.runtime.invoke(saying("dos y medio")).await.unwrap();
    assert!(open.next().await.is_some());
    assert!(world.runtime.invoke(saying("tres")).await.is_ok());
    // A caller that goes away frees the session.
    drop(world.runtime.invoke(saying("tres")).await.unwrap());
    assert!(world.runtime.invoke(saying("tres")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn collaborators_think_side_by_side() {
    let world = world("SUPERVISOR");
    world.model.seconds.store(10, Ordering::SeqCst);
    world.script(|script| {
        script.then("front", calls(vec![send("orders", "a"), send("tickets", "b"), send("escalation", "c")]));
        script.then("orders", text("A")).then("tickets", text("B")).then("escalation", text("C"));
        script.then("front", text("ABC"));
    });
    let began = tokio::time::Instant::now();
    assert_eq!(world.text(saying("todo")).await, "ABC");
    assert_eq!(world.model.most.load(Ordering::SeqCst), 3);
    assert_eq!(began.elapsed().as_secs(), 30, "three rounds, not five");
}

#[tokio::test(start_paused = true)]
async fn errors_by_kind_and_the_session_goes_on() {
    let world = world("SUPERVISOR_ROUTER");
    let cases = [
        (ModelError::Throttled("x".into()), AgentErrorKind::Throttling),
        (ModelError::TimedOut, AgentErrorKind::BadGateway),
        (ModelError::Failed("key=secret".into()), AgentErrorKind::DependencyFailed),
    ];
    world.script(|script| {
        script.then("front", to("orders")).then("orders", ask("¿Cuál?"));
    });
    assert_eq!(world.text(saying("mi pedido")).await, "¿Cuál?");
    for (error, kind) in cases {
        world.script(|script| {
            script.fails("front", error);
        });
        let mut events = world.runtime.invoke(saying("el 1")).await.unwrap().collect::<Vec<_>>().await;
        let failure = events.pop().unwrap().unwrap_err();
        assert_eq!(failure.kind, kind);
        assert!(!failure.message.contains("secret"));
        assert!(events.is_empty(), "nothing but the error");
    }
    world.model.seconds.store(1000, Ordering::SeqCst);
    let slow = world.events(saying("el 1")).await.unwrap_err();
    assert_eq!(slow.kind, AgentErrorKind::BadGateway, "a model that hangs");
    world.model.seconds.store(0, Ordering::SeqCst);
    world.script(|script| {
        script.then("front", Outcome::Route(Route::KeepPrevious)).then("orders", text("Gracias."));
    });
    assert_eq!(world.text(saying("el 1")).await, "Gracias.");
}

#[tokio::test]
async fn what_is_not_stored_is_not_said() {
    let world = world("SUPERVISOR");
    world.script(|script| {
        script.then("front", text("a")).then("front", text("b"));
    });
    world.runs.broken.store(true, Ordering::SeqCst);
    let failure = world.events(saying("hola")).await.unwrap_err();
    assert_eq!(failure.kind, AgentErrorKind::InternalServer);
    assert!(!failure.message.contains("disk"));
    world.runs.broken.store(false, Ordering::SeqCst);
    assert_eq!(world.text(saying("hola")).await, "b");
}

#[tokio::test]
async fn sessions_end_by_time_and_by_request() {
    let world = world("SUPERVISOR");
    let histories = || async {
        let kept = world.runs.load("contact-1").await.unwrap()?;
        let stored: Value = serde_json::from_str(&kept.json).unwrap();
        Some(stored["session"]["conversation"].as_array().unwrap().len())
    };
    for _ in 0..6 {
        world.script(|script| {
            script.then("front", text("ok"));
        });
    }
    world.text(saying("uno")).await;
    world.clock.0.store(600_000, Ordering::Relaxed);
    world.text(saying("dos")).await;
    assert_eq!(histories().await, Some(4), "600 s are not over");
    world.clock.0.store(1_200_001, Ordering::Relaxed);
    world.text(saying("tres")).await;
    assert_eq!(histories().await, Some(2), "it began anew");
    world.text(InvokeAgent { end_session: true, ..saying("adiós") }).await;
    assert_eq!(histories().await, None);
    world.text(saying("uno")).await;
    let end = InvokeAgent { end_session: true, input_text: None, ..saying("") };
    assert_eq!(world.text(end).await, "");
    assert_eq!(histories().await, None);
    // What cannot be read is not an error for the customer.
    for broken in ["", "{", r#"{"session":{"version":99}}"#, r#"{"session":{"version":1}}"#] {
        let revision = world.runs.load("contact-1").await.unwrap().map_or(0, |kept| kept.revision) + 1;
        world.runs.save("contact-1", Kept::whole(broken, revision)).await.unwrap();
        world.script(|script| {
            script.then("front", text("ok"));
        });
        assert_eq!(world.text(saying("hola")).await, "ok");
    }
}

#[tokio::test]
async fn a_session_survives_the_process() {
    let first = world("SUPERVISOR_ROUTER");
    first.script(|script| {
        script.then("front", to("orders")).then("orders", ask("¿Cuál?"));
    });
    first.text(saying("mi pedido")).await;
    let stored = first.runs.load("contact-1").await.unwrap().unwrap();
    let second = world("SUPERVISOR_ROUTER");
    second.runs.save("contact-1", Kept { revision: 1, ..stored }).await.unwrap();
    second.script(|script| {
        script.then("front", Outcome::Route(Route::KeepPrevious)).then("orders", text("Gracias."));
    });
    assert_eq!(second.text(saying("el 1")).await, "Gracias.");
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_takes_too_long_ends_in_words() {
    let world = world_with("SUPERVISOR", Budgets { turn_ms: 40_000, ..Budgets::default() });
    world.model.seconds.store(50, Ordering::SeqCst);
    let begin = tokio::time::Instant::now();
    let events = world.events(InvokeAgent { enable_trace: true, ..saying("hola") }).await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(40));
    let [.., AgentEvent::Trace(failure), AgentEvent::Chunk(words)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(failure["trace"]["failureTrace"]["failureReason"], "The turn took too long");
    assert!(String::from_utf8_lossy(words).contains("person"));
    // The next turn has a time of its own.
    world.model.seconds.store(30, Ordering::SeqCst);
    world.script(|script| {
        script.then("front", text("ok"));
    });
    assert_eq!(world.text(saying("hola")).await, "ok");
}

#[test]
fn agents_are_listed_with_stable_ids() {
    let agents = world("SUPERVISOR").runtime.agents();
    assert_eq!(agents[0].agent_name, "front");
    assert_eq!(agents[0].supervisor, None);
    assert_eq!(agents.len(), 4);
    let ids: BTreeMap<_, _> = agents.iter().map(|agent| (&agent.agent_id, &agent.agent_name)).collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(agents, world("SUPERVISOR_ROUTER").runtime.agents(), "made from the name alone");
    assert_eq!(world("SUPERVISOR").runtime.agent_alias_id(), "TSTALIASID");
}
