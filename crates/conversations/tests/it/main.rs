//! Conversations held with a small bot: what passes, what fails, and what the reports say of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only #[test] functions as tests"
)]

mod nonsense;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome as Said, ToolUse, Usage},
    tools::{TableTools, Tools},
};
use relevo_bot::Policy;
use relevo_conversations::{
    MakeTools, Outcome, OwnAgents, Plan, Totals, file,
    report::{Format, closing, lines, page},
    run,
};
use serde_json::{Value, json};

const BOT: &str = "
name: Desk
languages: [en]
agent:
  agentName: desk
  instruction: You are the desk of a small office and hand people over to a person.
  actionGroups:
    - actionGroupName: Office
      functionSchema:
        functions:
          - name: open
            parameters: {room: {type: string, required: true}}
    - actionGroupName: Control
      actionGroupExecutor: {customControl: RETURN_CONTROL}
      functionSchema:
        functions:
          - name: escalate
            parameters: {why: {type: string}}
          - name: reserve
            parameters: {room: {type: string, required: true}}
tools: {Office: {open: {insert: {table: doors, row: {n: {randomDigits: 6}, room: {parameter: room}}, return: [n, room]}}}}
tables: {doors: {key: n}}
conversation:
  texts:
    greeting: {en: Hello from the desk}
    handoff: {en: A person will come}
    stillWorking: {en: Wait}
    failure: {en: That failed}
    failureHandoff: {en: That failed twice}
    unsupported: {en: Text please}
";

/// Calls the function that the words name (`open 12`), and says what came back.
struct Obedient(Mutex<VecDeque<ModelError>>);

#[async_trait]
impl Model for Obedient {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let call = |group: &str, function: &str, input: Value| {
            Content::ToolUse(ToolUse { tool_use_id: "1".into(), name: format!("{group}__{function}"), input })
        };
        let content = match request.messages.last().and_then(|message| message.content.last()) {
            Some(Content::Text(text)) => match text.split_once(' ') {
                Some(("open", room)) => call("Office", "open", json!({"room": room})),
                Some(("reserve", room)) => call("Control", "reserve", json!({"room": room})),
                Some(("leave", why)) => call("Control", "escalate", json!({"why": why})),
                Some(("break", _)) => match self.0.lock().unwrap().pop_front() {
                    Some(error) => return Err(error),
                    None => Content::Text("Mended".into()),
                },
                _ => Content::Text(format!("Heard <{text}>")),
            },
            Some(Content::ToolResult(result)) => Content::Text(format!("Result: {}", result.text)),
            _ => Content::Text("?".into()),
        };
        Ok(ModelReply { outcome: Said::Content(vec![content]), usage: Usage::default(), model: None })
    }
}

fn own(errors: Vec<ModelError>) -> (OwnAgents, Policy) {
    let definition: Definition<Policy> =
        Definition::parse(BOT, "bot.yaml").unwrap_or_else(|problems| panic!("{problems:?}"));
    let (definition, policy): (Arc<AgentsDefinition>, Policy) = definition.split();
    let of_tools = definition.clone();
    let tools: MakeTools = Box::new(move |ports| Arc::new(TableTools::new(of_tools.clone(), ports)) as Arc<dyn Tools>);
    (
        OwnAgents {
            definition,
            model: Arc::new(Obedient(Mutex::new(errors.into()))),
            tools,
            knowledge: Arc::new(relevo_agents::knowledge::NoKnowledge),
        },
        policy,
    )
}

async fn held(text: &str, repeat: u32, min_pass_rate: f64, errors: Vec<ModelError>) -> Vec<Outcome> {
    let (subject, policy) = own(errors);
    let languages = ["en".to_owned()];
    let plan = Plan { policy: &policy, languages: &languages, subject: &subject, repeat, min_pass_rate };
    let mut outcomes = Vec::new();
    for conversation in
        file::parse(text, "c.yaml", &file::Known::default()).unwrap_or_else(|problems| panic!("{problems:?}"))
    {
        outcomes.push(run(&plan, &conversation).await);
    }
    outcomes
}

fn failures(outcome: &Outcome) -> Vec<String> {
    outcome
        .attempts
        .iter()
        .flat_map(|it| &it.failures)
        .map(|it| format!("{}/{}: {}", it.line, it.turn, it.message))
        .collect()
}

const GOOD: &str = "
- name: tools, control and a hand-off
  greeting: {is: Hello from the desk}
  functions: {reserve: [{returns: {seat: 4}}, {fails: full}], open: [{returns: {n: 1, room: stubbed}}]}
  turns:
    - customer: open 12
      expect:
        answer: stubbed
        functions: [{name: open, arguments: {room: 12}, result: {room: stubbed}}]
        control: []
    - customer: reserve 12
      expect:
        answer: Result
        functions: [{name: reserve, arguments: {room: 12}, result: {seat: 4}}]
        control: [reserve]
      keep: {seat: 'seat\":(\\d)'}
    - customer: reserve ${seat}
      expect: {functions: [{name: reserve, arguments: {room: \"${seat}\"}, result: full}]}
    - customer: leave now
      expect:
        answer: A person will come
        handoff: {reason: agent_request, attributes: {why: now, functionName: escalate}}
- name: state of its own
  turns:
    - customer: open 7
      expect: {functions: [{name: open, result: {room: 7, n: {matches: '^\\d{6}$'}}}]}
";

#[tokio::test]
async fn tools_control_and_hand_offs_are_seen() {
    let outcomes = held(GOOD, 1, 1.0, Vec::new()).await;
    for outcome in &outcomes {
        assert!(outcome.passed, "{}: {:#?}", outcome.name, failures(outcome));
    }
    let totals = Totals::of(&outcomes);
    assert_eq!((totals.passed, totals.failed, totals.turns), (2, 0, 5));
}

#[tokio::test]
async fn the_same_file_has_the_same_outcome_each_time() {
    let (one, two) = (held(GOOD, 2, 1.0, Vec::new()).await, held(GOOD, 2, 1.0, Vec::new()).await);
    assert_eq!(json!(one), json!(two));
    let number = |attempt: usize| one[1].attempts[attempt].turns[0].calls[0].result.clone().unwrap();
    assert_ne!(number(0), number(1), "a repetition has other random numbers");
}

#[tokio::test]
async fn what_nobody_expected_fails_with_its_line_and_ends_the_conversation() {
    let text = "
- name: a hand-off that nobody expected
  turns:
    - customer: leave now
    - customer: hello there
- name: words after a hand-off
  turns:
    - {customer: leave now, expect: {handoff: true}}
    - customer: hello there
- name: a function that nobody answers
  turns:
    - customer: reserve 1
- name: a failure
  turns:
    - customer: break it
- name: the greeting
  greeting: Welcome
  turns: []
- name: nothing to keep
  turns:
    - customer: hello there
      keep: {n: '\\d+'}
";
    let outcomes = held(text, 1, 1.0, vec![ModelError::Failed("down".into())]).await;
    let wanted = [
        "4/1: expected no hand-off, the bot left: agent_request",
        "9/2: the bot had left in the turn before: agent_request",
        "12/1: the agent failed: control was returned for reserve, which has no answer here (`functions: {reserve: {returns: …}}`)",
        "15/1: the agent failed: agent_unavailable",
        "17/0: the greeting: expected a text with “Welcome”",
        "22/1: nothing to keep as n",
    ];
    for (outcome, wanted) in outcomes.iter().zip(wanted) {
        let failures = failures(outcome);
        assert!(!outcome.passed && failures.len() == 1 && failures[0].starts_with(wanted), "{wanted}: {failures:#?}");
    }
    assert_eq!(outcomes[0].attempts[0].turns.len(), 1);
    assert_eq!(Totals::of(&outcomes).failed, outcomes.len());
}

#[tokio::test]
async fn the_pass_rate_decides_over_repetitions() {
    let text = "
- name: a model that fails sometimes
  turns:
    - {customer: break it, expect: {answer: Mended}}
";
    let once = || vec![ModelError::Failed("down".into())];
    let strict = held(text, 10, 1.0, once()).await;
    assert!(!strict[0].passed && strict[0].good() == 9);
    assert!(held(text, 10, 0.9, once()).await[0].passed);
    assert!(!held(text, 10, 0.91, once()).await[0].passed);
    assert!(lines(&strict[0])[0].ends_with("9 of 10"), "{:?}", lines(&strict[0]));
}

#[tokio::test]
async fn an_agenteval_file_is_held_and_never_passes_for_what_was_not_checked() {
    let text = "
evaluator: {model: claude-3}
tests:
  judged:
    steps: ['Say \"hello there\"']
    expected_results: ['The agent says \"Heard\".', The agent is friendly.]
  unjudged:
    steps: [Greet the agent.]
    expected_results: [The agent is friendly.]
  wrong:
    steps: ['Say \"hello there\"']
    expected_results: ['The agent says \"Farewell\".']
";
    let outcomes = held(text, 1, 1.0, Vec::new()).await;
    let totals = Totals::of(&outcomes);
    assert_eq!((totals.passed, totals.failed, totals.unchecked, totals.unchecked_results), (1, 1, 1, 2));
    assert!(lines(&outcomes[1])[0].starts_with("  held") && lines(&outcomes[1])[1].contains("not checked (line 9)"));
    assert!(
        closing(&totals).ends_with("1 held with nothing checked; 2 expected results not checked"),
        "{}",
        closing(&totals)
    );
}

#[tokio::test]
async fn reports_hold_the_failures_and_escape_what_was_said() {
    let text = "
- name: <b>bold</b>
  turns:
    - {customer: say <script> & more, expect: {answer: never}}
";
    let outcomes = held(text, 1, 1.0, Vec::new()).await;
    let shown = lines(&outcomes[0]).join("\n");
    assert!(shown.contains("c.yaml:4: turn 1: the answer: expected a text with “never”"), "{shown}");
    assert!(shown.contains("| customer: say <script> & more") && shown.contains("| bot: Heard <say"), "{shown}");
    for format in [Format::Html, Format::Junit] {
        let page = page(format, "Desk", &outcomes).unwrap();
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt; &amp; more"), "{page}");
        assert!(page.contains("never") && !page.contains("<b>bold"), "{page}");
    }
    let junit = page(Format::Junit, "Desk", &outcomes).unwrap();
    assert!(junit.contains(r#"tests="1" failures="1""#) && junit.contains("<failure message="), "{junit}");
    let markdown = page(Format::Markdown, "Desk", &outcomes).unwrap();
    assert!(markdown.contains("0 passed, 1 failed") && markdown.contains("**failed**"), "{markdown}");
}
