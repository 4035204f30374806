//! What a script says.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use crate::{api::Attributes, centre::HoursOfOperation};

/// A script.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Script {
    /// What is tried, for who reads it.
    pub name: Option<String>,
    /// When it begins, in ISO 8601.
    pub at: Option<String>,
    /// The customer's name.
    pub display_name: Option<String>,
    /// The attributes that the chat begins with.
    pub attributes: Attributes,
    /// The message that the chat begins with.
    pub initial_message: Option<String>,
    /// What the customer's client can show [default: text and interactive messages].
    pub content_types: Option<Vec<String>>,
    /// The queues that exist [default: those that the flow names].
    pub queues: Option<Vec<String>>,
    /// Who is there, and who waits.
    pub queue: QueueState,
    /// Hours of operation [default: always open].
    pub hours: Vec<HoursOfOperation>,
    /// What is drawn for `DistributeByPercentage`, 1 to 100.
    pub percentage: Option<Percentage>,
    /// Answers of functions, by the end of their ARN, in the order in which they are asked for.
    pub functions: BTreeMap<String, Vec<Answer>>,
    /// Files of further flows, by the names by which the flow calls them. Whoever reads the script reads them.
    pub flows: BTreeMap<String, String>,
    /// What happens.
    pub steps: Vec<Step>,
    /// What must be true at the end.
    pub expect: Expectation,
}

/// The queue's figures.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct QueueState {
    /// Agents who are staffed.
    pub staffed: u32,
    /// Those of them who have a contact.
    pub busy: u32,
    /// Contacts that wait.
    pub waiting: u32,
    /// How long the first of them has waited, in seconds.
    pub oldest_seconds: u32,
    /// It takes no more.
    pub full: bool,
}

/// What a function does when it is called.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Answer {
    /// It answers this.
    pub answer: Option<Value>,
    /// It fails.
    pub error: Option<String>,
    /// It does not answer in time.
    pub timeout: bool,
    /// It is throttled, or fails with a 5xx: it is called again, and the next answer counts.
    pub throttled: bool,
    /// It takes so long: seconds, or with a unit.
    pub after_seconds: Span,
    /// A bot is in the chat when it answers.
    pub bot_joins: bool,
    /// It sets these attributes by the API before it answers.
    pub attributes: Attributes,
}

/// One thing that happens. Exactly one of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Step {
    /// The customer says this.
    pub customer: Option<String>,
    /// The customer does this with a view.
    pub view: Option<ViewAnswer>,
    /// The bot says this.
    pub bot: Option<String>,
    /// The agent says this.
    pub agent: Option<String>,
    /// Somebody comes or goes.
    pub event: Option<Does>,
    /// So much time passes: `90 s`, `5 min`, `1 h`, or seconds.
    pub wait: Option<Span>,
    /// Somebody outside sets these attributes.
    pub attributes: Option<Attributes>,
    /// The queue is so from now on.
    pub queue: Option<QueueState>,
    /// This must be true now.
    pub expect: Option<Expectation>,
}

/// What the customer does with a view.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ViewAnswer {
    /// The view's own word for it.
    pub action: String,
    /// What was filled in.
    #[serde(default)]
    pub data: Value,
}

/// Who comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Does {
    /// The bot joins.
    BotJoins,
    /// The bot leaves.
    BotLeaves,
    /// An agent takes the contact and joins.
    AgentJoins,
    /// The agent leaves.
    AgentLeaves,
    /// The customer ends the chat.
    CustomerLeaves,
}

/// 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub struct Percentage(u8);

impl Percentage {
    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percentage {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        let fits = (1..=100).contains(&number);
        fits.then_some(Self(number)).ok_or_else(|| format!("percentage is {number}: it is one of 1 to 100"))
    }
}

/// A span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// In ms.
    pub ms: i64,
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Value::deserialize(deserializer)?;
        let text = match &written {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        read_span(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("\"{text}\" is no span of time: such as 90 s, 1.5 min, 1 h, or seconds"))
        })
    }
}

fn read_span(text: &str) -> Option<Span> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit_ms = match unit.trim() {
        "ms" => 1.0,
        "" | "s" | "seconds" | "second" => 1000.0,
        "min" | "m" | "minutes" | "minute" => 60_000.0,
        "h" | "hours" | "hour" => 3_600_000.0,
        "d" | "days" | "day" => 86_400_000.0,
        _ => return None,
    };
    let ms = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit_ms / 1000.0).ok()?.as_millis();
    Some(Span { ms: i64::try_from(ms).ok()? })
}

/// What must be true. What is not said is not looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expectation {
    /// The identifiers of all actions, in order.
    pub path: Option<Vec<String>>,
    /// These among them, in this order.
    pub through: Option<Vec<String>>,
    /// None of these among them.
    pub not_through: Option<Vec<String>>,
    /// Everything that the flow said, in order.
    pub said: Option<Vec<String>>,
    /// What the agent alone heard.
    pub whispered: Option<Vec<String>>,
    /// Attributes with these values; an empty text where there must be none.
    pub attributes: Option<Attributes>,
    /// Tags with these values, and no others.
    pub tags: Option<Attributes>,
    /// `FLOW`, `QUEUED`, `ACTIVE` or `ENDED`.
    pub state: Option<String>,
    /// Why it ended, such as `CONTACT_FLOW_DISCONNECT`.
    pub end: Option<String>,
    /// The target queue.
    pub queue: Option<String>,
    /// Its priority there.
    pub priority: Option<i64>,
    /// So many seconds does it seem to have waited longer.
    pub older_seconds: Option<i64>,
    /// The functions that were called, in order.
    pub calls: Option<Vec<String>>,
    /// Answers of functions may be left over.
    pub unused_answers: Option<bool>,
}

impl Step {
    /// It in a word, for a report.
    pub(super) fn told(&self) -> String {
        match self {
            Self { customer: Some(text), .. } => format!("customer: {text}"),
            Self { view: Some(view), .. } => format!("view: {}", view.action),
            Self { bot: Some(text), .. } => format!("bot: {text}"),
            Self { agent: Some(text), .. } => format!("agent: {text}"),
            Self { event: Some(does), .. } => format!("event: {does:?}"),
            Self { wait: Some(span), .. } => format!("wait: {} s", span.ms / 1000),
            Self { attributes: Some(_), .. } => "attributes".into(),
            Self { queue: Some(_), .. } => "queue".into(),
            _ => "expect".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (text, ms) in [
            ("90 s", Some(90_000)),
            ("5min", Some(300_000)),
            ("1 h", Some(3_600_000)),
            ("7", Some(7000)),
            ("7.9", Some(7900)),
            ("1.5 min", Some(90_000)),
            ("1.5.2", None),
            ("9999999999999999999 d", None),
            ("a while", None),
            ("5 parsecs", None),
        ] {
            assert_eq!(read_span(text).map(|span| span.ms), ms, "{text}");
        }
    }
}
