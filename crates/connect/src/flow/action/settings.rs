//! Settings: most of them change nothing in a local chat, and the flow goes on.

use std::collections::BTreeMap;

use super::{Block, Enter, STRAIGHT_AT_BEST, Shape, set};
use crate::flow::{reader::Reader, run::FlowStep, scope::Scope, template::Template, transitions::Exit};

/// Connect's event hooks.
const HOOKS: [&str; 10] = [
    "AgentHold",
    "AgentWhisper",
    "CustomerHold",
    "CustomerQueue",
    "CustomerRemaining",
    "CustomerWhisper",
    "DefaultAgentUI",
    "DisconnectAgentUI",
    "PauseContact",
    "ResumeContact",
];

/// `UpdateContactEventHooks`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactEventHooks {
    hooks: BTreeMap<String, Template>,
}

impl UpdateContactEventHooks {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.not_run_here(&["EventHooksConfiguration"], "a hook cannot be switched off");
        let missing = reader.line_of("EventHooks").is_none();
        let hooks = reader.object("EventHooks", |hooks| {
            let set = HOOKS.iter().filter_map(|name| Some(((*name).to_owned(), hooks.text(name)?)));
            set.collect::<BTreeMap<_, _>>()
        });
        if missing {
            reader.error("missing-parameter", "the parameter EventHooks is missing");
        }
        Some(Self { hooks: hooks? })
    }
}

impl Block for UpdateContactEventHooks {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let hooks = scope.fill_all(&self.hooks);
        if hooks.values().any(String::is_empty) { super::failed() } else { set(hooks, FlowStep::SetEventHooks) }
    }
}

/// `UpdateContactRoutingBehavior`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactRoutingBehavior;

impl UpdateContactRoutingBehavior {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let priority = reader.ignored("QueuePriority");
        let age = reader.ignored("QueueTimeAdjustmentSeconds");
        if !priority && !age {
            reader.error("missing-parameter", "one of QueuePriority and QueueTimeAdjustmentSeconds must be there");
            return None;
        }
        reader.warn("no-effect-here", "the queue here is first come, first served: the priority changes nothing");
        Some(Self)
    }
}

/// `UpdateFlowLoggingBehavior`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateFlowLoggingBehavior;

impl UpdateFlowLoggingBehavior {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.required_word("FlowLoggingBehavior", &["Enabled", "Disabled"]).map(|_| Self)
    }
}

/// `UpdateContactRecordingBehavior`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactRecordingBehavior;

impl UpdateContactRecordingBehavior {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let recording = reader.ignored("RecordingBehavior");
        let analytics = reader.ignored("AnalyticsBehavior");
        if !recording && !analytics {
            reader.error("missing-parameter", "one of RecordingBehavior and AnalyticsBehavior must be there");
        }
        Some(Self)
    }
}

/// `UpdateContactTextToSpeechVoice`: a chat takes it and has no voice.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactTextToSpeechVoice;

impl UpdateContactTextToSpeechVoice {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let voice = reader.required_text("TextToSpeechVoice");
        reader.ignored("TextToSpeechEngine");
        reader.ignored("TextToSpeechStyle");
        voice.map(|_| Self)
    }
}

macro_rules! without_effect {
    ($($name:ident),*) => {$(
        impl Block for $name {
            fn shape(&self) -> Shape {
                STRAIGHT_AT_BEST
            }

            fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
                Enter::Leave(Exit::Next)
            }
        }
    )*};
}

without_effect!(
    UpdateContactRoutingBehavior,
    UpdateFlowLoggingBehavior,
    UpdateContactRecordingBehavior,
    UpdateContactTextToSpeechVoice
);
