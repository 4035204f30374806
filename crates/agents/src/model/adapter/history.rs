//! The history as it goes out, whichever model wrote it.
//!
//! A chain asks one model after another, so a history may hold what another provider's model wrote. Providers differ in
//! which ids and names they accept (Converse: `[a-zA-Z0-9_-]{1,64}`; OpenAI: 40 characters; Mistral: exactly nine letters
//! and digits), and refuse the whole history for one that they do not. So ids are numbered anew, in the narrowest of these
//! forms, and names are cleaned. The same history always gets the same ids, which keeps a cached prefix valid.

use std::collections::BTreeMap;

use crate::{
    Log, Shared,
    model::{Content, Message, ModelRequest, Purpose, Role},
};

/// The longest name of a tool that every provider takes.
const MOST_NAME: usize = 64;

/// The messages to send. Without tools they hold no calls: it is then what was said, with roles that alternate.
pub fn history(request: &ModelRequest) -> Log<Message> {
    let bare = match &request.purpose {
        Purpose::Orchestrate { tools } => tools.is_empty(),
        Purpose::Route { .. } | Purpose::Summarize { .. } => true,
    };
    if bare { spoken(&request.messages) } else { numbered(&request.messages) }
}

fn spoken(messages: &Log<Message>) -> Log<Message> {
    let is_text = |content: &&Content| matches!(content, Content::Text(_));
    let mut spoken = Log::<Message>::default();
    for message in messages.iter().filter(|message| message.content.iter().any(|content| is_text(&content))) {
        let texts = message.content.iter().filter(is_text);
        match spoken.last_mut() {
            Some(last) if last.role == message.role => last.make_mut().content.extend(texts.cloned()),
            None if message.role == Role::Assistant => {}
            _ if message.content.iter().all(|content| is_text(&content)) => spoken.push(message.clone()),
            _ => spoken.push(Message { role: message.role, content: texts.cloned().collect() }),
        }
    }
    spoken
}

fn numbered(messages: &Log<Message>) -> Log<Message> {
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for content in messages.iter().flat_map(|message| &message.content) {
        let id = match content {
            Content::Text(_) => continue,
            Content::ToolUse(call) => &call.tool_use_id,
            Content::ToolResult(result) => &result.tool_use_id,
        };
        let next = format!("call{:05}", ids.len());
        ids.entry(id).or_insert(next);
    }
    let number = |id: &mut String| {
        if let Some(new) = ids.get(id.as_str()) {
            id.clone_from(new);
        }
    };
    let renamed = |message: &Shared<Message>| {
        if message.content.iter().all(|content| matches!(content, Content::Text(_))) {
            return message.clone();
        }
        let mut content = message.content.clone();
        for content in &mut content {
            match content {
                Content::Text(_) => {}
                Content::ToolUse(call) => {
                    number(&mut call.tool_use_id);
                    clean(&mut call.name);
                }
                Content::ToolResult(result) => number(&mut result.tool_use_id),
            }
        }
        Message { role: message.role, content }.into()
    };
    messages.iter().map(renamed).collect()
}

/// A model may call a tool that is none, under any name.
fn clean(name: &mut String) {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if name.is_empty() || name.len() > MOST_NAME || !name.chars().all(fits) {
        let cleaned: String =
            name.chars().map(|letter| if fits(letter) { letter } else { '_' }).take(MOST_NAME).collect();
        *name = if cleaned.is_empty() { "unnamed".into() } else { cleaned };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{ToolResult, ToolUse};

    fn text(text: &str) -> Content {
        Content::Text(text.into())
    }

    fn call(id: &str, name: &str) -> Content {
        Content::ToolUse(ToolUse { tool_use_id: id.into(), name: name.into(), input: json!({}) })
    }

    fn result(id: &str) -> Content {
        Content::ToolResult(ToolResult { tool_use_id: id.into(), text: "r".into(), error: false })
    }

    fn message(role: Role, content: &[Content]) -> Message {
        Message { role, content: content.to_vec() }
    }

    fn log<const N: usize>(messages: [Message; N]) -> Log<Message> {
        messages.into_iter().collect()
    }

    #[test]
    fn what_was_said_is_left_without_the_calls() {
        let history = [
            message(Role::User, &[text("a")]),
            message(Role::Assistant, &[call("1", "t")]),
            message(Role::User, &[result("1"), text("b")]),
            message(Role::Assistant, &[text("c"), call("1", "t")]),
            message(Role::User, &[result("1")]),
            message(Role::Assistant, &[text("d")]),
        ];
        let wanted = [message(Role::User, &[text("a"), text("b")]), message(Role::Assistant, &[text("c"), text("d")])];
        assert_eq!(spoken(&log(history.clone())), log(wanted));
        let [_, call, ..] = history;
        assert_eq!(spoken(&log([call])), Log::default());
    }

    #[test]
    fn ids_and_names_of_any_provider_fit_every_other() {
        let long = "tooluse_".repeat(12);
        let name = "functions.getOrder: ¿1?";
        let history = [
            message(Role::User, &[text("a")]),
            message(Role::Assistant, &[call("call-1", "t"), call(&long, name), call("", "")]),
            message(Role::User, &[result(&long), result("call-1"), result("")]),
        ];
        let wanted = [
            message(Role::User, &[text("a")]),
            message(
                Role::Assistant,
                &[call("call00000", "t"), call("call00001", "functions_getOrder___1_"), call("call00002", "unnamed")],
            ),
            message(Role::User, &[result("call00001"), result("call00000"), result("call00002")]),
        ];
        assert_eq!(numbered(&log(history)), log(wanted));
    }
}
