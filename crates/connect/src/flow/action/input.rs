//! Asking the customer, and taking the next message for the answer.

use serde_json::Value;

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    reader::{Reader, Whole},
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// What is stored when no answer comes in time (AWS admin guide, Store customer input).
const TIMEOUT: &str = "Timeout";

/// `GetParticipantInput`: "an entered string for other channels" than voice (AWS's page of the action), while the page of
/// the console's block sends a chat to the error branch. The language's page counts here.
#[derive(Debug, Clone)]
pub(in crate::flow) struct GetParticipantInput {
    text: Option<Template>,
    /// There is only something to hear, for a call.
    voice: bool,
    limit_s: Whole,
    stores: bool,
    checks_phone_number: bool,
    most_characters: Option<Whole>,
}

impl GetParticipantInput {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let voice = reader.voice_only();
        let text = reader.text("Text");
        let limit_s = reader.whole("InputTimeLimitSeconds", 1..=604_800);
        let stores = reader.word("StoreInput", &["True", "False"]) == Some("True");
        let validation = reader.object("InputValidation", |validation| {
            let phone = validation.object("PhoneNumberValidation", |phone| {
                phone.required_word("NumberFormat", &["Local", "E164"]);
                phone.text("CountryCode");
            });
            let custom = validation.object("CustomValidation", |custom| custom.whole("MaximumLength", 1..=1024));
            if phone.is_some() && custom.is_some() {
                validation.error("too-many-parameters", "one of PhoneNumberValidation and CustomValidation, not both");
            }
            (phone.is_some(), custom)
        });
        if reader.any("InputEncryption").is_some() {
            reader.warn("no-effect-here", "InputEncryption changes nothing here: the input stays readable");
        }
        reader.ignored("DTMFConfiguration");
        reader.without_effect(&["InputType"]);
        reader.note(
            "input-in-chat",
            "the language's page gives GetParticipantInput to every channel, the console's page to voice alone",
        );
        let (checks_phone_number, most_characters) = validation.unwrap_or_default();
        let voice = voice && text.is_none();
        Some(Self { text, voice, limit_s, stores, checks_phone_number, most_characters })
    }

    /// The customer's words, or what they were before the flow asked.
    pub(in crate::flow) fn answered(&self, scope: &mut Scope<'_>, words: &str) -> Exit {
        if self.checks_phone_number && !is_phone_number(words) {
            return Exit::Error(ErrorType::InvalidPhoneNumber);
        }
        let most = self.most_characters.as_ref().and_then(|most| most.value(scope));
        if most.is_some_and(|most| i64::try_from(words.chars().count()).unwrap_or(i64::MAX) > most) {
            return Exit::Error(ErrorType::NoMatchingError);
        }
        if self.stores {
            scope.memory.leave("StoredCustomerInput", Value::from(words));
            Exit::Next
        } else {
            Exit::Value(words.to_owned())
        }
    }

    /// Nothing came in time.
    pub(in crate::flow) fn timed_out(&self, scope: &mut Scope<'_>) -> Exit {
        if self.stores {
            scope.memory.leave("StoredCustomerInput", Value::from(TIMEOUT));
            Exit::Next
        } else {
            Exit::Error(ErrorType::InputTimeLimitExceeded)
        }
    }
}

/// `+` and the digits of E.164, or digits alone where the country is known.
fn is_phone_number(words: &str) -> bool {
    let digits: String = words.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

impl Block for GetParticipantInput {
    fn shape(&self) -> Shape {
        let phone: &[ErrorType] = if self.checks_phone_number {
            &[ErrorType::InvalidPhoneNumber]
        } else {
            &[ErrorType::InputTimeLimitExceeded]
        };
        if self.stores {
            return Shape {
                goes_on: true,
                required: &[ErrorType::NoMatchingError],
                optional: phone,
                refused: &[],
                branches: Branches::No,
            };
        }
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError, ErrorType::NoMatchingCondition, ErrorType::InputTimeLimitExceeded],
            optional: phone,
            refused: &[],
            branches: Branches::Own(&[Operator::Equals], None),
        }
    }

    /// The message that the chat began with is the answer to the first question, when nothing else has taken it.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let Some(seconds) = self.limit_s.value(scope).filter(|_| !self.voice) else { return failed() };
        let text = self.text.as_ref().and_then(|text| scope.fill_some(text));
        if let Some(words) = scope.take_initial_message() {
            return match text {
                Some(text) => Enter::Stand(FlowStep::SayAndTake { text, words }),
                None => Enter::Leave(self.answered(scope, &words)),
            };
        }
        Enter::Stand(FlowStep::Ask { text, until_ms: scope.world.now_ms() + seconds * 1000 })
    }
}
