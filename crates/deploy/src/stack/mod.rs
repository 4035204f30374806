//! What a template deploys, for running the same on this machine: the flow, what reaches the bot, and its two functions.
//!
//! Any template is read, whoever wrote it: what is looked for is found by what hangs on what. The subscription leads to the
//! function that answers, directly or through a queue; the flow names the one that starts the bot.

mod evaluate;
mod names;
mod place;
mod read;
mod undone;

use std::collections::BTreeMap;

use relevo_agents::definition::Problem;

pub use read::read;

/// What a template deploys.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The contact flow; none: the template has none, and the bot's own is meant.
    pub flow: Option<DeployedFlow>,
    /// How messages reach the bot.
    pub delivery: Delivery,
    /// What the flow calls.
    pub start_bot: DeployedFunction,
    /// What answers the customer.
    pub chat_bot: DeployedFunction,
    /// What the template has and this machine does not do, or does in another way: a line each.
    pub notes: Vec<String>,
}

/// A flow with every reference filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedFlow {
    /// Its resource in the template.
    pub resource: String,
    /// The flow's JSON.
    pub content: String,
    /// `file:line` of its content.
    pub place: String,
}

/// The subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its resource in the template.
    pub resource: String,
    /// SNS's filter policy as JSON; none: everything.
    pub filter: Option<String>,
    /// `file:line` of the filter policy, or of the subscription.
    pub place: String,
    /// Through what.
    pub by: By,
}

/// Through what a message comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The topic invokes the function.
    Topic,
    /// A queue between them. `raw`: its messages are what was published, without SNS's envelope.
    Queue {
        /// `RawMessageDelivery`.
        raw: bool,
    },
}

/// A function's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedFunction {
    /// Its resource in the template.
    pub resource: String,
    /// Its environment, references filled in.
    pub variables: BTreeMap<String, String>,
    /// Variables whose value AWS takes from a secret (`{{resolve:…}}`): not to be known here.
    pub secrets: Vec<String>,
    /// Its time-out; Lambda's default is 3.
    pub timeout_seconds: u32,
    /// Its memory in MB; Lambda's default is 128.
    pub memory_mb: u32,
}

/// Why a template cannot be run here: every problem with its file and line.
pub type Problems = Vec<Problem>;
