//! Sessions in which much was said are stored in two parts: nothing of that is seen from outside.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use relevo_agents::{
    model::{Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Usage},
    run::{Budgets, is_sound},
    runtime::{AgentEvent, InvokeAgent, Kept, Limits, MemoryRuns, Ports, RunStore, RunStoreError, Runtime},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::{Value, json};

use crate::support::{CountedIds, SetClock, call, calls, definition, text, to};

/// A router, a look-up, an answer; each request's messages are kept.
#[derive(Default)]
struct Heard(Mutex<Vec<Value>>);

#[async_trait]
impl Model for Heard {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        assert!(is_sound(&request.messages), "{:#?}", request.messages);
        self.0.lock().unwrap().push(json!([request.agent_name, request.system, request.messages]));
        let outcome: Outcome = match request.purpose {
            Purpose::Route { .. } => to("orders"),
            Purpose::Summarize { .. } => text("Much was said."),
            Purpose::Orchestrate { .. } if request.messages.last().unwrap().content.len() > 1 => text("?"),
            Purpose::Orchestrate { .. } => {
                let last = serde_json::to_value(&request.messages.last().unwrap().content).unwrap();
                if last[0].get("toolResult").is_some() {
                    text(&format!("On its way: {}", "far ".repeat(60)))
                } else {
                    let order = json!({"order_number": "1", "identity_document_number": "2"});
                    calls(vec![call("Orders__getOrderStatus", order)])
                }
            }
        };
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

struct Answers;

#[async_trait]
impl Tools for Answers {
    async fn call(&self, _: ToolCall) -> Result<ToolOutput, ToolError> {
        Ok(format!(r#"{{"found":true,"where":"{}"}}"#, "x".repeat(300)).into())
    }
}

/// Keeps sessions in memory, and notes which revision each settled part is of; the n-th save fails.
#[derive(Default)]
struct Store {
    runs: MemoryRuns,
    saves: AtomicUsize,
    broken_save: Option<usize>,
    settled: Mutex<Vec<Option<u64>>>,
    most_bytes: AtomicUsize,
}

#[async_trait]
impl RunStore for Store {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        self.runs.load(session_id).await
    }
    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        if Some(self.saves.fetch_add(1, SeqCst)) == self.broken_save {
            return Err(RunStoreError::Unavailable("disk full".into()));
        }
        let settled_bytes = session.settled.as_ref().map_or(0, |settled| settled.json.len());
        self.most_bytes.fetch_max(session.json.len() + settled_bytes, SeqCst);
        self.settled.lock().unwrap().push(session.settled.as_ref().map(|settled| settled.revision));
        self.runs.save(session_id, session).await
    }
    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        self.runs.remove(session_id).await
    }
}

fn runtime(model: &Arc<Heard>, runs: &Arc<Store>, budgets: Budgets) -> Runtime {
    let ports = Ports {
        model: model.clone(),
        tools: Arc::new(Answers),
        runs: runs.clone(),
        clock: Arc::new(SetClock::default()),
        ids: Arc::new(CountedIds::default()),
    };
    Runtime::with_limits(&definition("SUPERVISOR_ROUTER"), ports, Limits { budgets, ..Limits::default() })
}

async fn turn(runtime: &Runtime, number: usize) -> Result<String, String> {
    let request = InvokeAgent {
        session_id: "contact-1".into(),
        input_text: Some(format!("Message number {number}: and where is my order by now, please?")),
        turn_id: Some(format!("turn-{number}")),
        ..InvokeAgent::default()
    };
    let events: Vec<_> = runtime.invoke(request).await.map_err(|error| error.message)?.collect().await;
    match events.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| error.message)?.as_slice() {
        [.., AgentEvent::Chunk(bytes)] => Ok(String::from_utf8(bytes.clone()).unwrap()),
        other => panic!("{other:?}"),
    }
}

/// Small enough that a history is cut and a conversation summarised again and again.
fn small() -> Budgets {
    Budgets { conversation_tokens: 1_500, history_tokens: 6_000, ..Budgets::default() }
}

/// All that models are asked in some turns.
async fn asked(fresh_process: bool, broken_save: Option<usize>, turns: usize) -> (Vec<Value>, Arc<Store>) {
    let (model, runs) = (Arc::new(Heard::default()), Arc::new(Store { broken_save, ..Store::default() }));
    let mut process = runtime(&model, &runs, small());
    for number in 0..turns {
        while turn(&process, number).await.is_err() {
            // What was thought in the step that was not stored is thought again.
            model.0.lock().unwrap().pop();
        }
        if fresh_process {
            process = runtime(&model, &runs, small());
        }
    }
    let asked = std::mem::take(&mut *model.0.lock().unwrap());
    (asked, runs)
}

#[tokio::test]
async fn models_hear_the_same_whichever_process_reads_the_parts() {
    let (one, runs) = asked(false, None, 120).await;
    let (each, _) = asked(true, None, 120).await;
    assert_eq!(one.len(), each.len());
    for (one, each) in one.iter().zip(&each) {
        assert_eq!(one, each);
    }
    let settled = runs.settled.lock().unwrap().clone();
    let mut written = settled.clone();
    written.dedup();
    assert_eq!(written.first(), Some(&None), "a short session is one part");
    assert!((5..40).contains(&written.len()), "once in a while: {written:?}");
    assert!(settled.len() > 10 * written.len(), "{} of {}", written.len(), settled.len());
    // What was forgotten is not kept for long: a store has its limits.
    let most_bytes = runs.most_bytes.load(SeqCst);
    assert!(most_bytes < 65_000, "{most_bytes}");
    // What a step writes does not grow with what was said.
    let kept = runs.load("contact-1").await.unwrap().unwrap();
    assert!(kept.json.len() < 20_000 && kept.settled.unwrap().json.len() > 15_000, "{}", kept.json.len());
}

#[tokio::test]
async fn a_part_that_was_not_stored_is_stored_with_the_next_step() {
    let whole = asked(false, None, 30).await;
    let first = whole.1.settled.lock().unwrap().iter().position(Option::is_some).unwrap();
    for broken in first.saturating_sub(2)..first + 3 {
        let (asked, runs) = asked(false, Some(broken), 30).await;
        assert!(runs.saves.load(SeqCst) > broken);
        assert_eq!(asked.last(), whole.0.last(), "{broken}");
    }
}

#[tokio::test]
async fn a_session_that_lost_a_part_begins_anew() {
    let (_, runs) = asked(false, None, 40).await;
    let kept = runs.load("contact-1").await.unwrap().unwrap();
    assert!(kept.settled.is_some());
    for settled in
        [None, kept.settled.clone().map(|settled| relevo_agents::runtime::Settled { json: "{}".into(), ..settled })]
    {
        let there = runs.load("contact-1").await.unwrap().unwrap();
        let revision = there.revision + 1;
        runs.save("contact-1", Kept { settled, revision, ..kept.clone() }).await.unwrap();
        let model = Arc::new(Heard::default());
        turn(&runtime(&model, &runs, small()), 900).await.unwrap();
        let asked = model.0.lock().unwrap();
        assert_eq!(asked[0][2].as_array().unwrap().len(), 1, "{}", asked[0]);
    }
}

#[tokio::test]
async fn a_session_of_an_earlier_build_is_parted_when_it_goes_on() {
    // In one part, as it was stored before.
    let (model, runs) = (Arc::new(Heard::default()), Arc::new(Store::default()));
    let large = Budgets::default();
    for number in 0..6 {
        turn(&runtime(&model, &runs, large), number).await.unwrap();
    }
    let kept = runs.load("contact-1").await.unwrap().unwrap();
    assert!(kept.settled.is_none());
    let mut old: Value = serde_json::from_str(&kept.json).unwrap();
    let history = old["session"]["histories"]["orders"].as_array().unwrap().clone();
    let longer: Vec<Value> = (0..10).flat_map(|_| history.clone()).collect();
    old["session"]["histories"]["orders"] = longer.into();
    let runs = Arc::new(Store::default());
    runs.save("contact-1", Kept::whole(old.to_string(), 1)).await.unwrap();
    model.0.lock().unwrap().clear();
    for number in 10..12 {
        turn(&runtime(&model, &runs, large), number).await.unwrap();
    }
    assert!(runs.load("contact-1").await.unwrap().unwrap().settled.is_some());
    let asked = model.0.lock().unwrap();
    let of_orders = asked.iter().rev().find(|asked| asked[0] == "orders").unwrap();
    assert!(of_orders[2].as_array().unwrap().len() > 10 * history.len(), "all of it is there");
}
