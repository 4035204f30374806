//! Rules as they are written: YAML, or the same as JSON. Every error has its line and its field.

use std::{fmt, time::Duration};

use relevo_connect::item::Role;
use serde::{Deserialize, Serialize};
use serde_saphyr::{Error, Spanned, budget::BudgetBreach};

use super::rule::{Harm, Latency, Rule, Target, When};
use crate::{exceptions, routes};

/// Longest latency and longest hang: a quarter of an hour, in ms. Every client has given up by then.
const LONGEST_MS: u64 = 900_000;
/// How deep a document may lie in itself. It comes over the network too, and what is read level by level takes its caller's
/// stack.
const LEVELS: usize = 8;
/// As much of a line as an error shows, in characters.
const SHOWN: usize = 80;
/// The services in whose place nothing is served here, with the one operation of each that can go wrong.
const WITHIN: [(&str, &str); 2] = [("lambda", "Invoke"), ("sns", "Publish")];

/// What is wrong with rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: u64,
    /// What is wrong, with the field it is in and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    seed: u64,
    rules: Vec<Spanned<RuleText>>,
}

/// A rule as it is written; shown again as it was.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleText {
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency: Option<LatencyText>,
    #[serde(default, skip_serializing_if = "is_false")]
    throttle: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hang: Option<u64>,
    #[serde(default, skip_serializing_if = "is_false")]
    lost: bool,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(untagged, expecting = "latency: so many ms, or from and to: 300 or [100, 500]")]
enum LatencyText {
    Fixed(u64),
    Range([u64; 2]),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(it: &bool) -> bool {
    !it
}

/// The seed and the rules of a text.
pub(super) fn read(text: &str) -> Result<(u64, Vec<(RuleText, Rule)>), Problem> {
    let options = serde_saphyr::options! { budget: serde_saphyr::budget! { max_depth: LEVELS } };
    let document: Document = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        let message = match error.without_snippet() {
            Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
                format!("lists and mappings lie more than {LEVELS} levels deep in each other; a rule needs five")
            }
            error => {
                let said = error.to_string();
                let said = said.lines().next().unwrap_or("not YAML");
                let said = said.rsplit_once(" at line ").map_or(said, |(message, _)| message);
                // Of a number that is none the reader does not say whose it is.
                let there = usize::try_from(line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?));
                let there: String = there.unwrap_or_default().trim().chars().take(SHOWN).collect();
                format!("{said}, in: {there}")
            }
        };
        Problem { line, message }
    })?;
    let rule = |(n, spanned): (usize, Spanned<RuleText>)| {
        let line = spanned.referenced.line();
        let at = |message: String| Problem { line, message: format!("rules[{n}].{message}") };
        let rule = spanned.value.rule().map_err(at)?;
        Ok((spanned.value, rule))
    };
    let rules = document.rules.into_iter().enumerate().map(rule).collect::<Result<_, _>>()?;
    Ok((document.seed, rules))
}

impl RuleText {
    /// The rule; else the field and what is wrong with it.
    fn rule(&self) -> Result<Rule, String> {
        let target = self.target()?;
        let (when, latency, harm) = (self.when()?, self.latency()?, self.harm(&target)?);
        if latency.is_none() && harm.is_none() {
            return Err("throttle: nothing is to happen; say one of latency, throttle, error, hang, lost".into());
        }
        Ok(Rule { target, when, latency, harm })
    }

    fn target(&self) -> Result<Target, String> {
        let asked = |name: &Option<String>| name.as_deref().filter(|name| *name != "*").map(str::to_owned);
        let service = match asked(&self.service) {
            None => None,
            Some(name) => {
                let known = distinct(targets().map(|(service, _)| service));
                let found = known.iter().find(|known| **known == name).copied();
                Some(found.ok_or_else(|| format!("service: there is no {name}; there are {}", known.join(", ")))?)
            }
        };
        let operation = match asked(&self.operation) {
            None => None,
            Some(name) => {
                let offered = targets().filter(|(of, _)| service.is_none_or(|it| it == *of));
                let known = distinct(offered.map(|(_, operation)| operation));
                let found = known.iter().find(|known| **known == name).copied();
                Some(found.ok_or_else(|| format!("operation: there is no {name}; there are {}", known.join(", ")))?)
            }
        };
        Ok(Target { service, operation, role: self.role })
    }

    fn when(&self) -> Result<When, String> {
        let ways = [
            self.share.map(When::Share),
            self.first.map(When::First),
            self.every.map(When::Every),
            self.at.clone().map(When::At),
        ];
        let mut ways = ways.into_iter().flatten();
        match (ways.next(), ways.next()) {
            (_, Some(_)) => Err("share: only one of share, first, every and at may be said".into()),
            (Some(When::Share(share)), _) if !(0.0..=1.0).contains(&share) => {
                Err(format!("share: {share} is no part; it must be from 0 to 1"))
            }
            (Some(When::Every(0)), _) => Err("every: must be at least 1".into()),
            (Some(When::At(calls)), _) if calls.contains(&0) => Err("at: calls are counted from 1".into()),
            (way, None) => Ok(way.unwrap_or(When::Always)),
        }
    }

    fn latency(&self) -> Result<Option<Latency>, String> {
        let range = match self.latency {
            None => return Ok(None),
            Some(LatencyText::Fixed(ms)) => (ms, ms),
            Some(LatencyText::Range([least, most])) => (least, most),
        };
        if range.0 > range.1 || range.1 > LONGEST_MS {
            return Err(format!("latency: must be milliseconds, or [least, most] of them, up to {LONGEST_MS}"));
        }
        Ok(Some(range))
    }

    fn harm(&self, target: &Target) -> Result<Option<Harm>, String> {
        let harms = [
            self.throttle.then_some(Harm::Throttle),
            self.error.clone().map(Harm::Error),
            self.hang.map(|ms| Harm::Hang(Duration::from_millis(ms))),
            self.lost.then_some(Harm::Lost),
        ];
        let mut harms = harms.into_iter().flatten();
        match (harms.next(), harms.next()) {
            (_, Some(_)) => Err("throttle: only one of throttle, error, hang and lost may be said".into()),
            (Some(Harm::Hang(_)), _) if self.hang.is_some_and(|ms| ms == 0 || ms > LONGEST_MS) => {
                Err(format!("hang: must be milliseconds, from 1 to {LONGEST_MS}"))
            }
            (Some(Harm::Error(name)), _) => answered(target, &name).map(|()| Some(Harm::Error(name))),
            (harm, None) => Ok(harm),
        }
    }
}

/// Whether one of the operations that are meant can answer the exception.
fn answered(target: &Target, name: &str) -> Result<(), String> {
    let meant = targets().filter(|(service, operation)| target.names(service, operation));
    let possible: Vec<String> = meant
        .flat_map(|(service, operation)| exceptions::exceptions(service, operation))
        .map(exceptions::Exception::name)
        .collect();
    if possible.iter().any(|possible| possible == name) {
        return Ok(());
    }
    let possible = distinct(possible.iter().map(String::as_str)).join(", ");
    Err(format!("error: {name} is never answered here; the operation can answer {possible}"))
}

/// Every operation that a rule may name, by its service.
fn targets() -> impl Iterator<Item = (&'static str, &'static str)> {
    routes::offered_names().chain(WITHIN)
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_without_end_is_refused_before_it_takes_the_stack() {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let text = format!("rules: [{{latency: {}1{}}}]", open.repeat(50), close.repeat(50));
            let read = move || read(&text).map(drop).map_err(|problem| problem.to_string());
            let stack = std::thread::Builder::new().stack_size(512 * 1024);
            let said = stack.spawn(read).unwrap().join().unwrap().unwrap_err();
            let wanted = "line 1: lists and mappings lie more than 8 levels deep in each other; a rule needs five";
            assert_eq!(said, wanted);
        }
    }

    #[test]
    fn a_rule_is_read_with_all_it_can_say() {
        let text = "seed: 7\nrules:\n  - service: connectparticipant\n    operation: SendMessage\n    role: CUSTOM_BOT\n    \
                    every: 3\n    latency: [100, 900]\n    lost: true\n  - operation: '*'\n    share: 0.25\n    throttle: true\n";
        let (seed, rules) = read(text).unwrap();
        let target =
            Target { service: Some("connectparticipant"), operation: Some("SendMessage"), role: Some(Role::CustomBot) };
        let first = Rule { target, when: When::Every(3), latency: Some((100, 900)), harm: Some(Harm::Lost) };
        let any = Target { service: None, operation: None, role: None };
        let second = Rule { target: any, when: When::Share(0.25), latency: None, harm: Some(Harm::Throttle) };
        assert_eq!((seed, rules.iter().map(|(_, rule)| rule.clone()).collect::<Vec<_>>()), (7, vec![first, second]));
    }

    #[test]
    fn what_is_shown_can_be_read_again() {
        let json = r#"{"seed": 1, "rules": [{"service": "lambda", "first": 2, "latency": 50, "hang": 1000}]}"#;
        let (_, rules) = read(json).unwrap();
        let shown = serde_json::json!({"rules": rules.iter().map(|(text, _)| text).collect::<Vec<_>>()}).to_string();
        assert_eq!(read(&shown).unwrap().1[0].1, rules[0].1, "{shown}");
    }

    #[test]
    fn errors_name_line_field_and_what_is_right() {
        for (rule, line, said) in [
            ("{operation: SendMesage, lost: true}", 3, "operation: there is no SendMesage; there are StartChatContact"),
            ("{service: connekt, lost: true}", 3, "service: there is no connekt; there are connect, "),
            ("{service: connect, operation: SendMessage, lost: true}", 3, "operation: there is no SendMessage"),
            (
                "{operation: SendMessage, error: ConflictException}",
                3,
                "error: ConflictException is never answered here; the operation can answer AccessDeniedException, \
                 ValidationException, InternalServerException, ThrottlingException",
            ),
            ("{error: Throttling}", 3, "error: Throttling is never answered here"),
            ("{lost: true, throttle: true}", 3, "throttle: only one"),
            ("{lost: true, first: 1, every: 2}", 3, "share: only one"),
            ("{lost: true, share: 1.5}", 3, "share: 1.5 is no part"),
            ("{lost: true, every: 0}", 3, "every: must be at least 1"),
            ("{lost: true, at: [0]}", 3, "at: calls are counted from 1"),
            ("{hang: 0}", 3, "hang: must be"),
            ("{latency: [9, 1]}", 3, "latency: must be"),
            ("{operation: SendMessage}", 3, "nothing is to happen"),
            ("{operation: SendMessage, losst: true}", 3, "losst"),
            ("{role: BOT, lost: true}", 3, "BOT"),
            ("{latency: -5}", 3, "latency: so many ms, or from and to"),
            ("{lost: true, every: -1}", 3, "every: -1"),
        ] {
            let problem = read(&format!("seed: 1\nrules:\n  - {rule}\n")).unwrap_err();
            assert_eq!(problem.line, line, "{rule}: {problem}");
            assert!(problem.message.contains(said), "{rule}: {problem}");
        }
        for (text, said) in [("seed: -1\nrules: []", "seed: -1"), ("rules: 3", "rules: 3")] {
            assert!(read(text).unwrap_err().message.contains(said), "{text}");
        }
    }
}
