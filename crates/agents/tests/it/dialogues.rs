//! The whole conversation, order, ticket, person, in both modes, stored between every two steps.

use relevo_agents::model::{Purpose, Role};
use serde_json::json;

use crate::support::{Chat, End, Script, ask, call, calls, function_of, result_of, results, send, text, texts, to};

#[test]
fn routed() {
    let mut chat = Chat::new("SUPERVISOR_ROUTER");
    let mut script = Script::default();

    script.then("front", to("orders")).then("orders", ask("¿Número de pedido y documento?"));
    assert_eq!(
        chat.say("Tengo un problema con mi pedido", &mut script),
        End::Ask("¿Número de pedido y documento?".into())
    );

    chat.tool_result = Ok(r#"{"found":true,"status":"Despacho Programado"}"#.into());
    script.then("front", relevo_keep());
    script.then(
        "orders",
        calls(vec![call(
            "Orders__getOrderStatus",
            json!({"order_number": "10020030", "identity_document_number": "12345678-9"}),
        )]),
    );
    script.then("orders", text("Está en Despacho Programado."));
    let end = chat.say("el 10020030, rut 12345678-9", &mut script);
    assert_eq!(end, End::Done("Está en Despacho Programado.".into()), "passed on unchanged");
    let request = chat.last_request("orders");
    assert_eq!(texts(&request.messages, Role::User), ["Tengo un problema con mi pedido"]);
    assert_eq!(
        results(&request.messages),
        [("el 10020030, rut 12345678-9", false), (r#"{"found":true,"status":"Despacho Programado"}"#, false)],
        "the reply to the question, then the tool's JSON"
    );

    chat.tool_result = Ok(r#"{"inserted":true,"number":"202503142209"}"#.into());
    script.then("front", to("tickets"));
    let ticket = json!({"order_number": "10020030", "description": "no ha llegado"});
    script.then("tickets", calls(vec![call("Tickets__cutTicket", ticket)]));
    script.then("tickets", text("Ticket 202503142209 creado."));
    assert_eq!(
        chat.say("no ha llegado y pasaron 5 meses", &mut script),
        End::Done("Ticket 202503142209 creado.".into())
    );
    let request = chat.last_request("tickets");
    assert_eq!(
        texts(&request.messages, Role::User),
        ["Tengo un problema con mi pedido", "el 10020030, rut 12345678-9", "no ha llegado y pasaron 5 meses"],
        "what the customer said before is relayed word for word"
    );
    assert_eq!(
        texts(&request.messages, Role::Assistant),
        ["¿Número de pedido y documento?", "Está en Despacho Programado."]
    );

    script.then("front", to("escalation"));
    let escalate = json!({"ticket_number": "202503142209", "description": "sin entrega"});
    script.then("escalation", calls(vec![call("Escalation__escalate", escalate)]));
    let End::Control(control) = chat.say("Podemos escalarlo a una persona?", &mut script) else { panic!() };
    let input = function_of(&control, 0);
    assert_eq!((&*input.action_group, &*input.function), ("Escalation", "escalate"));
    assert_eq!(input.action_invocation_type, "RESULT");
    assert_eq!(input.collaborator_name.as_deref(), Some("escalation"));
    assert_eq!(input.agent_id, chat.team.member("escalation").unwrap().id);
    let names: Vec<&str> = input.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["ticket_number", "description"], "in the model's order");

    script.then("escalation", text("Te paso con una persona."));
    let end = chat.result(&[result_of(&control, 0, "escalation=OK")], &mut script).unwrap();
    assert_eq!(end, End::Done("Te paso con una persona.".into()));
    assert_eq!(results(&chat.last_request("escalation").messages), [("escalation=OK", false)]);

    script.then("front", relevo_keep()).then("escalation", text("De nada."));
    assert_eq!(chat.say("gracias", &mut script), End::Done("De nada.".into()));
    let route = chat.last_request("front");
    assert!(matches!(&route.purpose, Purpose::Route { previous: Some(name), .. } if name == "escalation"));
    assert_eq!(texts(&route.messages, Role::Assistant).len(), 4, "the router knows the whole conversation");
}

fn relevo_keep() -> relevo_agents::model::Outcome {
    relevo_agents::model::Outcome::Route(relevo_agents::model::Route::KeepPrevious)
}

#[test]
fn supervised() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();

    script.then("front", calls(vec![send("orders", "problem with an order")]));
    script.then("orders", ask("¿Número de pedido y documento?"));
    let end = chat.say("Tengo un problema con mi pedido", &mut script);
    assert_eq!(end, End::Ask("¿Número de pedido y documento?".into()));

    let lookup = json!({"order_number": "10020030", "identity_document_number": "12345678-9"});
    script.then("orders", calls(vec![call("Orders__getOrderStatus", lookup)]));
    script.then("orders", text("Estado: Despacho Programado"));
    script.then("front", calls(vec![send("User", "Tu pedido está en Despacho Programado.")]));
    let end = chat.say("el 10020030, rut 12345678-9", &mut script);
    assert_eq!(end, End::Done("Tu pedido está en Despacho Programado.".into()), "the supervisor words the answer");
    assert_eq!(results(&chat.last_request("front").messages), [("Estado: Despacho Programado", false)]);

    script.then("front", calls(vec![send("escalation", "the customer wants a person")]));
    script.then("escalation", calls(vec![call("Escalation__escalate", json!({"description": "d"}))]));
    let End::Control(control) = chat.say("quiero una persona", &mut script) else { panic!() };
    script.then("escalation", text("done")).then("front", text("Te paso con una persona."));
    let end = chat.result(&[result_of(&control, 0, "OK")], &mut script).unwrap();
    assert_eq!(end, End::Done("Te paso con una persona.".into()));

    let session = chat.session();
    let said: Vec<&str> = session.conversation.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "Tengo un problema con mi pedido",
            "¿Número de pedido y documento?",
            "el 10020030, rut 12345678-9",
            "Tu pedido está en Despacho Programado.",
            "quiero una persona",
            "Te paso con una persona.",
        ]
    );
}
