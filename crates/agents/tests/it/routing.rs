//! The router: keeping, changing, not deciding, failing.

use relevo_agents::{
    model::{ModelError, Outcome, Purpose, Role, Route},
    run::Failure,
};

use crate::support::{Chat, End, Script, ask, calls, results, send, text, texts, to};

const KEEP: Outcome = Outcome::Route(Route::KeepPrevious);
const UNDECIDABLE: Outcome = Outcome::Route(Route::Undecidable);

#[test]
fn undecidable_is_the_supervisors_in_the_same_turn() {
    for first in [UNDECIDABLE, to("nobody"), KEEP, text("orders, I think")] {
        let mut chat = Chat::new("SUPERVISOR_ROUTER");
        let mut script = Script::default();
        script.then("front", first).then("front", calls(vec![send("orders", "a"), send("tickets", "b")]));
        script.then("orders", text("A")).then("tickets", text("B")).then("front", text("A y B"));
        assert_eq!(chat.say("las dos cosas", &mut script), End::Done("A y B".into()));
        assert!(matches!(chat.last_request("front").purpose, Purpose::Orchestrate { .. }));
        assert_eq!(results(&chat.last_request("front").messages), [("A", false), ("B", false)]);
    }
}

#[test]
fn a_reply_for_another_agent_leaves_the_question() {
    let mut chat = Chat::new("SUPERVISOR_ROUTER");
    let mut script = Script::default();
    script.then("front", to("orders")).then("orders", ask("¿Qué pedido?"));
    assert_eq!(chat.say("mi pedido", &mut script), End::Ask("¿Qué pedido?".into()));
    script.then("front", to("tickets")).then("tickets", text("¿Qué problema?"));
    assert_eq!(chat.say("mejor un ticket", &mut script), End::Done("¿Qué problema?".into()));
    // The first one's call was answered, and it hears what was said since.
    script.then("front", to("orders")).then("orders", text("Dime el número."));
    assert_eq!(chat.say("y mi pedido?", &mut script), End::Done("Dime el número.".into()));
    let request = chat.last_request("orders");
    assert!(matches!(results(&request.messages)[..], [(_, true)]));
    assert_eq!(texts(&request.messages, Role::User), ["mi pedido", "mejor un ticket", "y mi pedido?"]);
    assert_eq!(texts(&request.messages, Role::Assistant), ["¿Qué problema?"].as_slice(), "{:#?}", request.messages);
}

#[test]
fn an_undecided_reply_goes_to_the_supervisor() {
    let mut chat = Chat::new("SUPERVISOR_ROUTER");
    let mut script = Script::default();
    script.then("front", to("orders")).then("orders", ask("¿Qué pedido?"));
    chat.say("mi pedido", &mut script);
    script.then("front", UNDECIDABLE).then("front", text("Soy el asistente de envíos."));
    assert_eq!(chat.say("quién eres?", &mut script), End::Done("Soy el asistente de envíos.".into()));
    assert_eq!(texts(&chat.last_request("front").messages, Role::Assistant), ["¿Qué pedido?"]);
}

#[test]
fn the_one_who_asked_is_kept_by_name_too() {
    for again in [KEEP, to("orders")] {
        let mut chat = Chat::new("SUPERVISOR_ROUTER");
        let mut script = Script::default();
        script.then("front", to("orders")).then("orders", ask("¿Qué pedido?"));
        chat.say("mi pedido", &mut script);
        script.then("front", again).then("orders", text("Gracias."));
        assert_eq!(chat.say("10020030", &mut script), End::Done("Gracias.".into()));
        assert_eq!(results(&chat.last_request("orders").messages), [("10020030", false)]);
    }
}

#[test]
fn a_failed_turn_changes_nothing() {
    let mut chat = Chat::new("SUPERVISOR_ROUTER");
    let mut script = Script::default();
    script.then("front", to("orders")).then("orders", ask("¿Qué pedido?"));
    chat.say("mi pedido", &mut script);
    let before = chat.stored.clone();
    script.fails("front", ModelError::Throttled("slow down".into()));
    assert_eq!(chat.say("10020030", &mut script), End::Failed(Failure::Throttled("slow down".into())));
    assert_eq!(chat.stored, before);
    script.then("front", KEEP).fails("orders", ModelError::TimedOut);
    assert_eq!(chat.say("10020030", &mut script), End::Failed(Failure::TimedOut), "a routed agent has nobody above");
    script.then("front", KEEP).then("orders", text("Gracias."));
    assert_eq!(chat.say("10020030", &mut script), End::Done("Gracias.".into()));
}

#[test]
fn without_relay_only_its_own_part_is_known() {
    let yaml = crate::support::yaml("SUPERVISOR_ROUTER").replace("TO_COLLABORATOR", "DISABLED");
    let definition: relevo_agents::definition::Definition<serde_json::Value> =
        relevo_agents::definition::Definition::parse(&yaml, "bot.yaml").unwrap();
    let mut chat = Chat::with(relevo_agents::run::Team::new(&definition.agent));
    let mut script = Script::default();
    script.then("front", to("orders")).then("orders", text("Dime."));
    chat.say("uno", &mut script);
    script.then("front", to("tickets")).then("tickets", text("Sí."));
    chat.say("dos", &mut script);
    assert_eq!(texts(&chat.last_request("tickets").messages, Role::User), ["dos"]);
    script.then("front", to("orders")).then("orders", text("Ya."));
    chat.say("tres", &mut script);
    assert_eq!(texts(&chat.last_request("orders").messages, Role::User), ["uno", "tres"]);
    assert_eq!(texts(&chat.last_request("orders").messages, Role::Assistant), ["Dime."]);
}
