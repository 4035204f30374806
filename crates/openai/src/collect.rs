//! An answer, collected from the chunks of a stream or taken from a whole one.

use relevo_agents::model::{Content, Usage, adapter::Stop};
use serde_json::Value;

use crate::{calls::Calls, fault::Fault, thoughts};

/// What a model said, how it ended, what it cost.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) content: Vec<Content>,
    pub(crate) stop: Stop,
    pub(crate) usage: Usage,
    /// As the endpoint names it.
    pub(crate) model: Option<String>,
    /// It had thoughts without their first mark.
    pub(crate) thoughts: bool,
}

/// The answer so far.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    text: String,
    refusal: String,
    calls: Calls,
    finish: Option<String>,
    usage: Usage,
    model: Option<String>,
    /// There was a first choice.
    begun: bool,
}

impl Collected {
    /// Takes a chunk, or a whole completion.
    pub(crate) fn take(&mut self, chunk: &Value) -> Result<(), Fault> {
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Err(Fault::said(error));
        }
        if let Some(model) = chunk.get("model").and_then(Value::as_str).filter(|model| !model.is_empty()) {
            self.model = Some(model.to_owned());
        }
        if let Some(usage @ Value::Object(_)) = chunk.get("usage") {
            let tokens = |name| usage.get(name).and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok());
            // Of several, the last is the whole.
            self.usage = Usage {
                input_tokens: tokens("prompt_tokens").unwrap_or_default(),
                output_tokens: tokens("completion_tokens").unwrap_or_default(),
            };
        }
        let choices = chunk.get("choices").and_then(Value::as_array).into_iter().flatten();
        for choice in choices.filter(|choice| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0) {
            self.begun = true;
            for said in ["delta", "message"].into_iter().filter_map(|name| choice.get(name)) {
                self.said(said);
            }
            if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str).filter(|it| !it.is_empty()) {
                self.finish = Some(reason.to_owned());
            }
        }
        Ok(())
    }

    fn said(&mut self, said: &Value) {
        match said.get("content") {
            Some(Value::String(text)) => self.text.push_str(text),
            Some(Value::Array(parts)) => {
                self.text.extend(parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)));
            }
            _ => {}
        }
        self.refusal.extend(said.get("refusal").and_then(Value::as_str));
        match said.get("tool_calls") {
            Some(Value::Array(pieces)) => pieces.iter().for_each(|piece| self.calls.take(piece)),
            Some(piece @ Value::Object(_)) => self.calls.take(piece),
            _ => {}
        }
    }

    /// The text so far, behind so many bytes of it; nothing, where there is nothing new.
    pub(crate) fn said_behind(&self, bytes: usize) -> Option<&str> {
        thoughts::without_so_far(&self.text).get(bytes..).filter(|more| !more.is_empty())
    }

    /// Whether the model has said how it ended.
    pub(crate) fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// The answer. `over`: the endpoint said so itself; else the model must have.
    pub(crate) fn finish(self, over: bool) -> Result<Answer, Fault> {
        if !over && !self.is_finished() {
            return Err(Fault::Cut);
        }
        if !self.begun {
            return Err(Fault::Unreadable);
        }
        let stop = match self.finish.as_deref() {
            Some("length" | "max_tokens" | "model_length") => Stop::Cut,
            Some("content_filter") => Stop::Blocked,
            _ => Stop::Complete,
        };
        let (said, thoughts) = thoughts::without(&self.text);
        let text = if said.trim().is_empty() { self.refusal.as_str() } else { said };
        let mut content = Vec::new();
        if !text.trim().is_empty() {
            content.push(Content::Text(text.to_owned()));
        }
        content.extend(self.calls.into_content());
        Ok(Answer { content, stop, usage: self.usage, model: self.model, thoughts })
    }
}
