//! What a run asks of the centre, and what the centre reports back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::MediaProcessing;

/// What the centre must do now. The run then stands still until the [`FlowInput`] named with each variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FlowStep {
    /// Say this to the customer, as SYSTEM. Answer with `Done`.
    Say {
        /// The text, placeholders filled.
        text: String,
    },
    /// Set contact attributes. Answer with `Done` or `Failed`.
    SetAttributes(BTreeMap<String, String>),
    /// `UpdateContactData`: only the keys given (`LanguageCode`, `Name`, `Description`, `CustomerId`). Answer with `Done` or `Failed`.
    SetContactData(BTreeMap<String, String>),
    /// Set the target queue (id or ARN as written, placeholders filled). Answer with `Done`, or `Failed` when there is no such queue.
    SetTargetQueue {
        /// Id or ARN.
        queue: String,
    },
    /// Set event hooks: hook name to flow id or ARN. Answer with `Done` or `Failed`.
    SetEventHooks(BTreeMap<String, String>),
    /// Call a function. The run waits for `Function`; it remembers that it waits, so the centre calls again after a restart.
    Invoke {
        /// The ARN or name.
        arn: String,
        /// `Details.Parameters`.
        parameters: BTreeMap<String, String>,
        /// 1..8 s.
        time_limit_ms: u64,
    },
    /// Call a function, and let the flow go on: answer with `Done` at once. What the function answers goes to
    /// [`FlowRun::answered_later`](super::FlowRun::answered_later).
    InvokeLater {
        /// The ARN or name.
        arn: String,
        /// `Details.Parameters`.
        parameters: BTreeMap<String, String>,
        /// 1..60 s.
        time_limit_ms: u64,
        /// What tells this invocation from others.
        invocation_id: String,
    },
    /// Say this, where there is something to say, and wait for the customer's next message: `CustomerSaid`, or
    /// `TimerFired` at that time.
    Ask {
        /// The question.
        text: Option<String>,
        /// When the time is out, in ms since the epoch.
        until_ms: i64,
    },
    /// Say this; what the customer answers is known already. Answer with `Done`.
    SayAndTake {
        /// The question.
        text: String,
        /// What the customer said before it was asked.
        words: String,
    },
    /// Give the customer's words to the Lex bot of this alias. Answer with `Function`.
    AskBot {
        /// The alias's ARN, or `name:alias`.
        bot: String,
        /// The event, in the shape that Lex gives to a bot's own function.
        event: Value,
        /// In ms.
        time_limit_ms: u64,
    },
    /// Show the customer a view. Answer with `ViewAnswered`, `TimerFired` at that time, or `Failed` when the chat cannot
    /// show it.
    ShowView {
        /// Id or ARN.
        view: String,
        /// Its version.
        version: Option<String>,
        /// What the view is filled with.
        data: Map<String, Value>,
        /// When the time is out, in ms since the epoch.
        until_ms: i64,
    },
    /// How the contact is routed from now on. Answer with `Done`.
    SetRouting {
        /// The lower, the sooner; 5 where none is set.
        priority: Option<i64>,
        /// So many seconds longer does it seem to wait.
        age_s: Option<i64>,
    },
    /// What participants say goes through this function from now on, or through none. Answer with `Done`.
    SetMessageProcessor(Option<MediaProcessing>),
    /// Set tags. Answer with `Done` or `Failed`.
    SetTags(BTreeMap<String, String>),
    /// Remove tags by their keys. Answer with `Done`.
    RemoveTags(Vec<String>),
    /// Out of the queue that it waits in, into another (id or ARN). Answer with `Done` (the flow is then over),
    /// `QueueAtCapacity` or `Failed`.
    Dequeue {
        /// Id or ARN.
        queue: String,
    },
    /// Go through a module (id or ARN) and come back with `ModuleReturned`, or `Failed` when there is none.
    InvokeModule {
        /// Id or ARN.
        module: String,
        /// What the module finds under `$.Modules.Input`.
        input: BTreeMap<String, String>,
    },
    /// The module is over: back to the flow that called it.
    EndModule {
        /// What the caller's conditions compare with.
        result: Option<String>,
        /// What the caller finds under `$.Modules.ResultData`.
        data: BTreeMap<String, String>,
    },
    /// Nothing to do until `TimerFired` at that time, or one of the events that the block names.
    Wait {
        /// When the time is out, in ms since the epoch.
        until_ms: i64,
    },
    /// Put the contact into its target queue. Answer with `Done` (the flow is then over, with a last `End`, and the
    /// contact waits in the queue), `QueueAtCapacity` or `Failed`.
    TransferToQueue,
    /// Go on in another flow (id or ARN). The centre starts that flow's run in place of this one, or answers `Failed`.
    TransferToFlow {
        /// Id or ARN.
        flow: String,
    },
    /// End the contact.
    Disconnect,
    /// The flow is over without ending the contact (`EndFlowExecution`).
    End,
}

/// What the centre reports back, or what happened meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowInput {
    /// Begin.
    Start,
    /// The step is done.
    Done,
    /// The step could not be done: `NoMatchingError`.
    Failed,
    /// `TransferContactToQueue`: `QueueAtCapacity`.
    QueueAtCapacity,
    /// The function's answer; `Err` takes the error branch.
    Function(Result<Value, String>),
    /// The time of a `Wait` is out. Before [`FlowStep::Wait::until_ms`] by the world's clock it means nothing.
    TimerFired,
    /// The bot left.
    BotDisconnected,
    /// The customer came back: a message that nobody had asked for.
    CustomerReturned,
    /// The customer said something.
    CustomerSaid(String),
    /// The customer did something with a view.
    ViewAnswered {
        /// What was done: the view's own word for it.
        action: String,
        /// What was filled in.
        data: Value,
    },
    /// The module is over.
    ModuleReturned {
        /// What the conditions compare with.
        result: Option<String>,
        /// `$.Modules.ResultData`.
        data: BTreeMap<String, String>,
    },
}
