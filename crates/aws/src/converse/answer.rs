//! What a model has answered, from Converse's shapes.

use aws_sdk_bedrockruntime::{
    operation::converse::ConverseOutput,
    types::{self as aws, StopReason},
};
use relevo_agents::model::{Content, ModelError, ToolUse, Usage, adapter::Stop};

use super::document;

/// An answer's blocks, how it ended, and what it cost.
pub(super) type Parts = (Vec<Content>, Stop, Usage);

/// The parts of a whole answer.
pub(super) fn parts(output: ConverseOutput) -> Result<Parts, ModelError> {
    let usage = output.usage.as_ref().map(usage).unwrap_or_default();
    let Some(aws::ConverseOutput::Message(message)) = output.output else {
        return Err(ModelError::Failed("an answer without a message".into()));
    };
    // Reasoning is the model's own; other kinds of blocks are not asked for.
    let content = message.content.into_iter().filter_map(|block| match block {
        aws::ContentBlock::Text(text) => Some(Content::Text(text)),
        aws::ContentBlock::ToolUse(call) => Some(Content::ToolUse(ToolUse {
            tool_use_id: call.tool_use_id,
            name: call.name,
            input: document::to_json(call.input),
        })),
        _ => None,
    });
    Ok((content.collect(), stop(&output.stop_reason), usage))
}

/// Tokens. What was read from a cache or written to one is counted apart, and was read all the same.
pub(super) fn usage(usage: &aws::TokenUsage) -> Usage {
    let tokens = |count: i32| u32::try_from(count).unwrap_or(0);
    let cached = [usage.cache_read_input_tokens, usage.cache_write_input_tokens];
    let cached = cached.into_iter().flatten().map(tokens).fold(0, u32::saturating_add);
    Usage {
        input_tokens: tokens(usage.input_tokens).saturating_add(cached),
        output_tokens: tokens(usage.output_tokens),
    }
}

/// How it ended. A reason that is not known is none to throw an answer away for.
pub(super) fn stop(reason: &StopReason) -> Stop {
    match reason {
        StopReason::MaxTokens => Stop::Cut,
        StopReason::ModelContextWindowExceeded => Stop::TooLong,
        StopReason::GuardrailIntervened | StopReason::ContentFiltered => Stop::Blocked,
        StopReason::MalformedModelOutput | StopReason::MalformedToolUse => Stop::Malformed,
        _ => Stop::Complete,
    }
}
