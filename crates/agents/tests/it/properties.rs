//! Whatever models, tools, customers and callers do: no request has a call without its result, and every turn ends.

use proptest::prelude::*;
use relevo_agents::{
    definition::Definition,
    model::{Content, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Route, ToolUse, Usage},
    run::Team,
    runtime::{FunctionResult, ReturnControl},
    tools::ToolError,
};
use serde_json::{Value, json};

use crate::support::{Chat, End, result_of, yaml};

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

/// Decides from a tape of bytes; when it is used up, models come to an end.
struct Tape(Vec<u8>, usize);

impl Tape {
    fn next(&mut self, below: u8) -> u8 {
        self.1 += 1;
        self.0.get(self.1 - 1).map_or(0, |byte| byte % below)
    }

    fn reply(&mut self, request: &ModelRequest) -> Result<ModelReply, ModelError> {
        let outcome = match &request.purpose {
            Purpose::Route { candidates, .. } => match self.next(8) {
                0 => Outcome::Route(Route::KeepPrevious),
                1 => Outcome::Route(Route::Undecidable),
                2 => Outcome::Route(Route::Agent("nobody".into())),
                3 => Outcome::Content(vec![Content::Text("?".into())]),
                4 => return Err(ModelError::Failed("f".into())),
                n => Outcome::Route(Route::Agent(candidates[usize::from(n) % candidates.len()].name.clone())),
            },
            Purpose::Summarize { .. } => match self.next(4) {
                0 => Outcome::Content(vec![]),
                1 => return Err(ModelError::TimedOut),
                _ => Outcome::Content(vec![Content::Text("in short".into())]),
            },
            Purpose::Orchestrate { tools } => match self.next(8) {
                0 => Outcome::Content(vec![Content::Text("done".into())]),
                1 => Outcome::Content(vec![]),
                2 => return Err(ModelError::Throttled("t".into())),
                3 if self.next(4) == 0 => Outcome::Route(Route::Undecidable),
                _ => {
                    let mut content = vec![Content::Text("let me see".into())];
                    for _ in 0..=self.next(4) {
                        let tool = &tools[usize::from(self.next(250)) % tools.len()];
                        content.push(self.call(&tool.name));
                    }
                    Outcome::Content(content)
                }
            },
        };
        Ok(ModelReply {
            outcome,
            usage: Usage { input_tokens: u32::from(self.next(250)), output_tokens: 1 },
            model: None,
        })
    }

    fn call(&mut self, tool: &str) -> Content {
        let recipient = ["orders", "tickets", "escalation", "User", "nobody"][usize::from(self.next(5))];
        let full = json!({
            "order_number": "1", "identity_document_number": "2", "description": "d", "ticket_number": "3",
            "amount": 4, "question": "which?", "recipient": recipient, "content": "c",
        });
        let (name, input) = match self.next(10) {
            0 => (tool, json!({})),
            1 => ("no__such", full),
            2 => (tool, json!(null)),
            _ => (tool, full),
        };
        let id = ["", "same", "other"][usize::from(self.next(3))];
        Content::ToolUse(ToolUse { tool_use_id: id.into(), name: name.into(), input })
    }

    fn results(&mut self, control: &ReturnControl) -> Vec<FunctionResult> {
        let mut results: Vec<_> = (0..control.invocation_inputs.len()).map(|n| result_of(control, n, "")).collect();
        match self.next(8) {
            0 => results[0].response_state = Some("FAILURE".into()),
            1 => results[0].response_state = Some("REPROMPT".into()),
            2 => results[0].confirmation_state = Some("DENY".into()),
            3 => drop(results.pop()),
            4 => results[0].function = Some("other".into()),
            5 => results.reverse(),
            _ => {}
        }
        results
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_turn_ends_and_no_call_dangles(
        tape in proptest::collection::vec(any::<u8>(), 0..600),
        top_routes in any::<bool>(),
        below_routes in any::<bool>(),
        keep in 0_usize..800,
        remembered in 0_usize..60,
    ) {
        let mode = |routes| if routes { "SUPERVISOR_ROUTER" } else { "SUPERVISOR" };
        let mut chat = Chat::with(deep(mode(top_routes), mode(below_routes)));
        chat.budgets.history_tokens = keep;
        chat.budgets.conversation_tokens = remembered;
        chat.budgets.turn_tokens = 1_500;
        let mut tape = Tape(tape, 0);
        let mut control: Option<ReturnControl> = None;
        // The session's own checks are in the driver: every request and every stored history is sound.
        for turn in 0..12 {
            chat.tool_result = match tape.next(4) {
                0 => Err(ToolError::TimedOut),
                1 => Ok(String::new()),
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
}
