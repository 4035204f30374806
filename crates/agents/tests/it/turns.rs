//! A turn with a name: whatever stops its process, the same name goes on where it was and ends with the same answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use futures_util::StreamExt;
use relevo_agents::{
    model::{Model, ModelError, ModelReply, ModelRequest, Purpose, Role, Usage},
    run::is_sound,
    runtime::{
        AgentError, AgentErrorKind, AgentEvent, InvocationResult, InvokeAgent, Kept, MemoryRuns, Ports, ReturnControl,
        RunStore, RunStoreError, Runtime, SessionState, contract,
    },
    tools::{self, MemoryTables, ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::{CountedIds, SetClock, call, calls, definition, result_of, send, text, to};

/// A world whose process stops at one of its calls: before it is done, or after, but before its answer is heard.
#[derive(Default)]
struct World {
    runs: MemoryRuns,
    clock: Arc<SetClock>,
    /// Calls so far, twice each, and the one that does not come back.
    point: AtomicUsize,
    stop_at: AtomicUsize,
    stopped: Notify,
    /// By agent and step: how often a model was asked and came to answer.
    thought: Mutex<BTreeMap<(String, usize), usize>>,
    keys: Mutex<BTreeSet<String>>,
    executed: AtomicUsize,
    /// Saves that fail from the n-th on, models that fail once at the n-th.
    broken_save: AtomicUsize,
    broken_model: AtomicUsize,
    saves: AtomicUsize,
    models: AtomicUsize,
}

const NEVER: usize = usize::MAX;

impl World {
    fn new(stop_at: usize) -> Arc<Self> {
        let world = Self::default();
        world.stop_at.store(stop_at, SeqCst);
        world.broken_save.store(NEVER, SeqCst);
        world.broken_model.store(NEVER, SeqCst);
        Arc::new(world)
    }

    async fn pass(&self) {
        if self.point.fetch_add(1, SeqCst) == self.stop_at.load(SeqCst) {
            self.stopped.notify_one();
            std::future::pending::<()>().await;
        }
    }

    fn runtime(self: &Arc<Self>, mode: &str) -> Runtime {
        let ports = Ports {
            model: self.clone(),
            tools: self.clone(),
            runs: self.clone(),
            clock: self.clock.clone(),
            ids: Arc::new(CountedIds::default()),
        };
        Runtime::new(&definition(mode), ports)
    }

    fn thoughts(&self) -> usize {
        self.thought.lock().unwrap().values().sum()
    }

    /// One process's life with one request: the events, or that it was stopped.
    async fn process(
        self: &Arc<Self>,
        mode: &str,
        request: InvokeAgent,
    ) -> Option<Vec<Result<AgentEvent, AgentError>>> {
        let runtime = self.runtime(mode);
        let events = async {
            match runtime.invoke(request).await {
                Ok(events) => events.collect::<Vec<_>>().await,
                Err(error) => vec![Err(error)],
            }
        };
        tokio::select! {
            events = events => Some(events),
            () = self.stopped.notified() => None,
        }
    }

    /// Asks as the bot does, again after each stop, until the turn is done.
    async fn turn(self: &Arc<Self>, mode: &str, words: &str) -> String {
        let mut results: Option<ReturnControl> = None;
        for _ in 0..4 {
            let request = results.as_ref().map_or_else(|| named("t1", words), |control| answered("t1", control));
            let Some(events) = self.process(mode, request).await else { continue };
            match events.into_iter().collect::<Result<Vec<_>, _>>().unwrap().as_slice() {
                [AgentEvent::ReturnControl(control)] => results = Some(control.clone()),
                [AgentEvent::Chunk(bytes)] => return String::from_utf8(bytes.clone()).unwrap(),
                other => panic!("{other:?}"),
            }
        }
        panic!("the turn does not end");
    }
}

#[async_trait]
impl Model for World {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.pass().await;
        assert!(is_sound(&request.messages), "{:#?}", request.messages);
        if self.models.fetch_add(1, SeqCst) == self.broken_model.load(SeqCst) {
            return Err(ModelError::TimedOut);
        }
        let step = request.messages.iter().filter(|message| message.role == Role::Assistant).count();
        let lookup = json!({"order_number": "1", "identity_document_number": "2"});
        let outcome = match (request.agent_name.as_str(), step, &request.purpose) {
            ("front", _, Purpose::Route { .. }) => to("orders"),
            ("front", 0, _) => calls(vec![send("orders", "a"), send("tickets", "b")]),
            ("front", 1, _) => calls(vec![send("escalation", "c")]),
            ("escalation", 0, _) => calls(vec![call("Escalation__escalate", json!({"description": "d"}))]),
            ("orders", 0, _) => calls(vec![call("Orders__getOrderStatus", lookup)]),
            ("tickets", 0, _) => text("B"),
            (agent, step, _) => text(&format!("{agent}{step}")),
        };
        *self.thought.lock().unwrap().entry((request.agent_name, step)).or_default() += 1;
        self.pass().await;
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

#[async_trait]
impl Tools for World {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        self.pass().await;
        self.keys.lock().unwrap().insert(call.idempotency_key);
        self.executed.fetch_add(1, SeqCst);
        self.pass().await;
        Ok(r#"{"found":true}"#.into())
    }
}

#[async_trait]
impl RunStore for World {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        self.pass().await;
        self.runs.load(session_id).await
    }
    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        self.pass().await;
        if self.saves.fetch_add(1, SeqCst) == self.broken_save.load(SeqCst) {
            return Err(RunStoreError::Unavailable("disk full".into()));
        }
        let saved = self.runs.save(session_id, session).await;
        self.pass().await;
        saved
    }
    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        self.runs.remove(session_id).await
    }
}

fn named(turn_id: &str, words: &str) -> InvokeAgent {
    InvokeAgent {
        session_id: "contact-1".into(),
        input_text: Some(words.into()),
        turn_id: Some(turn_id.into()),
        ..InvokeAgent::default()
    }
}

fn answered(turn_id: &str, control: &ReturnControl) -> InvokeAgent {
    InvokeAgent {
        input_text: None,
        session_state: SessionState {
            invocation_id: Some(control.invocation_id.clone()),
            return_control_invocation_results: vec![InvocationResult::FunctionResult(result_of(control, 0, "OK"))],
            ..SessionState::default()
        },
        ..named(turn_id, "")
    }
}

#[tokio::test]
async fn a_turn_that_is_stopped_anywhere_goes_on_and_ends_the_same() {
    // Agents that work side by side lose at most what each of them was thinking.
    for (mode, side_by_side) in [("SUPERVISOR_ROUTER", 1), ("SUPERVISOR", 2)] {
        let whole = World::new(NEVER);
        let answer = whole.turn(mode, "hola").await;
        let (points, thoughts, keys) = (whole.point.load(SeqCst), whole.thoughts(), whole.keys.lock().unwrap().clone());
        assert!(whole.thought.lock().unwrap().values().all(|count| *count == 1));
        assert!(points > 12 && keys.len() == 1, "{mode}: {points} {keys:?}");
        for stop_at in 0..points {
            let world = World::new(stop_at);
            assert_eq!(world.turn(mode, "hola").await, answer, "{mode}, stopped at {stop_at}");
            assert!(world.thoughts() <= thoughts + side_by_side, "{mode}, stopped at {stop_at}");
            let repeated = world.thought.lock().unwrap().values().filter(|count| **count > 1).count();
            assert!(repeated <= side_by_side, "{mode}, stopped at {stop_at}");
            assert_eq!(*world.keys.lock().unwrap(), keys, "{mode}, stopped at {stop_at}: the same call for a tool");
            assert!(world.executed.load(SeqCst) <= 2);
        }
    }
}

#[tokio::test]
async fn a_complete_turn_is_answered_again_without_a_model() {
    let world = World::new(NEVER);
    let answer = world.turn("SUPERVISOR_ROUTER", "hola").await;
    let (thoughts, saves) = (world.thoughts(), world.saves.load(SeqCst));
    for _ in 0..2 {
        assert_eq!(world.turn("SUPERVISOR_ROUTER", "other words").await, answer);
    }
    assert_eq!((world.thoughts(), world.saves.load(SeqCst)), (thoughts, saves));
    // Another name is another turn; and then the first one is forgotten.
    let events = world.process("SUPERVISOR_ROUTER", named("t2", "hola")).await.unwrap();
    assert!(matches!(events.as_slice(), [Ok(AgentEvent::Chunk(_))]) && world.thoughts() > thoughts);
    // Results of a turn that is over belong to nothing.
    let control = ReturnControl { invocation_id: "i".into(), invocation_inputs: Vec::new() };
    let mut stray = answered_without_inputs(&control);
    stray.turn_id = Some("t3".into());
    let events = world.process("SUPERVISOR_ROUTER", stray).await.unwrap();
    assert!(matches!(events.as_slice(), [Err(error)] if error.kind == AgentErrorKind::Validation), "{events:?}");
}

fn answered_without_inputs(control: &ReturnControl) -> InvokeAgent {
    let result: relevo_agents::runtime::FunctionResult =
        serde_json::from_value(json!({"actionGroup": "g", "function": "f"})).unwrap();
    InvokeAgent {
        session_state: SessionState {
            invocation_id: Some(control.invocation_id.clone()),
            return_control_invocation_results: vec![InvocationResult::FunctionResult(result)],
            ..SessionState::default()
        },
        ..named("t1", "")
    }
}

#[tokio::test]
async fn a_step_that_failed_is_the_only_one_to_be_done_again() {
    // A route, a call of a function, an answer.
    for failing in 0..3 {
        let world = World::new(NEVER);
        world.broken_model.store(failing, SeqCst);
        let first = world.process("SUPERVISOR_ROUTER", named("t1", "hola")).await.unwrap();
        assert!(matches!(first.as_slice(), [Err(error)] if error.kind == AgentErrorKind::BadGateway), "{first:?}");
        assert_eq!(world.turn("SUPERVISOR_ROUTER", "hola").await, "orders1");
        assert!(world.thought.lock().unwrap().values().all(|count| *count == 1), "{failing}");
        assert_eq!(world.executed.load(SeqCst), 1);
    }
}

#[tokio::test]
async fn what_cannot_be_stored_has_no_consequences() {
    let world = World::new(NEVER);
    // The second save: of the call of a function.
    world.broken_save.store(1, SeqCst);
    let first = world.process("SUPERVISOR_ROUTER", named("t1", "hola")).await.unwrap();
    assert!(matches!(first.as_slice(), [Err(error)] if error.kind == AgentErrorKind::InternalServer), "{first:?}");
    assert_eq!(world.executed.load(SeqCst), 0, "the function is not run before it is stored that it is called");
    assert_eq!(world.turn("SUPERVISOR_ROUTER", "hola").await, "orders1");
    assert_eq!((world.executed.load(SeqCst), world.thoughts()), (1, 4));
}

#[tokio::test]
async fn the_next_turn_finds_a_sound_session_after_one_that_was_given_up() {
    let whole = World::new(NEVER);
    whole.turn("SUPERVISOR", "hola").await;
    for stop_at in 0..whole.point.load(SeqCst) {
        let world = World::new(stop_at);
        world.process("SUPERVISOR", named("t1", "hola")).await;
        // Whatever there is of it is called off; the model holds its history to Converse's rules.
        let events = world.process("SUPERVISOR", named("t2", "¿hola?")).await;
        assert!(events.is_none_or(|events| events.iter().all(Result::is_ok)), "stopped at {stop_at}");
    }
}

/// A process that was thought dead wakes up behind the one that went on.
#[tokio::test]
async fn the_slower_of_two_processes_does_not_write_over_the_other() {
    let world = World::new(NEVER);
    let (slow, quick) = (world.runtime("SUPERVISOR_ROUTER"), world.runtime("SUPERVISOR_ROUTER"));
    let slow = slow.invoke(named("t1", "hola")).await.unwrap();
    let answer: Vec<_> = quick.invoke(named("t1", "hola")).await.unwrap().collect().await;
    assert!(matches!(answer.as_slice(), [Ok(AgentEvent::Chunk(_))]));
    let kept = world.runs.load("contact-1").await.unwrap();
    let late: Vec<_> = slow.collect().await;
    assert!(matches!(late.as_slice(), [Err(error)] if error.kind == AgentErrorKind::Conflict), "{late:?}");
    assert_eq!(world.runs.load("contact-1").await.unwrap(), kept);
}

#[tokio::test]
async fn a_turn_that_goes_on_was_not_idle() {
    let world = World::new(NEVER);
    world.broken_model.store(2, SeqCst);
    world.process("SUPERVISOR_ROUTER", named("t1", "hola")).await;
    world.clock.0.store(3_600_000, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(world.turn("SUPERVISOR_ROUTER", "hola").await, "orders1");
    assert_eq!(world.thoughts(), 3, "an hour later it is the same turn");
}

#[tokio::test]
async fn without_a_name_a_turn_is_stored_once() {
    let world = World::new(NEVER);
    let request = || InvokeAgent { turn_id: None, ..named("", "hola") };
    world.process("SUPERVISOR_ROUTER", request()).await.unwrap();
    assert_eq!(world.saves.load(SeqCst), 1);
    world.process("SUPERVISOR_ROUTER", request()).await.unwrap();
    assert_eq!(world.thoughts(), 5, "the same words are said again: one more route and answer");
}

#[tokio::test]
async fn the_stores_of_this_room_keep_their_contracts() {
    contract::check(&MemoryRuns::default(), "runs").await.unwrap();
    let tables: Arc<dyn tools::Tables> = Arc::new(MemoryTables::default());
    tools::contract::check(&tables, "rows").await.unwrap();
}
