//! Words to the customer.

use super::{Block, Enter, STRAIGHT_AT_BEST, Shape, failed};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep, template::Template};

/// `MessageParticipant`; in a chat it has text only.
#[derive(Debug, Clone)]
pub(in crate::flow) struct MessageParticipant {
    text: Option<Template>,
}

impl MessageParticipant {
    /// Whether the text is nothing but what is looked up, and may so be empty.
    pub(in crate::flow) fn may_be_empty(&self) -> bool {
        self.text.as_ref().is_none_or(Template::is_one_path)
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let voice = reader.voice_only();
        reader.ignored("SkipWhenDTMFBufferEnabled");
        let text = if voice { reader.text("Text") } else { Some(reader.required_text("Text")) };
        Some(Self { text })
    }
}

impl Block for MessageParticipant {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        match self.text.as_ref().and_then(|text| scope.fill_some(text)) {
            Some(text) => Enter::Stand(FlowStep::Say { text }),
            None => failed(),
        }
    }
}
