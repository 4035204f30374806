//! Look-ups in knowledge bases: the tool a model is given, what comes of a call, and what is kept of it.
//!
//! What an agent has found goes up with its answer: to the supervisor that words the next one, or through a router unchanged.
//! The answer to the customer cites what it stands on, whoever found it.

use serde_json::{Value, json};

use super::{
    Run, TraceKind, history,
    state::{CallState, Phase},
};
use crate::{
    Log,
    definition::knowledge::KnowledgeBase,
    knowledge::{NUMBER_OF_RESULTS, Retrieval, RetrievalError, RetrievedReference},
    model::{Content, Message, ToolKind, ToolSpec},
};

/// The tools of knowledge bases are called this and the id; the action group's name is reserved.
const PREFIX: &str = "KnowledgeBase__";
/// In the place of passages.
const FORGOTTEN: &str = "The passages of an earlier turn are no longer here. Search again if they are needed.";

/// The tool of a knowledge base.
pub(super) fn spec(base: &KnowledgeBase) -> ToolSpec {
    ToolSpec {
        name: format!("{PREFIX}{}", base.knowledge_base_id),
        description: format!(
            "Search a knowledge base; the result is passages of its documents with their sources. What is in it: {}",
            base.description.trim()
        ),
        input_schema: json!({
            "type": "object",
            "properties": {"query": {"type": "string", "description": "What to look for: a full question, with all that matters"}},
            "required": ["query"],
        }),
        kind: ToolKind::KnowledgeBase { knowledge_base_id: base.knowledge_base_id.clone() },
    }
}

impl Run {
    /// How many passages the caller wants of a knowledge base, by id, for the open turn.
    pub fn want_results(&mut self, numbers: impl IntoIterator<Item = (String, u32)>) {
        if let Some(turn) = self.turn_mut() {
            turn.numbers_of_results.extend(numbers);
        }
    }

    /// What is asked of a knowledge base.
    pub(super) fn retrieval(&self, agent: &str, knowledge_base_id: &str, query: &str) -> Retrieval {
        let wanted = self.turn().and_then(|turn| turn.numbers_of_results.get(knowledge_base_id)).copied();
        let declared = || {
            let bases = &self.team.member(agent)?.knowledge_bases;
            bases.iter().find(|base| base.knowledge_base_id == knowledge_base_id)?.number_of_results()
        };
        Retrieval {
            knowledge_base_id: knowledge_base_id.to_owned(),
            query: query.to_owned(),
            number_of_results: wanted.or_else(declared).unwrap_or(NUMBER_OF_RESULTS),
        }
    }

    /// What came of a look-up. A result nobody waits for is ignored.
    pub fn feed_lookup(&mut self, id: u32, tool_use_id: &str, result: Result<Vec<RetrievedReference>, RetrievalError>) {
        let Some(frame) = self.frame_mut(id) else { return };
        let Phase::Calls(calls) = &frame.phase else { return };
        if !calls.iter().any(|call| call.id == tool_use_id && call.state == CallState::Due) {
            return;
        }
        let agent = frame.agent.clone();
        let (text, error) = match result {
            Ok(found) => {
                let text = told(&found);
                add(&mut frame.found, &found);
                self.trace_found(&agent, &found);
                (text, false)
            }
            Err(failure) => {
                let text = match failure {
                    RetrievalError::TimedOut => "The knowledge base did not answer in time.",
                    _ => "The knowledge base could not be searched.",
                };
                self.trace_failure(&agent, text);
                (text.to_owned(), true)
            }
        };
        self.done(id, history::result(tool_use_id, &text, error));
    }

    pub(super) fn trace_lookup(&mut self, agent: &str, knowledge_base_id: &str, query: &str) {
        let input = json!({
            "invocationType": "KNOWLEDGE_BASE",
            "knowledgeBaseLookupInput": {"knowledgeBaseId": knowledge_base_id, "text": query},
        });
        self.trace(agent, TraceKind::Orchestration, json!({"invocationInput": input}));
    }

    fn trace_found(&mut self, agent: &str, found: &[RetrievedReference]) {
        let observation =
            json!({"type": "KNOWLEDGE_BASE", "knowledgeBaseLookupOutput": {"retrievedReferences": found}});
        self.trace(agent, TraceKind::Orchestration, json!({"observation": observation}));
    }
}

/// Adds passages, each once.
pub(super) fn add(all: &mut Vec<RetrievedReference>, found: &[RetrievedReference]) {
    for reference in found {
        if !all.contains(reference) {
            all.push(reference.clone());
        }
    }
}

/// What the model is told: the passages as data, each with its source.
fn told(found: &[RetrievedReference]) -> String {
    let passage = |reference: &RetrievedReference| {
        let mut passage = serde_json::Map::new();
        if let Some(location) = &reference.location {
            passage.insert("source".into(), json!(location.text()));
        }
        for key in ["section", "page"] {
            if let Some(value) = reference.metadata.get(key) {
                passage.insert(key.into(), value.clone());
            }
        }
        passage.insert("text".into(), json!(reference.text()));
        Value::Object(passage)
    };
    json!({"passages": found.iter().map(passage).collect::<Vec<_>>()}).to_string()
}

/// Passages of a turn that is over are not kept in the histories: they are long, and can be looked up again. What was settled
/// has been without them since.
pub(super) fn forget(history: &mut Log<Message>) {
    let mut calls: Vec<String> = Vec::new();
    for message in history.since_mut() {
        let is_told = |content: &Content| match content {
            Content::ToolResult(result) => {
                !result.error && result.text != FORGOTTEN && calls.contains(&result.tool_use_id)
            }
            Content::Text(_) | Content::ToolUse(_) => false,
        };
        // Messages that stay as they are stay shared.
        if message.content.iter().any(is_told) {
            for content in &mut message.make_mut().content {
                match content {
                    Content::ToolResult(result) if !result.error && calls.contains(&result.tool_use_id) => {
                        FORGOTTEN.clone_into(&mut result.text);
                    }
                    _ => {}
                }
            }
        }
        calls.extend(message.content.iter().filter_map(|content| match content {
            Content::ToolUse(call) if call.name.starts_with(PREFIX) => Some(call.tool_use_id.clone()),
            _ => None,
        }));
    }
}
