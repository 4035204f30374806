//! `expect:` of a turn.

use relevo_agents::definition::node::{Node, Scalar, Value};
use relevo_bot::sessions::CloseReason;

use super::fields::{Reader, items, text_of};
use crate::{
    expect::{CallPattern, CitePattern, Expectation, Handoff, Listed, PassagePattern, What},
    matcher::{Check, Matcher},
};

const KEYS: [&str; 8] = ["answer", "agents", "functions", "control", "cites", "handoff", "sessionAttributes", "failed"];
const CHECKS: [&str; 8] = ["is", "contains", "lacks", "matches", "matchesNot", "language", "any", "absent"];
const LISTS: [&str; 3] = ["set", "include", "exclude"];
const NOTHING: &str = "nothing is checked here";

/// The expectations, each with its line.
pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for (name, spot, value) in reader.known(node, &KEYS) {
        let mut expect = |line: u32, what: What| expectations.push(Expectation { line, what });
        match name {
            "answer" => expect(spot.line, What::Answer(matcher(reader, value, true))),
            "agents" => expect(spot.line, What::Agents(listed(reader, value, |item| agent(reader, item)))),
            "functions" => expect(spot.line, What::Functions(listed(reader, value, |item| call(reader, item)))),
            "control" => {
                let functions = items(value).iter().filter_map(|item| function(reader, item)).collect();
                expect(spot.line, What::Control(functions));
            }
            "cites" => expect(spot.line, What::Cites(listed(reader, value, |item| cite(reader, item)))),
            "handoff" => expect(spot.line, What::Handoff(handoff(reader, value))),
            "failed" => {
                if let Some(failed) = reader.bool(value) {
                    expect(spot.line, What::Failed(failed));
                }
            }
            "sessionAttributes" => {
                for (name, spot, value) in reader.entries(value) {
                    expect(spot.line, What::Attribute(name.to_owned(), matcher(reader, value, false)));
                }
            }
            _ => {}
        }
    }
    expectations
}

/// A text to compare with, or a mapping of checks. `prose`: a bare text need only be contained, and several may be given.
pub(super) fn matcher(reader: &Reader<'_>, node: &Node, prose: bool) -> Matcher {
    let bare: fn(String) -> Check = if prose { Check::Contains } else { Check::Is };
    match &node.value {
        Value::Map(_) => {}
        Value::Null if !prose => return Matcher(vec![Check::Absent]),
        Value::List(_) if !prose => return Matcher(reader.text(node).map(bare).into_iter().collect()),
        _ => {
            let texts = reader.filled_texts(node);
            if prose && texts.iter().all(|text| text.trim().is_empty()) {
                reader.problem(node.spot, NOTHING, Some("a text, several, or checks such as `{contains: …}`".into()));
            }
            return Matcher(texts.into_iter().map(bare).collect());
        }
    }
    let mut checks = Vec::new();
    for (name, spot, value) in reader.known(node, &CHECKS) {
        match name {
            "is" => checks.extend(reader.filled(value).map(Check::Is)),
            "contains" => checks.extend(reader.filled_texts(value).into_iter().map(Check::Contains)),
            "lacks" => checks.extend(reader.filled_texts(value).into_iter().map(Check::Lacks)),
            "matches" => checks.extend(items(value).iter().filter_map(|it| reader.regex(it)).map(Check::Matches)),
            "matchesNot" => checks.extend(items(value).iter().filter_map(|it| reader.regex(it)).map(Check::MatchesNot)),
            "language" => checks.extend(reader.text(value).map(Check::Language)),
            "any" | "absent" => match (reader.bool(value), name) {
                (Some(true), "any") => checks.push(Check::Any),
                (Some(true), _) => checks.push(Check::Absent),
                (Some(false), _) => {
                    let other = if name == "any" { "absent" } else { "any" };
                    reader.problem(spot, format!("`{name}: false` says nothing"), Some(format!("use `{other}: true`")));
                }
                (None, _) => {}
            },
            _ => {}
        }
    }
    if checks.is_empty() {
        reader.problem(node.spot, NOTHING, None);
    }
    Matcher(checks)
}

/// A list (exactly these, in order), or `{set: […]}`, `{include: […]}`, `{exclude: […]}`.
fn listed<T>(reader: &Reader<'_>, node: &Node, read: impl Fn(&Node) -> Option<T>) -> Listed<T> {
    let all = |node: &Node| items(node).iter().filter_map(&read).collect::<Vec<T>>();
    let mode = LISTS.iter().find_map(|name| node.get(name).map(|(_, value)| (*name, value)));
    match mode {
        Some((name, value)) => {
            if reader.known(node, &LISTS).len() > 1 {
                reader.problem(node.spot, "only one of `set`, `include` and `exclude` can stand here", None);
            }
            if name != "set" && items(value).is_empty() {
                reader.problem(value.spot, NOTHING, Some("`[]` in place of the mapping is: none at all".into()));
            }
            match name {
                "set" => Listed::Set(all(value)),
                "include" => Listed::Include(all(value)),
                _ => Listed::Exclude(all(value)),
            }
        }
        None => Listed::Exactly(all(node)),
    }
}

/// A collaborator's name.
fn agent(reader: &Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.text(node)?;
    reader.agent(node.spot, &name);
    Some(name)
}

/// A function's name.
fn function(reader: &Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.text(node)?;
    reader.function(node.spot, &name);
    Some(name)
}

/// A function's name, or a mapping with what is known of the call.
fn call(reader: &Reader<'_>, node: &Node) -> Option<CallPattern> {
    let line = node.spot.line;
    if let Some(name) = text_of(node) {
        reader.function(node.spot, &name);
        return Some(CallPattern { line, name, agent: None, arguments: Vec::new(), result: Vec::new() });
    }
    let (mut name, mut agent, mut arguments, mut result) = (None, None, Vec::new(), Vec::new());
    for (key, _, value) in reader.known(node, &["name", "agent", "arguments", "result"]) {
        match key {
            "name" => name = function(reader, value),
            "agent" => agent = self::agent(reader, value),
            "arguments" => {
                let of = node.get("name").and_then(|(_, name)| text_of(name)).unwrap_or_default();
                for (key, spot, value) in reader.entries(value) {
                    reader.parameter(spot, &of, key);
                    arguments.push((key.to_owned(), matcher(reader, value, false)));
                }
            }
            "result" => match &value.value {
                Value::Map(_) => {
                    for (key, _, value) in reader.entries(value) {
                        result.push((Some(key.to_owned()), matcher(reader, value, false)));
                    }
                }
                _ => result.push((None, matcher(reader, value, value.value != Value::Null))),
            },
            _ => {}
        }
    }
    if name.is_none() {
        reader.problem(node.spot, "a call needs the function's `name`", None);
    }
    Some(CallPattern { line, name: name?, agent, arguments, result })
}

/// A document, or a mapping with what is known of a passage of it.
fn cite(reader: &Reader<'_>, node: &Node) -> Option<CitePattern> {
    let line = node.spot.line;
    if let Some(document) = text_of(node) {
        return Some(CitePattern { line, document, passage: PassagePattern::default() });
    }
    let (mut document, mut passage) = (None, PassagePattern::default());
    for (key, _, value) in reader.known(node, &["document", "passage", "answer", "metadata"]) {
        match key {
            "document" => document = reader.text(value),
            "passage" => passage.text = matcher(reader, value, true),
            "answer" => passage.answer = matcher(reader, value, true),
            _ => {
                for (key, _, value) in reader.entries(value) {
                    passage.metadata.push((key.to_owned(), matcher(reader, value, false)));
                }
            }
        }
    }
    if document.is_none() {
        reader.problem(node.spot, "a citation needs its `document`", None);
    }
    Some(CitePattern { line, document: document?, passage })
}

/// `false`, `true`, a reason, or a mapping.
fn handoff(reader: &Reader<'_>, node: &Node) -> Handoff {
    let (mut reason, mut attributes) = (None, Vec::new());
    match &node.value {
        Value::Scalar { scalar: Scalar::Bool(false), .. } => return Handoff::No,
        Value::Scalar { scalar: Scalar::Bool(true), .. } => {}
        Value::Map(_) => {
            for (key, _, value) in reader.known(node, &["reason", "attributes"]) {
                match key {
                    "reason" => reason = known_reason(reader, value),
                    "attributes" => {
                        for (key, _, value) in reader.entries(value) {
                            attributes.push((key.to_owned(), matcher(reader, value, false)));
                        }
                    }
                    _ => {}
                }
            }
        }
        _ => reason = known_reason(reader, node),
    }
    Handoff::Yes { reason, attributes }
}

fn known_reason(reader: &Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    let known: Vec<&str> = CloseReason::ALL.into_iter().map(CloseReason::as_str).collect();
    if !known.contains(&text.as_str()) {
        let hint = format!("one of {}", known.join(", "));
        reader.problem(node.spot, format!("there is no reason `{text}`"), Some(hint));
    }
    Some(text)
}
