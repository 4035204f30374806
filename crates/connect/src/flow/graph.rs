//! A flow as a graph, to be drawn: its actions and every way from one to the next.

use serde::Serialize;

use super::{Flow, transitions::Target};

/// Actions and the ways between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowGraph {
    /// Where it begins.
    pub start: String,
    /// In the order of the flow.
    pub nodes: Vec<FlowNode>,
    /// In the order of the flow, of each action first the way on, then conditions, then errors.
    pub edges: Vec<FlowEdge>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowNode {
    /// Its `Identifier`.
    pub identifier: String,
    /// Its `Type`.
    pub action_type: String,
    /// Its line in the file.
    pub line: usize,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowEdge {
    /// From this action.
    pub from: String,
    /// To this one.
    pub to: String,
    /// As the outcome of a step of the path has it: `Success`, a condition's operand, an error's type.
    pub label: String,
    /// What kind of way.
    pub kind: EdgeKind,
}

/// What kind of way it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EdgeKind {
    /// `NextAction`.
    Next,
    /// One of `Conditions`.
    Condition,
    /// One of `Errors`.
    Error,
}

impl Flow {
    /// The flow as a graph.
    pub fn graph(&self) -> FlowGraph {
        let name = |target: Target| self.node(target).map(|node| node.identifier.clone()).unwrap_or_default();
        let nodes = self.nodes.iter().map(|node| FlowNode {
            identifier: node.identifier.clone(),
            action_type: node.action.type_name().to_owned(),
            line: node.line,
        });
        let edges = self.nodes.iter().flat_map(|node| {
            let ways = &node.transitions;
            let next = ways.next.map(|to| ("Success".to_owned(), to, EdgeKind::Next));
            let conditions = ways.conditions.iter().map(|it| (it.label(), it.target, EdgeKind::Condition));
            let errors = ways.errors.iter().map(|(error, to)| (error.name().to_owned(), *to, EdgeKind::Error));
            let all = next.into_iter().chain(conditions).chain(errors);
            all.map(|(label, to, kind)| FlowEdge { from: node.identifier.clone(), to: name(to), label, kind })
        });
        FlowGraph { start: name(self.start), nodes: nodes.collect(), edges: edges.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_there_with_its_outcome() {
        let flow = Flow::parse(
            r#"{"Version":"2019-10-30","StartAction":"w","Actions":[
  {"Identifier":"w","Type":"Wait","Parameters":{"TimeLimitSeconds":"60"},"Transitions":{"NextAction":"e",
    "Conditions":[{"NextAction":"e","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
    "Errors":[{"NextAction":"e","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"e","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#,
        )
        .unwrap();
        let graph = flow.graph();
        assert_eq!((graph.start.as_str(), graph.nodes.len(), graph.nodes[1].line), ("w", 2, 5));
        let edges: Vec<_> = graph.edges.iter().map(|e| (e.label.as_str(), e.to.as_str(), e.kind)).collect();
        let expected = [
            ("Success", "e", EdgeKind::Next),
            ("WaitCompleted", "e", EdgeKind::Condition),
            ("NoMatchingError", "e", EdgeKind::Error),
        ];
        assert_eq!(edges, expected);
    }
}
