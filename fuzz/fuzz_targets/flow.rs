//! Whatever is called a flow: no panic, every problem has its line and a known code, what is taken runs and is drawn, and a run
//! that is stored goes on as if it had not been.
#![no_main]

use libfuzzer_sys::fuzz_target;
use relevo_connect::flow::{
    Flow, FlowInput, FlowRun, FlowStep, FlowWorld, Metric, Severity, Surroundings, codes, picture::Graph,
};
use serde_json::json;

struct World(i64);

impl FlowWorld for World {
    fn attribute(&self, key: &str) -> Option<String> {
        (key.len() % 2 == 0).then(|| key.to_owned())
    }

    fn system(&self, path: &[&str]) -> Option<String> {
        path.last().map(|name| (*name).to_owned())
    }

    fn hours_open(&self, hours_id: Option<&str>) -> Option<bool> {
        hours_id.map_or(Some(true), |id| (id.len() % 3 > 0).then_some(id.len() % 3 == 1))
    }

    fn metric(&self, _metric: Metric, queue: Option<&str>) -> Option<i64> {
        queue.map_or(Some(1), |queue| i64::try_from(queue.len()).ok())
    }

    fn bot_present(&self) -> bool {
        true
    }

    fn now_ms(&self) -> i64 {
        self.0
    }

    fn percentile(&self) -> u8 {
        42
    }
}

fuzz_target!(|input: &[u8]| run(&String::from_utf8_lossy(input)));

fn run(text: &str) {
    let lines = text.lines().count().max(1);
    let problems = Flow::check(text, &Surroundings::default());
    for problem in &problems {
        assert!((1..=lines).contains(&problem.line), "{problem:?}");
        assert!(codes().any(|code| code.code == problem.code), "{problem:?}");
    }
    if let Ok(graph) = Graph::parse(text) {
        assert!(graph.svg("fuzzed").ends_with("</svg>\n"));
        assert!(graph.mermaid().starts_with("flowchart"));
    }
    let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
    match Flow::parse(text) {
        Ok(flow) => {
            assert!(!refused, "{problems:?}");
            assert_eq!(play(&flow, false), play(&flow, true));
        }
        Err(told) => assert!(refused && !told.is_empty(), "{told:?}"),
    }
}

/// Answers each step as it comes, well and badly in turns, for a while.
fn play(flow: &Flow, stored: bool) -> Vec<FlowStep> {
    let (mut run, mut world, mut steps) = (FlowRun::new(flow), World(0), Vec::new());
    let mut input = FlowInput::Start;
    for turn in 0..60 {
        if stored {
            run = serde_json::from_slice(&serde_json::to_vec(&run).expect("stored")).expect("read");
        }
        let Some(step) = run.step(flow, &world, input) else { break };
        input = match (&step, turn % 3) {
            (FlowStep::Disconnect | FlowStep::End | FlowStep::EndModule { .. }, _) => break,
            (FlowStep::Invoke { .. } | FlowStep::AskBot { .. }, 0) => FlowInput::Function(Err("no".into())),
            (FlowStep::Invoke { .. } | FlowStep::AskBot { .. }, _) => FlowInput::Function(Ok(json!({"a": "b"}))),
            (FlowStep::Ask { .. }, 0) => FlowInput::CustomerSaid("1".into()),
            (FlowStep::ShowView { .. }, 0) => FlowInput::ViewAnswered { action: "a".into(), data: json!(1) },
            (FlowStep::Wait { until_ms } | FlowStep::Ask { until_ms, .. } | FlowStep::ShowView { until_ms, .. }, _) => {
                world.0 = *until_ms;
                FlowInput::TimerFired
            }
            (FlowStep::TransferToQueue | FlowStep::TransferToFlow { .. } | FlowStep::InvokeModule { .. }, _) => {
                FlowInput::Failed
            }
            (_, 2) => FlowInput::Failed,
            _ => FlowInput::Done,
        };
        steps.push(step);
    }
    steps
}
