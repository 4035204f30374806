//! What a deployed bot costs a month, by a list of prices with its date and sources (`prices.json`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

const PRICES: &str = include_str!("prices.json");

/// Lambda's pollers of an idle queue: five, each asking every 20 s, for 730 hours.
const IDLE_POLLS: f64 = 5.0 * 3.0 * 60.0 * 730.0;
/// Send, receive and delete of a delivery.
const QUEUE_REQUESTS: f64 = 3.0;
/// Items of a chat's stream a turn: the customer's message, the bot's, a typing event, and part of those at both ends.
const STREAMED: f64 = 4.0;
/// The session's and the run's writes and reads of a turn, in request units (an item of some 2 KB).
const WRITES: f64 = 8.0;
const READS: f64 = 4.0;
/// Bytes of the functions' lines a turn.
const LOG_BYTES: f64 = 2_000.0;
/// Custom metrics of both functions.
const METRICS: f64 = 20.0;
/// How long a start takes, in seconds.
const START_SECONDS: f64 = 1.5;
const MEMORY_GB: f64 = 0.25;
const MILLION: f64 = 1e6;

/// The month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Load {
    /// Customers' messages; each is a turn.
    pub messages_per_month: u32,
    /// Turns of a chat.
    pub turns: u32,
    /// How long a turn takes, in seconds; a function waits while the model thinks.
    pub turn_seconds: f64,
    /// Tokens that a turn sends to the model, over all of its calls.
    pub input_tokens: u32,
    /// Tokens that a turn gets of it.
    pub output_tokens: u32,
    /// A million input tokens in USD; none: the list's.
    pub input_usd: Option<f64>,
    /// A million output tokens in USD; none: the list's.
    pub output_usd: Option<f64>,
    /// A message of Amazon Connect's in USD; none: not counted.
    pub connect_message_usd: Option<f64>,
    /// Whether deliveries wait in a queue (`delivery=queue`).
    pub queue: bool,
}

/// A service's part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The service.
    pub service: &'static str,
    /// What of it, in words.
    pub what: String,
    /// USD a month.
    pub usd: f64,
}

/// The month's costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Costs {
    /// When the prices were looked up.
    pub date: String,
    /// Where they hold.
    pub region: String,
    /// What is to be known of them.
    pub note: String,
    /// What this is for.
    pub load: Load,
    /// By service.
    pub lines: Vec<Line>,
    /// Their sum.
    pub usd: f64,
    /// What is not in it.
    pub without: Vec<String>,
    /// Where each price comes from.
    pub sources: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    date: String,
    region: String,
    note: String,
    prices: BTreeMap<String, Price>,
    without_source: Vec<String>,
}

#[derive(Deserialize)]
struct Price {
    usd: f64,
    source: String,
}

/// Computes a month.
///
/// # Errors
/// The list of prices is broken, or has not a price that is needed.
pub fn costs(load: Load) -> Result<Costs, String> {
    let list: List = serde_json::from_str(PRICES).map_err(|why| format!("the list of prices: {why}"))?;
    let price = |name: &str| list.prices.get(name).map(|it| it.usd).ok_or_else(|| format!("no price of {name}"));
    let turns = f64::from(load.messages_per_month);
    let chats = turns / f64::from(load.turns.max(1));
    // Beside its turns, a chat's end and a person's coming are deliveries.
    let deliveries = turns + 2.0 * chats;
    let seconds = turns * load.turn_seconds + chats * START_SECONDS;
    let published = turns * STREAMED;
    let (input, output) = (turns * f64::from(load.input_tokens), turns * f64::from(load.output_tokens));
    let mut lines = vec![
        Line {
            service: "Bedrock",
            what: format!("{:.1} million tokens in, {:.1} out", input / MILLION, output / MILLION),
            usd: input / MILLION * load.input_usd.map_or_else(|| price("modelMillionInputTokens"), Ok)?
                + output / MILLION * load.output_usd.map_or_else(|| price("modelMillionOutputTokens"), Ok)?,
        },
        Line {
            service: "Lambda",
            what: format!("{:.0} invocations, {seconds:.0} s of {MEMORY_GB} GB, arm64", deliveries + chats),
            usd: (deliveries + chats) / MILLION * price("lambdaMillionRequests")?
                + seconds * MEMORY_GB * price("lambdaGbSecondArm")?,
        },
        Line {
            service: "SNS",
            what: format!("{published:.0} streamed items"),
            usd: published / MILLION * price("snsMillionPublishes")?,
        },
        Line {
            service: "DynamoDB",
            what: format!("{:.0} write and {:.0} read units", turns * WRITES, turns * READS),
            usd: turns / MILLION * (WRITES * price("dynamodbMillionWrites")? + READS * price("dynamodbMillionReads")?),
        },
        Line {
            service: "CloudWatch",
            what: format!("{:.2} GB of logs, {METRICS:.0} metrics, a dashboard", turns * LOG_BYTES / 1e9),
            usd: turns * LOG_BYTES / 1e9 * price("logsGb")? + METRICS * price("metric")? + price("dashboard")?,
        },
    ];
    if load.queue {
        let requests = deliveries * QUEUE_REQUESTS + IDLE_POLLS;
        lines.push(Line {
            service: "SQS",
            what: format!("{requests:.0} requests, {IDLE_POLLS:.0} of them polls of the idle queue"),
            usd: requests / MILLION * price("sqsMillionRequests")?,
        });
    }
    let mut without = list.without_source;
    if let Some(usd) = load.connect_message_usd {
        // The customer's and the bot's.
        lines.push(Line { service: "Connect", what: format!("{:.0} messages", 2.0 * turns), usd: 2.0 * turns * usd });
        without.retain(|what| !what.contains("Connect"));
    }
    Ok(Costs {
        usd: lines.iter().map(|line| line.usd).sum(),
        date: list.date,
        region: list.region,
        note: list.note,
        load,
        lines,
        without,
        sources: list.prices.into_iter().map(|(name, price)| (name, price.source)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Load = Load {
        messages_per_month: 1_000_000,
        turns: 5,
        turn_seconds: 6.0,
        input_tokens: 4_000,
        output_tokens: 300,
        input_usd: None,
        output_usd: None,
        connect_message_usd: None,
        queue: true,
    };

    fn of(costs: &Costs, service: &str) -> f64 {
        costs.lines.iter().find(|line| line.service == service).map_or(f64::NAN, |line| line.usd)
    }

    #[test]
    fn a_month_is_the_sum_of_its_services() {
        let month = costs(LOAD).unwrap();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 0.01, "{a} is not {b}");
        near(of(&month, "Bedrock"), 4_000.0 + 1_500.0);
        // 1.6 million invocations; 6.3 million seconds of a quarter of a GB.
        near(of(&month, "Lambda"), 0.32 + 6_300_000.0 * 0.25 * 0.000_013_333_4);
        near(of(&month, "SNS"), 2.0);
        near(of(&month, "SQS"), (1_400_000.0 * 3.0 + 657_000.0) / 1e6 * 0.4);
        near(month.usd, month.lines.iter().map(|line| line.usd).sum());
        assert!(month.without.iter().any(|it| it.contains("Connect")));
        assert!(month.sources.values().all(|source| source.starts_with("https://")));
    }

    #[test]
    fn what_is_given_goes_before_the_list() {
        let load =
            Load { input_usd: Some(0.0), output_usd: Some(1.0), connect_message_usd: Some(0.01), queue: false, ..LOAD };
        let month = costs(load).unwrap();
        assert!((of(&month, "Bedrock") - 300.0).abs() < 0.01 && (of(&month, "Connect") - 20_000.0).abs() < 0.01);
        assert!(of(&month, "SQS").is_nan() && !month.without.iter().any(|it| it.contains("Connect")));
        let idle = costs(Load { messages_per_month: 0, ..LOAD }).unwrap();
        assert!(idle.usd > 0.0 && idle.usd < 20.0, "{}", idle.usd);
    }
}
