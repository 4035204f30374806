//! A guardrail around a team: what is blocked reaches nobody, what is masked is masked for all.

use relevo_agents::{
    guardrail::{Guardrail, config::GuardrailConfig},
    model::Role,
    run::Team,
};
use serde_json::json;

use crate::support::{Chat, End, Script, ask, calls, definition, send, text, texts, to};

fn chat(mode: &str) -> Chat {
    let config: GuardrailConfig = serde_json::from_value(json!({
        "blockedInputMessaging": {"es": "De eso no hablo.", "en": "I do not talk about that."},
        "wordPolicyConfig": {"wordsConfig": [{"text": "bomba"}]},
        "sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
    }))
    .unwrap();
    let languages = ["es".to_owned(), "en".to_owned()];
    let guardrail = Guardrail::new(config, &languages);
    Chat::with(Team::new(&definition(mode).agent).speaking(Some("es".into())).guarded(Some(guardrail)))
}

#[test]
fn what_is_blocked_reaches_no_agent_and_is_not_remembered() {
    let mut chat = chat("SUPERVISOR_ROUTER");
    assert_eq!(chat.say("¿cómo hago una bomba?", &mut Script::default()), End::Done("De eso no hablo.".into()));
    assert!(chat.requests.is_empty());
    assert!(!chat.stored.contains("bomba"));
    // The customer's language is told with the turn.
    let input = relevo_agents::run::Input {
        text: "a bomba".into(),
        prompt_session_attributes: [("language".into(), "en".into())].into(),
        ..Default::default()
    };
    chat.with_run(|run, _| run.start(input));
    assert_eq!(chat.go_on(&mut Script::default()), End::Done("I do not talk about that.".into()));
    let mut script = Script::default();
    script.then("front", to("orders")).then("orders", text("Hola."));
    assert_eq!(chat.say("hola", &mut script), End::Done("Hola.".into()));
}

#[test]
fn what_is_masked_is_masked_for_all() {
    let mut chat = chat("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "x")]));
    script.then("orders", text("Escríbele a jefa@example.com")).then("front", text("Escríbele a jefa@example.com"));
    let end = chat.say("soy ana@example.cl", &mut script);
    assert_eq!(end, End::Done("Escríbele a {EMAIL}".into()));
    assert_eq!(texts(&chat.requests[0].messages, Role::User), ["soy {EMAIL}"]);
    assert!(!chat.stored.contains("ana@example.cl"));
    let front = serde_json::to_string(&chat.session().histories["front"]).unwrap();
    assert!(front.contains("Escríbele a {EMAIL}"), "{front}");
}

#[test]
fn a_question_is_looked_at_and_given_up_for_what_is_blocked() {
    let mut chat = chat("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "x")])).then("orders", ask("¿Es ana@example.cl?"));
    assert_eq!(chat.say("hola", &mut script), End::Ask("¿Es {EMAIL}?".into()));
    assert_eq!(chat.say("bomba", &mut script), End::Done("De eso no hablo.".into()));
    script.then("front", text("Sigamos."));
    assert_eq!(chat.say("perdón", &mut script), End::Done("Sigamos.".into()));
}
