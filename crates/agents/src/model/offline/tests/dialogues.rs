//! Dialogues with the envios bot: over the router, its collaborators and their questions.

use serde_json::{Value, json};

use super::script::{Script, Turn};
use super::*;

const TICKET: &str = "730915284466";

/// The tables of the example, as its tools answer.
fn tables(function: &str, input: &Value) -> Option<String> {
    let is = |name: &str, value: &str| {
        let plain = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        input.get(name).and_then(Value::as_str).is_some_and(|v| plain(v) == plain(value))
    };
    let order = is("order_number", "10020030") && is("identity_document_number", "12345678-9");
    let ticket = is("ticket_number", TICKET) && is("identity_document_number", "12345678-9");
    let answer = match function {
        "getOrderStatus" if order => json!({"found": true, "order_number": "10020030", "status": "Despacho Programado",
            "delivery_date": "2024-08-06", "shipping_address": "Calle las acacias 123"}),
        "cutTicket" if order => {
            json!({"inserted": true, "ticket_number": TICKET, "order_number": "10020030", "status": "open"})
        }
        "getTicket" if ticket => {
            json!({"found": true, "ticket_number": TICKET, "order_number": "10020030", "status": "open"})
        }
        "cutTicket" => json!({"inserted": false}),
        "getOrderStatus" | "getTicket" => json!({"found": false}),
        _ => return None,
    };
    Some(answer.to_string())
}

/// Each line is what the customer says and what must be in the answer: words, or `->function`, `=parameter value`.
async fn hold(lines: &[(&str, &[&str])]) -> Vec<(String, Value)> {
    let definition = envios();
    let model = envios_model();
    let mut script = Script::new(&definition, model, tables);
    for (text, wanted) in lines {
        let turn = script.say(text).await;
        let answer = match &turn {
            Turn::Says(words) => words.clone(),
            Turn::Returns(function, input) => format!("->{function} {input}"),
        };
        for part in *wanted {
            match part.strip_prefix('!') {
                Some(absent) => assert!(!answer.contains(absent), "{text}: {absent} in {answer}"),
                None => assert!(answer.contains(part), "{text}: no {part} in {answer}"),
            }
        }
    }
    script.calls
}

#[tokio::test]
async fn the_whole_case_in_spanish() {
    let calls = hold(&[
        ("Tengo un problema con mi pedido", &["número de pedido", "RUT"]),
        ("10020030 y mi rut es 12345678-9", &["Despacho Programado", "6 de agosto de 2024"]),
        ("El problema que no ha llegado y tiene mas de 5 meses en envío", &[TICKET]),
        ("Podemos escalarlo a una persona?", &["->escalate"]),
    ])
    .await;
    let names: Vec<&str> = calls.iter().map(|(f, _)| f.as_str()).collect();
    assert_eq!(names, ["getOrderStatus", "cutTicket", "escalate"]);
    let ticket = &calls[1].1;
    assert!(ticket["description"].as_str().unwrap().contains("no ha llegado y tiene mas de 5 meses"), "{ticket}");
    let person = &calls[2].1;
    assert_eq!(person["order_number"], "10020030");
    assert_eq!(person["identity_document_number"], "12345678-9");
    assert_eq!(person["ticket_number"], TICKET);
    let told = person["description"].as_str().unwrap();
    assert!(told.contains("5 meses") && told.contains("problema con mi pedido"), "{told}");
    assert!(!told.contains("escalarlo"), "the request itself is not the matter: {told}");
}

#[tokio::test]
async fn the_case_of_the_notebook() {
    let calls = hold(&[
        ("Hola tengo un problema con mi pedido", &["RUT"]),
        ("el pedido 10020030 no ha llegado, rut 12345678-9", &["Despacho Programado"]),
        ("que puedo hacer?", &[TICKET]),
        ("puedes darme el estado del ticket?", &["abierto"]),
        ("Necesito escalarlo", &["->escalate", TICKET]),
    ])
    .await;
    assert_eq!(calls[0].1, json!({"identity_document_number": "12345678-9", "order_number": "10020030"}));
}

#[tokio::test]
async fn the_whole_case_in_english() {
    hold(&[
        ("Hi, my parcel has not arrived", &["order number", "RUT"]),
        ("order 10020030", &["RUT"]),
        ("12.345.678-9", &["Despacho Programado", "August 6, 2024"]),
        ("what can I do? it is five months late", &[TICKET, "sorry"]),
        ("what's the status of it", &["open"]),
        ("can I speak to somebody?", &["->escalate", "five months late"]),
    ])
    .await;
}

#[tokio::test]
async fn values_come_in_one_message_or_two_in_either_order() {
    let cases: &[&[(&str, &[&str])]] = &[
        &[("el pedido 10020030 no ha llegado, rut 12345678-9", &["Despacho Programado"])],
        &[("mi rut es 12.345.678-9 y el pedido el 10020030, dónde está?", &["Despacho Programado"])],
        &[("dónde está mi pedido", &["RUT"]), ("12345678-9", &["número de tu pedido"]), ("10020030", &["Programado"])],
        &[("dónde está mi pedido", &["RUT"]), ("es el 10020030", &["RUT"]), ("rut: 123456789", &["Programado"])],
        &[("dónde está mi pedido 10020030", &["RUT", "!8 dígitos"]), ("12345678 - 9", &["Programado"])],
        &[("where is my order", &["RUT"]), ("12345678-9, 10020030", &["Programado"])],
        &[("where is my order", &["RUT"]), ("the order is 1002 0030 and the id is 12 345 678-9", &["Programado"])],
    ];
    for lines in cases {
        hold(lines).await;
    }
}

#[tokio::test]
async fn a_person_is_never_an_id_away() {
    for text in ["quiero hablar con una persona", "can I speak to somebody", "pásame con alguien", "humano"] {
        let calls = hold(&[(text, &["->escalate"])]).await;
        let words: Vec<&str> = calls[0].1["description"].as_str().into_iter().collect();
        assert_eq!(words, [text], "nothing else was told");
    }
    hold(&[("dónde está mi pedido", &["RUT"]), ("no lo tengo, quiero hablar con alguien", &["->escalate"])]).await;
    hold(&[("dónde está mi pedido", &["RUT"]), ("prefiero una persona", &["->escalate"])]).await;
}

#[tokio::test]
async fn a_correction_is_looked_up_again() {
    let calls = hold(&[
        ("estado del pedido 10020031, rut 12345678-9", &["No encontré"]),
        ("perdón, es el 10020030", &["Despacho Programado"]),
    ])
    .await;
    assert_eq!(calls[1].1["identity_document_number"], "12345678-9");
    hold(&[
        ("estado del pedido 10020030, rut 12345678-5", &["No encontré"]),
        ("me equivoqué, el rut es 12345678-9", &["Despacho Programado"]),
    ])
    .await;
}

#[tokio::test]
async fn what_found_nothing_is_not_used_again_unasked() {
    hold(&[
        ("estado del pedido 10020031, rut 12345678-9", &["No encontré"]),
        ("quiero saber el estado de mi pedido", &["RUT"]),
    ])
    .await;
}

#[tokio::test]
async fn a_change_of_mind_keeps_the_values() {
    let calls = hold(&[
        ("quiero saber el estado de mi pedido 10020030", &["RUT"]),
        ("no, mejor abre un reclamo", &["RUT", "!número de pedido"]),
        ("12345678-9", &[TICKET]),
    ])
    .await;
    assert_eq!(calls.len(), 1);
}

#[tokio::test]
async fn a_reply_without_a_value_is_asked_again_and_then_offered_more() {
    hold(&[
        ("dónde está mi pedido", &["RUT"]),
        ("no sé de qué me hablas", &["No reconocí", "RUT"]),
        ("el azul", &["No reconocí", "persona"]),
        ("10020030 12345678-9", &["Despacho Programado"]),
    ])
    .await;
}

#[tokio::test]
async fn small_talk_is_answered_and_unclear_things_are_asked_back() {
    hold(&[
        ("hola", &["¡Hola!"]),
        ("cuál es la capital de Francia", &["pasarte con una persona"]),
        ("dónde está mi pedido", &["RUT"]),
        ("gracias", &["¡Con gusto!"]),
        ("10020030 12345678-9", &["Despacho Programado"]),
        ("gracias, eso es todo", &["buen día"]),
    ])
    .await;
    hold(&[("hello!", &["Hello!"]), ("no thanks", &["Have a nice day"])]).await;
}

#[tokio::test]
async fn of_two_orders_in_one_message_none_is_guessed() {
    let calls = hold(&[
        ("dónde están mis pedidos 10020030 y 10020040, rut 12345678-9", &["8 dígitos", "!Despacho"]),
        ("el 10020030", &["Despacho Programado"]),
    ])
    .await;
    assert_eq!(calls.len(), 1);
    hold(&[
        ("estado del pedido 10020030 y abre un ticket por el 10020040, rut 12345678-9", &["8 dígitos", "!Despacho"]),
        ("10020030", &["10020030"]),
    ])
    .await;
}

#[tokio::test]
async fn two_requests_go_to_both() {
    let calls = hold(&[(
        "quiero saber el estado de mi pedido 10020030 y también abrir un reclamo, rut 12345678-9",
        &["Despacho Programado", TICKET],
    )])
    .await;
    assert_eq!(calls.len(), 2);
}

#[tokio::test]
async fn a_tool_that_fails_is_said_plainly() {
    let definition = envios();
    let model = envios_model();
    let mut script = Script::new(&definition, model, |_, _| None);
    let turn = script.say("estado del pedido 10020030, rut 12345678-9").await;
    assert!(matches!(&turn, Turn::Says(words) if words.contains("Lo siento") && !words.contains("SQL")), "{turn:?}");
    script.tool = tables;
    let turn = script.say("sí").await;
    assert!(matches!(&turn, Turn::Says(words) if words.contains("Programado")), "it is tried again: {turn:?}");
}

#[tokio::test]
async fn the_language_follows_the_customer() {
    hold(&[
        ("dónde está mi pedido", &["RUT", "¿"]),
        ("sorry, I only speak English, where is my order?", &["Could", "RUT"]),
        ("10020030 12345678-9", &["delivery planned"]),
    ])
    .await;
}
