//! An answer that goes out while a model writes it: nothing is said twice, nothing is lost, what was said is what is stored.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use proptest::prelude::*;
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    model::{
        Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Speech, Usage,
        chain::{Chain, Link},
    },
    run::is_sound,
    runtime::{
        AgentError, AgentEvent, InvocationResult, InvokeAgent, MemoryRuns, Ports, ReturnControl, RunStore as _,
        Runtime, SessionState,
    },
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::{Value, json};

use crate::support::{CountedIds, SetClock, call, calls, definition, result_of, send, text, to, yaml};

const ONE: &str = "Your parcel has left the warehouse this morning.";
const TWO: &str = "It comes tomorrow before noon.";
const BOTH: &str = "Your parcel has left the warehouse this morning.\n\nIt comes tomorrow before noon.";

/// What a model does with one request: what it says while it writes, and what it answers then.
type Play = (Vec<String>, Result<Outcome, ModelError>);

#[derive(Default)]
struct Speaker {
    plays: Mutex<BTreeMap<String, VecDeque<Play>>>,
    asked: Mutex<Vec<ModelRequest>>,
    writing: AtomicBool,
}

impl Speaker {
    /// Says the text letter by letter, and then that it was the answer.
    fn writes(&self, agent: &str, said: &str) -> &Self {
        self.plays(agent, said, Ok(text(said)))
    }

    fn plays(&self, agent: &str, said: &str, then: Result<Outcome, ModelError>) -> &Self {
        let pieces = said.chars().map(String::from).collect();
        self.plays.lock().unwrap().entry(agent.into()).or_default().push_back((pieces, then));
        self
    }

    fn next(&self, request: ModelRequest) -> Play {
        assert!(is_sound(&request.messages), "{:#?}", request.messages);
        let play = self.plays.lock().unwrap().get_mut(&request.agent_name).and_then(VecDeque::pop_front);
        let play = play.unwrap_or_else(|| panic!("nothing to say for {}: {:#?}", request.agent_name, request.messages));
        self.asked.lock().unwrap().push(request);
        play
    }
}

#[async_trait]
impl Model for Speaker {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let (_, then) = self.next(request);
        then.map(|outcome| ModelReply { outcome, usage: Usage::default(), model: None })
    }

    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        let (pieces, then) = self.next(request);
        self.writing.store(true, SeqCst);
        for piece in pieces {
            speech.say(&piece);
            tokio::task::yield_now().await;
        }
        self.writing.store(false, SeqCst);
        then.map(|outcome| ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

struct Found;

#[async_trait]
impl Tools for Found {
    async fn call(&self, _: ToolCall) -> Result<ToolOutput, ToolError> {
        Ok(r#"{"found":true}"#.into())
    }
}

struct World {
    model: Arc<Speaker>,
    runs: Arc<MemoryRuns>,
    ids: Arc<CountedIds>,
    definition: Arc<AgentsDefinition>,
}

/// What came of a request.
#[derive(Debug, Default)]
struct Heard {
    chunks: Vec<String>,
    /// How many of them came while the model was writing.
    early: usize,
    control: Option<ReturnControl>,
    error: Option<AgentError>,
}

impl Heard {
    fn text(&self) -> String {
        self.chunks.concat()
    }
}

impl World {
    fn new(mode: &str) -> Self {
        Self { model: Arc::default(), runs: Arc::default(), ids: Arc::default(), definition: definition(mode) }
    }

    fn runtime(&self) -> Runtime {
        let ports = Ports {
            model: self.model.clone(),
            tools: Arc::new(Found),
            runs: self.runs.clone(),
            clock: Arc::new(SetClock::default()),
            ids: self.ids.clone(),
        };
        Runtime::new(&self.definition, ports)
    }

    /// Asks, and reads at most so many chunks before the process ends.
    async fn hear(&self, request: InvokeAgent, most: usize) -> Heard {
        let mut heard = Heard::default();
        let mut events = self.runtime().invoke(request).await.unwrap();
        while heard.chunks.len() < most
            && let Some(event) = events.next().await
        {
            match event {
                Ok(AgentEvent::Chunk(bytes)) => {
                    heard.chunks.push(String::from_utf8(bytes).unwrap());
                    heard.early += usize::from(self.model.writing.load(SeqCst));
                }
                Ok(AgentEvent::ReturnControl(control)) => heard.control = Some(control),
                Ok(other) => panic!("{other:?}"),
                Err(error) => heard.error = Some(error),
            }
        }
        heard
    }

    async fn all(&self, request: InvokeAgent) -> Heard {
        self.hear(request, usize::MAX).await
    }

    async fn session(&self) -> Value {
        let kept = self.runs.load("contact-1").await.unwrap().unwrap();
        serde_json::from_str::<Value>(&kept.json).unwrap()["session"].clone()
    }

    /// The last lines that the bot has said, as they are remembered.
    async fn remembered(&self) -> Vec<String> {
        let session = self.session().await;
        let lines = session["conversation"].as_array().unwrap().clone();
        let own = lines.iter().rev().take_while(|line| line["role"] == "assistant");
        let mut own: Vec<String> = own.map(|line| line["text"].as_str().unwrap().to_owned()).collect();
        own.reverse();
        own
    }
}

fn saying(words: &str) -> InvokeAgent {
    InvokeAgent {
        session_id: "contact-1".into(),
        input_text: Some(words.into()),
        stream_final_response: true,
        ..InvokeAgent::default()
    }
}

fn named(words: &str) -> InvokeAgent {
    InvokeAgent { turn_id: Some("t1".into()), ..saying(words) }
}

fn answered(control: &ReturnControl, request: InvokeAgent) -> InvokeAgent {
    let session_state = SessionState {
        invocation_id: Some(control.invocation_id.clone()),
        return_control_invocation_results: vec![InvocationResult::FunctionResult(result_of(control, 0, "done"))],
        ..SessionState::default()
    };
    InvokeAgent { input_text: None, session_state, ..request }
}

fn broken() -> Result<Outcome, ModelError> {
    Err(ModelError::Failed("the stream broke off".into()))
}

#[tokio::test]
async fn sentences_go_out_while_the_model_writes_and_paragraphs_of_a_turn_with_a_name() {
    for (request, wanted) in [
        (saying("where"), vec![format!("{ONE}\n\n"), TWO.into()]),
        (named("where"), vec![format!("{ONE}\n\n"), TWO.into()]),
    ] {
        let world = World::new("SUPERVISOR");
        world.model.writes("front", BOTH);
        let heard = world.all(request).await;
        assert_eq!((heard.chunks, heard.early), (wanted, 1));
        assert_eq!(world.remembered().await, [BOTH]);
    }
    let world = World::new("SUPERVISOR");
    let long = format!("{BOTH} You can follow it. We write when it is there.");
    world.model.writes("front", &long);
    let heard = world.all(saying("where")).await;
    assert_eq!((heard.text(), heard.early), (long, 3));
    // Who does not want it gets it whole.
    let world = World::new("SUPERVISOR");
    world.model.writes("front", BOTH);
    let whole = world.all(InvokeAgent { stream_final_response: false, ..saying("where") }).await;
    assert_eq!((whole.chunks, whole.early), (vec![BOTH.to_owned()], 0));
}

#[tokio::test]
async fn a_routers_collaborator_speaks_and_a_supervisors_does_not() {
    let world = World::new("SUPERVISOR_ROUTER");
    world.model.plays("front", "", Ok(to("orders"))).writes("orders", BOTH);
    let heard = world.all(named("where")).await;
    assert_eq!((heard.text().as_str(), heard.early), (BOTH, 1));

    let world = World::new("SUPERVISOR");
    world.model.plays("front", "", Ok(calls(vec![send("orders", "where")]))).writes("orders", BOTH);
    world.model.writes("front", TWO);
    let heard = world.all(named("where")).await;
    assert_eq!((heard.text().as_str(), heard.early), (TWO, 0));
}

#[tokio::test]
async fn what_looks_like_words_beside_a_call_is_held_back() {
    let world = World::new("SUPERVISOR_ROUTER");
    let lookup = call("Orders__getOrderStatus", json!({"order_number": "1", "identity_document_number": "2"}));
    let looking = "I am looking it up. One moment.";
    let both = calls(vec![Content::Text(looking.into()), lookup.clone()]);
    world.model.plays("front", "", Ok(to("orders"))).plays("orders", looking, Ok(both)).writes("orders", BOTH);
    assert_eq!(world.all(saying("where")).await.text(), BOTH);

    // What has gone out all the same was said: the answer goes on behind it.
    for request in [saying("where"), named("where")] {
        let world = World::new("SUPERVISOR_ROUTER");
        let long = format!("{ONE}\n\nAnd now I look up the rest.");
        let both = calls(vec![Content::Text(long.clone()), lookup.clone()]);
        world.model.plays("front", "", Ok(to("orders"))).plays("orders", &long, Ok(both)).writes("orders", TWO);
        let heard = world.all(request).await;
        assert_eq!((heard.text().as_str(), heard.early), (BOTH, 1));
        assert_eq!(world.remembered().await, [BOTH]);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_goes_on_and_is_not_said_twice() {
    for request in [saying("where"), named("where")] {
        let world = World::new("SUPERVISOR");
        world.model.plays("front", &format!("{ONE}\n\nIt co"), broken()).writes("front", TWO);
        let heard = world.all(request).await;
        assert_eq!((heard.text().as_str(), heard.early), (BOTH, 1));
        assert_eq!(world.remembered().await, [BOTH]);
        assert!(world.model.asked.lock().unwrap()[1].goes_on());
    }
    // An answer that is another than what was said of it is as good as broken.
    let world = World::new("SUPERVISOR");
    world.model.plays("front", BOTH, Ok(text("Something else."))).writes("front", TWO);
    assert_eq!(world.all(saying("where")).await.text(), BOTH);

    // Not again and again.
    let world = World::new("SUPERVISOR");
    world.model.plays("front", &format!("{ONE}\n\nIt co"), broken()).plays("front", "", broken());
    let heard = world.all(saying("where")).await;
    assert_eq!((heard.text(), heard.error.is_some()), (format!("{ONE}\n\n"), true));

    // What broke off before anybody read it is a failure like another.
    let world = World::new("SUPERVISOR");
    world.model.plays("front", "It co", broken());
    let heard = world.all(saying("where")).await;
    assert_eq!((heard.text().as_str(), heard.error.is_some()), ("", true));
}

#[tokio::test]
async fn a_process_that_ends_in_mid_answer_is_taken_over_with_the_same_words() {
    let world = World::new("SUPERVISOR");
    world.model.writes("front", BOTH);
    let heard = world.hear(named("where"), 1).await;
    assert_eq!(heard.text(), format!("{ONE}\n\n"));
    assert_eq!(world.session().await["open"]["told"], format!("{ONE}\n\n"), "it was stored before it went out");
    world.model.writing.store(false, SeqCst);
    world.model.writes("front", TWO);
    let heard = world.all(named("where")).await;
    assert_eq!(heard.chunks, [format!("{ONE}\n\n"), TWO.to_owned()]);
    // And once more, when it is complete.
    assert_eq!(world.all(named("where")).await.chunks, [format!("{ONE}\n\n"), TWO.to_owned()]);
    assert_eq!(world.remembered().await, [BOTH]);

    // A turn that is given up was said as far as it was said.
    let world = World::new("SUPERVISOR");
    world.model.writes("front", BOTH);
    world.hear(named("where"), 1).await;
    world.model.writes("front", "At noon.");
    let other = InvokeAgent { turn_id: Some("t2".into()), ..saying("when") };
    assert_eq!(world.all(other).await.text(), "At noon.");
    let session = world.session().await;
    let lines: Vec<&str> =
        session["conversation"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(lines, ["where", ONE, "when", "At noon."]);
}

#[tokio::test]
async fn what_was_said_before_control_is_returned_is_not_said_after_it() {
    let escalate = call("Escalation__escalate", json!({"description": "d"}));
    for request in [saying("help"), named("help")] {
        let world = World::new("SUPERVISOR_ROUTER");
        let both = calls(vec![Content::Text(BOTH.into()), escalate.clone()]);
        world.model.plays("front", "", Ok(to("escalation"))).plays("escalation", BOTH, Ok(both));
        let first = world.all(request.clone()).await;
        assert_eq!(first.text(), format!("{ONE}\n\n"));
        let control = first.control.unwrap();
        if request.turn_id.is_some() {
            // Who has not heard it hears it again.
            let again = world.all(request.clone()).await;
            assert_eq!((again.text(), again.control), (format!("{ONE}\n\n"), Some(control.clone())));
        }
        world.model.writes("escalation", TWO);
        let second = world.all(answered(&control, request.clone())).await;
        assert_eq!(second.text(), TWO);
        if request.turn_id.is_some() {
            assert_eq!(world.all(answered(&control, request)).await.text(), TWO);
        }
        assert_eq!(world.remembered().await, [ONE, TWO]);
    }
}

#[tokio::test]
async fn what_was_said_before_a_question_is_not_said_after_the_reply() {
    // Before one's own question it is its beginning; before another's it stands alone.
    let question = call("user__askuser", json!({"question": "Which order?"}));
    for mode in ["SUPERVISOR_ROUTER", "SUPERVISOR"] {
        let world = World::new(mode);
        if mode == "SUPERVISOR" {
            let both = calls(vec![Content::Text(BOTH.into()), send("orders", "which")]);
            world.model.plays("front", BOTH, Ok(both)).plays("orders", "", Ok(calls(vec![question.clone()])));
        } else {
            let both = calls(vec![Content::Text(BOTH.into()), question.clone()]);
            world.model.plays("front", "", Ok(to("orders"))).plays("orders", BOTH, Ok(both));
        }
        let heard = world.all(saying("where")).await;
        assert_eq!(heard.text(), format!("{ONE}\n\nWhich order?"), "{mode}");
        world.model.plays("front", "", Ok(to("orders"))).writes("orders", TWO);
        if mode == "SUPERVISOR" {
            world.model.plays.lock().unwrap().get_mut("front").unwrap().clear();
            world.model.writes("front", TWO);
        }
        assert_eq!(world.all(saying("the first")).await.text(), TWO, "{mode}");
    }
}

#[tokio::test]
async fn an_answer_that_is_looked_at_goes_out_as_a_whole() {
    for (policy, early) in [
        ("{sensitiveInformationPolicyConfig: {piiEntitiesConfig: [{type: EMAIL, action: ANONYMIZE}]}}", 0),
        ("{contentPolicyConfig: {filtersConfig: [{type: PROMPT_ATTACK, inputStrength: HIGH}]}}", 1),
    ] {
        let yaml = format!("{}\nguardrail: {policy}\n", yaml("SUPERVISOR"));
        let definition: Definition<Value> = Definition::parse(&yaml, "bot.yaml").unwrap();
        let world = World { definition: definition.split().0, ..World::new("SUPERVISOR") };
        world.model.writes("front", BOTH);
        let heard = world.all(saying("where")).await;
        assert_eq!((heard.text().as_str(), heard.early), (BOTH, early), "{policy}");
    }
}

#[tokio::test]
async fn in_a_chain_nobody_begins_anew_what_is_being_read() {
    let request = || ModelRequest {
        agent_name: "a".into(),
        model_id: None,
        system: String::new(),
        messages: Vec::new().into(),
        purpose: Purpose::Orchestrate { tools: Vec::new() },
        language: None,
    };
    for read in [false, true] {
        let (one, two) = (Arc::new(Speaker::default()), Arc::new(Speaker::default()));
        one.plays("a", ONE, broken());
        two.writes("a", TWO);
        let link = |name: &str, model: &Arc<Speaker>| Link::new(name, Arc::clone(model) as Arc<dyn Model>, None);
        let chain = Chain::new(vec![link("one", &one), link("two", &two)]);
        let speech = Speech::default();
        let reader = async {
            speech.more().await;
            if read {
                speech.tell();
            }
        };
        let (reply, ()) = tokio::join!(chain.speak(request(), &speech), reader);
        if read {
            assert!(reply.is_err() && two.asked.lock().unwrap().is_empty());
        } else {
            assert_eq!((reply.unwrap().outcome, speech.text()), (text(TWO), TWO.to_owned()));
        }
    }
}

/// What one request of a model comes to, in the property.
#[derive(Debug, Clone)]
enum Act {
    Answers(String),
    Calls(String),
    Returns(String),
    Breaks(String),
    Dies(String),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let words = "([A-Z][a-zñ ]{0,12}[.?]( |\n|\n\n)){0,8}[a-z]{1,9}";
    let act = (0..5u8, words).prop_map(|(kind, words)| match kind {
        0 => Act::Answers(words),
        1 => Act::Calls(words),
        2 => Act::Returns(words),
        3 => Act::Breaks(words),
        _ => Act::Dies(words),
    });
    proptest::collection::vec(act, 1..6)
}

proptest! {
    /// Whatever the model does and whenever the process dies: what the customer has read is what is remembered.
    #[test]
    fn what_was_said_is_what_is_stored(acts in acts(), named_turn: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let world = World::new("SUPERVISOR_ROUTER");
            world.model.plays("front", "", Ok(to("escalation")));
            let ask = call("Escalation__escalate", json!({"description": "d"}));
            let nothing = call("Escalation__escalat", json!({}));
            for act in &acts {
                match act {
                    Act::Answers(words) => world.model.writes("escalation", words),
                    Act::Calls(words) => {
                        let both = vec![Content::Text(words.clone()), nothing.clone()];
                        world.model.plays("escalation", words, Ok(calls(both)))
                    }
                    Act::Returns(words) => {
                        let both = vec![Content::Text(words.clone()), ask.clone()];
                        world.model.plays("escalation", words, Ok(calls(both)))
                    }
                    Act::Breaks(words) | Act::Dies(words) => world.model.plays("escalation", words, broken()),
                };
            }
            world.model.writes("escalation", "The end.").writes("escalation", "The end.");
            let first = if named_turn { named("help") } else { saying("help") };
            let deaths = AtomicUsize::new(acts.iter().filter(|act| matches!(act, Act::Dies(_))).count());
            let (mut request, mut said) = (first.clone(), String::new());
            let mut turns = 0;
            let end = loop {
                turns += 1;
                prop_assert!(turns < 40, "the turn does not end: {request:?}");
                // Only a turn with a name goes on after a death; it dies at its first word.
                let dies = named_turn && deaths.load(SeqCst) > 0;
                let heard = world.hear(request.clone(), if dies { 1 } else { usize::MAX }).await;
                if dies {
                    deaths.fetch_sub(1, SeqCst);
                    if heard.control.is_none() && heard.error.is_none() {
                        continue;
                    }
                }
                if let Some(control) = heard.control {
                    said.push_str(&heard.chunks.concat());
                    if !said.is_empty() && !said.ends_with('\n') {
                        said.push_str("\n\n");
                    }
                    request = answered(&control, first.clone());
                    continue;
                }
                said.push_str(&heard.chunks.concat());
                break heard.error;
            };
            if end.is_none() {
                let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(squeezed(&world.remembered().await.join("\n\n")), squeezed(&said));
            }
            Ok(())
        })?;
    }
}
