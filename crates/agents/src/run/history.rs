//! Histories that a model accepts: roles alternate, and every tool call has its result in the next message.

use super::state::{Line, PromptCreation};
use crate::{
    Log, Shared,
    log::Weigh,
    model::{Content, Message, Role, ToolResult},
};

/// Adds content, to the last message where it has the same role.
pub(super) fn push(messages: &mut Log<Message>, role: Role, content: Vec<Content>) {
    if content.is_empty() {
        return;
    }
    match messages.last_mut() {
        Some(last) if last.role == role => last.make_mut().content.extend(content),
        _ => messages.push(Message { role, content }),
    }
}

/// Adds a text, unless there is nothing in it.
pub(super) fn push_text(messages: &mut Log<Message>, role: Role, text: &str) {
    if !text.trim().is_empty() {
        push(messages, role, vec![Content::Text(text.to_owned())]);
    }
}

/// Adds messages to a history.
pub(super) fn append(history: &mut Log<Message>, messages: &Log<Message>) {
    for message in messages {
        match history.last_mut() {
            Some(last) if last.role == message.role => last.make_mut().content.extend_from_slice(&message.content),
            _ => history.push(message.clone()),
        }
    }
}

/// A tool's result; a model accepts no empty one.
pub(super) fn result(tool_use_id: &str, text: &str, error: bool) -> ToolResult {
    let text = match text.trim() {
        "" if error => "It failed.",
        "" => "null",
        _ => text,
    };
    ToolResult { tool_use_id: tool_use_id.to_owned(), text: text.to_owned(), error }
}

/// About how many tokens a text has: a quarter of its bytes. Models differ, and none is asked for this.
pub(super) fn text_tokens(text: &str) -> usize {
    text.len().div_ceil(4)
}

impl Weigh for Line {
    /// About how many tokens it has.
    fn weigh(&self) -> usize {
        text_tokens(&self.text)
    }
}

impl Weigh for Message {
    /// About how many tokens it has.
    fn weigh(&self) -> usize {
        let block = |content: &Content| match content {
            Content::Text(text) => text_tokens(text),
            Content::ToolUse(call) => text_tokens(&call.name) + text_tokens(&call.input.to_string()),
            Content::ToolResult(result) => text_tokens(&result.text),
        };
        // Role and marks around each.
        4 + self.content.iter().map(block).sum::<usize>()
    }
}

/// When a history has more tokens than this, the oldest messages go so that at most half as many stay: to cut a little each
/// time would change the prompt's beginning with every turn, and providers cache it. The first that stays is a user's and
/// answers no call; the last exchange stays in any case.
pub(super) fn trim(history: &mut Log<Message>, most: usize) {
    let mut rest = history.weight();
    if rest <= most {
        return;
    }
    let mut excess = 0;
    for message in &*history {
        if rest <= most / 2 {
            break;
        }
        rest -= message.weight();
        excess += 1;
    }
    let begins = || history.iter().enumerate().filter(|(_, message)| begins_turn(message)).map(|(index, _)| index);
    if let Some(cut) = begins().find(|index| *index >= excess).or_else(|| begins().last()) {
        history.drop_first(cut);
    }
}

/// The part of a history that the caller wants to be told.
pub(super) fn select(history: &mut Log<Message>, wanted: PromptCreation) {
    if let Some(turns) = wanted.previous_turns {
        let begins: Vec<usize> =
            history.iter().enumerate().filter(|(_, message)| begins_turn(message)).map(|(index, _)| index).collect();
        let turns = usize::try_from(turns).unwrap_or(usize::MAX);
        let cut = match begins.len().checked_sub(turns) {
            Some(first) => begins.get(first).copied().unwrap_or(history.len()),
            None => 0,
        };
        history.drop_first(cut);
    }
    if wanted.spoken_only {
        for message in &std::mem::take(history) {
            let texts = message.content.iter().filter(|content| matches!(content, Content::Text(_)));
            push(history, message.role, texts.cloned().collect());
        }
    }
}

/// Whether a turn begins with it: it is a user's and answers no call.
fn begins_turn(message: &Message) -> bool {
    message.role == Role::User && !message.content.iter().any(|content| matches!(content, Content::ToolResult(_)))
}

/// Whether a model would accept it: it begins with the user, roles alternate, each call is answered in the next message
/// and nothing else is, no message and no text is empty.
pub fn is_sound<'m>(messages: impl IntoIterator<Item = &'m Shared<Message>>) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut expected = Role::User;
    for message in messages {
        if message.role != expected || message.content.is_empty() {
            return false;
        }
        let mut calls = Vec::new();
        let mut results = Vec::new();
        for content in &message.content {
            match content {
                Content::Text(text) if text.trim().is_empty() => return false,
                Content::Text(_) => {}
                Content::ToolUse(call) => calls.push(call.tool_use_id.as_str()),
                Content::ToolResult(result) if result.text.trim().is_empty() => return false,
                Content::ToolResult(result) => results.push(result.tool_use_id.as_str()),
            }
        }
        results.sort_unstable();
        let misplaced = match message.role {
            Role::User => !calls.is_empty(),
            Role::Assistant => !results.is_empty(),
        };
        if misplaced || results != open {
            return false;
        }
        calls.sort_unstable();
        if calls.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return false;
        }
        open = calls;
        expected = match message.role {
            Role::User => Role::Assistant,
            Role::Assistant => Role::User,
        };
    }
    open.is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ToolUse;

    fn text(role: Role, text: &str) -> Shared<Message> {
        Message { role, content: vec![Content::Text(text.into())] }.into()
    }
    fn call(id: &str) -> Shared<Message> {
        let call = ToolUse { tool_use_id: id.into(), name: "a__b".into(), input: json!({}) };
        Message { role: Role::Assistant, content: vec![Content::ToolUse(call)] }.into()
    }
    fn answer(id: &str) -> Shared<Message> {
        Message { role: Role::User, content: vec![Content::ToolResult(result(id, "", false))] }.into()
    }

    #[test]
    fn tells_sound_from_broken() {
        use Role::{Assistant, User};
        let sound = [
            vec![],
            vec![text(User, "a"), text(Assistant, "b")],
            vec![text(User, "a"), call("1"), answer("1"), text(Assistant, "b")],
        ];
        let broken = [
            vec![text(Assistant, "b")],
            vec![text(User, "a"), text(User, "a")],
            vec![text(User, "a"), call("1")],
            vec![text(User, "a"), call("1"), text(User, "b")],
            vec![text(User, "a"), call("1"), answer("2")],
            vec![text(User, "a"), text(Assistant, "b"), answer("1")],
            vec![text(User, " ")],
        ];
        assert!(sound.iter().all(is_sound));
        assert!(!broken.iter().any(is_sound));
    }

    #[test]
    fn the_caller_chooses_how_much_of_the_past_is_told() {
        let mut all = Log::default();
        for n in 0..3 {
            append(
                &mut all,
                &vec![text(Role::User, &format!("q{n}")), call(&n.to_string()), answer(&n.to_string())].into(),
            );
            push_text(&mut all, Role::Assistant, "a");
        }
        for (previous_turns, spoken_only, length) in
            [(None, false, 12), (Some(9), false, 12), (Some(2), false, 8), (Some(0), false, 0), (Some(1), true, 2)]
        {
            let mut told = all.clone();
            select(&mut told, PromptCreation { previous_turns, spoken_only });
            assert!(is_sound(&told) && told.len() == length, "{previous_turns:?} {spoken_only}: {told:#?}");
        }
    }

    #[test]
    fn trimming_never_cuts_a_call_from_its_result() {
        let mut history = Log::default();
        for n in 0..20 {
            append(&mut history, &vec![text(Role::User, "q"), call(&n.to_string()), answer(&n.to_string())].into());
            push_text(&mut history, Role::Assistant, "a");
        }
        let (exchange, all) = (4, history.weight());
        for most in 0..=all {
            let mut trimmed = history.clone();
            trim(&mut trimmed, most);
            assert!(is_sound(&trimmed), "{most}");
            let rest: usize = trimmed.weight();
            assert!(rest <= most / 2 || trimmed.len() == exchange || most == all, "{most}: {rest}");
            assert!(trimmed.len() >= exchange, "the last exchange stays");
        }
    }
}
