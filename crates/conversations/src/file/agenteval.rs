//! The AWS agent-evaluation's `agenteval.yml` (awslabs/agent-evaluation, "Configuration").
//!
//! There a language model plays the customer by the `steps` and judges the `expected_results`. Without one, a test is held
//! as far as it can be: its `initial_prompt` and the words that its steps quote are said, and of an expected result the
//! words that it quotes are looked for. What quotes nothing is not checked, and said to be so.

use regex::Regex;
use relevo_agents::definition::node::{Node, Value};

use super::{
    Conversation, Said,
    fields::{Reader, items, text_of},
};
use crate::{
    expect::{Expectation, What},
    matcher::{Check, Matcher},
};

const TEST: [&str; 7] = ["name", "steps", "expected_results", "expected", "initial_prompt", "max_turns", "hook"];
/// The default of `max_turns`.
const MAX_TURNS: usize = 2;

/// Whether a document is one.
pub(super) fn is(root: &Node) -> bool {
    root.get("tests").is_some() && (root.get("target").is_some() || root.get("evaluator").is_some())
}

pub(super) fn read(reader: &Reader<'_>, root: &Node) -> Vec<Conversation> {
    let Some((_, tests)) = root.get("tests") else { return Vec::new() };
    match &tests.value {
        Value::Map(entries) => {
            entries.iter().filter_map(|(key, test)| conversation(reader, test, key.name.clone())).collect()
        }
        // Before 0.3 tests were a list with names.
        Value::List(list) => list
            .iter()
            .filter_map(|test| {
                let name = test.get("name").and_then(|(_, name)| reader.text(name));
                if name.is_none() {
                    reader.problem(test.spot, "a test needs a `name`", None);
                }
                conversation(reader, test, name?)
            })
            .collect(),
        _ => {
            reader.problem(tests.spot, "expected the tests by name", None);
            Vec::new()
        }
    }
}

fn conversation(reader: &Reader<'_>, test: &Node, name: String) -> Option<Conversation> {
    let entries = reader.known(test, &TEST);
    if entries.is_empty() {
        return None;
    }
    let mut turns: Vec<Said> = Vec::new();
    let mut say = |node: &Node, customer: String| {
        if turns.last().is_none_or(|last| last.customer != customer) {
            let line = node.spot.line;
            let answers = Expectation { line, what: What::Failed(false) };
            turns.push(Said { line, customer, expect: vec![answers], keep: Vec::new() });
        }
    };
    if let Some((_, prompt)) = test.get("initial_prompt")
        && let Some(text) = text_of(prompt)
    {
        say(prompt, text);
    }
    let steps = test.get("steps").map(|(_, steps)| items(steps)).unwrap_or_default();
    let quotes = quotes();
    for (at, step) in steps.iter().enumerate() {
        let text = reader.text(step)?;
        match quoted(quotes.as_ref(), &text).as_slice() {
            // The first step is what the initial prompt says in other words.
            [] if at == 0 && test.get("initial_prompt").is_some() => {}
            [] => say(step, text),
            quoted => quoted.iter().for_each(|words| say(step, words.clone())),
        }
    }
    let most = test.get("max_turns").and_then(|(_, most)| text_of(most)).and_then(|text| text.parse().ok());
    let most = most.unwrap_or(MAX_TURNS);
    if turns.len() > most {
        let message = format!("{} turns are to be held, `max_turns` is {most}", turns.len());
        reader.problem(test.spot, message, Some("raise `max_turns`".into()));
    }
    let mut unchecked = Vec::new();
    let mut expect = Vec::new();
    for result in results(test) {
        let text = reader.text(result)?;
        match quoted(quotes.as_ref(), &text) {
            words if words.is_empty() => unchecked.push((result.spot.line, text)),
            words => {
                let checks = words.into_iter().map(Check::Contains).collect();
                expect.push(Expectation { line: result.spot.line, what: What::Conversation(Matcher(checks)) });
            }
        }
    }
    if let Some((_, hook)) = test.get("hook") {
        unchecked.push((hook.spot.line, format!("hook {}", text_of(hook).unwrap_or_default())));
    }
    let unjudged = expect.is_empty();
    match turns.last_mut() {
        Some(last) => last.expect.extend(expect),
        None => reader.problem(test.spot, format!("the test “{name}” has nothing to say"), None),
    }
    Some(Conversation {
        file: reader.file.to_owned(),
        line: test.spot.line,
        name,
        attributes: Vec::new(),
        functions: Vec::new(),
        greeting: None,
        turns,
        unchecked,
        unjudged,
    })
}

/// `expected_results`, or `expected.conversation`.
fn results(test: &Node) -> &[Node] {
    let list = test.get("expected_results");
    let list = list.or_else(|| test.get("expected").and_then(|(_, expected)| expected.get("conversation")));
    list.map(|(_, list)| items(list)).unwrap_or_default()
}

/// What stands between quotation marks; a single one inside a word is an apostrophe.
fn quotes() -> Option<Regex> {
    Regex::new(r#""([^"]+)"|“([^”]+)”|«([^»]+)»|(?:^|[\s(:])'(.+?)'(?:$|[\s).,;:!?])"#).ok()
}

fn quoted(quotes: Option<&Regex>, text: &str) -> Vec<String> {
    let found = quotes.map(|quotes| quotes.captures_iter(text)).into_iter().flatten();
    found.filter_map(|groups| groups.iter().skip(1).flatten().next().map(|it| it.as_str().trim().to_owned())).collect()
}
