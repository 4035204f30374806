//! A parcel service's team, a scripted model, and a driver that stores the session between every two steps.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use relevo_agents::{
    Log,
    definition::{AgentsDefinition, Definition},
    knowledge::RetrievalError,
    model::{
        Content, Message, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Role, Route, ToolUse, Usage, adapter,
    },
    ports::{Clock, Ids, Random},
    run::{Budgets, ControlError, Failure, Input, Run, Session, Step, Team, TraceKind, Work, is_sound},
    runtime::{FunctionInvocationInput, FunctionResult, InvocationInput, InvocationResult, ReturnControl},
    tools::{ToolCall, ToolError, ToolOutput},
};
use serde_json::{Value, json};

/// The definition, with `SUPERVISOR_ROUTER` replaced where another mode is wanted.
pub fn yaml(mode: &str) -> String {
    TEAM.replace("MODE", mode)
}

pub fn definition(mode: &str) -> Arc<AgentsDefinition> {
    let definition: Definition<Value> = Definition::parse(&yaml(mode), "bot.yaml").unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    definition.split().0
}

pub const TEAM: &str = include_str!("team.yaml");

/// What the model is to do next, by agent.
#[derive(Default)]
pub struct Script(pub BTreeMap<String, VecDeque<Result<Outcome, ModelError>>>);

impl Script {
    pub fn then(&mut self, agent: &str, outcome: Outcome) -> &mut Self {
        self.0.entry(agent.into()).or_default().push_back(Ok(outcome));
        self
    }
    pub fn fails(&mut self, agent: &str, error: ModelError) -> &mut Self {
        self.0.entry(agent.into()).or_default().push_back(Err(error));
        self
    }
    pub fn answer(&mut self, request: &ModelRequest) -> Result<ModelReply, ModelError> {
        let next = self.0.get_mut(&request.agent_name).and_then(VecDeque::pop_front);
        let next =
            next.unwrap_or_else(|| panic!("nothing scripted for {}: {:#?}", request.agent_name, request.messages));
        next.map(|outcome| ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

pub fn text(text: &str) -> Outcome {
    Outcome::Content(vec![Content::Text(text.into())])
}
pub fn call(name: &str, input: Value) -> Content {
    Content::ToolUse(ToolUse { tool_use_id: "same".into(), name: name.into(), input })
}
pub fn calls(calls: Vec<Content>) -> Outcome {
    Outcome::Content(calls)
}
pub fn ask(question: &str) -> Outcome {
    calls(vec![call("user__askuser", json!({"question": question}))])
}
pub fn send(recipient: &str, content: &str) -> Content {
    call("AgentCommunication__sendMessage", json!({"recipient": recipient, "content": content}))
}
pub fn to(agent: &str) -> Outcome {
    Outcome::Route(Route::Agent(agent.into()))
}

#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);
impl Ids for CountedIds {
    fn new_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

#[derive(Debug, Default)]
pub struct SetClock(pub AtomicI64);
impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Repeats a few bytes.
pub struct Bytes(pub Vec<u8>, pub AtomicU64);
impl Random for Bytes {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            let at = self.1.fetch_add(1, Ordering::Relaxed);
            *byte = self.0[usize::try_from(at).unwrap() % self.0.len()];
        }
    }
}

/// Where a turn ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    Done(String),
    Ask(String),
    Control(ReturnControl),
    Failed(Failure),
}

/// Does something to a session that no run would.
pub type Sabotage = Box<dyn FnMut(&mut Session)>;

/// A session that is stored and read between every two steps, or between every so many.
pub struct Chat {
    pub team: Arc<Team>,
    pub budgets: Budgets,
    pub stored: String,
    /// Steps between two storings.
    pub store_every: u32,
    /// The session, when it is newer than what is stored.
    live: Option<Session>,
    steps: u32,
    /// Models that were asked since the customer last said something.
    pub asked: u32,
    /// What is done to the session after each step: to see that it is noticed.
    pub sabotage: Option<Sabotage>,
    pub ids: CountedIds,
    pub requests: Vec<ModelRequest>,
    pub tool_calls: Vec<ToolCall>,
    pub tool_result: Result<ToolOutput, ToolError>,
    pub failures: Vec<String>,
}

type Answers<'a> = &'a mut dyn FnMut(&ModelRequest) -> Result<ModelReply, ModelError>;

impl Chat {
    pub fn new(mode: &str) -> Self {
        Self::with(Team::new(&definition(mode).agent))
    }

    pub fn with(team: Team) -> Self {
        let stored = serde_json::to_string(&Session::new("sub".into())).unwrap();
        Self {
            team: Arc::new(team),
            budgets: Budgets::default(),
            stored,
            store_every: 1,
            live: None,
            steps: 0,
            asked: 0,
            sabotage: None,
            ids: CountedIds::default(),
            requests: Vec::new(),
            tool_calls: Vec::new(),
            tool_result: Ok(r#"{"found":true}"#.into()),
            failures: Vec::new(),
        }
    }

    pub fn session(&self) -> Session {
        self.live.clone().unwrap_or_else(|| serde_json::from_str(&self.stored).unwrap())
    }

    /// Does one thing to the run in what could be a process of its own.
    pub fn with_run<T>(&mut self, act: impl FnOnce(&mut Run, &CountedIds) -> T) -> T {
        let session = self.live.take().unwrap_or_else(|| serde_json::from_str(&self.stored).unwrap());
        let mut run = Run::new(Arc::clone(&self.team), self.budgets, "session".into(), session);
        let outcome = act(&mut run, &self.ids);
        let failed = run.take_traces().into_iter().filter(|event| event.kind == TraceKind::Failure);
        self.failures.extend(failed.map(|event| event.body["failureReason"].as_str().unwrap().to_owned()));
        let mut session = run.into_session();
        if let Some(sabotage) = &mut self.sabotage {
            sabotage(&mut session);
        }
        for (agent, history) in &session.histories {
            assert!(is_sound(history), "{agent}: {history:#?}");
        }
        self.steps += 1;
        if self.steps.is_multiple_of(self.store_every) {
            self.stored = serde_json::to_string(&session).unwrap();
            assert_eq!(self.session(), session, "a session reads as it was written");
        } else {
            self.live = Some(session);
        }
        outcome
    }

    pub fn say(&mut self, text: &str, script: &mut Script) -> End {
        self.say_to(text, &mut |request| script.answer(request))
    }

    pub fn say_to(&mut self, text: &str, model: Answers<'_>) -> End {
        let before = self.session();
        self.asked = 0;
        let input = Input { text: text.into(), ..Input::default() };
        self.with_run(|run, _| run.start(input));
        self.drive(model, &before)
    }

    /// Goes on with a turn that is open.
    pub fn go_on(&mut self, script: &mut Script) -> End {
        let before = self.session();
        self.drive(&mut |request| script.answer(request), &before)
    }

    pub fn result(&mut self, results: &[FunctionResult], script: &mut Script) -> Result<End, ControlError> {
        self.result_to(None, results, &mut |request| script.answer(request))
    }

    pub fn result_to(
        &mut self,
        id: Option<&str>,
        results: &[FunctionResult],
        model: Answers<'_>,
    ) -> Result<End, ControlError> {
        let results: Vec<_> = results.iter().cloned().map(InvocationResult::FunctionResult).collect();
        self.results(id, &results, model)
    }

    /// Results of either kind.
    pub fn results(
        &mut self,
        id: Option<&str>,
        results: &[InvocationResult],
        model: Answers<'_>,
    ) -> Result<End, ControlError> {
        let before = self.session();
        let accepted = self.with_run(|run, _| run.resume(id, results));
        if let Err(ControlError::Mismatch(_)) = accepted {
            assert_eq!(self.session(), before, "a mismatch changes nothing");
        }
        accepted?;
        Ok(self.drive(model, &before))
    }

    /// What a turn may cost. Requests between agents are counted before they are sent; a router's one request is not refused,
    /// so each of them may have as many agents at work as the team is deep. Each is routed once, calls, is empty, ends.
    fn most_asked(&self) -> u32 {
        const DEPTH: u32 = 3;
        let Budgets { iterations, hops, empty_answers, .. } = self.budgets;
        (hops + 1) * DEPTH * (1 + iterations + empty_answers + 2)
    }

    fn drive(&mut self, model: Answers<'_>, before: &Session) -> End {
        for _ in 0..4_000 {
            let step = self.with_run(|run, ids| run.next_step(ids));
            match step {
                Step::Work(work) => {
                    // One at a time, the last first: nothing may depend on the order.
                    self.work(work.last().unwrap().clone(), model);
                    assert!(
                        self.asked <= self.most_asked(),
                        "the budget is overdrawn: {} models were asked",
                        self.asked
                    );
                }
                Step::ReturnControl(control) => {
                    let again = self.with_run(|run, ids| run.next_step(ids));
                    assert_eq!(again, Step::ReturnControl(control.clone()), "asking again changes nothing");
                    assert!((1..=5).contains(&control.invocation_inputs.len()));
                    return End::Control(control);
                }
                Step::Ask(text) => {
                    assert!(!text.trim().is_empty());
                    return End::Ask(text);
                }
                Step::Done(text) => {
                    assert!(!text.trim().is_empty());
                    assert!(self.session().open.is_none());
                    return End::Done(text);
                }
                Step::Failed(failure) => {
                    self.stored = serde_json::to_string(before).unwrap();
                    self.live = None;
                    return End::Failed(failure);
                }
                Step::Idle => panic!("an open turn is idle"),
            }
        }
        panic!("the turn does not end");
    }

    fn work(&mut self, work: Work, model: Answers<'_>) {
        match work {
            Work::Model { frame } => {
                let request = self.with_run(|run, _| run.model_request(frame)).unwrap();
                check(&request);
                let reply = model(&request);
                self.asked += 1;
                self.requests.push(request);
                self.with_run(|run, _| run.feed_model(frame, reply));
            }
            Work::Summary => {
                let request = self.with_run(|run, _| run.summary_request()).unwrap();
                check(&request);
                let reply = model(&request);
                self.requests.push(request);
                self.with_run(|run, _| run.feed_summary(reply));
            }
            Work::Tool { frame, tool_use_id, call } => {
                self.tool_calls.push(*call);
                let result = self.tool_result.clone();
                self.with_run(|run, _| run.feed_tool(frame, &tool_use_id, result));
            }
            Work::Lookup { frame, tool_use_id, retrieval } => {
                let unknown = RetrievalError::Unknown(retrieval.knowledge_base_id);
                self.with_run(|run, _| run.feed_lookup(frame, &tool_use_id, Err(unknown)));
            }
        }
    }

    /// The last request of an agent's own thinking.
    pub fn last_request(&self, agent: &str) -> &ModelRequest {
        self.requests.iter().rev().find(|request| request.agent_name == agent).unwrap()
    }
}

fn check(request: &ModelRequest) {
    assert!(is_sound(&request.messages), "{}: {:#?}", request.agent_name, request.messages);
    let sent = adapter::history(request);
    assert!(is_sound(&sent), "{}: {sent:#?}", request.agent_name);
    assert_eq!(request.messages.last().unwrap().role, Role::User, "{:#?}", request.messages);
    match &request.purpose {
        Purpose::Orchestrate { tools } => assert!(tools.iter().all(|tool| tool.name.len() <= 64)),
        Purpose::Route { candidates, .. } => assert!(!candidates.is_empty()),
        Purpose::Summarize { said, .. } => assert!(!said.is_empty()),
    }
}

/// The n-th input, which is a function.
pub fn function_of(control: &ReturnControl, index: usize) -> &FunctionInvocationInput {
    match &control.invocation_inputs[index] {
        InvocationInput::FunctionInvocationInput(input) => input,
        InvocationInput::ApiInvocationInput(other) => panic!("{other:?}"),
    }
}

/// A result for the n-th input of a return of control.
pub fn result_of(control: &ReturnControl, index: usize, body: &str) -> FunctionResult {
    let input = function_of(control, index);
    FunctionResult {
        action_group: input.action_group.clone(),
        agent_id: Some(input.agent_id.clone()),
        function: Some(input.function.clone()),
        confirmation_state: (input.action_invocation_type != "RESULT").then(|| "CONFIRM".into()),
        response_state: None,
        response_body: BTreeMap::from([("TEXT".into(), json!({"body": body}))]),
    }
}

/// All texts of a role in a request, one after the other.
pub fn texts(messages: &Log<Message>, role: Role) -> Vec<&str> {
    let of_role = messages.iter().filter(|message| message.role == role).flat_map(|message| &message.content);
    of_role.filter_map(|content| if let Content::Text(text) = content { Some(text.as_str()) } else { None }).collect()
}

/// All tool results: text and whether it is an error.
pub fn results(messages: &Log<Message>) -> Vec<(&str, bool)> {
    let contents = messages.iter().flat_map(|message| &message.content);
    contents
        .filter_map(|c| if let Content::ToolResult(r) = c { Some((r.text.as_str(), r.error)) } else { None })
        .collect()
}
