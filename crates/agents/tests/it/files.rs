//! Files that come with the customer's words: who reads them, and what is made of them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use relevo_agents::{
    definition::Definition,
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Purpose, Role, Usage, offline::OfflineModel},
    runtime::{
        AgentErrorKind, AgentEvent, InputFile, InvokeAgent, MemoryRuns, Ports, RunStore as _, Runtime, SessionState,
    },
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::Value;

use crate::support::{CountedIds, SetClock, call, calls, definition, send, text, texts, to, yaml};

/// Keeps what was asked: routes to `orders`, or leaves the words to them; asks `which` for more.
#[derive(Default)]
struct Seen(Mutex<Vec<ModelRequest>>);

#[async_trait]
impl Model for Seen {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let last = request.messages.last().and_then(|message| message.content.last());
        let outcome = match (&request.purpose, request.agent_name.as_str(), last) {
            (Purpose::Route { .. }, ..) => to("orders"),
            (_, "front", Some(Content::Text(_))) => calls(vec![send("orders", "look at it")]),
            (_, _, Some(Content::Text(words))) if words.contains("which") => {
                calls(vec![call("user__askuser", serde_json::json!({"question": "Which?"}))])
            }
            _ => text("Done."),
        };
        self.0.lock().unwrap().push(request);
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

struct Nothing;

#[async_trait]
impl Tools for Nothing {
    async fn call(&self, _: ToolCall) -> Result<ToolOutput, ToolError> {
        Ok("null".into())
    }
}

struct World {
    seen: Arc<Seen>,
    runs: Arc<MemoryRuns>,
    runtime: Runtime,
}

fn world(yaml: &str, model: Option<Arc<dyn Model>>) -> World {
    let definition: Definition<Value> = Definition::parse(yaml, "bot.yaml").unwrap();
    let (seen, runs) = (Arc::new(Seen::default()), Arc::new(MemoryRuns::default()));
    let ports = Ports {
        model: model.unwrap_or_else(|| seen.clone()),
        tools: Arc::new(Nothing),
        runs: runs.clone(),
        clock: Arc::new(SetClock::default()),
        ids: Arc::new(CountedIds::default()),
    };
    let runtime = Runtime::new(&definition.split().0, ports);
    World { seen, runs, runtime }
}

fn file(name: &str, media_type: &str, data: &str) -> InputFile {
    InputFile { name: name.into(), media_type: media_type.into(), data: data.into() }
}

fn sending(words: &str, files: Vec<InputFile>) -> InvokeAgent {
    let session_state = SessionState { files, ..SessionState::default() };
    InvokeAgent { session_id: "s1".into(), input_text: Some(words.into()), session_state, ..InvokeAgent::default() }
}

impl World {
    async fn ask(&self, request: InvokeAgent) -> String {
        let events: Vec<_> = self.runtime.invoke(request).await.unwrap().collect().await;
        let [.., Ok(AgentEvent::Chunk(bytes))] = events.as_slice() else { panic!("{events:?}") };
        String::from_utf8(bytes.clone()).unwrap()
    }

    /// What an agent's model read of the customer, the last time.
    fn read(&self, agent: &str) -> String {
        let seen = self.seen.0.lock().unwrap();
        let last = seen.iter().rev().find(|request| request.agent_name == agent).unwrap();
        texts(&last.messages, Role::User).join(" | ")
    }
}

const FILE: &str = "<file name=\"orders.csv\">\nn;state\n7;lost\n</file>";

fn orders() -> Vec<InputFile> {
    vec![file("orders.csv", "text/csv", "n;state\n7;lost\n")]
}

#[tokio::test]
async fn whoever_gets_the_customers_words_gets_the_files_as_data() {
    let world = world(&yaml("SUPERVISOR_ROUTER"), None);
    world.ask(sending("look", orders())).await;
    for agent in ["front", "orders"] {
        let read = world.read(agent);
        assert!(read.starts_with("look") && read.contains("They are data") && read.contains(FILE), "{read}");
        assert_eq!((read.matches("look").count(), read.matches("<file").count()), (1, 1), "{read}");
    }
    // They stay in the history for the next turn, and are no part of what customer and bot said.
    world.ask(sending("and now?", Vec::new())).await;
    assert!(world.read("orders").contains(FILE));
    let kept = world.runs.load("s1").await.unwrap().unwrap().json;
    let session: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(session["session"]["conversation"][0]["text"], "look");

    // A supervisor tells its collaborators what they need.
    let world = self::world(&yaml("SUPERVISOR"), None);
    world.ask(sending("look", orders())).await;
    assert!(world.read("front").contains(FILE) && !world.read("orders").contains(FILE));
}

#[tokio::test]
async fn a_reply_to_a_question_may_bring_files() {
    let world = world(&yaml("SUPERVISOR_ROUTER"), None);
    assert_eq!(world.ask(sending("which", Vec::new())).await, "Which?");
    world.ask(sending("this", orders())).await;
    let seen = world.seen.0.lock().unwrap();
    let last = seen.last().unwrap();
    let results: Vec<&str> = crate::support::results(&last.messages).into_iter().map(|(text, _)| text).collect();
    assert!(results.last().unwrap().starts_with("this") && results.last().unwrap().contains(FILE), "{results:?}");
}

#[tokio::test]
async fn a_guardrail_looks_into_them_and_the_offline_model_does_not() {
    let guarded =
        "guardrail: {sensitiveInformationPolicyConfig: {piiEntitiesConfig: [{type: EMAIL, action: ANONYMIZE}]}}";
    let world = world(&format!("{}\n{guarded}\n", yaml("SUPERVISOR_ROUTER")), None);
    world.ask(sending("look", vec![file("a.txt", "text/plain", "write to ana@example.com")])).await;
    assert!(world.read("front").contains("write to {EMAIL}"), "{}", world.read("front"));

    let offline = Arc::new(OfflineModel::of_agents(&definition("SUPERVISOR_ROUTER")).unwrap());
    let mut answers = Vec::new();
    for files in [Vec::new(), orders()] {
        let world = self::world(&yaml("SUPERVISOR_ROUTER"), Some(offline.clone()));
        answers.push(world.ask(sending("I want to know about my order", files)).await);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_by_name() {
    let world = world(&yaml("SUPERVISOR"), None);
    let table = [
        (vec![file("a.txt", "text/plain", "x"); 6], "less than or equal to 5"),
        (vec![file("a.txt", "text/plain", &"x".repeat(6_000_000)); 2], "at most 10 MB"),
        (
            vec![file("a.txt", "text/plain", "x"), file("b.pdf", "application/pdf", "x")],
            "'b.pdf' at 'sessionState.files.2'",
        ),
    ];
    for (files, wanted) in table {
        let error = world.runtime.invoke(sending("look", files)).await.err().unwrap();
        assert_eq!(error.kind, AgentErrorKind::Validation);
        assert!(error.message.contains(wanted), "{}", error.message);
    }
    assert!(world.runs.load("s1").await.unwrap().is_none());
}
