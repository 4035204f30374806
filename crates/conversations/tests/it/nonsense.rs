//! Whatever the models say, the customer reads something or comes to a person: the examples' bots over models that talk
//! nonsense, call what there is not, fail, and loop.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use proptest::prelude::*;
use relevo_agents::{
    definition::Definition,
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome as Said, Purpose, Route, ToolUse, Usage},
    tools::{TableTools, Tools},
};
use relevo_bot::Policy;
use relevo_conversations::{MakeTools, OwnAgents, World, file};
use serde_json::{Map, Value, json};

/// Answers from a tape of bytes, and with words when it is used up.
struct Noise(Mutex<std::vec::IntoIter<u8>>);

impl Noise {
    fn next(&self, below: usize) -> usize {
        usize::from(self.0.lock().unwrap().next().unwrap_or(0)) % below
    }

    fn value(&self) -> Value {
        match self.next(7) {
            0 => Value::Null,
            1 => json!(-1),
            2 => json!([1, {"a": null}]),
            3 => json!(""),
            4 => json!("x".repeat(2_000)),
            _ => json!("10020030"),
        }
    }
}

#[async_trait]
impl Model for Noise {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let outcome = match &request.purpose {
            Purpose::Route { candidates, .. } => match self.next(6) {
                0 => Said::Route(Route::Undecidable),
                1 => Said::Route(Route::Agent("nobody".into())),
                2 => Said::Content(vec![Content::Text("{".into())]),
                n => Said::Route(Route::Agent(candidates[n % candidates.len()].name.clone())),
            },
            Purpose::Summarize { .. } => Said::Content(vec![]),
            Purpose::Orchestrate { tools } => match self.next(7) {
                0 => Said::Content(vec![Content::Text("Some words.".into())]),
                1 => Said::Content(vec![Content::Text(" \u{feff}\n".into())]),
                2 => return Err(ModelError::Failed("down".into())),
                3 => Said::Content(Vec::new()),
                _ => {
                    let tool = &tools[self.next(tools.len())];
                    let names =
                        ["order_number", "recipient", "content", "question", "description", "booking_code", "seat"];
                    let input: Map<String, Value> = names.iter().map(|it| ((*it).to_owned(), self.value())).collect();
                    let name = if self.next(6) == 0 { "no__such".to_owned() } else { tool.name.clone() };
                    Said::Content(vec![Content::ToolUse(ToolUse {
                        tool_use_id: "same".into(),
                        name,
                        input: input.into(),
                    })])
                }
            },
        };
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

fn example(name: &str) -> Definition<Policy> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    Definition::load(&folder).unwrap_or_else(|problems| panic!("{problems:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_customer_always_reads_something_or_comes_to_a_person(
        tape in proptest::collection::vec(any::<u8>(), 0..300),
        name in proptest::sample::select(&["envios", "operadora", "vuelos"][..]),
    ) {
        let definition = example(name);
        let (languages, policy) = (definition.languages.clone(), definition.conversation.clone());
        let (definition, _) = definition.split();
        let of_tools = definition.clone();
        let tools: MakeTools =
            Box::new(move |ports| Arc::new(TableTools::new(of_tools.clone(), ports)) as Arc<dyn Tools>);
        let subject = OwnAgents { definition, model: Arc::new(Noise(Mutex::new(tape.into_iter()))), tools, knowledge: Arc::new(relevo_agents::knowledge::NoKnowledge) };
        let held = &file::parse("- name: noise\n  turns: [{customer: hi}]\n", "noise.yaml", &file::Known::default()).unwrap()[0];
        let world = World::new(&policy, &languages, &subject, held, 1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            world.start(&[]).await.unwrap();
            let mut failed_before = false;
            for number in 0..6 {
                let turn = world.say(&format!("message {number}")).await;
                assert!(!turn.answer().trim().is_empty(), "{turn:#?}");
                let failed = turn.failures.iter().any(|failure| failure.starts_with("agent_"));
                if failed && failed_before {
                    assert_eq!(turn.departed.as_ref().map(|it| it.reason.as_str()), Some("agent_failure"), "{turn:#?}");
                }
                if turn.departed.is_some() {
                    return;
                }
                failed_before = failed;
            }
        });
    }
}
