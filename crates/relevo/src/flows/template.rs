//! Flows in templates of CloudFormation: `Content` as a text, or put together by functions. What a function will give when
//! the template is deployed is not known here and stands in the flow as `${Name}`.

use std::path::Path;

use relevo_agents::definition::node::{Key, Node, Value};
use relevo_connect::flow::FlowKind;

use super::{Finding, Source, lines::Pieces};

const FLOW: &str = "AWS::Connect::ContactFlow";
const MODULE: &str = "AWS::Connect::ContactFlowModule";

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
        let kind = match type_name {
            MODULE => Some(FlowKind::Module),
            _ => property("Type").and_then(as_text).and_then(FlowKind::from_name),
        };
        let mut reading = Reading { text, pieces: Pieces::default() };
        let done = match property("Content") {
            Some(content) => reading.put(content),
            None => Err(Unknown { line: line_of(resource), what: "it has no Content".into() }),
        };
        match done {
            Ok(()) => {
                let (text, lines) = reading.pieces.into_parts();
                let resource = Some(key.name.clone());
                found.0.push(Source { file: file.to_path_buf(), resource, lines, text, kind });
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
                let filled = self.substituted(text, &[]);
                self.push(&filled, at);
                Ok(())
            }
            ("Sub", Value::List(items)) => match items.as_slice() {
                [template, values] => {
                    let filled = self.substituted(as_text(template).unwrap_or_default(), members(Some(values)));
                    self.push(&filled, template);
                    Ok(())
                }
                _ => unknown("Fn::Sub takes a text and its values".into()),
            },
            ("Join", Value::List(items)) => match items.as_slice() {
                [separator, Node { value: Value::List(parts), .. }] => {
                    for (index, part) in parts.iter().enumerate() {
                        if index > 0 {
                            self.push(as_text(separator).unwrap_or_default(), part);
                        }
                        self.put(part)?;
                    }
                    Ok(())
                }
                _ => unknown("Fn::Join takes a separator and a list that is written out".into()),
            },
            ("If", Value::List(items)) => match items.as_slice() {
                // The first of the two: which one it will be is decided when it is deployed.
                [_, yes, _] => self.put(yes),
                _ => unknown("Fn::If takes a condition and two values".into()),
            },
            ("ToJsonString", _) => {
                self.json(at);
                Ok(())
            }
            ("Transform", _) => unknown("what Fn::Transform includes is not known here".into()),
            _ => {
                let placeholder = quoted(self.pieces.text(), &placeholder(node));
                self.pieces.push(&placeholder, line_of(node), false);
                Ok(())
            }
        }
    }

    /// A text, line by line where it stands in the file line by line.
    fn push(&mut self, text: &str, node: &Node) {
        let line = line_of(node);
        let source_line = self.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let (first, apart) = if is_block_header(source_line) {
            (line + 1, true)
        } else {
            // A block's text may be placed at its first line already.
            let first = text.lines().next().unwrap_or_default().trim();
            (line, text.contains('\n') && !first.is_empty() && source_line.trim() == first)
        };
        self.pieces.push(text, first, apart);
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
        let put = |pieces: &mut Pieces, text: &str| pieces.push(text, line, false);
        if let Some((name, argument, at)) = function(node) {
            let text = match (name, argument) {
                ("Sub", Value::Text(text)) => text.replace("${!", "${"),
                _ => placeholder(node),
            };
            self.pieces.push(&serde_json::Value::from(text).to_string(), line_of(at), false);
            return;
        }
        match &node.value {
            Value::Null => put(&mut self.pieces, "null"),
            Value::Text(text) => put(&mut self.pieces, &serde_json::Value::from(text.as_str()).to_string()),
            Value::Scalar { scalar, .. } => put(&mut self.pieces, &scalar.json().to_string()),
            Value::List(items) => {
                put(&mut self.pieces, "[");
                for (index, item) in items.iter().enumerate() {
                    self.pieces.push(if index > 0 { ",\n" } else { "\n" }, line_of(item), false);
                    self.json(item);
                }
                put(&mut self.pieces, "]");
            }
            Value::Map(entries) => {
                put(&mut self.pieces, "{");
                for (index, (key, value)) in entries.iter().enumerate() {
                    let at = usize::try_from(key.spot.line).unwrap_or(1);
                    let name = serde_json::Value::from(key.name.as_str()).to_string();
                    self.pieces.push(if index > 0 { ",\n" } else { "\n" }, at, false);
                    self.pieces.push(&format!("{name}: "), at, false);
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
    let (mut inside, mut escaped) = (false, false);
    for c in before.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    if inside { placeholder.to_owned() } else { format!("\"{placeholder}\"") }
}

/// Whether a line ends in `|` or `>`, with which a block of lines begins.
fn is_block_header(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    let header = line.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+'));
    header.ends_with(['|', '>']) && !header.ends_with("->")
}

#[cfg(test)]
mod tests;
