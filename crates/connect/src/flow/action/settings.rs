//! Settings: most of them change nothing in a local chat, and the flow goes on.

use std::collections::BTreeMap;

use super::{Block, Enter, STRAIGHT_AT_BEST, Shape, set};
use crate::flow::{
    reader::{Reader, Whole},
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

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

/// Those of a call on hold: setting one in a chat takes the error branch (AWS admin guide, Set hold flow).
const HOLD: [&str; 2] = ["AgentHold", "CustomerHold"];

/// `UpdateContactEventHooks`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactEventHooks {
    hooks: BTreeMap<String, Template>,
}

impl UpdateContactEventHooks {
    /// The flows, where they are written as plain texts.
    pub(in crate::flow) fn flows(&self) -> impl Iterator<Item = &str> {
        self.hooks.values().filter_map(Template::as_static)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if reader.any("EventHooksConfiguration").is_some() {
            reader
                .warn("no-effect-here", "EventHooksConfiguration changes nothing here: a hook cannot be switched off");
        }
        let missing = reader.line_of("EventHooks").is_none();
        let hooks = reader.object("EventHooks", |hooks| {
            if hooks.is_empty() {
                hooks.warn("missing-parameter", "EventHooks names no hook: the action sets nothing");
            }
            let set = HOOKS.iter().filter_map(|name| Some(((*name).to_owned(), hooks.text(name)?)));
            set.collect::<BTreeMap<_, _>>()
        });
        if missing {
            reader.error("missing-parameter", "the parameter EventHooks is missing");
        }
        let hooks = hooks?;
        if hooks.len() > 1 {
            reader.error("several-hooks", "Connect takes one hook in an action: write an action for each");
        }
        for hook in hooks.keys().filter(|hook| HOLD.contains(&hook.as_str())) {
            reader.warn(
                "voice-only",
                format!("a chat takes the error branch when {hook} is set: it is never put on hold"),
            );
        }
        Some(Self { hooks })
    }
}

impl Block for UpdateContactEventHooks {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let hooks = scope.fill_all(&self.hooks);
        let holds = hooks.keys().any(|hook| HOLD.contains(&hook.as_str()));
        if holds || hooks.values().any(String::is_empty) {
            super::failed()
        } else {
            set(hooks, FlowStep::SetEventHooks)
        }
    }
}

/// `UpdateContactRoutingBehavior`: a priority, or seconds that the contact seems to have waited longer.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactRoutingBehavior {
    priority: Option<Whole>,
    seconds: Option<Whole>,
}

impl UpdateContactRoutingBehavior {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut number = |name, range| reader.has(name).then(|| reader.static_whole(name, range));
        let priority = number("QueuePriority", 1..=i64::MAX);
        let seconds = number("QueueTimeAdjustmentSeconds", -604_800..=604_800);
        if priority.is_none() && seconds.is_none() {
            reader.error("missing-parameter", "one of QueuePriority and QueueTimeAdjustmentSeconds must be there");
        }
        Some(Self { priority, seconds })
    }
}

impl Block for UpdateContactRoutingBehavior {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let value = |number: &Option<Whole>| number.as_ref().and_then(|number| number.value(scope));
        Enter::Stand(FlowStep::SetRouting { priority: value(&self.priority), age_s: value(&self.seconds) })
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
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.required_text("TextToSpeechVoice");
        reader.ignored("TextToSpeechEngine");
        reader.ignored("TextToSpeechStyle");
        Some(Self)
    }
}

macro_rules! without_effect {
    ($($name:ident refuses $refused:expr;)*) => {$(
        impl Block for $name {
            fn shape(&self) -> Shape {
                Shape { refused: $refused, ..STRAIGHT_AT_BEST }
            }

            fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
                Enter::Leave(Exit::Next)
            }
        }
    )*};
}

without_effect!(
    UpdateFlowLoggingBehavior refuses &[];
    UpdateContactRecordingBehavior refuses &[ErrorType::NoMatchingError];
    UpdateContactTextToSpeechVoice refuses &[];
);
