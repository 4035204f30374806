//! What is drawn: actions and the ways between them.

use std::collections::HashMap;

use super::details;
use crate::flow::{
    FlowProblem, Severity,
    json::{Json, Kind},
};

/// A flow's actions and ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// Where the flow begins, as a place in `steps`.
    pub start: Option<usize>,
    /// The actions, in the order of the text.
    pub steps: Vec<Step>,
    /// The ways; those between the same two actions that are of one kind are one.
    pub ways: Vec<Edge>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its identifier.
    pub identifier: String,
    /// Its type.
    pub type_name: String,
    /// The parameter that tells most of it.
    pub detail: String,
    /// What it is for.
    pub class: Class,
}

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It speaks to the customer, or asks.
    Talk,
    /// It waits.
    Wait,
    /// It decides.
    Fork,
    /// It calls something outside.
    Call,
    /// It leads to a person or another flow.
    Route,
    /// It ends.
    End,
    /// It sets something.
    Set,
}

/// A way from one action to another, both places in [`Graph::steps`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Where it begins.
    pub from: usize,
    /// Where it leads.
    pub to: usize,
    /// Which sort.
    pub way: Way,
    /// What stands at it; empty for the usual way on.
    pub label: String,
}

/// A sort of way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `NextAction`.
    Next,
    /// A condition.
    Condition,
    /// An error.
    Error,
}

impl Graph {
    /// Reads what can be read of a flow's JSON.
    ///
    /// # Errors
    /// The text is no JSON, or has no list of actions.
    pub fn parse(text: &str) -> Result<Self, FlowProblem> {
        let problem = |line, message: String| FlowProblem {
            code: "syntax",
            severity: Severity::Error,
            line,
            action: None,
            message,
            hint: None,
        };
        let root = Json::parse(text).map_err(|error| problem(error.line, error.message))?;
        let Some(actions) = root.get("Actions").and_then(Json::as_array) else {
            return Err(problem(root.line, "this is no flow: it has no list of Actions".into()));
        };
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut steps = Vec::new();
        for action in actions {
            let identifier = action.get("Identifier").and_then(Json::as_str).unwrap_or_default();
            places.entry(identifier).or_insert(steps.len());
            let type_name = action.get("Type").and_then(Json::as_str).unwrap_or("?");
            steps.push(Step {
                identifier: identifier.to_owned(),
                type_name: type_name.to_owned(),
                detail: details::detail(type_name, action.get("Parameters")),
                class: details::class(type_name),
            });
        }
        let mut ways = Ways { places, found: Vec::new() };
        for (from, action) in actions.iter().enumerate() {
            ways.read(from, action.get("Transitions"));
        }
        let start = root.get("StartAction").and_then(Json::as_str).and_then(|id| ways.places.get(id).copied());
        Ok(Self { start, steps, ways: ways.found })
    }

    /// Places that no way from the start leads to.
    pub fn unreached(&self) -> Vec<usize> {
        let mut reached = vec![false; self.steps.len()];
        let mut open: Vec<usize> = self.start.into_iter().collect();
        while let Some(step) = open.pop() {
            match reached.get_mut(step) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            // Behind an end nothing comes, whatever is written there.
            if self.steps.get(step).is_some_and(|step| step.class == Class::End) {
                continue;
            }
            open.extend(self.ways.iter().filter(|way| way.from == step).map(|way| way.to));
        }
        reached.iter().enumerate().filter(|(_, seen)| !**seen).map(|(step, _)| step).collect()
    }
}

struct Ways<'a> {
    places: HashMap<&'a str, usize>,
    found: Vec<Edge>,
}

impl Ways<'_> {
    fn read(&mut self, from: usize, transitions: Option<&Json>) {
        let Some(transitions) = transitions else { return };
        let list = |key: &str| transitions.get(key).and_then(Json::as_array).unwrap_or_default();
        let target = |json: &Json| self.places.get(json.get("NextAction")?.as_str()?).copied();
        let conditions: Vec<(Option<usize>, String)> =
            list("Conditions").iter().map(|json| (target(json), condition(json.get("Condition")))).collect();
        let errors: Vec<(Option<usize>, String)> = list("Errors")
            .iter()
            .map(|json| (target(json), json.get("ErrorType").and_then(Json::as_str).unwrap_or("?").to_owned()))
            .collect();
        // An action with conditions repeats its fallback in NextAction; it is drawn once.
        let next = target(transitions);
        let repeated =
            !conditions.is_empty() && conditions.iter().chain(&errors).any(|(to, _)| *to == next && next.is_some());
        if !repeated {
            self.add(from, next, Way::Next, String::new());
        }
        for (to, label) in conditions {
            self.add(from, to, Way::Condition, label);
        }
        for (to, label) in errors {
            self.add(from, to, Way::Error, label);
        }
    }

    fn add(&mut self, from: usize, to: Option<usize>, way: Way, label: String) {
        let Some(to) = to else { return };
        // An error that changes nothing about the way is told at it.
        if way == Way::Error
            && let Some(next) = self.found.iter_mut().find(|e| (e.from, e.to, e.way) == (from, to, Way::Next))
        {
            next.label.push_str(if next.label.is_empty() { "or " } else { ", " });
            next.label.push_str(&label);
            return;
        }
        match self.found.iter_mut().find(|edge| (edge.from, edge.to, edge.way) == (from, to, way)) {
            Some(edge) if way != Way::Next => {
                edge.label.push_str(", ");
                edge.label.push_str(&label);
            }
            Some(_) => {}
            None => self.found.push(Edge { from, to, way, label }),
        }
    }
}

fn condition(json: Option<&Json>) -> String {
    let Some(json) = json else { return "?".into() };
    let operand = match json.get("Operands").map(|operands| &operands.kind) {
        Some(Kind::Array(items)) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    let sign = match json.get("Operator").and_then(Json::as_str).unwrap_or("?") {
        "Equals" => return operand,
        "TextStartsWith" => "starts with",
        "TextEndsWith" => "ends with",
        "TextContains" => "contains",
        "NumberGreaterThan" => ">",
        "NumberGreaterOrEqualTo" => "≥",
        "NumberLessThan" => "<",
        "NumberLessOrEqualTo" => "≤",
        "KeyExists" => "has",
        other => other,
    };
    format!("{sign} {operand}")
}
