//! What a model is asked, in Converse's shapes.
//!
//! No inference parameter is sent: the definition has none, and models differ in which of them they refuse.

use aws_sdk_bedrockruntime::types as aws;
use relevo_agents::model::{Content, Message, ModelError, ModelRequest, Purpose, Role, ToolSpec};

use super::document;

/// The routes that are no agent's name. Agents' names are identifiers, so that they cannot be these.
pub(super) const KEEP: &str = "[same]";
pub(super) const UNDECIDABLE: &str = "[undecidable]";
pub(super) const OPEN: &str = "<agent>";
pub(super) const CLOSE: &str = "</agent>";

/// The system prompt; for a route also how to answer. Any model can write a word between marks, while a forced tool is
/// not for all of them.
pub(super) fn system(request: &ModelRequest) -> Vec<aws::SystemContentBlock> {
    let text = match &request.purpose {
        Purpose::Orchestrate { .. } | Purpose::Summarize { .. } => request.system.clone(),
        Purpose::Route { previous, .. } => {
            let keep = match previous {
                Some(_) => format!("To keep the agent of the last message, answer {OPEN}{KEEP}{CLOSE}. "),
                None => String::new(),
            };
            format!(
                "{}\nAnswer with the agent's name alone, as {OPEN}name{CLOSE}. {keep}When it is undecidable, answer \
                 {OPEN}{UNDECIDABLE}{CLOSE}. Write nothing else.",
                request.system
            )
        }
    };
    vec![aws::SystemContentBlock::Text(text)]
}

/// The history. Without tools it must hold no calls: it is then what was said.
pub(super) fn messages(request: &ModelRequest) -> Result<Vec<aws::Message>, ModelError> {
    let bare = match &request.purpose {
        Purpose::Orchestrate { tools } => tools.is_empty(),
        Purpose::Route { .. } | Purpose::Summarize { .. } => true,
    };
    if bare {
        spoken(&request.messages).iter().map(message).collect()
    } else {
        request.messages.iter().map(message).collect()
    }
}

/// The tools, where there are any.
pub(super) fn tools(request: &ModelRequest) -> Result<Option<aws::ToolConfiguration>, ModelError> {
    let Purpose::Orchestrate { tools } = &request.purpose else { return Ok(None) };
    if tools.is_empty() {
        return Ok(None);
    }
    let tools = tools.iter().map(tool).collect::<Result<Vec<_>, _>>()?;
    aws::ToolConfiguration::builder().set_tools(Some(tools)).build().map(Some).map_err(unbuilt)
}

fn tool(spec: &ToolSpec) -> Result<aws::Tool, ModelError> {
    let schema = aws::ToolInputSchema::Json(document::of_json(&spec.input_schema));
    // A description may lack, but not be empty.
    let description = Some(spec.description.clone()).filter(|text| !text.trim().is_empty());
    let built = aws::ToolSpecification::builder().name(&spec.name).set_description(description).input_schema(schema);
    built.build().map(aws::Tool::ToolSpec).map_err(unbuilt)
}

fn message(message: &Message) -> Result<aws::Message, ModelError> {
    let role = match message.role {
        Role::User => aws::ConversationRole::User,
        Role::Assistant => aws::ConversationRole::Assistant,
    };
    let content = message.content.iter().map(block).collect::<Result<Vec<_>, _>>()?;
    aws::Message::builder().role(role).set_content(Some(content)).build().map_err(unbuilt)
}

fn block(content: &Content) -> Result<aws::ContentBlock, ModelError> {
    match content {
        Content::Text(text) => Ok(aws::ContentBlock::Text(text.clone())),
        Content::ToolUse(call) => {
            let input = document::of_json(&call.input);
            let built = aws::ToolUseBlock::builder().tool_use_id(&call.tool_use_id).name(&call.name).input(input);
            built.build().map(aws::ContentBlock::ToolUse).map_err(unbuilt)
        }
        Content::ToolResult(result) => {
            let status = if result.error { aws::ToolResultStatus::Error } else { aws::ToolResultStatus::Success };
            let text = aws::ToolResultContentBlock::Text(result.text.clone());
            let built = aws::ToolResultBlock::builder().tool_use_id(&result.tool_use_id).content(text).status(status);
            built.build().map(aws::ContentBlock::ToolResult).map_err(unbuilt)
        }
    }
}

/// The texts alone, with roles that alternate.
fn spoken(messages: &[Message]) -> Vec<Message> {
    let mut spoken: Vec<Message> = Vec::new();
    for message in messages {
        let texts: Vec<_> = message.content.iter().filter(|it| matches!(it, Content::Text(_))).cloned().collect();
        match spoken.last_mut() {
            _ if texts.is_empty() => {}
            Some(last) if last.role == message.role => last.content.extend(texts),
            None if message.role == Role::Assistant => {}
            _ => spoken.push(Message { role: message.role, content: texts }),
        }
    }
    spoken
}

/// The builders miss nothing that is given here.
#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn unbuilt(error: aws_smithy_types::error::operation::BuildError) -> ModelError {
    ModelError::Failed(format!("a request that cannot be built: {error}"))
}

#[cfg(test)]
mod tests {
    use relevo_agents::model::{ToolResult, ToolUse};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_said_is_left_without_the_calls() {
        let text = |text: &str| Content::Text(text.into());
        let call = Content::ToolUse(ToolUse { tool_use_id: "1".into(), name: "t".into(), input: json!({}) });
        let result = Content::ToolResult(ToolResult { tool_use_id: "1".into(), text: "r".into(), error: false });
        let message = |role, content: &[Content]| Message { role, content: content.to_vec() };
        let history = [
            message(Role::User, &[text("a")]),
            message(Role::Assistant, &[call]),
            message(Role::User, std::slice::from_ref(&result)),
            message(Role::Assistant, &[text("b")]),
            message(Role::User, &[result.clone(), text("c")]),
        ];
        let left = [
            message(Role::User, &[text("a")]),
            message(Role::Assistant, &[text("b")]),
            message(Role::User, &[text("c")]),
        ];
        assert_eq!(spoken(&history), left);
        assert_eq!(spoken(&history[1..]), left[2..], "it begins with the user");
    }
}
