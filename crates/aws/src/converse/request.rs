//! What a model is asked, in Converse's shapes.

use aws_sdk_bedrockruntime::types as aws;
use relevo_agents::model::{Content, Message, ModelError, ModelRequest, Purpose, Role, ToolSpec, adapter};

use super::document;

/// The system prompt.
pub(super) fn system(request: &ModelRequest) -> Vec<aws::SystemContentBlock> {
    vec![aws::SystemContentBlock::Text(adapter::system(request).into_owned())]
}

/// The history.
pub(super) fn messages(request: &ModelRequest) -> Result<Vec<aws::Message>, ModelError> {
    adapter::history(request).iter().map(message).collect()
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

/// The builders miss nothing that is given here.
#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn unbuilt(error: aws_smithy_types::error::operation::BuildError) -> ModelError {
    ModelError::Failed(format!("a request that cannot be built: {error}"))
}
