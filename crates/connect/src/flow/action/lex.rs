//! A conversation with a Lex bot: who answers is a function under the bot's alias, turn by turn.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    reader::{Reader, Whole},
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// How long the customer may be silent where the flow does not say (AWS's page of the action: five minutes of text).
const DEFAULT_SILENCE_S: i64 = 300;
/// How long a bot may take for a turn.
const TURN_LIMIT_MS: u64 = 8_000;

/// `ConnectParticipantWithLexBot`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct ConnectParticipantWithLexBot {
    text: Option<Template>,
    bot: Template,
    session_attributes: BTreeMap<String, Template>,
    initial_message: Option<Template>,
    silence_s: Option<Whole>,
}

/// What a bot's turn comes to.
pub(in crate::flow) enum Turn {
    /// These words, and the customer's next.
    Ask(FlowStep),
    /// The last words; then the block is left.
    SayLast(FlowStep),
    /// It is left at once.
    Leave(Exit),
}

impl ConnectParticipantWithLexBot {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        // What a call would hear is not said; the bot is connected all the same.
        reader.voice_only();
        let text = reader.text("Text");
        let v2 = reader.object("LexV2Bot", |bot| bot.required_text("AliasArn"));
        let v1 = reader.object("LexBot", |bot| {
            let (name, alias) = (bot.required_text("Name"), bot.required_text("Alias"));
            bot.required_text("Region");
            Template::parse(&format!("{}:{}", name.raw(), alias.raw()))
        });
        if v1.is_some() == v2.is_some() {
            reader.error("missing-parameter", "one of LexV2Bot and LexBot must be there");
        }
        let session_attributes = reader.texts("LexSessionAttributes").unwrap_or_default();
        // AWS's page spells it both ways.
        let mut initial = |name| reader.object(name, |data| data.text("InitialMessage"));
        let initial_message = initial("LexInitializationData").or_else(|| initial("LexInitilizationData")).flatten();
        let silence_s = reader.object("LexTimeoutSeconds", |limits| limits.whole("Text", 1..=604_800));
        Some(Self { text, bot: v2.or(v1)?, session_attributes, initial_message, silence_s })
    }

    fn ask(&self, scope: &Scope<'_>, text: Option<String>) -> FlowStep {
        let seconds = self.silence_s.as_ref().and_then(|limit| limit.value(scope)).unwrap_or(DEFAULT_SILENCE_S);
        FlowStep::Ask { text, until_ms: scope.world.now_ms() + seconds * 1000 }
    }

    /// The customer's words go to the bot, in the shape that Lex gives to a bot's own function.
    pub(in crate::flow) fn turn(&self, scope: &Scope<'_>, words: &str) -> Option<FlowStep> {
        let bot = scope.fill_some(&self.bot)?;
        let session = scope.memory.left.get("Lex").and_then(|lex| lex.get("State")).cloned();
        let state = session
            .unwrap_or_else(|| json!({"sessionAttributes": scope.fill_all(&self.session_attributes), "intent": null}));
        let event = json!({
            "messageVersion": "1.0",
            "invocationSource": "DialogCodeHook",
            "inputMode": "Text",
            "sessionId": scope.world.system(&["ContactId"]).unwrap_or_default(),
            "inputTranscript": words,
            "bot": {"aliasArn": bot},
            "sessionState": state,
        });
        Some(FlowStep::AskBot { bot, event, time_limit_ms: TURN_LIMIT_MS })
    }

    /// The bot has answered: it asks on, or is done.
    pub(in crate::flow) fn answered(&self, scope: &mut Scope<'_>, answer: Result<Value, String>) -> Turn {
        let Ok(answer) = answer else { return Turn::Leave(Exit::Error(ErrorType::NoMatchingError)) };
        let Some(state) = answer.get("sessionState").filter(|state| state.is_object()) else {
            return Turn::Leave(Exit::Error(ErrorType::NoMatchingError));
        };
        let intent = state.get("intent").cloned().unwrap_or_default();
        let text_of = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = text_of(intent.get("name"));
        let slots = intent.get("slots").and_then(Value::as_object).map(|slots| {
            let value = |slot: &Value| {
                slot.pointer("/value/interpretedValue").or_else(|| slot.pointer("/value/originalValue")).cloned()
            };
            slots.iter().map(|(key, slot)| (key.clone(), value(slot).unwrap_or_default())).collect::<Value>()
        });
        scope.memory.leave(
            "Lex",
            json!({
                "IntentName": name,
                "IntentConfidence": {"Score": answer.pointer("/interpretations/0/nluConfidence/score")},
                "Slots": slots,
                "SessionAttributes": state.get("sessionAttributes"),
                "DialogState": intent.get("state"),
                "State": state,
            }),
        );
        let words: Vec<&str> = answer
            .get("messages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|message| message.get("content").and_then(Value::as_str))
            .filter(|content| !content.is_empty())
            .collect();
        let words = (!words.is_empty()).then(|| words.join("\n"));
        let dialog = text_of(state.pointer("/dialogAction/type"));
        let done = matches!(dialog.as_str(), "Close" | "Delegate")
            || matches!(text_of(intent.get("state")).as_str(), "Fulfilled" | "Failed" | "ReadyForFulfillment");
        match (done, words) {
            (false, words) => Turn::Ask(self.ask(scope, words)),
            (true, Some(text)) => Turn::SayLast(FlowStep::Say { text }),
            (true, None) => Turn::Leave(Self::left(scope)),
        }
    }

    /// How the block is left once the bot is done: by its intent.
    pub(in crate::flow) fn left(scope: &mut Scope<'_>) -> Exit {
        let intent = scope.memory.left.get("Lex").and_then(|lex| lex.get("IntentName")).and_then(Value::as_str);
        Exit::Value(intent.unwrap_or_default().to_owned())
    }
}

impl Block for ConnectParticipantWithLexBot {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError],
            optional: &[ErrorType::InputTimeLimitExceeded, ErrorType::NoMatchingCondition],
            refused: &[],
            branches: Branches::Own(&[Operator::Equals], None),
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        scope.memory.left.remove("Lex");
        let text = self.text.as_ref().and_then(|text| scope.fill_some(text));
        let begun = match &self.initial_message {
            Some(message) => {
                let words = scope.fill_some(message);
                scope.take_initial_message();
                words
            }
            None => None,
        };
        let step = match (begun, text) {
            (Some(words), None) => self.turn(scope, &words),
            (Some(words), Some(text)) => Some(FlowStep::SayAndTake { text, words }),
            (None, text) => Some(self.ask(scope, text)),
        };
        step.map_or_else(failed, Enter::Stand)
    }
}
