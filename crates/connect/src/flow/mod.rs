//! The flow language: parsing and checking a flow, and running it as a storable state machine.
//!
//! A [`Flow`] is parsed once and shared. A [`FlowRun`] is where one contact stands in it: a plain value that can be
//! stored between any two steps and go on in another process. It does no IO: [`FlowRun::step`] says what to do next,
//! and the centre does it and reports back with a [`FlowInput`].

mod action;
mod codes;
mod condition;
mod graph;
mod json;
mod kind;
mod lint;
pub mod picture;
mod problem;
mod read;
mod read_transitions;
mod reader;
mod references;
mod run;
mod scope;
mod step;
mod template;
mod transitions;
mod world;

use std::{collections::HashMap, sync::Arc};

use self::{
    action::Action,
    template::JsonPath,
    transitions::{Target, Transitions},
};
pub use self::{
    codes::{Code, codes},
    graph::{EdgeKind, FlowEdge, FlowGraph, FlowNode},
    kind::FlowKind,
    lint::Surroundings,
    problem::{FlowProblem, Severity},
    run::FlowRun,
    step::{FlowInput, FlowStep},
    world::{FlowWorld, Metric},
};

/// A parsed flow: every transition leads somewhere, every action is one we run.
#[derive(Debug, Clone)]
pub struct Flow {
    start: Target,
    nodes: Vec<Node>,
    by_identifier: HashMap<String, Target>,
    /// Its kind, where its metadata says so.
    kind: Option<FlowKind>,
    warnings: Vec<FlowProblem>,
    /// The text it was read from.
    source: Arc<str>,
}

/// An action in its flow.
#[derive(Debug, Clone)]
struct Node {
    identifier: String,
    line: usize,
    action: Action,
    transitions: Transitions,
    /// Every JSONPath in its parameters and operands.
    paths: Vec<JsonPath>,
}

impl Flow {
    /// Parses and checks a flow's JSON. All problems at once, each with its line; an `Error`-severity problem refuses it.
    ///
    /// # Errors
    /// Every problem found, warnings among them, in the order of the lines.
    pub fn parse(json: &str) -> Result<Self, Vec<FlowProblem>> {
        read::read(json)
    }

    /// What the flow's author should know although the flow runs, in the order of the lines.
    pub fn warnings(&self) -> &[FlowProblem] {
        &self.warnings
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its kind, where its metadata says so.
    pub fn kind(&self) -> Option<FlowKind> {
        self.kind
    }

    /// The texts that an action's conditions compare with.
    pub(crate) fn choices(&self, identifier: &str) -> Vec<String> {
        let branches = self.find(identifier).map(|node| node.transitions.conditions.as_slice()).unwrap_or_default();
        branches.iter().map(|branch| branch.operand.raw().to_owned()).collect()
    }

    fn node(&self, target: Target) -> Option<&Node> {
        self.nodes.get(target.0)
    }

    fn find(&self, identifier: &str) -> Option<&Node> {
        self.node(*self.by_identifier.get(identifier)?)
    }
}

/// Every type of action that is known.
pub fn action_types() -> impl Iterator<Item = &'static str> {
    action::types()
}

/// Every operator of conditions.
pub fn operators() -> impl Iterator<Item = &'static str> {
    condition::Operator::ALL.into_iter().map(condition::Operator::name)
}

/// Every type of error.
pub fn error_types() -> impl Iterator<Item = &'static str> {
    transitions::ErrorType::ALL.iter().map(|error| error.name())
}

#[cfg(test)]
mod tests;
