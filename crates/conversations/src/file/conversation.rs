//! `conversations/*.yaml`: a list of conversations, or a mapping with what they share and the list.

use relevo_agents::definition::{
    Spot,
    node::{Node, Value},
};

use super::{
    Conversation, Said, Stub,
    expectations::{self, matcher},
    fields::{Reader, items, json},
};
use crate::expect::{Expectation, Handoff, What};

const SHARED: [&str; 3] = ["language", "attributes", "functions"];
const OWN: [&str; 6] = ["name", "language", "attributes", "functions", "greeting", "turns"];

/// What a file's conversations share.
#[derive(Default)]
struct Setting {
    attributes: Vec<(String, String)>,
    functions: Vec<(String, Vec<Stub>)>,
}

pub(super) fn read_all(reader: &Reader<'_>, root: &Node) -> Vec<Conversation> {
    let (list, setting) = match &root.value {
        Value::Map(_) => {
            let known: Vec<&str> = SHARED.into_iter().chain(["conversations"]).collect();
            reader.known(root, &known);
            let setting = setting(reader, root, Setting::default());
            let Some(list) = reader.needed(root, "conversations", "the key `conversations` is missing") else {
                return Vec::new();
            };
            (list, setting)
        }
        _ => (root, Setting::default()),
    };
    let Value::List(items) = &list.value else {
        let hint = Some("a conversation is `- name: …` with `turns:`".to_owned());
        reader.problem(list.spot, "expected a list of conversations", hint);
        return Vec::new();
    };
    items.iter().filter_map(|item| conversation(reader, item, &setting)).collect()
}

fn setting(reader: &Reader<'_>, node: &Node, mut setting: Setting) -> Setting {
    let mut set = |name: &str, value: String| {
        setting.attributes.retain(|(known, _)| known != name);
        setting.attributes.push((name.to_owned(), value));
    };
    if let Some((_, value)) = node.get("language")
        && let Some(language) = reader.text(value)
    {
        reader.language(value.spot, &language);
        set("language", language);
    }
    if let Some((_, attributes)) = node.get("attributes") {
        for (name, _, value) in reader.entries(attributes) {
            if let Some(value) = reader.text(value) {
                set(name, value);
            }
        }
    }
    if let Some((_, functions)) = node.get("functions") {
        for (name, spot, value) in reader.entries(functions) {
            reader.function(spot, name);
            let stubs: Vec<Stub> = items(value).iter().filter_map(|item| stub(reader, item)).collect();
            setting.functions.retain(|(known, _)| known != name);
            setting.functions.push((name.to_owned(), stubs));
        }
    }
    setting
}

fn stub(reader: &Reader<'_>, node: &Node) -> Option<Stub> {
    match (node.get("returns"), node.get("fails")) {
        (Some((_, value)), None) => {
            reader.known(node, &["returns"]);
            Some(Stub::Returns(json(value)))
        }
        (None, Some((_, why))) => {
            reader.known(node, &["fails"]);
            reader.text(why).map(Stub::Fails)
        }
        _ => {
            let hint =
                Some("`{returns: {…}}` or `{fails: why}`, or a list of these for one call after the other".into());
            reader.problem(node.spot, "expected what the function answers", hint);
            None
        }
    }
}

fn conversation(reader: &Reader<'_>, node: &Node, shared: &Setting) -> Option<Conversation> {
    let entries = reader.known(node, &OWN);
    if entries.is_empty() {
        return None;
    }
    reader.begin();
    let shared = Setting { attributes: shared.attributes.clone(), functions: shared.functions.clone() };
    let Setting { attributes, functions } = setting(reader, node, shared);
    let name = reader.text(reader.needed(node, "name", "a conversation needs a `name`")?)?;
    let greeting = node.get("greeting").map(|(key, value)| (key.spot.line, matcher(reader, value, true)));
    let turns = reader.needed(node, "turns", &format!("the conversation “{name}” has no `turns`"));
    if let Some(Node { spot, value: Value::List(list), .. }) = turns
        && list.is_empty()
        && greeting.is_none()
    {
        let hint = Some("a turn is `- customer: …` with `expect:`".to_owned());
        reader.problem(*spot, format!("the conversation “{name}” has no turns: nothing is tested"), hint);
    }
    let turns = turns.map(items).unwrap_or_default().iter().filter_map(|item| turn(reader, item)).collect();
    let (file, line) = (reader.file.to_owned(), node.spot.line);
    Some(Conversation {
        file,
        line,
        name,
        attributes,
        functions,
        greeting,
        turns,
        unchecked: Vec::new(),
        unjudged: false,
    })
}

fn turn(reader: &Reader<'_>, node: &Node) -> Option<Said> {
    reader.known(node, &["customer", "expect", "keep"]);
    let customer = reader.needed(node, "customer", "a turn needs `customer`: what is said")?;
    let spot = customer.spot;
    let customer = reader.filled(customer)?;
    if customer.trim().is_empty() {
        reader.problem(spot, "the customer says nothing: the chat takes no empty message", None);
    }
    let line = node.spot.line;
    let mut expect = node.get("expect").map(|(_, value)| expectations::read(reader, value)).unwrap_or_default();
    // What is not expected must not happen: an agent's failure and a hand-off are never passed over in silence.
    if !expect.iter().any(|it| matches!(it.what, What::Failed(_))) {
        expect.push(Expectation { line, what: What::Failed(false) });
    }
    if !expect.iter().any(|it| matches!(it.what, What::Handoff(_))) {
        expect.push(Expectation { line, what: What::Handoff(Handoff::No) });
    }
    let kept = node.get("keep").map(|(_, value)| reader.entries(value)).unwrap_or_default();
    let keep = kept
        .into_iter()
        .filter_map(|(name, spot, value): (&str, Spot, &Node)| {
            reader.keep(name);
            reader.regex(value).map(|regex| (spot.line, name.to_owned(), regex))
        })
        .collect();
    Some(Said { line, customer, expect, keep })
}
