//! Knowledge bases in a run: the tool, the look-up, citations up to the customer, traces, what is kept, and the definition.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use futures_util::StreamExt;
use relevo_agents::{
    definition::{
        AgentsDefinition, Definition,
        knowledge::{KnowledgeSource, RetrievalConfiguration, VectorSearchConfiguration},
    },
    knowledge::{Citation, Location, Retrieval, RetrievalError, RetrievedReference, Retriever},
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Purpose},
    runtime::{
        AgentEvent, InvokeAgent, KnowledgeBaseConfiguration, MemoryRuns, Ports, RunStore, Runtime, SessionState,
    },
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::{Map, Value, json};

use crate::support::{CountedIds, Script, SetClock, call, calls, results, send, text, to};

const TEAM: &str = "
name: Shop
languages: [en]
knowledgeBases:
  RETURNS: {folder: knowledge/returns, language: en}
  KB12345678: {bedrock: true}
agent:
  agentName: front
  instruction: You are the first line of a shop and friendly to everybody.
  agentCollaboration: MODE
  collaboratorConfigurations:
    - {collaboratorName: help, collaboratorInstruction: Questions about how the shop works}
    - {collaboratorName: orders, collaboratorInstruction: Orders and where they are}
  collaborators:
    - agentName: help
      instruction: You answer questions about the shop from what its documents say.
      knowledgeBases:
        - knowledgeBaseId: RETURNS
          description: How goods are returned
          retrievalConfiguration: {vectorSearchConfiguration: {numberOfResults: 3}}
        - {knowledgeBaseId: KB12345678, description: Warranty}
    - agentName: orders
      instruction: You look up orders and tell the customer about them, nothing else.
      actionGroups:
        - actionGroupName: Orders
          actionGroupExecutor: {customControl: RETURN_CONTROL}
          functionSchema:
            functions: [{name: getOrder, parameters: {id: {type: string, required: true}}}]
conversation: {}
";

fn agents(mode: &str) -> Arc<AgentsDefinition> {
    let definition: Result<Definition<Value>, _> = Definition::parse(&TEAM.replace("MODE", mode), "bot.yaml");
    let problems = |problems: Vec<relevo_agents::definition::Problem>| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    definition.map_err(problems).unwrap().split().0
}

#[derive(Default)]
struct Scripted(Mutex<Script>, Mutex<Vec<ModelRequest>>);

#[async_trait]
impl Model for Scripted {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let reply = self.0.lock().unwrap().answer(&request);
        self.1.lock().unwrap().push(request);
        reply
    }
}

struct NoTools;

#[async_trait]
impl Tools for NoTools {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        Err(ToolError::Unknown { action_group: call.action_group, function: call.function })
    }
}

/// Gives the same for each id, and keeps what it was asked.
#[derive(Default)]
struct Shelf {
    passages: BTreeMap<&'static str, &'static str>,
    asked: Mutex<Vec<Retrieval>>,
}

#[async_trait]
impl Retriever for Shelf {
    async fn retrieve(&self, retrieval: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError> {
        self.asked.lock().unwrap().push(retrieval.clone());
        let text = self.passages.get(retrieval.knowledge_base_id.as_str());
        let text = text.ok_or_else(|| RetrievalError::Failed("the index is gone".into()))?;
        let metadata: Map<String, Value> = [("section".to_owned(), json!("Returns"))].into_iter().collect();
        Ok(vec![RetrievedReference::new(*text, Some(Location::custom("returns.md")), metadata)])
    }
}

const RETURNS: &str = "Goods are taken back within 30 days with the receipt.";

struct World {
    model: Arc<Scripted>,
    shelf: Arc<Shelf>,
    runs: Arc<MemoryRuns>,
    runtime: Runtime,
}

fn world(mode: &str) -> World {
    let (model, runs) = (Arc::new(Scripted::default()), Arc::new(MemoryRuns::default()));
    let shelf = Arc::new(Shelf { passages: [("RETURNS", RETURNS)].into(), ..Shelf::default() });
    let ports = Ports {
        model: model.clone(),
        tools: Arc::new(NoTools),
        runs: runs.clone(),
        clock: Arc::new(SetClock::default()),
        ids: Arc::new(CountedIds::default()),
    };
    let runtime = Runtime::new(&agents(mode), ports).knowing(shelf.clone());
    World { model, shelf, runs, runtime }
}

fn look_up(id: &str, query: &str) -> Content {
    call(&format!("KnowledgeBase__{id}"), json!({ "query": query }))
}

fn saying(text: &str) -> InvokeAgent {
    InvokeAgent {
        session_id: "contact-1".into(),
        input_text: Some(text.into()),
        enable_trace: true,
        ..InvokeAgent::default()
    }
}

impl World {
    fn script(&self, write: impl FnOnce(&mut Script)) {
        write(&mut self.model.0.lock().unwrap());
    }

    async fn events(&self, request: InvokeAgent) -> Vec<AgentEvent> {
        self.runtime.invoke(request).await.unwrap().map(Result::unwrap).collect().await
    }

    /// The answer's text and citations.
    async fn answer(&self, request: InvokeAgent) -> (String, Vec<Citation>) {
        let mut answer = (Vec::new(), Vec::new());
        for event in self.events(request).await {
            match event {
                AgentEvent::Chunk(bytes) => answer.0.extend(bytes),
                AgentEvent::CitedChunk(bytes, citations) => {
                    answer.0.extend(bytes);
                    answer.1.extend(citations);
                }
                AgentEvent::Trace(_) | AgentEvent::Summary(_) => {}
                AgentEvent::ReturnControl(control) => panic!("{control:?}"),
            }
        }
        (String::from_utf8(answer.0).unwrap(), answer.1)
    }

    fn request(&self, agent: &str) -> ModelRequest {
        self.model.1.lock().unwrap().iter().rev().find(|request| request.agent_name == agent).unwrap().clone()
    }
}

/// Each cited text with where its first reference stands.
fn cited(citations: &[Citation]) -> Vec<(&str, &str)> {
    let location = |c: &Citation| c.retrieved_references[0].location.clone();
    assert!(citations.iter().all(|c| location(c) == Some(Location::custom("returns.md"))));
    citations
        .iter()
        .map(|c| (c.generated_response_part.text_response_part.text.as_str(), c.retrieved_references[0].text()))
        .collect()
}

#[tokio::test]
async fn through_a_router_the_answer_keeps_its_citations() {
    let world = world("SUPERVISOR_ROUTER");
    world.script(|script| {
        script.then("front", to("help"));
        script.then("help", calls(vec![look_up("RETURNS", "return goods")]));
        script.then("help", text("Of course! Goods are taken back within 30 days.\n\nAnything else?"));
    });
    let (answer, citations) = world.answer(saying("May I return this?")).await;
    assert_eq!(answer, "Of course! Goods are taken back within 30 days.\n\nAnything else?");
    assert_eq!(cited(&citations), [("Goods are taken back within 30 days.", RETURNS)]);
    let span = citations[0].generated_response_part.text_response_part.span;
    assert_eq!(&answer[span.start..=span.end], "Goods are taken back within 30 days.");
    let asked = world.shelf.asked.lock().unwrap().clone();
    let wanted = Retrieval { knowledge_base_id: "RETURNS".into(), query: "return goods".into(), number_of_results: 3 };
    assert_eq!(asked, [wanted]);
    let told = world.request("help");
    let wanted = json!({"passages": [{"source": "returns.md", "section": "Returns", "text": RETURNS}]}).to_string();
    assert_eq!(results(&told.messages), [(wanted.as_str(), false)], "passages are data, with their source");
}

#[tokio::test]
async fn a_supervisors_own_words_cite_what_a_collaborator_found() {
    let world = world("SUPERVISOR");
    world.script(|script| {
        script.then("front", calls(vec![send("help", "May goods be returned?")]));
        script.then("help", calls(vec![look_up("RETURNS", "return goods")]));
        script.then("help", text(RETURNS));
        script.then("front", text("We take goods back within 30 days. Have a nice day!"));
    });
    let (_, citations) = world.answer(saying("May I return this?")).await;
    assert_eq!(cited(&citations), [("We take goods back within 30 days.", RETURNS)]);
}

#[tokio::test]
async fn a_streamed_answer_cites_in_the_chunk_where_the_part_begins() {
    let world = world("SUPERVISOR_ROUTER");
    world.script(|script| {
        script.then("front", to("help"));
        script.then("help", calls(vec![look_up("RETURNS", "q")]));
        script.then("help", text(&format!("¡Sí! Let me see…\n\n{RETURNS}")));
    });
    let request = InvokeAgent { stream_final_response: true, enable_trace: false, ..saying("May I?") };
    let events = world.events(request).await;
    let [AgentEvent::Chunk(_), AgentEvent::CitedChunk(bytes, citations)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!((bytes.as_slice(), citations.len()), (RETURNS.as_bytes(), 1));
    assert_eq!(
        citations[0].generated_response_part.text_response_part.span.start,
        "¡Sí! Let me see…\n\n".chars().count()
    );
}

#[tokio::test]
async fn look_ups_run_side_by_side_and_one_that_fails_is_an_error_result() {
    let world = world("SUPERVISOR_ROUTER");
    world.script(|script| {
        script.then("front", to("help"));
        script.then("help", calls(vec![look_up("RETURNS", "a"), look_up("KB12345678", "a"), look_up("RETURNS", " ")]));
        script.then("help", text("I found only this: goods are taken back within 30 days."));
    });
    let (_, citations) = world.answer(saying("May I return this?")).await;
    assert_eq!(citations.len(), 1);
    let numbers: Vec<u32> = world.shelf.asked.lock().unwrap().iter().map(|asked| asked.number_of_results).collect();
    assert_eq!(numbers, [3, 5], "what the definition says, and Bedrock's default");
    let request = world.request("help");
    let told = results(&request.messages);
    assert!(!told[0].1 && told[1].1 && told[2].1, "{told:?}");
    assert_eq!(told[1].0, "The knowledge base could not be searched.", "the cause is for the log");
    assert_eq!(told[2].0, "The argument query is missing.");
}

#[tokio::test]
async fn the_sessions_configuration_counts_before_the_definitions() {
    let world = world("SUPERVISOR_ROUTER");
    for _ in 0..2 {
        world.script(|script| {
            script.then("front", to("help"));
            script.then("help", calls(vec![look_up("RETURNS", "q")])).then("help", text("Yes."));
        });
    }
    let vector_search_configuration = VectorSearchConfiguration { number_of_results: Some(9) };
    let retrieval_configuration = RetrievalConfiguration { vector_search_configuration };
    let configuration = KnowledgeBaseConfiguration { knowledge_base_id: "RETURNS".into(), retrieval_configuration };
    let session_state = SessionState { knowledge_base_configurations: vec![configuration], ..SessionState::default() };
    world.answer(InvokeAgent { session_state, ..saying("one") }).await;
    world.answer(saying("two")).await;
    let numbers: Vec<u32> = world.shelf.asked.lock().unwrap().iter().map(|asked| asked.number_of_results).collect();
    assert_eq!(numbers, [9, 3], "for the turn");
}

#[tokio::test]
async fn a_look_up_is_traced_in_bedrocks_shape() {
    let world = world("SUPERVISOR_ROUTER");
    world.script(|script| {
        script.then("front", to("help"));
        script.then("help", calls(vec![look_up("RETURNS", "return goods")])).then("help", text("Yes."));
    });
    let traces: Vec<Value> = world
        .events(saying("May I?"))
        .await
        .into_iter()
        .filter_map(|event| if let AgentEvent::Trace(part) = event { Some(part["trace"].clone()) } else { None })
        .collect();
    let member = |kind: &str, key: &str| {
        let found =
            traces.iter().filter_map(|trace| trace["orchestrationTrace"].get(kind)).find(|it| it.get(key).is_some());
        found.unwrap_or_else(|| panic!("{key}: {traces:#?}")).clone()
    };
    let input = member("invocationInput", "knowledgeBaseLookupInput");
    assert_eq!(input["invocationType"], "KNOWLEDGE_BASE");
    assert_eq!(input["knowledgeBaseLookupInput"], json!({"knowledgeBaseId": "RETURNS", "text": "return goods"}));
    let output = member("observation", "knowledgeBaseLookupOutput");
    assert_eq!(output["type"], "KNOWLEDGE_BASE");
    let references = json!([{"content": {"type": "TEXT", "text": RETURNS}, "metadata": {"section": "Returns"},
        "location": {"type": "CUSTOM", "customDocumentLocation": {"id": "returns.md"}}}]);
    assert_eq!(output["knowledgeBaseLookupOutput"], json!({"retrievedReferences": references}));
    assert!(
        traces.iter().all(|trace| trace.as_object().unwrap().values().all(|body| body.as_object().unwrap().len() == 1))
    );
}

#[tokio::test]
async fn a_turn_that_is_asked_again_cites_again_and_passages_are_not_kept_behind_it() {
    let world = world("SUPERVISOR_ROUTER");
    world.script(|script| {
        script.then("front", to("help"));
        script.then("help", calls(vec![look_up("RETURNS", "q")])).then("help", text("Goods come back within 30 days."));
    });
    let request = InvokeAgent { turn_id: Some("turn-1".into()), ..saying("May I?") };
    let first = world.answer(request.clone()).await;
    assert_eq!(first.1.len(), 1);
    assert_eq!(world.answer(request).await, first);
    let stored: Value = serde_json::from_str(&world.runs.load("contact-1").await.unwrap().unwrap().json).unwrap();
    let history = stored["session"]["histories"]["help"].to_string();
    assert!(!history.contains("receipt") && history.contains("Search again"), "{history}");
}

#[test]
fn a_session_of_an_older_build_still_reads() {
    let frame = json!({"agent": "help", "parent": null, "text": "x", "messages": [], "phase": "Think", "iterations": 0,
        "empties": 0, "wrong": {}, "said": []});
    let turn = json!({"prompt_session_attributes": {}, "frames": {"0": frame}, "next_frame": 1, "hops": 1, "sends": {},
        "passed_on": [], "control": null, "answer": null, "failure": null});
    let session = json!({"version": 1, "turn": 1, "session_attributes": {}, "histories": {}, "conversation": [], "heard": {},
        "routed": {}, "collaborator_session_id": "c", "calls": 0, "ending": false, "open": turn});
    assert!(serde_json::from_value::<relevo_agents::run::Session>(session).is_ok());
}

#[tokio::test]
async fn routing_sees_what_can_be_looked_up() {
    let world = world("SUPERVISOR_ROUTER");
    world.script(|script| {
        script.then("front", to("help")).then("help", text("Yes."));
    });
    world.answer(saying("May I?")).await;
    let request = world.model.1.lock().unwrap()[0].clone();
    assert!(request.system.contains("How goods are returned; Warranty"), "{}", request.system);
    let Purpose::Route { candidates, .. } = request.purpose else { panic!() };
    assert_eq!((candidates[0].knowledge.len(), candidates[1].knowledge.len()), (2, 0));
}

fn problems(text: &str) -> Vec<String> {
    match Definition::<Value>::parse(text, "bot.yaml") {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn what_is_wrong_with_knowledge_bases_is_told_with_its_place() {
    let head = "name: n\nlanguages: [en]\nconversation: {}\nagent:\n  agentName: a\n  instruction: You answer questions about the shop, and nothing else.\n";
    let table = [
        (
            "  knowledgeBases: [{knowledgeBaseId: FAQ, description: d}]\nknowledgeBases: {FAQS: {bedrock: true}}\n",
            "bot.yaml:7:38: unknown knowledge base `FAQ` (did you mean `FAQS`?)",
        ),
        (
            "  knowledgeBases: [{knowledgeBaseId: FAQ, description: d}]\n",
            "bot.yaml:7:38: unknown knowledge base `FAQ` (say at the top level where it is: `knowledgeBases: {FAQ: {folder: knowledge}}`)",
        ),
        (
            "knowledgeBases:\n  a-b: {bedrock: true}\n",
            "bot.yaml:8:3: `a-b` is not a knowledge base id (1 to 10 letters and digits)",
        ),
        (
            "knowledgeBases:\n  A: {folder: ../x}\n",
            "bot.yaml:8:15: folder `../x`: it must be a path below the bot's folder",
        ),
        (
            "knowledgeBases:\n  A: {folder: x, bedrock: true}\n",
            "bot.yaml:8:6: it is either a `folder` or `bedrock: true`",
        ),
        ("knowledgeBases:\n  A: {}\n", "bot.yaml:8:6: it needs a `folder`, or `bedrock: true`"),
        ("knowledgeBases:\n  A: {bedrock: true, language: es}\n", "bot.yaml:8:6: `language` goes with `folder`"),
        (
            "knowledgeBases:\n  A: {folder: x, language: Spanish}\n",
            "bot.yaml:8:28: `Spanish` is not a primary language (a primary language in lower case, such as `es`)",
        ),
        (
            "knowledgeBases:\n  A: {folder: x, embeddingModel: {openai: {model: m, baseUrl: 'http://far.example/v1', apiKeyFrom: KEY}}}\n",
            "bot.yaml:8:63: a key would go out unencrypted: baseUrl must begin with https:// here",
        ),
        (
            "knowledgeBases:\n  A: {folder: x, embeddingModel: {openai: {model: m, dimensions: 1}}}\n",
            "bot.yaml:8:66: dimensions is 1; it must be 8 to 16384",
        ),
        (
            "knowledgeBases:\n  A: {bedrock: true, embeddingModel: {openai: {model: m}}}\n",
            "bot.yaml:8:6: `embeddingModel` goes with `folder`: Bedrock's knowledge bases have their own",
        ),
        ("knowledgeBases:\n  A: {foldr: x}\n", "bot.yaml:8:7: unknown key `foldr` (did you mean `folder`?)"),
        (
            "  knowledgeBases:\n    - {knowledgeBaseId: A, description: d, retrievalConfiguration: {vectorSearchConfiguration: {numberOfResults: 101}}}\nknowledgeBases: {A: {bedrock: true}}\n",
            "bot.yaml:8:114: numberOfResults is 101; it must be 1 to 100",
        ),
        (
            "  knowledgeBases:\n    - {knowledgeBaseId: A, description: ''}\nknowledgeBases: {A: {bedrock: true}}\n",
            "bot.yaml:8:41: description has 0 characters; it must have 1 to 200",
        ),
        (
            "  knowledgeBases:\n    - {knowledgeBaseId: A, description: d}\n    - {knowledgeBaseId: A, description: d}\nknowledgeBases: {A: {bedrock: true}}\n",
            "bot.yaml:9:25: this agent has the knowledge base `A` twice",
        ),
    ];
    for (text, wanted) in table {
        let problems = problems(&format!("{head}{text}"));
        assert!(problems.iter().any(|problem| problem == wanted), "{text}\nwanted {wanted}\nfound {problems:#?}");
    }
}

#[test]
fn folders_are_found_below_the_bots() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("bot.yaml"), TEAM.replace("MODE", "SUPERVISOR_ROUTER")).unwrap();
    let problems = Definition::<Value>::load(dir.path()).unwrap_err();
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    let wanted = "bot.yaml:5:21: folder knowledge/returns: there is no such folder (a folder of .md, .txt, .html, .pdf or .csv files beside bot.yaml)";
    assert_eq!(problem.to_string(), wanted);
    std::fs::create_dir_all(dir.path().join("knowledge/returns")).unwrap();
    let definition = Definition::<Value>::load(dir.path()).unwrap();
    let KnowledgeSource::Folder(folder) = &definition.knowledge_bases["RETURNS"] else { panic!() };
    assert_eq!(
        (folder.path.as_path(), folder.language.as_deref()),
        (dir.path().join("knowledge/returns").as_path(), Some("en"))
    );
    assert_eq!(definition.knowledge_bases["KB12345678"], KnowledgeSource::Bedrock);
}

#[test]
fn a_tool_of_its_own_name_is_a_models_to_call() {
    let team = relevo_agents::run::Team::new(&agents("SUPERVISOR_ROUTER").agent);
    let names: Vec<&str> = team.member("help").unwrap().tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(names, ["KnowledgeBase__RETURNS", "KnowledgeBase__KB12345678"]);
}
