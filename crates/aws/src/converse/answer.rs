//! What a model has answered, from Converse's shapes.

use aws_sdk_bedrockruntime::{
    operation::converse::ConverseOutput,
    types::{self as aws, StopReason},
};
use relevo_agents::model::{Candidate, Content, ModelError, ModelReply, Outcome, Route, ToolUse, Usage};

use super::{
    document,
    request::{CLOSE, KEEP, OPEN, UNDECIDABLE},
};

/// Text and calls.
pub(super) fn content(output: ConverseOutput) -> Result<ModelReply, ModelError> {
    let (content, stop_reason, usage) = parts(output)?;
    let calls = content.iter().any(|block| matches!(block, Content::ToolUse(_)));
    let content = match stop_reason {
        // A call that was cut has arguments that the model did not mean.
        StopReason::MaxTokens if calls => return Err(ModelError::Failed("the answer was cut in a call".into())),
        StopReason::ModelContextWindowExceeded => {
            return Err(ModelError::Failed("the conversation is longer than the model reads".into()));
        }
        // Nothing that could be used; the run asks once more for an empty answer.
        StopReason::MalformedModelOutput | StopReason::MalformedToolUse => Vec::new(),
        _ => content,
    };
    Ok(ModelReply { outcome: Outcome::Content(content), usage })
}

/// A route. What is none of the known words is undecidable: the supervisor then thinks for itself.
pub(super) fn route(output: ConverseOutput, candidates: &[Candidate]) -> Result<ModelReply, ModelError> {
    let (content, _, usage) = parts(output)?;
    let texts: Vec<String> = content
        .into_iter()
        .filter_map(|block| if let Content::Text(text) = block { Some(text) } else { None })
        .collect();
    Ok(ModelReply { outcome: Outcome::Route(read(&texts.join("\n"), candidates)), usage })
}

fn read(text: &str, candidates: &[Candidate]) -> Route {
    let marked = text.rsplit_once(OPEN).and_then(|(_, rest)| rest.split_once(CLOSE)).map(|(word, _)| word);
    let word = marked.unwrap_or(text).trim();
    match candidates.iter().find(|candidate| candidate.name.eq_ignore_ascii_case(word)) {
        Some(candidate) => Route::Agent(candidate.name.clone()),
        None if word == KEEP => Route::KeepPrevious,
        None => {
            if word != UNDECIDABLE {
                tracing::debug!(characters = word.chars().count(), "a route that is none of the known words");
            }
            Route::Undecidable
        }
    }
}

fn parts(output: ConverseOutput) -> Result<(Vec<Content>, StopReason, Usage), ModelError> {
    let tokens = |count: i32| u32::try_from(count).unwrap_or(0);
    let usage = output.usage.map_or_else(Usage::default, |usage| Usage {
        input_tokens: tokens(usage.input_tokens),
        output_tokens: tokens(usage.output_tokens),
    });
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
    Ok((content.collect(), output.stop_reason, usage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_leniently() {
        let candidate = |name: &str| Candidate {
            name: name.into(),
            instruction: String::new(),
            functions: Vec::new(),
            knowledge: Vec::new(),
        };
        let candidates = [candidate("orders"), candidate("Tickets")];
        let agent = |name: &str| Route::Agent(name.into());
        for (text, wanted) in [
            ("<agent>orders</agent>", agent("orders")),
            ("  <agent> tickets </agent>\n", agent("Tickets")),
            ("I think <agent>orders</agent>, no: <agent>Tickets</agent>.", agent("Tickets")),
            ("orders", agent("orders")),
            ("<agent>[same]</agent>", Route::KeepPrevious),
            ("<agent>[undecidable]</agent>", Route::Undecidable),
            ("<agent>somebody</agent>", Route::Undecidable),
            ("orders or tickets", Route::Undecidable),
            ("<agent>orders", Route::Undecidable),
            ("", Route::Undecidable),
        ] {
            assert_eq!(read(text, &candidates), wanted, "{text:?}");
        }
    }
}
