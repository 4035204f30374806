//! An answer, collected from the chunks of a stream or taken from a whole one.

use relevo_agents::model::{Content, Usage, adapter::Stop};
use serde_json::Value;

use crate::{calls::Calls, fault::Fault};

/// What a model said, how it ended, what it cost.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) content: Vec<Content>,
    pub(crate) stop: Stop,
    pub(crate) usage: Usage,
    /// As the endpoint names it.
    pub(crate) model: Option<String>,
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
        let said = without_thoughts(&self.text);
        let text = if said.trim().is_empty() { self.refusal.as_str() } else { said };
        let mut content = Vec::new();
        if !text.trim().is_empty() {
            content.push(Content::Text(text.to_owned()));
        }
        content.extend(self.calls.into_content());
        Ok(Answer { content, stop, usage: self.usage, model: self.model })
    }
}

/// Some servers give a model's thinking with its text, before it and in marks; the first of them may stand in the prompt.
fn without_thoughts(text: &str) -> &str {
    const OPEN: &str = "<think>";
    const CLOSE: &str = "</think>";
    let begins = text.trim_start().starts_with(OPEN);
    match text.split_once(CLOSE) {
        Some((before, after)) if begins || !before.contains(OPEN) => after.trim_start(),
        // It was cut while it thought.
        None if begins => "",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::without_thoughts;

    #[test]
    fn thoughts_are_not_said() {
        for (text, wanted) in [
            ("Hola", "Hola"),
            ("<think>He asks\nwhere.</think>\n\nHola", "Hola"),
            (" <think></think>Hola", "Hola"),
            ("He asks where.</think>Hola", "Hola"),
            ("<think>He asks", ""),
            ("Say <think>a</think>", "Say <think>a</think>"),
            ("a < b", "a < b"),
        ] {
            assert_eq!(without_thoughts(text), wanted, "{text:?}");
        }
    }
}
