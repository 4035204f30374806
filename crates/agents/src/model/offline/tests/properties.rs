//! What must hold for any text and any history.

use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::{Model, ModelRequest, Outcome, Purpose, ToolUse};

/// Words customers use, and things nobody should have to read.
fn text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "pedido",
        "no",
        "ha",
        "llegado",
        "10020030",
        "12345678-9",
        "202412041233",
        "quiero",
        "persona",
        "reclamo",
        "ticket",
        "estado",
        "y",
        ",",
        "¿",
        "gracias",
        "hola",
        "sí",
        "my",
        "order",
        "is",
        "late",
        "open",
        "a",
        "talk",
        "to",
        "human",
        "don't",
        "want",
        "\u{202e}",
        "🤷‍♀️",
        "{{",
        "%}",
        "''",
        "ß",
        "İ",
        "\0",
        "۱۲۳",
        "１２３４５６７８",
    ]);
    prop_oneof![
        3 => prop::collection::vec(words, 0..9).prop_map(|w| w.join(" ")),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
}

fn history() -> impl Strategy<Value = Vec<Message>> {
    let call = |name: &'static str, input: Value| {
        move |id: u8| Content::ToolUse(ToolUse { tool_use_id: id.to_string(), name: name.into(), input: input.clone() })
    };
    let content = prop_oneof![
        4 => text().prop_map(Content::Text),
        1 => (0..4_u8).prop_map(call("user__askuser", json!({"question": "¿Cuál?"}))),
        1 => (0..4_u8).prop_map(call("Tickets__cutTicket", json!({"order_number": "10020030", "x": [1, null]}))),
        1 => (0..4_u8).prop_map(call("odd", Value::Null)),
        2 => (0..4_u8, text(), any::<bool>()).prop_map(|(id, text, error)| {
            Content::ToolResult(ToolResult { tool_use_id: id.to_string(), text, error })
        }),
    ];
    let message = (any::<bool>(), prop::collection::vec(content, 0..3))
        .prop_map(|(user, content)| Message { role: if user { Role::User } else { Role::Assistant }, content });
    prop::collection::vec(message, 0..8)
}

fn answer(messages: &[Message], purpose: Purpose) -> Outcome {
    let request = ModelRequest {
        agent_name: "tickets".into(),
        model_id: None,
        system: String::new(),
        messages: messages.iter().cloned().collect(),
        purpose,
        language: Some("en-US".into()),
    };
    let first = envios_model().answer(request.clone()).now_or_never().unwrap().unwrap();
    let second = envios_model().answer(request).now_or_never().unwrap().unwrap();
    assert_eq!(first, second, "the same request, the same answer");
    first.outcome
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_history_gets_an_answer_and_no_call_lacks_a_value(messages in history()) {
        let definition = envios();
        for agent in &definition.agent.collaborators {
            let Outcome::Content(content) = answer(&messages, Purpose::Orchestrate { tools: tools_of(agent) }) else {
                panic!("a route was not asked for")
            };
            prop_assert!(!content.is_empty());
            let mut ids = Vec::new();
            for block in content {
                match block {
                    Content::Text(text) => prop_assert!(!text.trim().is_empty()),
                    Content::ToolUse(call) => {
                        let function = call.name.rsplit("__").next().unwrap_or_default();
                        if let Some(info) = envios_model().function(function) {
                            for (name, parameter) in &info.parameters {
                                let value = call.input.get(name).and_then(Value::as_str);
                                prop_assert!(!parameter.required || value.is_some_and(|v| !v.is_empty()), "{call:?}");
                            }
                        }
                        ids.push(call.tool_use_id);
                    }
                    Content::ToolResult(result) => prop_assert!(false, "{result:?}"),
                }
            }
            let all = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), all);
        }
        let candidates = candidates_of(&definition.agent);
        let kind = ToolKind::SendMessage { recipients: candidates.clone() };
        answer(&messages, Purpose::Orchestrate { tools: vec![spec("AgentCommunication__sendMessage", kind)] });
        answer(&messages, Purpose::Route { candidates, previous: Some("orders".into()) });
    }

    #[test]
    fn a_value_that_is_sent_was_said(text in text()) {
        let definition = envios();
        let tickets = definition.agent.collaborators.iter().find(|a| a.agent_name == "tickets").unwrap();
        let outcome = answer(&[said(Role::User, &text)], Purpose::Orchestrate { tools: tools_of(tickets) });
        let Outcome::Content(content) = outcome else { panic!() };
        let digits = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        for block in content {
            if let Content::ToolUse(call) = block {
                for name in ["order_number", "identity_document_number", "ticket_number"] {
                    if let Some(value) = call.input.get(name).and_then(Value::as_str) {
                        prop_assert!(digits(&text).contains(&digits(value)), "{value} was not in {text}");
                    }
                }
            }
        }
    }
}

#[test]
fn two_models_of_one_definition_are_the_same() {
    let other = OfflineModel::of(&envios()).unwrap();
    let parts = super::super::text::units("me llegó el pedido roto y nadie contesta", &[]);
    let read = |model: &OfflineModel| model.intents.read(&model.particles, &parts, None);
    assert_eq!(read(&other), read(envios_model()), "to the last bit");
}

#[test]
fn a_definition_without_anything_for_it_still_answers() {
    let offline = crate::definition::offline::Offline::default();
    let model = OfflineModel::new(offline, vec!["sv".into()], Vec::new()).unwrap();
    for text in ["hej", "", "yes", "123"] {
        assert_eq!(understood(&model, text) == "yes", text == "yes", "{text}");
    }
}

#[test]
fn a_flood_of_words_is_cut() {
    let words = "pedidoz zznoexisteq reclamoo, personaa xyzzyx y ".repeat(2_000);
    let mut state = State::default();
    let first = envios_model().step(&mut state, &words, None);
    let short: String = words.chars().take(2_000).collect();
    assert_eq!(envios_model().step(&mut State::default(), &short, None), first, "what stands far back changes nothing");
    assert!(envios_model().describe(&state, "escalate").chars().count() <= 601);
}
