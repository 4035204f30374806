//! Metrics in the embedded metric format: one JSON line an invocation, from which `CloudWatch` makes metrics by itself.

use std::io::Write as _;

use relevo_bot::{ReceiveError, Received};
use serde_json::{Map, Value, json};

use crate::deliveries::Fate;

/// What an invocation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Turns that were answered or handed off.
    pub turns: u64,
    /// Customers handed over to a person.
    pub handoffs: u64,
    /// Messages handled before.
    pub duplicates: u64,
    /// Messages of sessions that are closed: nothing was done.
    pub closed: u64,
    /// Messages of contacts that are not known.
    pub unknown: u64,
    /// Records that were dropped.
    pub malformed: u64,
    /// Records that come again because somebody is at work.
    pub busy: u64,
    /// Records that come again because a service did not answer, or the time was up.
    pub failures: u64,
}

impl Tally {
    /// Counts a record in.
    pub fn count(&mut self, fate: &Fate) {
        match fate {
            Fate::Done(Received::Answered) => self.turns += 1,
            Fate::Done(Received::HandedOff) => {
                self.turns += 1;
                self.handoffs += 1;
            }
            Fate::Done(Received::Duplicate) => self.duplicates += 1,
            Fate::Done(Received::Closed) => self.closed += 1,
            Fate::Done(Received::Unknown) => self.unknown += 1,
            Fate::Done(
                Received::Waiting | Received::Ended | Received::GoesOn | Received::Superseded | Received::Ignored,
            ) => {}
            Fate::Malformed(_) => self.malformed += 1,
            Fate::Again(ReceiveError::Busy) => self.busy += 1,
            Fate::Again(ReceiveError::Unavailable(_)) | Fate::OutOfTime => self.failures += 1,
        }
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("Turns", self.turns),
            ("Handoffs", self.handoffs),
            ("Duplicates", self.duplicates),
            ("Closed", self.closed),
            ("Unknown", self.unknown),
            ("Malformed", self.malformed),
            ("Busy", self.busy),
            ("Failures", self.failures),
        ]
    }
}

/// Where the metrics go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    namespace: String,
    function: String,
}

impl Metrics {
    /// None without a namespace.
    pub fn new(namespace: &str, function: &str) -> Option<Self> {
        let namespace = namespace.trim();
        (!namespace.is_empty()).then(|| Self { namespace: namespace.into(), function: function.into() })
    }

    /// Writes what an invocation of `chat-bot` did.
    pub fn turns(&self, tally: &Tally, duration_ms: u64, now_ms: i64) {
        write(&self.line(&tally.counts(), duration_ms, now_ms));
    }

    /// Writes what an invocation of `start-bot` did.
    pub fn start(&self, started: bool, duration_ms: u64, now_ms: i64) {
        let counts = [("Starts", u64::from(started)), ("StartFailures", u64::from(!started))];
        write(&self.line(&counts, duration_ms, now_ms));
    }

    fn line(&self, counts: &[(&'static str, u64)], duration_ms: u64, now_ms: i64) -> Value {
        let mut metrics: Vec<Value> = counts.iter().map(|(name, _)| json!({"Name": name, "Unit": "Count"})).collect();
        metrics.push(json!({"Name": "Duration", "Unit": "Milliseconds"}));
        let mut line = Map::new();
        line.insert(
            "_aws".into(),
            json!({"Timestamp": now_ms, "CloudWatchMetrics": [
                {"Namespace": self.namespace, "Dimensions": [["FunctionName"]], "Metrics": metrics}]}),
        );
        line.insert("FunctionName".into(), json!(self.function));
        line.insert("Duration".into(), json!(duration_ms));
        line.extend(counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))));
        Value::Object(line)
    }
}

/// Metrics are lines on standard output; one that cannot be written is lost.
fn write(line: &Value) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_that_is_declared_has_its_value() {
        let metrics = Metrics::new("Relevo", "chat-bot").unwrap();
        let tally = Tally { turns: 2, handoffs: 1, ..Tally::default() };
        let line = metrics.line(&tally.counts(), 12, 1_700_000_000_000);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Relevo");
        assert_eq!(line["_aws"]["Timestamp"], 1_700_000_000_000_i64);
        let declared: Vec<&str> =
            directive["Metrics"].as_array().unwrap().iter().map(|it| it["Name"].as_str().unwrap()).collect();
        assert_eq!(declared.len(), 9);
        for name in declared {
            assert!(line[name].is_u64(), "{name}");
        }
        assert_eq!((&line["Turns"], &line["Handoffs"], &line["Duration"]), (&json!(2), &json!(1), &json!(12)));
        assert_eq!(line[directive["Dimensions"][0][0].as_str().unwrap()], "chat-bot");
    }

    #[test]
    fn without_a_namespace_there_are_none() {
        assert_eq!(Metrics::new(" ", "f"), None);
    }
}
