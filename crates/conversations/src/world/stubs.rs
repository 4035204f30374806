//! What functions answer in a conversation, in place of whoever executes them: the return-control functions that the bot
//! would give to a handler, and the functions that a tool executes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use relevo_agents::tools::{ToolCall, ToolError, ToolOutput, Tools};
use relevo_bot::ports::{FunctionInput, Handlers};
use serde_json::Value;

use crate::file::Stub;

/// Answers by function or `actionGroup.function`; the last of a list stays.
#[derive(Debug, Default)]
pub struct Stubs {
    answers: BTreeMap<String, Vec<Stub>>,
    asked: Mutex<BTreeMap<String, usize>>,
    missing: Mutex<Vec<String>>,
}

impl Stubs {
    pub(super) fn new(functions: &[(String, Vec<Stub>)]) -> Self {
        Self { answers: functions.iter().cloned().collect(), ..Self::default() }
    }

    /// Return-control functions that were to be executed and have no answer here.
    pub(super) fn take_missing(&self) -> Vec<String> {
        std::mem::take(&mut self.missing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next answer of a function that has one.
    fn next(&self, action_group: &str, function: &str) -> Option<Result<String, String>> {
        let full = format!("{action_group}.{function}");
        let name = if self.answers.contains_key(&full) { full } else { function.to_owned() };
        let answers = self.answers.get(&name)?;
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked.entry(name).or_default();
        let answer = answers.get(*count).or(answers.last())?;
        *count += 1;
        Some(match answer {
            Stub::Returns(Value::String(text)) => Ok(text.clone()),
            Stub::Returns(value) => Ok(value.to_string()),
            Stub::Fails(why) => Err(why.clone()),
        })
    }
}

#[async_trait]
impl Handlers for Stubs {
    async fn call(&self, _: &str, _: &str, input: &FunctionInput) -> Option<Result<String, String>> {
        let answer = self.next(&input.action_group, &input.function);
        if answer.is_none() {
            self.missing.lock().unwrap_or_else(PoisonError::into_inner).push(input.function.clone());
        }
        answer
    }
}

/// The tools, but for the functions that have an answer here.
pub(super) struct StubbedTools {
    pub(super) stubs: Arc<Stubs>,
    pub(super) tools: Arc<dyn Tools>,
}

#[async_trait]
impl Tools for StubbedTools {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        match self.stubs.next(&call.action_group, &call.function) {
            Some(answer) => answer.map(Into::into).map_err(ToolError::Failed),
            None => self.tools.call(call).await,
        }
    }
}
