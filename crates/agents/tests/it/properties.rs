//! Whatever models, tools, customers and callers do: no request has a call without its result, every turn ends within its
//! budgets, and what breaks these rules is noticed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;
use relevo_agents::{
    Shared,
    definition::Definition,
    model::{
        Content, Message, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Role, Route, ToolResult, ToolUse,
        Usage,
    },
    run::{Session, Team},
    runtime::{FunctionResult, ReturnControl},
    tools::ToolError,
};
use serde_json::{Value, json};

use crate::support::{Chat, End, Sabotage, result_of, yaml};

/// A team three levels deep: the tickets' agent leads the others.
fn deep(top: &str, below: &str) -> Team {
    let flat: Definition<Value> = Definition::parse(&yaml(top), "bot.yaml").unwrap();
    let mut top = flat.agent;
    let mode = |name: &str| -> relevo_agents::definition::agent::Collaboration {
        serde_json::from_value(json!(name)).unwrap()
    };
    let orders = top.collaborators.remove(0);
    let of_orders = top.collaborator_configurations.remove(0);
    let tickets = top.collaborators.iter_mut().find(|agent| agent.agent_name == "tickets").unwrap();
    tickets.collaborators.push(orders);
    tickets.collaborator_configurations.push(of_orders);
    tickets.agent_collaboration = mode(below);
    Team::new(&top)
}

/// What a model is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// Answers, calls and errors of all kinds.
    Any,
    /// The same call for ever.
    Loops,
    /// Always passes on.
    PingPong,
    /// Tools that there are not.
    Unknown,
    /// Nothing, or what looks like nothing.
    Empty,
    /// Always asks the customer.
    Asks,
    /// Arguments of wrong types.
    WrongJson,
}

const NATURES: [Nature; 7] =
    [Nature::Any, Nature::Loops, Nature::PingPong, Nature::Unknown, Nature::Empty, Nature::Asks, Nature::WrongJson];

/// Texts that are no answer, or look like something else.
const NONSENSE: [&str; 10] = [
    "",
    " \n\t ",
    "\u{0}\u{feff}",
    "```json\n{\"name\": \"getOrderStatus\"",
    "<agent>orders</agent>",
    "{\"tool\": null}",
    "keep_previous_agent",
    "🙂🙂🙂 \u{202e}abc",
    "]]>&lt;",
    "a\n\n\n\nb",
];

/// Decides from a tape of bytes; when it is used up, models come to an end.
struct Tape {
    bytes: Vec<u8>,
    at: usize,
    nature: Nature,
}

impl Tape {
    fn new(bytes: Vec<u8>, nature: Nature) -> Self {
        Self { bytes, at: 0, nature }
    }

    fn next(&mut self, below: u8) -> u8 {
        self.at += 1;
        self.bytes.get(self.at - 1).map_or(0, |byte| byte % below)
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::from(self.next(250)) % list.len()]
    }

    fn reply(&mut self, request: &ModelRequest) -> Result<ModelReply, ModelError> {
        let outcome = match &request.purpose {
            Purpose::Route { candidates, .. } => match self.next(9) {
                0 => Outcome::Route(Route::KeepPrevious),
                1 => Outcome::Route(Route::Undecidable),
                2 => Outcome::Route(Route::Agent("nobody".into())),
                3 => Outcome::Content(vec![Content::Text(self.of(&NONSENSE).into())]),
                4 => return Err(ModelError::Failed("f".into())),
                5 => Outcome::Content(vec![]),
                n => Outcome::Route(Route::Agent(candidates[usize::from(n) % candidates.len()].name.clone())),
            },
            Purpose::Summarize { .. } => match self.next(4) {
                0 => Outcome::Content(vec![]),
                1 => return Err(ModelError::TimedOut),
                _ => Outcome::Content(vec![Content::Text("in short".into())]),
            },
            Purpose::Orchestrate { tools } => {
                let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
                self.content(&names)?
            }
        };
        Ok(ModelReply {
            outcome,
            usage: Usage { input_tokens: u32::from(self.next(250)), output_tokens: 1 },
            model: None,
        })
    }

    fn content(&mut self, tools: &[&str]) -> Result<Outcome, ModelError> {
        let with = |part: &str| tools.iter().find(|tool| tool.contains(part)).copied();
        let one = |content: Content| Ok(Outcome::Content(vec![content]));
        let call = |name: &str, input: Value| {
            Content::ToolUse(ToolUse { tool_use_id: "same".into(), name: name.into(), input })
        };
        match self.nature {
            Nature::Loops => one(call(tools[0], full("orders"))),
            Nature::PingPong => match with("sendMessage") {
                Some(tool) => one(call(tool, full(self.of(&["orders", "tickets", "escalation"])))),
                None => one(call(tools[0], full("orders"))),
            },
            Nature::Unknown => one(call(self.of(&["no__such", "", "__", "getOrderStatus"]), full("orders"))),
            Nature::Empty => one(Content::Text(self.of(&NONSENSE[..3]).into())),
            Nature::Asks => match with("askuser") {
                Some(tool) => one(call(tool, full("orders"))),
                None => one(Content::Text("done".into())),
            },
            Nature::WrongJson => {
                let tool = self.of(tools);
                let input = self.wrong();
                one(call(tool, input))
            }
            Nature::Any => match self.next(9) {
                0 => Ok(Outcome::Content(vec![Content::Text("done".into())])),
                1 => Ok(Outcome::Content(vec![])),
                2 => Err(ModelError::Throttled("t".into())),
                3 => Err(ModelError::TimedOut),
                4 if self.next(4) == 0 => Ok(Outcome::Route(Route::Undecidable)),
                5 => one(Content::Text(self.of(&NONSENSE).into())),
                _ => {
                    let mut content = vec![Content::Text(self.of(&NONSENSE).into())];
                    for _ in 0..=self.next(5) {
                        let tool = self.of(tools);
                        content.push(self.call(tool));
                    }
                    Ok(Outcome::Content(content))
                }
            },
        }
    }

    fn call(&mut self, tool: &str) -> Content {
        let recipient = self.of(&["orders", "tickets", "escalation", "User", "nobody"]);
        let (name, input) = match self.next(12) {
            0 => (tool, json!({})),
            1 => ("no__such", full(recipient)),
            2 => (tool, json!(null)),
            3 => (tool, self.wrong()),
            // What is not a model's to give.
            4 => {
                let result = ToolResult { tool_use_id: "same".into(), text: "mine".into(), error: false };
                return Content::ToolResult(result);
            }
            _ => (tool, full(recipient)),
        };
        let id = self.of(&["", "same", "other"]);
        Content::ToolUse(ToolUse { tool_use_id: id.into(), name: name.into(), input })
    }

    /// Arguments of any type but the declared one.
    fn wrong(&mut self) -> Value {
        let mut value = || match self.next(9) {
            0 => json!(null),
            1 => json!(-1.5e300),
            2 => json!(true),
            3 => json!([1, "a", [null]]),
            4 => json!({"a": {"b": []}}),
            5 => json!(""),
            6 => json!("x".repeat(3_000)),
            7 => json!(u64::MAX),
            _ => json!("1"),
        };
        let names = ["order_number", "description", "ticket_number", "amount", "question", "recipient", "content", "x"];
        match value() {
            Value::Bool(_) => json!([1, 2]),
            Value::Null => json!("text"),
            _ => names.iter().map(|name| ((*name).to_owned(), value())).collect::<serde_json::Map<_, _>>().into(),
        }
    }

    fn results(&mut self, control: &ReturnControl) -> Vec<FunctionResult> {
        let body = self.of(&NONSENSE);
        let mut results: Vec<_> = (0..control.invocation_inputs.len()).map(|n| result_of(control, n, body)).collect();
        match self.next(9) {
            0 => results[0].response_state = Some("FAILURE".into()),
            1 => results[0].response_state = Some("REPROMPT".into()),
            2 => results[0].confirmation_state = Some("DENY".into()),
            3 => drop(results.pop()),
            4 => results[0].function = Some("other".into()),
            5 => results.reverse(),
            6 => results[0].response_body.clear(),
            _ => {}
        }
        results
    }
}

/// Good arguments for every tool.
fn full(recipient: &str) -> Value {
    json!({
        "order_number": "1", "identity_document_number": "2", "description": "d", "ticket_number": "3",
        "amount": 4, "question": "which?", "recipient": recipient, "content": "c",
    })
}

/// Holds a conversation. The rules are checked by the driver at each step: every request and every history is sound, no
/// turn costs more than its budgets allow, each ends in words, in control or in a failure.
fn hold(chat: &mut Chat, tape: &mut Tape, turns: u32) {
    let mut control: Option<ReturnControl> = None;
    for turn in 0..turns {
        chat.tool_result = match tape.next(5) {
            0 => Err(ToolError::TimedOut),
            1 => Ok(String::new().into()),
            2 => Ok(tape.of(&NONSENSE).into()),
            _ => Ok(r#"{"found":false}"#.into()),
        };
        let end = match &control {
            Some(control) if tape.next(4) > 0 => {
                let results = tape.results(control);
                match chat.result_to(None, &results, &mut |request| tape.reply(request)) {
                    Ok(end) => end,
                    Err(_) => continue,
                }
            }
            _ => chat.say_to(&format!("turn {turn}"), &mut |request| tape.reply(request)),
        };
        control = match end {
            End::Control(control) => Some(control),
            // The turn was rolled back, so what was returned before is still open.
            End::Failed(_) => control,
            End::Done(_) | End::Ask(_) => None,
        };
    }
}

fn team(top_routes: bool, below_routes: bool) -> Team {
    let mode = |routes| if routes { "SUPERVISOR_ROUTER" } else { "SUPERVISOR" };
    deep(mode(top_routes), mode(below_routes))
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(60))]

    /// Stored and read again between every two steps.
    #[test]
    fn every_turn_ends_and_no_call_dangles(
        tape in proptest::collection::vec(any::<u8>(), 0..600),
        nature in proptest::sample::select(&NATURES[..]),
        top_routes in any::<bool>(),
        below_routes in any::<bool>(),
        keep in 0_usize..800,
        remembered in 0_usize..60,
    ) {
        let mut chat = Chat::with(team(top_routes, below_routes));
        chat.budgets.history_tokens = keep;
        chat.budgets.conversation_tokens = remembered;
        chat.budgets.turn_tokens = 1_500;
        hold(&mut chat, &mut Tape::new(tape, nature), 12);
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    /// The same a thousand times, stored now and then, with budgets of any size.
    #[test]
    fn thousands_of_conversations_end_within_their_budgets(
        tape in proptest::collection::vec(any::<u8>(), 0..250),
        nature in proptest::sample::select(&NATURES[..]),
        routes in any::<(bool, bool)>(),
        budgets in (1_u32..8, 0_u32..12, 1_u32..5, 0_u32..3, 0_u32..3, 0_usize..600),
        store_every in 2_u32..60,
    ) {
        let mut chat = Chat::with(team(routes.0, routes.1));
        let (iterations, hops, same_pair, wrong_calls, empty_answers, history_tokens) = budgets;
        chat.budgets = relevo_agents::run::Budgets {
            iterations, hops, same_pair, wrong_calls, empty_answers, history_tokens,
            conversation_tokens: history_tokens / 8,
            ..relevo_agents::run::Budgets::default()
        };
        chat.store_every = store_every;
        hold(&mut chat, &mut Tape::new(tape, nature), 5);
    }
}

/// How many of some conversations end in a panic of the driver when the session is tampered with.
fn noticed(nature: Nature, sabotage: impl Fn() -> Sabotage) -> usize {
    let caught = |seed: u32| {
        let bytes = (0..400_u32).map(|n| (seed * 7_919 + n * n * 31 + n).to_le_bytes()[1]).collect();
        let mut chat = Chat::with(team(false, false));
        (chat.budgets.hops, chat.budgets.iterations) = (3, 4);
        chat.sabotage = Some(sabotage());
        catch_unwind(AssertUnwindSafe(|| hold(&mut chat, &mut Tape::new(bytes, nature), 8))).is_err()
    };
    (0..20).filter(|seed| caught(*seed)).count()
}

fn change(session: &mut Session, change: impl Fn(&mut Message)) {
    for history in session.histories.values_mut() {
        let changed = |message: &Shared<Message>| {
            let mut message = message.clone();
            change(message.make_mut());
            message
        };
        *history = history.iter().map(changed).collect();
    }
}

#[test]
fn a_rule_that_is_broken_is_noticed() {
    let kept = || -> Sabotage { Box::new(|_| {}) };
    let loses_a_result = || -> Sabotage {
        Box::new(|session: &mut Session| {
            change(session, |message| {
                message.content.retain(|content| !matches!(content, Content::ToolResult(_)));
            });
        })
    };
    let speaks_twice = || -> Sabotage {
        Box::new(|session: &mut Session| {
            if let Some(history) = session.histories.values_mut().find(|history| !history.is_empty()) {
                let last = history.last().unwrap().clone();
                history.push(last);
            }
        })
    };
    let says_nothing = || -> Sabotage {
        Box::new(|session: &mut Session| {
            change(session, |message| {
                if message.role == Role::Assistant {
                    message.content.push(Content::Text(" ".into()));
                }
            });
        })
    };
    let forgets_its_budgets = || -> Sabotage {
        Box::new(|session: &mut Session| {
            if let Some(turn) = &mut session.open {
                turn.hops = 0;
                turn.sends.clear();
                for frame in turn.frames.values_mut() {
                    frame.iterations = 0;
                    frame.wrong.clear();
                }
            }
        })
    };
    assert_eq!(noticed(Nature::Any, kept), 0);
    assert_eq!(noticed(Nature::PingPong, kept), 0);
    for sabotage in [&loses_a_result as &dyn Fn() -> Sabotage, &speaks_twice, &says_nothing] {
        let count = noticed(Nature::Any, sabotage);
        assert!(count >= 15, "{count} of 20 were noticed");
    }
    let count = noticed(Nature::PingPong, forgets_its_budgets);
    assert!(count >= 15, "{count} of 20 loops without budgets were noticed");
}
