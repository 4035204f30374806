//! Sessions as earlier builds stored them (`stored/`): they go on in this one. A file here is never changed; a new shape of
//! [`Session`](relevo_agents::run::Session) gets a file of its own.

use relevo_agents::model::Outcome;
use serde_json::json;

use crate::support::{Chat, End, Script, ask, call, calls, result_of, results, send, text, texts};

const CONTROL: &str = include_str!("stored/1-control.json");
const QUESTION: &str = include_str!("stored/1-question.json");
const BETWEEN: &str = include_str!("stored/1-between.json");

fn stored(json: &str) -> Chat {
    let mut chat = Chat::new("SUPERVISOR");
    json.clone_into(&mut chat.stored);
    chat
}

fn lookup() -> Outcome {
    calls(vec![call("Orders__getOrderStatus", json!({"order_number": "1", "identity_document_number": "2"}))])
}

#[test]
fn a_return_of_control_takes_its_results() {
    let mut chat = stored(CONTROL);
    let mut script = Script::default();
    // What was going to come out comes out again.
    let End::Control(control) = chat.go_on(&mut script) else { panic!("no control") };
    assert_eq!(control.invocation_id, "00000000-0000-4000-8000-000000000000");
    script.then("escalation", text("Viene alguien.")).then("front", text("Te paso con alguien."));
    let end = chat.result(&[result_of(&control, 0, "queued")], &mut script).unwrap();
    assert_eq!(end, End::Done("Te paso con alguien.".into()));
    assert_eq!(results(&chat.last_request("escalation").messages), [("queued", false)]);
}

#[test]
fn a_question_takes_its_reply() {
    let mut chat = stored(QUESTION);
    let mut script = Script::default();
    script.then("orders", lookup()).then("orders", text("Va en camino.")).then("front", text("Va en camino."));
    assert_eq!(chat.say("10020030", &mut script), End::Done("Va en camino.".into()));
    let messages = &chat.requests.iter().find(|request| request.agent_name == "orders").unwrap().messages;
    assert_eq!(results(messages), [("10020030", false)]);
}

#[test]
fn between_turns_all_is_remembered() {
    let mut chat = stored(BETWEEN);
    let mut script = Script::default();
    script
        .then("front", calls(vec![send("orders", "again")]))
        .then("orders", text("Igual."))
        .then("front", text("Igual."));
    assert_eq!(chat.say("¿y ahora?", &mut script), End::Done("Igual.".into()));
    let front = &chat.last_request("front").messages;
    assert_eq!(texts(front, relevo_agents::model::Role::User), ["¿dónde está?", "¿y ahora?"]);
    assert_eq!(results(&chat.last_request("orders").messages), [(r#"{"found":true}"#, false)]);
    assert_eq!(chat.session().session_attributes["language"], "es");
}

/// How the files were made, for the next shape: `cargo test -p relevo-agents --test it -- --ignored writes_todays_sessions`
/// writes them below the folder of temporary files.
#[test]
#[ignore = "writes files, for a new shape"]
fn writes_todays_sessions() {
    let write = |name: &str, chat: &Chat| {
        let value: serde_json::Value = serde_json::from_str(&chat.stored).unwrap();
        let path = std::env::temp_dir().join(format!("{}-{name}.json", relevo_agents::run::VERSION));
        std::fs::write(path, format!("{}\n", serde_json::to_string_pretty(&value).unwrap())).unwrap();
    };
    let mut script = Script::default();
    let mut chat = Chat::new("SUPERVISOR");
    script.then("front", calls(vec![send("escalation", "wants a person")]));
    script.then("escalation", calls(vec![call("Escalation__escalate", json!({"description": "roto"}))]));
    assert!(matches!(chat.say("una persona", &mut script), End::Control(_)));
    write("control", &chat);

    let mut chat = Chat::new("SUPERVISOR");
    script.then("front", calls(vec![send("orders", "where is it?")])).then("orders", ask("¿Qué pedido?"));
    assert!(matches!(chat.say("¿dónde está?", &mut script), End::Ask(_)));
    write("question", &chat);

    let mut chat = Chat::new("SUPERVISOR");
    chat.with_run(|run, _| run.add_attributes([("language".into(), "es".into())].into(), [].into()));
    script.then("front", calls(vec![send("orders", "where is it?")])).then("orders", lookup());
    script.then("orders", text("Va en camino.")).then("front", text("Va en camino."));
    assert!(matches!(chat.say("¿dónde está?", &mut script), End::Done(_)));
    write("between", &chat);
}
