//! Flows in templates of CloudFormation: `Content` as a text, or put together by functions. What a function will give when
//! the template is deployed is not known here and stands in the flow as `${Name}`.

use std::{collections::VecDeque, path::Path};

use relevo_agents::definition::node::{Key, Node, Value};
use relevo_connect::flow::{FlowKind, Severity};

use super::{
    Finding, Source,
    folds::unfold,
    lines::{Lines, Pieces},
};

const FLOW: &str = "AWS::Connect::ContactFlow";
const MODULE: &str = "AWS::Connect::ContactFlowModule";
/// As many texts of one flow are looked at, where `Fn::If` makes several of it.
const MOST_TEXTS: usize = 32;

/// Every flow and module of a template.
pub(super) fn flows(file: &Path, text: &str) -> (Vec<Source>, Vec<Finding>) {
    let root = match Node::parse(text, "") {
        Ok(root) => root,
        Err(problem) => {
            let line = usize::try_from(problem.line).unwrap_or(1);
            return (Vec::new(), vec![Finding::of_file(file, line, "syntax", problem.message)]);
        }
    };
    let mut found = (Vec::new(), Vec::new());
    for (key, resource) in members(root.get("Resources").map(|(_, node)| node)) {
        let Some(type_name) = resource.get("Type").and_then(|(_, node)| as_text(node)) else { continue };
        if type_name != FLOW && type_name != MODULE {
            continue;
        }
        let properties = resource.get("Properties").map(|(_, node)| node);
        let property = |name: &str| properties.and_then(|node| node.get(name)).map(|(_, node)| node);
        // What a function will give is not known, and may be any type.
        let written = property("Type").filter(|node| function(node).is_none());
        let kind = match type_name {
            MODULE => Some(FlowKind::Module),
            _ => written.and_then(as_text).and_then(FlowKind::from_name),
        };
        if let (None, Some(node)) = (kind, written) {
            found.1.push(unknown_type(file, &key.name, node));
        }
        let texts = match property("Content") {
            Some(content) => texts(text, content),
            None => Err(Unknown { line: line_of(resource), what: "it has no Content".into() }),
        };
        match texts {
            Ok(texts) => {
                let (elsewhere, here): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(text, _)| is_elsewhere(text));
                if let Some((_, lines)) = elsewhere.first() {
                    let message = format!(
                        "{}: the flow does not stand in this file: it is given when the template is deployed, and not checked",
                        key.name
                    );
                    found.1.push(
                        Finding::of_file(file, lines.in_file(1), "flow-elsewhere", message).graded(Severity::Note),
                    );
                }
                let mut sources = here.into_iter().map(|(text, lines)| {
                    let (file, resource) = (file.to_path_buf(), Some(key.name.clone()));
                    Source { file, resource, lines, text, kind, others: Vec::new() }
                });
                found.0.extend(sources.next().map(|first| Source { others: sources.collect(), ..first }));
            }
            Err(unknown) => {
                let message = format!("{}: {}", key.name, unknown.what);
                let finding = Finding::of_file(file, unknown.line, "template-content", message);
                found.1.push(
                    finding.hinted("Content is a text, or put together by Fn::Sub, Fn::Join and Fn::ToJsonString"),
                );
            }
        }
    }
    if found.0.is_empty() && found.1.is_empty() {
        let message = format!("there is no {FLOW} and no {MODULE} in it");
        found.1.push(Finding::of_file(file, 1, "no-flow", message));
    }
    found
}

/// A type that no flow has.
fn unknown_type(file: &Path, resource: &str, node: &Node) -> Finding {
    let names: Vec<&str> =
        FlowKind::ALL.into_iter().filter(|kind| *kind != FlowKind::Module).map(FlowKind::as_str).collect();
    let message = format!("{resource}: {} is no type of a flow", as_text(node).unwrap_or("this"));
    let finding = Finding::of_file(file, line_of(node), "flow-type", message);
    finding.graded(Severity::Warning).hinted(&format!("a type is one of {}", names.join(", ")))
}

/// Every text that the template makes of a flow, with its lines: what stands first in each `Fn::If`, and then what comes of
/// taking others. Few choices come before many, so that each value is looked at although there may be no end of them.
fn texts(text: &str, content: &Node) -> Result<Vec<(String, Lines)>, Unknown> {
    let mut open = VecDeque::from([Vec::new()]);
    let mut found = Vec::new();
    while let Some(choices) = open.pop_front().filter(|_| found.len() < MOST_TEXTS) {
        let chosen = choices.len();
        let mut reading = Reading { text, pieces: Pieces::default(), choices, met: 0 };
        reading.put(content)?;
        for at in chosen..reading.met {
            let mut other = reading.choices.clone();
            other.resize(at, false);
            other.push(true);
            open.push_back(other);
        }
        found.push(reading.pieces.into_parts());
    }
    Ok(found)
}

/// Whether nothing of a flow stands in a text: all of it is a function's value or a dynamic reference.
fn is_elsewhere(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c == '"' || c.is_whitespace());
        let given = rest.strip_prefix("${").and_then(|rest| rest.split_once('}'));
        let resolved = || rest.strip_prefix("{{resolve:").and_then(|rest| rest.split_once("}}"));
        match given.or_else(resolved) {
            Some((_, after)) => rest = after,
            None => return rest.is_empty() && text.contains(['$', '{']),
        }
    }
}

fn members(node: Option<&Node>) -> &[(Key, Node)] {
    match node.map(|node| &node.value) {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    }
}

fn as_text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) => Some(text),
        Value::Scalar { written, .. } => Some(written),
        _ => None,
    }
}

fn line_of(node: &Node) -> usize {
    usize::try_from(node.spot.line).unwrap_or(1)
}

/// What cannot be put together.
struct Unknown {
    line: usize,
    what: String,
}

struct Reading<'a> {
    text: &'a str,
    pieces: Pieces,
    /// Whether an `Fn::If` takes its second value, in the order in which they are come to; the first, where this is at its end.
    choices: Vec<bool>,
    /// How many were come to.
    met: usize,
}

/// A function and what it is given, in the short form or the long one.
fn function(node: &Node) -> Option<(&str, &Value, &Node)> {
    if let Some(tag) = node.tag.as_deref().and_then(|tag| tag.strip_prefix('!')).filter(|tag| !tag.starts_with('!')) {
        return Some((tag, &node.value, node));
    }
    match &node.value {
        Value::Map(entries) => match entries.as_slice() {
            [(key, argument)] => {
                let name = key.name.strip_prefix("Fn::").or_else(|| (key.name == "Ref").then_some("Ref"))?;
                Some((name, &argument.value, argument))
            }
            _ => None,
        },
        _ => None,
    }
}

impl Reading<'_> {
    fn put(&mut self, node: &Node) -> Result<(), Unknown> {
        let unknown = |what: String| Err(Unknown { line: line_of(node), what });
        let Some((name, argument, at)) = function(node) else {
            return match as_text(node) {
                Some(text) => {
                    self.push(text, node);
                    Ok(())
                }
                None => unknown("Content must be a text".into()),
            };
        };
        match (name, argument) {
            ("Sub", Value::Text(text)) => {
                let (text, lines) = self.placed(text, at);
                let filled = self.substituted(&text, &[]);
                self.pieces.push_lines(&filled, &lines);
                Ok(())
            }
            ("Sub", Value::List(items)) => match items.as_slice() {
                [template, values] => {
                    let (text, lines) = self.placed(as_text(template).unwrap_or_default(), template);
                    let filled = self.substituted(&text, members(Some(values)));
                    self.pieces.push_lines(&filled, &lines);
                    Ok(())
                }
                _ => unknown("Fn::Sub takes a text and its values".into()),
            },
            ("Join", Value::List(items)) => match items.as_slice() {
                [separator, Node { value: Value::List(parts), .. }] => {
                    let mut first = true;
                    for part in parts {
                        let Some(part) = self.decided(part) else { continue };
                        if !std::mem::take(&mut first) {
                            self.push(as_text(separator).unwrap_or_default(), part);
                        }
                        self.put(part)?;
                    }
                    Ok(())
                }
                _ => unknown("Fn::Join takes a separator and a list that is written out".into()),
            },
            ("If", Value::List(items)) if items.len() == 3 => {
                self.decided(node).map_or(Ok(()), |decided| self.put(decided))
            }
            ("If", _) => unknown("Fn::If takes a condition and two values".into()),
            ("ToJsonString", _) => {
                self.json(at);
                Ok(())
            }
            _ => {
                let placeholder = quoted(self.pieces.text(), &placeholder(node));
                self.pieces.push(&placeholder, line_of(node));
                Ok(())
            }
        }
    }

    /// What an `Fn::If` comes to; anything else is itself. None: nothing is there (`AWS::NoValue`).
    fn decided<'n>(&mut self, node: &'n Node) -> Option<&'n Node> {
        match function(node) {
            Some(("If", Value::List(items), _)) if let [_, yes, no] = items.as_slice() => {
                let chosen = self.choose(yes, no);
                self.decided(chosen)
            }
            Some(("Ref", Value::Text(name), _)) if name == "AWS::NoValue" => None,
            _ => Some(node),
        }
    }

    /// Which of the two values of an `Fn::If` it is: that is decided when the template is deployed.
    fn choose<'n>(&mut self, yes: &'n Node, no: &'n Node) -> &'n Node {
        let second = self.choices.get(self.met).copied().unwrap_or_default();
        self.met += 1;
        if second { no } else { yes }
    }

    /// A text, line by line where it stands in the file line by line.
    fn push(&mut self, text: &str, node: &Node) {
        let (text, lines) = self.placed(text, node);
        self.pieces.push_lines(&text, &lines);
    }

    /// A text with the lines that it stands on; where it cannot be found in the file, all of it stands where it begins.
    fn placed(&self, text: &str, node: &Node) -> (String, Vec<usize>) {
        let at = (line_of(node), usize::try_from(node.spot.column).unwrap_or(1));
        match unfold(text, self.text, at, is_inside(self.pieces.text())) {
            Some(unfolded) => (unfolded.text, unfolded.lines),
            None => (text.to_owned(), vec![at.0]),
        }
    }

    /// `Fn::Sub`: its own variables where they are texts; the others stay, and in quotes where they stand outside of any.
    fn substituted(&self, text: &str, values: &[(Key, Node)]) -> String {
        let mut filled = self.pieces.text().to_owned();
        let before = filled.len();
        let mut rest = text;
        while let Some((plain, from)) = rest.split_once("${") {
            filled.push_str(plain);
            let Some((name, after)) = from.split_once('}') else {
                filled.push_str("${");
                rest = from;
                continue;
            };
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                filled.extend(["${", literal, "}"]);
                continue;
            }
            let value = values
                .iter()
                .find(|(key, _)| key.name == name.trim())
                .and_then(|(_, node)| function(node).is_none().then(|| as_text(node)).flatten());
            let value = value.map_or_else(|| quoted(&filled, &format!("${{{}}}", name.trim())), str::to_owned);
            filled.push_str(&value);
        }
        filled.push_str(rest);
        filled.get(before..).unwrap_or_default().to_owned()
    }

    /// A value as JSON, each part of it on a line that knows its place.
    fn json(&mut self, node: &Node) {
        let line = line_of(node);
        let put = |pieces: &mut Pieces, text: &str| pieces.push(text, line);
        let Some(node) = self.decided(node) else { return put(&mut self.pieces, "null") };
        if let Some((name, argument, at)) = function(node) {
            let text = match (name, argument) {
                ("Sub", Value::Text(text)) => text.replace("${!", "${"),
                _ => placeholder(node),
            };
            self.pieces.push(&serde_json::Value::from(text).to_string(), line_of(at));
            return;
        }
        match &node.value {
            Value::Null => put(&mut self.pieces, "null"),
            Value::Text(text) => put(&mut self.pieces, &serde_json::Value::from(text.as_str()).to_string()),
            Value::Scalar { scalar, .. } => put(&mut self.pieces, &scalar.json().to_string()),
            Value::List(items) => {
                put(&mut self.pieces, "[");
                let mut first = true;
                for item in items {
                    let Some(item) = self.decided(item) else { continue };
                    self.pieces.push(if std::mem::take(&mut first) { "\n" } else { ",\n" }, line_of(item));
                    self.json(item);
                }
                put(&mut self.pieces, "]");
            }
            Value::Map(entries) => {
                put(&mut self.pieces, "{");
                let mut first = true;
                for (key, value) in entries {
                    let Some(value) = self.decided(value) else { continue };
                    let at = usize::try_from(key.spot.line).unwrap_or(1);
                    let name = serde_json::Value::from(key.name.as_str()).to_string();
                    self.pieces.push(if std::mem::take(&mut first) { "\n" } else { ",\n" }, at);
                    self.pieces.push(&format!("{name}: "), at);
                    self.json(value);
                }
                put(&mut self.pieces, "}");
            }
        }
    }
}

/// What stands for a function's value: `${Queue.Arn}`.
fn placeholder(node: &Node) -> String {
    let name = match function(node) {
        Some((_, Value::Text(text), _)) => text.clone(),
        Some((_, Value::List(items), _)) => items.iter().filter_map(as_text).collect::<Vec<_>>().join("."),
        Some((name, ..)) => name.to_owned(),
        None => String::new(),
    };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | ':') { c } else { '-' }).collect();
    let plain = if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("Value{plain}") };
    format!("${{{plain}}}")
}

/// A placeholder as it must be written behind this text: in quotes, unless it stands in some already.
fn quoted(before: &str, placeholder: &str) -> String {
    if is_inside(before) { placeholder.to_owned() } else { format!("\"{placeholder}\"") }
}

/// Whether a text of JSON ends within a string.
fn is_inside(before: &str) -> bool {
    let (mut inside, mut escaped) = (false, false);
    for c in before.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

#[cfg(test)]
mod tests;
