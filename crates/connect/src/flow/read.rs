//! Reading a whole flow: its frame, its actions, and what is wrong with them.

use std::{collections::HashMap, sync::Arc};

use super::{
    Flow, FlowKind, FlowProblem, Node, Severity,
    action::{self, Action},
    json::{Json, Kind},
    lint::{self, Surroundings},
    problem::Problems,
    read_transitions::{Ways, read_transitions},
    reader::{Reader, repeated_keys, wrong_type},
    template::{JsonPath, Template},
    transitions::Target,
};

/// The one version of the language.
const VERSION: &str = "2019-10-30";
/// Connect's limits on a flow.
const MOST_ACTIONS: usize = 250;
const MOST_CHARACTERS: usize = 256_000;
const MOST_IDENTIFIER_CHARACTERS: usize = 50;
const FORBIDDEN_CHARACTERS: &[char] = &['%', ':', '(', '\\', '/', ')', '=', '$', ',', ';', '[', ']', '{', '}'];
const FORBIDDEN_IDENTIFIERS: [&str; 10] = [
    "__proto__",
    "constructor",
    "__defineGetter__",
    "__defineSetter__",
    "toString",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "valueOf",
];

/// Reads a flow, or says everything that is wrong with it.
pub(super) fn read(text: &str) -> Result<Flow, Vec<FlowProblem>> {
    let (flow, mut problems) = read_all(text, &Surroundings::default());
    problems.retain(|problem| problem.severity != Severity::Note);
    match flow {
        Some(flow) if Flow::refusals(&problems) == 0 => Ok(Flow { warnings: problems, source: text.into(), ..flow }),
        _ => Err(problems),
    }
}

/// Everything there is to say about a flow.
pub(super) fn check(text: &str, surroundings: &Surroundings) -> Vec<FlowProblem> {
    read_all(text, surroundings).1
}

fn read_all(text: &str, surroundings: &Surroundings) -> (Option<Flow>, Vec<FlowProblem>) {
    let mut problems = Problems::default();
    let characters = text.chars().count();
    if characters > MOST_CHARACTERS {
        let message = format!("the flow has {characters} characters, Connect takes {MOST_CHARACTERS}");
        problems.error("too-long", 1, message);
        return (None, problems.into_sorted());
    }
    let root = match Json::parse(text) {
        Ok(root) => root,
        Err(error) => {
            problems.error("syntax", error.line, error.message);
            return (None, problems.into_sorted());
        }
    };
    if let Some((what, hint)) = foreign(&root) {
        problems.error("not-a-flow", root.line, what).hint(hint);
        return (None, problems.into_sorted());
    }
    let (flow, is_whole) = read_root(&root, &mut problems);
    problems.about(None);
    match flow {
        // Also where something refuses it: what is wrong with an action does not hide what is wrong with the whole.
        Some(flow) if is_whole => {
            lint::lint(&flow, surroundings, &mut problems);
            (Some(flow), problems.into_sorted())
        }
        part => {
            if !problems.has_errors() {
                problems.error(
                    "wrong-type",
                    root.line,
                    "the flow cannot be read, and what is wrong with it is not known",
                );
            }
            if let Some(part) = part {
                lint::each_action(&part, surroundings, &mut problems);
            }
            (None, problems.into_sorted())
        }
    }
}

/// What a file is that is no flow, and whose look tells so.
fn foreign(root: &Json) -> Option<(&'static str, &'static str)> {
    if root.get("Actions").is_some() || root.get("StartAction").is_some() {
        return None;
    }
    if root.get("modules").and_then(Json::as_array).is_some() && root.get("start").is_some() {
        return Some((
            "this is a flow in the console's old format, which the flow language has replaced",
            "import it into the console, and export it again",
        ));
    }
    None
}

/// The flow as far as it can be read, and whether every way in it can.
fn read_root(root: &Json, problems: &mut Problems) -> (Option<Flow>, bool) {
    if root.as_object().is_none() {
        wrong_type("a flow", "an object", root, problems);
        return (None, false);
    }
    keys("flow", root, &["Version", "StartAction", "Metadata", "Actions", "Settings"], problems);
    if let Some((version, line)) = string(root, "Version", problems)
        && version != VERSION
    {
        problems
            .error("unsupported-version", line, format!("version {version} is not known"))
            .hint(format!("the one version is {VERSION}"));
    }
    let start = string(root, "StartAction", problems);
    let Some(list) = root.get("Actions") else {
        problems.error("missing-field", root.line, "Actions is missing");
        return (None, false);
    };
    let Some(actions) = list.as_array() else {
        wrong_type("Actions", "a list", list, problems);
        return (None, false);
    };
    if let Some(extra) = actions.get(MOST_ACTIONS) {
        let message = format!("the flow has {} actions, Connect takes {MOST_ACTIONS}", actions.len());
        problems.error("too-many-actions", extra.line, message);
    }
    let by_identifier = identifiers(actions, problems);
    problems.about(None);
    let start = start.and_then(|(start, line)| {
        let target = by_identifier.get(start).copied();
        if target.is_none() {
            let names = in_order(&by_identifier);
            problems
                .error(
                    "missing-start-action",
                    line,
                    format!("StartAction is \"{start}\", and no action has that identifier"),
                )
                .did_you_mean(start, names);
        }
        target
    });
    let nodes: Vec<Option<Read>> = actions.iter().map(|json| read_action(json, &by_identifier, problems)).collect();
    // Of two actions with one identifier the ways lead to the first.
    let is_whole = start.is_some()
        && by_identifier.len() == actions.len()
        && nodes.iter().all(|read| read.as_ref().is_some_and(|read| read.is_whole));
    let flow = Flow {
        start: start.unwrap_or(Target(0)),
        nodes: nodes.into_iter().flatten().map(|read| read.node).collect(),
        kind: root.get("Metadata").and_then(|data| data.get("type")?.as_str()).and_then(FlowKind::from_name),
        by_identifier: by_identifier.into_iter().map(|(key, target)| (key.to_owned(), target)).collect(),
        warnings: Vec::new(),
        source: Arc::default(),
    };
    (Some(flow), is_whole)
}

/// Identifiers as they stand in the flow: a hint that names some is the same every time.
pub(super) fn in_order<'a>(identifiers: &HashMap<&'a str, Target>) -> Vec<&'a str> {
    let mut places: Vec<(usize, &str)> = identifiers.iter().map(|(name, target)| (target.0, *name)).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, name)| name).collect()
}

/// Every identifier and its place.
fn identifiers<'a>(actions: &'a [Json], problems: &mut Problems) -> HashMap<&'a str, Target> {
    let mut found: HashMap<&str, Target> = HashMap::new();
    for (place, action) in actions.iter().enumerate() {
        let Some(json) = action.get("Identifier") else { continue };
        let Some(identifier) = json.as_str() else { continue };
        problems.about(Some(identifier));
        check_identifier(identifier, json.line, problems);
        if let Some(first) = found.get(identifier) {
            let first_line = actions.get(first.0).map_or(0, |json| json.line);
            let message = format!("the identifier is already that of the action in line {first_line}");
            problems.error("duplicate-identifier", json.line, message);
        } else {
            found.insert(identifier, Target(place));
        }
    }
    found
}

fn check_identifier(identifier: &str, line: usize, problems: &mut Problems) {
    let characters = identifier.chars().count();
    if identifier.is_empty() {
        problems.error("bad-identifier", line, "the identifier is empty");
    } else if characters > MOST_IDENTIFIER_CHARACTERS {
        let message = format!("the identifier has {characters} characters, Connect takes {MOST_IDENTIFIER_CHARACTERS}");
        problems.error("bad-identifier", line, message);
    } else if let Some(character) = identifier.chars().find(|c| FORBIDDEN_CHARACTERS.contains(c)) {
        problems.error("bad-identifier", line, format!("an identifier may not have a {character}"));
    } else if FORBIDDEN_IDENTIFIERS.contains(&identifier) {
        problems.error("bad-identifier", line, format!("{identifier} may not be an identifier"));
    }
}

/// An action, and whether all its ways could be read.
struct Read {
    node: Node,
    is_whole: bool,
}

fn read_action(json: &Json, targets: &HashMap<&str, Target>, problems: &mut Problems) -> Option<Read> {
    problems.about(json.get("Identifier").and_then(Json::as_str));
    if json.as_object().is_none() {
        wrong_type("an action", "an object", json, problems);
        return None;
    }
    keys("action", json, &["Identifier", "Type", "Parameters", "Transitions"], problems);
    let identifier = string(json, "Identifier", problems);
    let type_name = string(json, "Type", problems);
    let action = type_name.and_then(|(name, line)| {
        if action::types().any(|known| known == name) {
            return Action::read(name, Reader::new(json.get("Parameters"), json.line, problems));
        }
        problems
            .error("unknown-action", line, format!("no action has the type {name}"))
            .did_you_mean(name, action::types());
        None
    });
    let shape = action.as_ref().map(Action::shape);
    let Ways { transitions, is_whole } =
        read_transitions(json.get("Transitions"), json.line, shape.as_ref(), targets, problems);
    let mut paths = Vec::new();
    for part in [json.get("Parameters"), json.get("Transitions")].into_iter().flatten() {
        collect_paths(part, &mut paths);
    }
    let node = Node { identifier: identifier?.0.to_owned(), line: json.line, action: action?, transitions, paths };
    Some(Read { node, is_whole })
}

/// Every JSONPath in the texts of a value.
fn collect_paths(json: &Json, paths: &mut Vec<JsonPath>) {
    match &json.kind {
        Kind::Object(members) => members.iter().for_each(|member| collect_paths(&member.value, paths)),
        Kind::Array(items) => items.iter().for_each(|item| collect_paths(item, paths)),
        Kind::String(text) => paths.extend(Template::parse(text).paths().cloned()),
        Kind::Other(..) => {}
    }
}

/// Notes keys that stand twice, and those that nobody knows: they are not read, and may be slips.
pub(super) fn keys(what: &str, object: &Json, known: &[&str], problems: &mut Problems) {
    let members = object.as_object().unwrap_or_default();
    repeated_keys(members, problems);
    for member in members.iter().filter(|member| !known.contains(&member.key.as_str())) {
        problems
            .warn("unknown-field", member.line, format!("{} is not a field of a {what}, and not read", member.key))
            .did_you_mean(&member.key, known.iter().copied());
    }
}

/// A field that must be there and a string, and its line.
pub(super) fn string<'a>(object: &'a Json, key: &str, problems: &mut Problems) -> Option<(&'a str, usize)> {
    let Some(json) = object.get(key) else {
        problems.error("missing-field", object.line, format!("{key} is missing"));
        return None;
    };
    if json.as_str().is_none() {
        wrong_type(key, "a string", json, problems);
    }
    json.as_str().map(|text| (text, json.line))
}
