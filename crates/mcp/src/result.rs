//! What a model reads of a tool's result.

use relevo_agents::tools::ToolOutput;
use relevo_outbound::MOST_BYTES;
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};

/// For content of a kind that came later.
const OTHER: &str = "(something that is no text)";
/// Of an error's message.
const MESSAGE_CHARS: usize = 500;

/// The structured content where there is some, else the texts. What is no text is named.
pub(crate) fn read(result: &CallToolResult) -> ToolOutput {
    let text = match &result.structured_content {
        Some(structured) if !structured.is_null() => structured.to_string(),
        _ => result.content.iter().map(plain).collect::<Vec<_>>().join("\n"),
    };
    if text.len() > MOST_BYTES {
        return ToolOutput::refused("The answer is too long. Ask for less.");
    }
    ToolOutput { text, error: result.is_error == Some(true), ..ToolOutput::default() }
}

fn plain(block: &ContentBlock) -> String {
    match block {
        ContentBlock::Text(text) => text.text.clone(),
        ContentBlock::Resource(resource) => match &resource.resource {
            ResourceContents::TextResourceContents { text, .. } => text.clone(),
            ResourceContents::BlobResourceContents { uri, .. } => format!("(a file: {uri})"),
            _ => OTHER.into(),
        },
        ContentBlock::ResourceLink(link) => format!("(a link: {})", link.uri),
        ContentBlock::Image(_) => "(an image)".into(),
        ContentBlock::Audio(_) => "(a recording)".into(),
        _ => OTHER.into(),
    }
}

/// The beginning of a message.
pub(crate) fn head(message: &str) -> String {
    message.chars().take(MESSAGE_CHARS).collect()
}
