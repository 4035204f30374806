//! Which function sees what is said before anybody else does.

use super::{Block, Enter, Shape};
use crate::{
    api::MediaProcessing,
    flow::{reader::Reader, scope::Scope, step::FlowStep, transitions::ErrorType::ChannelMismatch},
};

/// `UpdateContactMediaProcessing`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactMediaProcessing {
    /// None: messages go their way again.
    processor: Option<MediaProcessing>,
}

impl UpdateContactMediaProcessing {
    /// The function.
    pub(in crate::flow) fn function(&self) -> Option<&str> {
        self.processor.as_ref().map(|processor| processor.processor_arn.as_str())
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.require("ChatProcessor");
        let processor = reader.object("ChatProcessor", |chat| {
            let enabled = chat.required_word("ProcessingEnabled", &["True", "False"])?;
            let arn = if enabled == "True" {
                Some(chat.required_text("LambdaProcessorARN"))
            } else {
                chat.text("LambdaProcessorARN")
            };
            let settings = chat.object("ChatProcessorSettings", |settings| {
                settings.word("DeliverUnprocessedMessages", &["True", "False"])
            });
            if enabled == "False" {
                return Some(None);
            }
            let arn = arn?;
            if arn.as_static().is_none() {
                chat.error("not-static", "LambdaProcessorARN must be an ARN itself: a JSONPath is not taken here");
            }
            Some(Some(MediaProcessing {
                processor_arn: arn.as_static()?.to_owned(),
                deliver_unprocessed: settings.flatten() == Some("True"),
            }))
        });
        processor.flatten().map(|processor| Self { processor })
    }
}

impl Block for UpdateContactMediaProcessing {
    fn shape(&self) -> Shape {
        Shape { optional: &[ChannelMismatch], ..super::STRAIGHT }
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        Enter::Stand(FlowStep::SetMessageProcessor(self.processor.clone()))
    }
}
