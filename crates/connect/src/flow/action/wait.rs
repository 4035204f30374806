//! Waiting for a time, or for what comes first.

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    reader::{Reader, Whole},
    scope::Scope,
    step::FlowStep,
    transitions::{ErrorType, Exit},
};

/// What a `Wait` can listen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flow) enum WaitEvent {
    CustomerReturned,
    BotParticipantDisconnected,
}

impl WaitEvent {
    const ALL: [Self; 2] = [Self::CustomerReturned, Self::BotParticipantDisconnected];

    /// Its name on the wire; the condition compares with it.
    pub(in crate::flow) fn name(self) -> &'static str {
        match self {
            Self::CustomerReturned => "CustomerReturned",
            Self::BotParticipantDisconnected => "BotParticipantDisconnected",
        }
    }
}

/// `Wait`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Wait {
    limit_s: Whole,
    events: Vec<WaitEvent>,
}

impl Wait {
    /// The condition's value when the time is out.
    pub(in crate::flow) const COMPLETED: &'static str = "WaitCompleted";

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let names = WaitEvent::ALL.map(WaitEvent::name);
        let written = reader.words("Events", &names);
        let events = WaitEvent::ALL.into_iter().filter(|event| written.contains(&event.name())).collect();
        let Some(line) = reader.line_of("TimeoutSeconds") else {
            return Some(Self { limit_s: reader.whole("TimeLimitSeconds", 1..=604_800), events });
        };
        reader.error_at(
            "wait-timeout-seconds",
            line,
            "Connect refuses TimeoutSeconds in a Wait, whatever its documentation says",
            "the parameter is TimeLimitSeconds",
        );
        Some(Self { limit_s: Whole::unread(), events })
    }

    pub(in crate::flow) fn listens_for(&self, event: WaitEvent) -> bool {
        self.events.contains(&event)
    }
}

impl Block for Wait {
    fn shape(&self) -> Shape {
        let required: &[ErrorType] = if self.listens_for(WaitEvent::BotParticipantDisconnected) {
            &[ErrorType::ParticipantNotFound, ErrorType::NoMatchingError]
        } else {
            &[ErrorType::NoMatchingError]
        };
        let values = self.events.iter().map(|event| event.name()).chain([Self::COMPLETED]).collect();
        Shape {
            goes_on: false,
            required,
            optional: &[ErrorType::NoMatchingCondition],
            refused: &[],
            branches: Branches::Values(values),
        }
    }

    /// A bot that has already left cannot leave again: that is `ParticipantNotFound`, in Connect as here. A bot that
    /// hands off within its first seconds comes this way, so this branch must lead to a person too.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let Some(seconds) = self.limit_s.value(scope) else { return failed() };
        if self.listens_for(WaitEvent::BotParticipantDisconnected) && !scope.world.bot_present() {
            return Enter::Leave(Exit::Error(ErrorType::ParticipantNotFound));
        }
        Enter::Stand(FlowStep::Wait { until_ms: scope.world.now_ms() + seconds * 1000 })
    }
}
