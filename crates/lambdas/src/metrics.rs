//! Metrics in the embedded metric format: JSON lines on standard output, from which `CloudWatch` makes metrics by itself
//! (`CloudWatch` user guide, "Specification: Embedded metric format"). docs/metrics-and-logs.md says what they mean.

use std::io::Write as _;

use serde_json::{Map, Value, json};

use crate::tally::Tally;

/// Every metric has this dimension.
const FUNCTION: &str = "FunctionName";
/// The greatest number of values of one metric in a line.
const MOST_VALUES: usize = 100;

/// Where the metrics go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    namespace: String,
    function: String,
}

/// A metric's name, unit and values.
type Metric = (&'static str, &'static str, Value);

impl Metrics {
    /// None without a namespace.
    pub fn new(namespace: &str, function: &str) -> Option<Self> {
        let namespace = namespace.trim();
        (!namespace.is_empty()).then(|| Self { namespace: namespace.into(), function: function.into() })
    }

    /// Writes what an invocation of `chat-bot` did.
    pub fn turns(&self, tally: &Tally, duration_ms: u64, now_ms: i64) {
        for line in self.turn_lines(tally, duration_ms, now_ms) {
            write(&line);
        }
    }

    /// Writes what an invocation of `start-bot` did.
    pub fn start(&self, started: bool, duration_ms: u64, now_ms: i64) {
        write(&self.start_line(started, duration_ms, now_ms));
    }

    /// One line for all, and one for each reason and kind there was.
    fn turn_lines(&self, tally: &Tally, duration_ms: u64, now_ms: i64) -> Vec<Value> {
        let mut metrics: Vec<Metric> = tally.counts().into_iter().map(|(name, count)| count_of(name, count)).collect();
        for (name, values) in [("TimeToFirstPart", &tally.first_part_ms), ("AgentTime", &tally.agent_ms)] {
            if !values.is_empty() {
                let values = values.get(..MOST_VALUES).unwrap_or(values);
                metrics.push((name, "Milliseconds", json!(values)));
            }
        }
        metrics.push(("Duration", "Milliseconds", json!(duration_ms)));
        let mut lines = vec![self.line(None, metrics, now_ms)];
        for (name, dimension, counts) in
            [("Handoffs", "Reason", &tally.handoffs), ("TurnFailures", "Kind", &tally.turn_failures)]
        {
            lines.extend(
                counts
                    .iter()
                    .map(|(which, count)| self.line(Some((dimension, which)), vec![count_of(name, *count)], now_ms)),
            );
        }
        lines
    }

    fn start_line(&self, started: bool, duration_ms: u64, now_ms: i64) -> Value {
        let (done, failed) = (u64::from(started), u64::from(!started));
        let duration = ("Duration", "Milliseconds", json!(duration_ms));
        self.line(None, vec![count_of("Starts", done), count_of("StartFailures", failed), duration], now_ms)
    }

    /// One line; with a second dimension also under it, so that there is a sum as well as the parts.
    fn line(&self, by: Option<(&str, &str)>, metrics: Vec<Metric>, now_ms: i64) -> Value {
        let declared: Vec<Value> = metrics.iter().map(|(name, unit, _)| json!({"Name": name, "Unit": unit})).collect();
        let mut dimensions = vec![json!([FUNCTION])];
        dimensions.extend(by.map(|(name, _)| json!([FUNCTION, name])));
        let mut line = Map::new();
        line.insert(
            "_aws".into(),
            json!({"Timestamp": now_ms, "CloudWatchMetrics": [
                {"Namespace": self.namespace, "Dimensions": dimensions, "Metrics": declared}]}),
        );
        line.insert(FUNCTION.into(), json!(self.function));
        line.extend(by.map(|(name, value)| (name.to_owned(), json!(value))));
        line.extend(metrics.into_iter().map(|(name, _, values)| (name.to_owned(), values)));
        Value::Object(line)
    }
}

fn count_of(name: &'static str, count: u64) -> Metric {
    (name, "Count", json!(count))
}

/// Metrics are lines on standard output; one that cannot be written is lost.
fn write(line: &Value) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use relevo_bot::{ports::TurnFailure, sessions::CloseReason};

    use super::*;

    const GUIDE: &str = include_str!("../../../docs/metrics-and-logs.md");

    fn lines() -> Vec<Value> {
        let metrics = Metrics::new("Relevo", "chat-bot").unwrap();
        let tally = Tally {
            turns: 2,
            handoffs: [("agent_request", 1)].into(),
            turn_failures: [("agent_timeout", 2)].into(),
            first_part_ms: vec![700, 900],
            agent_ms: vec![600; 120],
            ..Tally::default()
        };
        let mut lines = metrics.turn_lines(&tally, 12, 1_700_000_000_000);
        lines.push(metrics.start_line(true, 40, 1_700_000_000_000));
        lines
    }

    #[test]
    fn every_metric_and_dimension_that_is_declared_has_its_value() {
        for line in lines() {
            let directive = &line["_aws"]["CloudWatchMetrics"][0];
            assert_eq!((&directive["Namespace"], &line["FunctionName"]), (&json!("Relevo"), &json!("chat-bot")));
            assert_eq!(line["_aws"]["Timestamp"], 1_700_000_000_000_i64);
            for metric in directive["Metrics"].as_array().unwrap() {
                let value = &line[metric["Name"].as_str().unwrap()];
                let many = value.as_array().is_some_and(|values| values.len() <= MOST_VALUES);
                assert!(value.is_u64() || many, "{metric}: {value}");
            }
            for name in directive["Dimensions"].as_array().unwrap().iter().flat_map(|set| set.as_array().unwrap()) {
                assert!(line[name.as_str().unwrap()].is_string(), "{name}");
            }
        }
    }

    #[test]
    fn reasons_and_kinds_are_lines_of_their_own() {
        let lines = lines();
        assert_eq!(lines.len(), 4);
        assert_eq!((&lines[1]["Reason"], &lines[1]["Handoffs"]), (&json!("agent_request"), &json!(1)));
        assert_eq!((&lines[2]["Kind"], &lines[2]["TurnFailures"]), (&json!("agent_timeout"), &json!(2)));
        assert_eq!(lines[0]["TimeToFirstPart"], json!([700, 900]));
    }

    /// What the guide lists is what is written, neither more nor less.
    #[test]
    fn the_guide_names_every_metric_reason_and_kind() {
        let written: BTreeSet<String> = lines()
            .iter()
            .flat_map(|line| line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap().clone())
            .map(|metric| metric["Name"].as_str().unwrap().to_owned())
            .collect();
        let listed = |heading: &str| -> BTreeSet<String> {
            let section = GUIDE.split(&format!("## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
            let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
            rows.map(|row| row.split('`').next().unwrap().to_owned()).collect()
        };
        assert_eq!(listed("Metrics"), written);
        assert_eq!(listed("Kinds of failure"), TurnFailure::CODES.map(str::to_owned).into());
        let handoffs = CloseReason::ALL.into_iter().filter(|reason| reason.is_handoff());
        assert_eq!(listed("Reasons of a hand-off"), handoffs.map(|reason| reason.as_str().to_owned()).collect());
    }

    #[test]
    fn without_a_namespace_there_are_none() {
        assert_eq!(Metrics::new(" ", "f"), None);
    }
}
