//! What the agents' runtime itself costs, without a model's thinking: `cargo run --release -p relevo-agents --example bench`.
//!
//! The team is the example bot's. A model that answers at once from a script shows the runtime alone; the offline model
//! shows what a chat costs on a laptop.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

mod envios;
mod large;
mod world;

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    model::{Model, ModelReply, Usage, offline::OfflineModel},
    run::{Budgets, Input, Run, Session, Step, Team, Work},
    runtime::{InvokeAgent, MemoryRuns, Ports, RunStore, Runtime},
    tools::{MemoryTables, TableTools, TableToolsPorts},
};
use serde_json::Value;
use world::{Machine, Scripted, Watched, scripted};

const SESSIONS: usize = 10_000;
/// Each measurement is done so often, and the best counts: other work on the machine only adds.
const TRIES: usize = 5;

struct Bench {
    agents: Arc<AgentsDefinition>,
    offline: Arc<dyn Model>,
}

impl Bench {
    fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios");
        Self::of(Definition::<Value>::load(&folder).unwrap())
    }

    fn of(definition: Definition<Value>) -> Self {
        let offline = Arc::new(OfflineModel::of(&definition).unwrap());
        Self { agents: definition.split().0, offline }
    }

    fn large() -> Self {
        let definition = Definition::<Value>::parse(&large::definition(), "large.yaml").unwrap();
        let begin = Instant::now();
        let bench = Self::of(definition);
        println!("20 agents x 10 functions: the offline model learns them in {:.0?}", begin.elapsed());
        bench
    }

    fn runtime(&self, model: &Arc<dyn Model>) -> (Runtime, Arc<MemoryRuns>) {
        let runs = Arc::new(MemoryRuns::default());
        (self.runtime_over(model, runs.clone()), runs)
    }

    fn runtime_over(&self, model: &Arc<dyn Model>, runs: Arc<MemoryRuns>) -> Runtime {
        let (machine, tables) = (Arc::new(Machine::default()), Arc::new(MemoryTables::default()));
        let tools = TableToolsPorts { tables, clock: machine.clone(), random: machine.clone() };
        let ports = Ports {
            model: model.clone(),
            tools: Arc::new(TableTools::new(self.agents.clone(), tools)),
            runs,
            clock: machine.clone(),
            ids: machine,
        };
        Runtime::new(&self.agents, ports)
    }

    /// The run alone: what is done between two questions to the outside.
    fn steps(&self, turns: usize) -> (u32, Duration) {
        let team = Arc::new(Team::new(&self.agents.agent).speaking(Some("es".into())));
        let ids = Machine::default();
        let mut session = Session::new("collaborators".into());
        let (mut steps, begin) = (0, Instant::now());
        for turn in 0..turns {
            let mut run = Run::new(team.clone(), Budgets::default(), "session".into(), session);
            run.start(Input { text: format!("where is my order, the {turn}th time"), ..Input::default() });
            loop {
                steps += 1;
                let Step::Work(work) = run.next_step(&ids) else { break };
                for work in work {
                    match work {
                        Work::Model { frame } => {
                            let outcome = scripted(&run.model_request(frame).unwrap());
                            run.feed_model(frame, Ok(ModelReply { outcome, usage: Usage::default(), model: None }));
                        }
                        Work::Tool { frame, tool_use_id, .. } => {
                            run.feed_tool(frame, &tool_use_id, Ok(r#"{"found":true,"status":"open"}"#.into()));
                        }
                        Work::Lookup { frame, tool_use_id, .. } => run.feed_lookup(frame, &tool_use_id, Ok(Vec::new())),
                        Work::Summary => {
                            let outcome = scripted(&run.summary_request().unwrap());
                            run.feed_summary(Ok(ModelReply { outcome, usage: Usage::default(), model: None }));
                        }
                    }
                }
                drop(run.take_traces());
            }
            session = run.into_session();
        }
        (steps, begin.elapsed())
    }
}

/// One turn through the runtime, stored at each of its steps as a deployed bot has it.
async fn turn(runtime: &Runtime, session: &str, number: usize, text: &str) -> Duration {
    let request = InvokeAgent {
        session_id: session.into(),
        input_text: Some(text.into()),
        turn_id: Some(format!("turn-{number}")),
        ..InvokeAgent::default()
    };
    let begin = Instant::now();
    let events: Vec<_> = runtime.invoke(request).await.unwrap().collect().await;
    assert!(events.iter().all(Result::is_ok), "{events:?}");
    begin.elapsed()
}

/// Resident memory in bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

async fn bytes(runs: &MemoryRuns, session: &str) -> usize {
    runs.load(session).await.unwrap().unwrap().json.len()
}

fn mean_us(times: &[Duration]) -> f64 {
    times.iter().map(Duration::as_secs_f64).sum::<f64>() * 1e6 / times.len() as f64
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let bench = Bench::load();
    let script: Arc<dyn Model> = Arc::new(Scripted);
    let best = (0..TRIES).map(|_| bench.steps(200)).map(|(steps, time)| f64::from(steps) / time.as_secs_f64());
    println!("steps a second of the run alone: {:.0}", best.fold(0.0, f64::max));
    for (model, name) in [(&script, "scripted model"), (&bench.offline, "offline model")] {
        growth(&bench, model, name).await;
    }
    open_sessions(&bench).await;
    steps(&bench, "examples/envios", envios::said).await;
    steps(&Bench::large(), "20 agents x 10 functions", large::said).await;
}

/// What an answer of the offline model costs as a dialogue grows in which nothing is said twice.
async fn steps(bench: &Bench, name: &str, said: fn(usize) -> String) {
    const TURNS: usize = 240;
    let watched = Arc::new(Watched::new(bench.offline.clone()));
    let model: Arc<dyn Model> = watched.clone();
    let (runtime, runs) = bench.runtime(&model);
    for (from, to) in [(0, 20), (20, 100), (100, TURNS)] {
        for number in from..to {
            turn(&runtime, "session", number, &said(number)).await;
        }
        tell(&format!("offline step, {name}, turns {from} to {to}"), watched.take());
    }
    // Another process goes on with the dialogue: it has read none of it.
    let fresh = Arc::new(Watched::new(Arc::new(OfflineModel::of_agents(&bench.agents).unwrap())));
    let model: Arc<dyn Model> = fresh.clone();
    let runtime = bench.runtime_over(&model, runs);
    turn(&runtime, "session", TURNS, &said(TURNS)).await;
    tell(&format!("offline step, {name}, the next turn in a fresh process"), fresh.take());
}

fn tell(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    println!("{what}: {} steps, median {:.0?}, 95 of 100 {:.0?}, longest {:.0?}", took.len(), at(50), at(95), at(100));
}

/// What a turn costs, and what is stored, as the history grows to its budget and stays there.
async fn growth(bench: &Bench, model: &Arc<dyn Model>, name: &str) {
    const TURNS: usize = 600;
    const TEXT: &str = "where is my order 10020030? my id is 12345678-9";
    let mut best = vec![Duration::MAX; TURNS];
    let (mut steps, mut settled) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        let (runtime, runs) = bench.runtime(model);
        (steps, settled) = (Vec::new(), Vec::new());
        for (number, best) in best.iter_mut().enumerate() {
            *best = turn(&runtime, "session", number, TEXT).await.min(*best);
            let kept = runs.load("session").await.unwrap().unwrap();
            steps.push(kept.json.len());
            settled.push(kept.settled.map_or(0, |settled| settled.json.len()));
        }
    }
    let (first, at) = (mean_us(&best[..10]), mean_us(&best[TURNS - 400..]));
    let highest = best[TURNS - 400..].chunks(10).map(mean_us).fold(0.0, f64::max);
    println!(
        "{name}: a turn in µs: {first:.0} in the first ten, {at:.0} at the budget (turns 201 to 600: {:.2} times), {highest:.0} in the \
         dearest ten of these",
        at / first
    );
    let most = |bytes: &[usize]| bytes.iter().copied().max().unwrap_or_default();
    println!(
        "{name}: stored bytes: {} after 1 turn, {} + {} after 10; at most {} + {} settled",
        steps[0],
        steps[9],
        settled[9],
        most(&steps),
        most(&settled)
    );
}

/// Sessions that wait for the customer's reply in the middle of a turn.
async fn open_sessions(bench: &Bench) {
    let (runtime, runs) = bench.runtime(&bench.offline);
    turn(&runtime, "warm", 0, "where is my order?").await;
    let before = resident();
    let begin = Instant::now();
    for number in 0..SESSIONS {
        turn(&runtime, &format!("session-{number}"), 0, "where is my order?").await;
    }
    let (took, grown) = (begin.elapsed(), resident().saturating_sub(before));
    let stored = bytes(&runs, "session-7").await;
    println!(
        "{SESSIONS} open sessions in memory: {} bytes each resident, {stored} bytes each stored; opened in {:.1} s",
        grown / SESSIONS as u64,
        took.as_secs_f64()
    );
}
