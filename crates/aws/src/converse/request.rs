//! What a model is asked, in Converse's shapes.

use aws_sdk_bedrockruntime::types as aws;
use relevo_agents::{
    definition::{
        agent::GuardrailConfiguration,
        models::{BedrockChoice, InferenceConfiguration},
    },
    model::{Content, Message, ModelError, ModelRequest, Purpose, Role, ToolSpec, adapter},
};

use serde_json::{Map, Value};

use super::document;

/// The system prompt.
pub(super) fn system(
    request: &ModelRequest,
    choice: &BedrockChoice,
) -> Result<Vec<aws::SystemContentBlock>, ModelError> {
    let mut blocks = vec![aws::SystemContentBlock::Text(adapter::system(request).into_owned())];
    if choice.prompt_caching {
        blocks.push(aws::SystemContentBlock::CachePoint(cache_point()?));
    }
    Ok(blocks)
}

/// What stands before it is the same in every request of an agent.
fn cache_point() -> Result<aws::CachePointBlock, ModelError> {
    aws::CachePointBlock::builder().r#type(aws::CachePointType::Default).build().map_err(unbuilt)
}

/// The parameters that are set; models differ in which of them they refuse.
pub(super) fn inference(choice: &BedrockChoice) -> Option<aws::InferenceConfiguration> {
    let set = &choice.inference_configuration;
    if *set == InferenceConfiguration::default() {
        return None;
    }
    let stops = Some(set.stop_sequences.clone()).filter(|stops| !stops.is_empty());
    let tokens = set.maximum_length.map(|tokens| i32::try_from(tokens).unwrap_or(i32::MAX));
    let built = aws::InferenceConfiguration::builder().set_max_tokens(tokens).set_temperature(set.temperature);
    Some(built.set_top_p(set.top_p).set_stop_sequences(stops).build())
}

/// An agent's guardrail.
pub(super) fn guardrail(of: &GuardrailConfiguration) -> aws::GuardrailConfiguration {
    let built = aws::GuardrailConfiguration::builder().guardrail_identifier(&of.guardrail_identifier);
    built.guardrail_version(&of.guardrail_version).build()
}

/// The same for a stream. It is held back until it is checked: the service's default.
pub(super) fn guardrail_of_stream(of: &GuardrailConfiguration) -> aws::GuardrailStreamConfiguration {
    let built = aws::GuardrailStreamConfiguration::builder().guardrail_identifier(&of.guardrail_identifier);
    built.guardrail_version(&of.guardrail_version).build()
}

/// The history.
pub(super) fn messages(request: &ModelRequest) -> Result<Vec<aws::Message>, ModelError> {
    adapter::history(request).iter().map(|it| message(it)).collect()
}

/// The tools, where there are any.
pub(super) fn tools(
    request: &ModelRequest,
    choice: &BedrockChoice,
) -> Result<Option<aws::ToolConfiguration>, ModelError> {
    let Purpose::Orchestrate { tools } = &request.purpose else { return Ok(None) };
    if tools.is_empty() {
        return Ok(None);
    }
    let mut tools = tools.iter().map(tool).collect::<Result<Vec<_>, _>>()?;
    if choice.prompt_caching {
        tools.push(aws::Tool::CachePoint(cache_point()?));
    }
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
            // A call whose arguments were no object is in the history with none.
            let empty = Value::Object(Map::new());
            let input = document::of_json(if call.input.is_object() { &call.input } else { &empty });
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
