//! The agent as the bot asks it: one question, a stream of events. The shapes are those of Bedrock's `InvokeAgent`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

/// One call of the agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The agent's session: one a stay of the bot in a contact.
    pub session_id: String,
    /// What is asked, or the results of the functions that control was returned for.
    pub input: Input,
    /// `contactId`, `initialContactId` and `turnId`: the same turn may be asked again after a crash, with the same id.
    pub session_attributes: BTreeMap<String, String>,
    /// `language`, and after a return to the bot `previousHandoff`.
    pub prompt_session_attributes: BTreeMap<String, String>,
    /// The session ends with this question.
    pub end_session: bool,
}

/// The input of a [`Question`].
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The customer's words.
    Text(String),
    /// What the functions answered.
    Results {
        /// From [`AgentEvent::ReturnControl`].
        invocation_id: String,
        /// One for each input, in the same order.
        results: Vec<FunctionResult>,
    },
}

/// What the agent says while it works, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentEvent {
    /// Bytes of the answer; a character may be cut by the border of two chunks.
    Chunk(Vec<u8>),
    /// The agent asks the bot to do something and waits for [`Input::Results`]. The stream ends after it.
    ReturnControl {
        /// Names this request.
        invocation_id: String,
        /// What is to be done, at least one.
        inputs: Vec<FunctionInput>,
    },
    /// What was said so far, in short, for the person who may take over. Takes the place of an earlier one.
    Summary(String),
    /// What the agent does, in Bedrock's trace form (`TracePart`). The bot notes which functions were called; never logged.
    Trace(serde_json::Value),
    /// What parts of the answer stand on, as a list in the shape of `attribution.citations`. A chat shows no sources; who
    /// tests a bot reads them. Never logged.
    Citations(serde_json::Value),
}

/// One function the agent wants done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionInput {
    /// The action group.
    pub action_group: String,
    /// The function; for an API schema `METHOD path`.
    pub function: String,
    /// The agent that asks, when it is not the supervisor: goes back with the result.
    pub agent_id: Option<String>,
    /// The collaborator that asks.
    pub collaborator_name: Option<String>,
    /// Name and value, in the agent's order; for an API schema those of path, query and headers.
    pub parameters: Vec<(String, String)>,
    /// The body, for an operation of an API schema that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<RequestBody>,
    /// Whether the customer must agree first.
    pub confirmation: Confirmation,
}

/// The body of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestBody {
    /// Its media type.
    pub content_type: String,
    /// Name and value of its members, in the agent's order. A list or a structure is JSON.
    pub properties: Vec<(String, String)>,
}

impl FunctionInput {
    /// All it was called with: parameters, then the members of the body.
    pub fn values(&self) -> impl Iterator<Item = &(String, String)> {
        self.parameters.iter().chain(self.body.iter().flat_map(|body| &body.properties))
    }

    /// Method and path, where it is an operation of an API schema.
    pub fn operation(&self) -> Option<(&str, &str)> {
        operation(&self.function)
    }
}

/// Method and path in a function's name: an operation of an API schema is `METHOD /path`, a function's name has no space.
pub fn operation(function: &str) -> Option<(&str, &str)> {
    function.split_once(' ').filter(|(method, path)| !method.is_empty() && path.starts_with('/'))
}

/// Bedrock's `actionInvocationType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Confirmation {
    /// `RESULT`: do it.
    #[default]
    NotNeeded,
    /// `USER_CONFIRMATION`: ask the customer; the agent does it.
    Ask,
    /// `USER_CONFIRMATION_AND_RESULT`: ask the customer, then do it.
    AskAndRun,
}

/// The result of one [`FunctionInput`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionResult {
    /// As asked.
    pub action_group: String,
    /// As asked.
    pub function: String,
    /// As asked.
    pub agent_id: Option<String>,
    /// The `TEXT` body.
    pub body: String,
    /// How it went.
    pub state: ResultState,
    /// The customer's answer, when one was asked for.
    pub confirmation: Option<ConfirmationAnswer>,
}

/// Bedrock's `responseState`, which is absent when all is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResultState {
    /// Done.
    Done,
    /// `FAILURE`: the agent's turn fails.
    Failure,
    /// `REPROMPT`: the model reads the body as an error and finds another way.
    Reprompt,
}

/// Bedrock's `confirmationState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfirmationAnswer {
    /// `CONFIRM`.
    Confirm,
    /// `DENY`.
    Deny,
}

/// Why the agent did not answer. The texts are for the log and hold no customer content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// Too many calls.
    #[error("throttled")]
    Throttled,
    /// The agent refuses the question: wrong set-up, not repeated.
    #[error("refused: {0}")]
    Refused(String),
    /// Anything that may pass.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

/// The agent, or the team behind it.
#[async_trait]
pub trait Agent: Send + Sync {
    /// Asks. The stream ends after the last chunk or after `ReturnControl`; an end without either is a failure for the
    /// bot. Dropping the stream gives the question up.
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError>;

    /// Whether a question that is asked again with the same turn goes on where it was, instead of beginning anew. Then a
    /// turn may be longer than an invocation of a Lambda function.
    fn goes_on(&self) -> bool {
        false
    }

    /// The customer's words as the agent may read them, where that is known: with what is masked, or nothing where they are
    /// blocked. The bot remembers and hands on no more than that. Asks no model.
    fn allowed(&self, words: &str) -> Option<String>;

    /// The conversation of this session is over for good: what is stored of it may go. Must not ask a model; nobody
    /// waits for it longer than a moment, and its failure changes nothing.
    async fn forget(&self, session_id: &str) {
        let _ = session_id;
    }
}
