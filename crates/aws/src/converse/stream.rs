//! An answer, collected from the events of a stream. The input of a call comes as pieces of its JSON.

use std::collections::BTreeMap;

use aws_sdk_bedrockruntime::types::{ContentBlockDelta, ContentBlockStart, ConverseStreamOutput as Event};
use relevo_agents::model::{
    Content, ToolUse, Usage,
    adapter::{self, Stop},
};

use super::answer::{Parts, stop, usage};

/// The answer so far.
#[derive(Debug, Default)]
pub(super) struct Streamed {
    /// By their index, in whose order they are said.
    blocks: BTreeMap<i32, Block>,
    stop: Option<Stop>,
    usage: Usage,
}

#[derive(Debug)]
enum Block {
    Text(String),
    Call { id: String, name: String, input: String },
}

impl Streamed {
    /// Takes an event. Reasoning is the model's own; other kinds of blocks are not asked for. Answers a piece of the first
    /// text, where the answer begins with one.
    pub(super) fn take(&mut self, event: Event) -> Option<String> {
        match event {
            Event::ContentBlockStart(event) => {
                if let Some(ContentBlockStart::ToolUse(call)) = event.start {
                    let block = Block::Call { id: call.tool_use_id, name: call.name, input: String::new() };
                    self.blocks.insert(event.content_block_index, block);
                }
            }
            Event::ContentBlockDelta(event) => match event.delta {
                Some(ContentBlockDelta::Text(piece)) => {
                    let block =
                        self.blocks.entry(event.content_block_index).or_insert_with(|| Block::Text(String::new()));
                    if let Block::Text(text) = block {
                        text.push_str(&piece);
                    }
                    let first = self.blocks.first_key_value().map(|(index, _)| *index);
                    return (first == Some(event.content_block_index)).then_some(piece);
                }
                Some(ContentBlockDelta::ToolUse(piece)) => {
                    if let Some(Block::Call { input, .. }) = self.blocks.get_mut(&event.content_block_index) {
                        input.push_str(&piece.input);
                    }
                }
                _ => {}
            },
            Event::MessageStop(event) => self.stop = Some(stop(&event.stop_reason)),
            Event::Metadata(event) => self.usage = event.usage.as_ref().map(usage).unwrap_or_default(),
            _ => {}
        }
        None
    }

    /// The model has ended; what it cost may be to come.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// The answer; none, when the model had not ended.
    pub(super) fn finish(self) -> Option<Parts> {
        let content = self.blocks.into_values().filter_map(|block| match block {
            Block::Text(text) => (!text.is_empty()).then_some(Content::Text(text)),
            Block::Call { id, name, input } => {
                Some(Content::ToolUse(ToolUse { tool_use_id: id, name, input: adapter::arguments(&input) }))
            }
        });
        Some((content.collect(), self.stop?, self.usage))
    }
}
