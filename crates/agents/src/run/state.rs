//! The state of a session: one plain value that can be stored between any two steps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Log,
    knowledge::{Citation, RetrievedReference},
    model::{Message, Role, ToolResult},
    runtime::InvocationInput,
};

/// The version of this shape. A stored value of another version is not read.
pub const VERSION: u32 = 1;

/// A session: what is known between turns, and the open turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// [`VERSION`].
    pub version: u32,
    /// Counts the customer's inputs.
    pub turn: u64,
    /// Last for the session.
    pub session_attributes: BTreeMap<String, String>,
    /// Each agent's own history, by name: sound at any time.
    pub histories: BTreeMap<String, Log<Message>>,
    /// What customer and bot said to each other.
    pub conversation: Log<Line>,
    /// What they said before that, in a model's words.
    #[serde(default)]
    pub summary: Option<String>,
    /// How much of the conversation each agent that it is relayed to has heard.
    pub heard: BTreeMap<String, usize>,
    /// Whom each router chose last.
    pub routed: BTreeMap<String, String>,
    /// The collaborators' own session id.
    pub collaborator_session_id: String,
    /// For the ids of tool calls.
    pub calls: u64,
    /// The session ends with the open turn.
    pub ending: bool,
    /// The turn that is not done.
    pub open: Option<Turn>,
}

impl Session {
    /// A new session. `collaborator_session_id` is a fresh UUID.
    pub fn new(collaborator_session_id: String) -> Self {
        Self {
            version: VERSION,
            turn: 0,
            session_attributes: BTreeMap::new(),
            histories: BTreeMap::new(),
            conversation: Log::default(),
            summary: None,
            heard: BTreeMap::new(),
            routed: BTreeMap::new(),
            collaborator_session_id,
            calls: 0,
            ending: false,
            open: None,
        }
    }
}

/// Something said between customer and bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who.
    pub role: Role,
    /// What.
    pub text: String,
}

/// A turn: a tree of frames, by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Last for the turn.
    pub prompt_session_attributes: BTreeMap<String, String>,
    /// How much of the past the supervisor at the top is told.
    #[serde(default)]
    pub prompt_creation: PromptCreation,
    /// The agents at work.
    pub frames: BTreeMap<u32, Frame>,
    /// The id of the next frame.
    pub next_frame: u32,
    /// Frames started since the customer last said something.
    pub hops: u32,
    /// Messages since then, by sender and recipient.
    pub sends: BTreeMap<String, u32>,
    /// Collaborators whose answer goes to the customer unchanged: they need not be told it again.
    pub passed_on: Vec<String>,
    /// Control was returned.
    pub control: Option<Control>,
    /// When the customer said it, or the results of a return of control came, in milliseconds since 1970.
    #[serde(default)]
    pub began_ms: Option<i64>,
    /// Tokens of all models since then.
    #[serde(default)]
    pub tokens: u64,
    /// A summary that is due.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// What has gone out of the answer while it is written: its beginning.
    #[serde(default)]
    pub told: String,
    /// The supervisor's answer.
    pub answer: Option<String>,
    /// What the answer stands on.
    #[serde(default)]
    pub citations: Vec<Citation>,
    /// How many passages the caller wants, by knowledge base.
    #[serde(default)]
    pub numbers_of_results: BTreeMap<String, u32>,
    /// The supervisor failed.
    pub failure: Option<Failure>,
}

/// How much of the past the model of the supervisor at the top is told (`promptCreationConfigurations`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptCreation {
    /// `previousConversationTurnsToInclude`: the customer's last so many messages and what followed from them; none: all
    /// that is kept.
    pub previous_turns: Option<u32>,
    /// `excludePreviousThinkingSteps`: without the calls of tools and their results.
    pub spoken_only: bool,
}

/// The first lines of the conversation that a summary is to take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// How many.
    pub lines: usize,
}

/// Why the supervisor at the top failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// Too many requests to the model.
    Throttled(String),
    /// The model did not answer in time.
    TimedOut,
    /// The model failed.
    Model(String),
    /// A function says that the turn must not go on.
    Dependency(String),
    /// A budget is used up, or the model does not do what can be done with.
    Stuck(String),
}

/// An agent at work on one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Its name.
    pub agent: String,
    /// Whom it answers; nobody: the customer.
    pub parent: Option<Parent>,
    /// What it was asked.
    pub text: String,
    /// What came since it was asked. Sound together with the agent's history, but for the calls of [`Phase::Calls`].
    pub messages: Log<Message>,
    /// What it does.
    pub phase: Phase,
    /// Answers of the model.
    pub iterations: u32,
    /// Empty answers of the model.
    pub empties: u32,
    /// Wrong calls, by tool name.
    pub wrong: BTreeMap<String, u32>,
    /// Said to the customer beside other calls.
    pub said: Vec<String>,
    /// What was looked up, here and by who answered this agent.
    #[serde(default)]
    pub found: Vec<RetrievedReference>,
}

/// Whom a frame answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The frame.
    pub frame: u32,
    /// The call that waits for the answer; none: a router, which passes it on unchanged.
    pub call: Option<String>,
}

/// What a frame does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// The model is to say whom the text is for. `resume`: a collaborator asked, and the text may be the reply.
    Route {
        /// The frame of the collaborator that asked.
        resume: Option<u32>,
    },
    /// The model is to answer.
    Think,
    /// Waits for the collaborator the text went to.
    Routed {
        /// Its frame.
        child: u32,
    },
    /// Waits for the results of its calls.
    Calls(Vec<Call>),
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// `toolUseId`.
    pub id: String,
    /// Of what.
    pub what: What,
    /// How far it is.
    pub state: CallState,
}

/// What is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// A function.
    Function {
        /// The tool's name.
        tool: String,
        /// Name, declared type, value, in the model's order.
        arguments: Vec<(String, String, String)>,
    },
    /// A knowledge base.
    Lookup {
        /// Its id.
        knowledge_base_id: String,
        /// What is looked for.
        query: String,
    },
    /// The customer is asked.
    Ask {
        /// The question.
        question: String,
    },
    /// A collaborator is asked.
    Send {
        /// The collaborator.
        recipient: String,
    },
    /// Nothing that could be done.
    Nothing,
}

/// How far a call is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CallState {
    /// To be executed by a tool.
    Due,
    /// To be executed by the caller.
    Control,
    /// To be confirmed by the customer, then executed by a tool.
    Confirm,
    /// Waits for the customer.
    User,
    /// Waits for a collaborator's frame.
    Child(u32),
    /// Done.
    Done(ToolResult),
}

/// Control that was returned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// `invocationId`.
    pub invocation_id: String,
    /// The inputs and whose they are.
    pub inputs: Vec<ControlInput>,
}

/// One input of a return of control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ControlInput {
    /// The frame that calls.
    pub frame: u32,
    /// The call.
    pub call: String,
    /// As it went out.
    pub input: InvocationInput,
}
