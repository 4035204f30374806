//! Words to the customer.

use super::{Block, Enter, STRAIGHT_AT_BEST, Shape, failed};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep, template::Template};

/// `MessageParticipant`; in a chat it has text only.
#[derive(Debug, Clone)]
pub(in crate::flow) struct MessageParticipant {
    text: Template,
}

impl MessageParticipant {
    /// Whether the text is nothing but what is looked up, and may so be empty.
    pub(in crate::flow) fn may_be_empty(&self) -> bool {
        self.text.is_one_path()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.not_run_here(&["PromptId", "SSML", "Media"], "a chat has text only");
        reader.ignored("SkipWhenDTMFBufferEnabled");
        Some(Self { text: reader.required_text("Text")? })
    }
}

impl Block for MessageParticipant {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        match scope.fill_some(&self.text) {
            Some(text) => Enter::Stand(FlowStep::Say { text }),
            None => failed(),
        }
    }
}
