//! Parameters that declare no patterns: names, numbers, yes and no, lists, and what is no value at all.

use super::*;

fn hotel() -> OfflineModel {
    infos(include_str!("hotel.yaml")).1
}

fn lender() -> OfflineModel {
    infos(include_str!("lender.yaml")).1
}

/// What was understood of the last message, and the value of the parameter afterwards.
fn after(model: &OfflineModel, before: &[&str], text: &str, parameter: &str) -> (String, Option<String>) {
    let mut state = State::default();
    for line in before {
        model.step(&mut state, line, None);
    }
    let act = model.step(&mut state, text, None);
    (name(&act), state.value(parameter).cloned())
}

/// The share of replies with the value that is wanted; `-` for none.
fn share(model: &OfflineModel, before: &[&str], parameter: &str, table: &[(&str, &str)]) -> f64 {
    let mut right = 0_u32;
    for (text, want) in table {
        let (act, got) = after(model, before, text, parameter);
        if got.as_deref().unwrap_or("-") == *want {
            right += 1;
        } else {
            println!("{parameter}: {text:45} want {want:15} got {got:?} ({act})");
        }
    }
    f64::from(right) / f64::from(u32::try_from(table.len()).unwrap())
}

#[test]
fn a_surname_is_heard_in_any_reply() {
    let table = [
        ("my surname is Silva", "Silva"),
        ("it's Silva", "Silva"),
        ("Silva, thanks", "Silva"),
        ("sobrenome Meyer", "Meyer"),
        ("meu sobrenome é Meyer", "Meyer"),
        ("Silva", "Silva"),
        ("silva", "silva"),
        ("da Silva", "da Silva"),
        ("my name is Ana Pérez", "Pérez"),
        ("Sure, it's Okonkwo", "Okonkwo"),
        ("é Gonçalves, obrigado", "Gonçalves"),
        ("Hernández is my surname", "Hernández"),
        ("surname: van der Berg", "van der Berg"),
        ("O'Neill please", "O'Neill"),
        ("García Márquez", "García Márquez"),
        ("why do you need that?", "-"),
        ("I don't know", "-"),
        ("não sei", "-"),
        ("what do you mean", "-"),
        ("actually can I cancel?", "-"),
        ("me passa para uma pessoa", "-"),
        ("I want to talk to someone", "-"),
        ("yes", "-"),
        ("AB1234 Okafor", "Okafor"),
        ("my booking is AB1234", "-"),
        ("the code is AB1234", "-"),
        ("the guest is called Meyer", "Meyer"),
        ("I arrive on Friday", "-"),
        ("I want to talk to Maria", "-"),
        ("how long does it take", "-"),
        ("no", "-"),
        ("obrigado", "-"),
        ("MEYER", "MEYER"),
        ("the surname is Nguyen and the reference AB1234", "Nguyen"),
        ("Under Brzęczyszczykiewicz", "Brzęczyszczykiewicz"),
        ("quero falar com um atendente", "-"),
        ("my key does not work", "-"),
        ("the last time I was there nobody asked me for anything like that", "-"),
    ];
    let reached = share(&hotel(), &["show my reservation AB1234"], "surname", &table);
    assert!(reached >= 0.95, "{reached}");
}

#[test]
fn names_in_the_first_message_are_found_by_their_labels() {
    let table = [
        ("show my reservation AB1234, surname Meyer", "Meyer"),
        ("ver minha reserva AB1234 sobrenome: Meyer", "Meyer"),
        ("cancel my booking, reference AB1234 and surname da Costa please", "da Costa"),
        ("which room do I have? my surname is Lindqvist, AB1234", "Lindqvist"),
        ("cancelar a reserva AB1234, meu sobrenome é Souza", "Souza"),
        ("show my reservation AB1234", "-"),
        ("my surname is not important, cancel my booking", "-"),
        ("what is the surname policy?", "-"),
    ];
    assert!(share(&hotel(), &[], "surname", &table) >= 0.95);
    let table = [
        ("make a transfer, payee Rosa Quintero, amount 2.500", "Rosa Quintero"),
        ("quiero transferir dinero, destinatario: Nahuel Ibáñez", "Nahuel Ibáñez"),
        ("quiero transferir dinero", "-"),
    ];
    assert!(share(&lender(), &[], "payee", &table) >= 0.95);
}

#[test]
fn names_and_numbers_of_another_trade() {
    let table = [
        ("me llamo Ana Pérez", "Ana"),
        ("Ximena", "Ximena"),
        ("es Ximena, gracias", "Ximena"),
        ("it's for Oluwaseun", "Oluwaseun"),
        ("¿por qué?", "-"),
        ("mejor quiero transferir dinero", "-"),
        ("el paciente se llama Gael", "Gael"),
        ("mi hijo Gael", "Gael"),
        ("no entiendo la pregunta", "-"),
        ("quiero hablar con una persona", "-"),
    ];
    assert!(share(&lender(), &["agendar visita"], "patient_first_name", &table) >= 0.95);
    let table = [
        ("4711-B", "4711-B"),
        ("es el 4711", "4711"),
        ("my member number is 88 12 34, I think", "88 12 34"),
        ("no lo tengo", "-"),
        ("I don't remember", "-"),
    ];
    assert!(share(&lender(), &["agendar visita", "Ximena"], "member_number", &table) >= 0.95);
}

#[test]
fn typed_values_need_no_patterns() {
    let table = [
        ("2.500", "2500"),
        ("1,5", "1.5"),
        ("dos mil", "2000"),
        ("son 300 pesos", "300"),
        ("twenty five", "25"),
        ("$ 1.200,50", "1200.50"),
        ("mucho", "-"),
    ];
    assert!(share(&lender(), &["send money", "Rosa Quintero"], "amount", &table) >= 0.95);
    let model = hotel();
    let table = [("for 3 people", "3"), ("três", "3"), ("we are four", "4"), ("somos 12", "12"), ("many", "-")];
    assert!(share(&model, &["book a table for dinner"], "people", &table) >= 0.95);
    assert_eq!(after(&model, &[], "book a table for 5 people", "people").1.as_deref(), Some("5"));
    assert_eq!(after(&model, &[], "reservar uma mesa para sexta", "evening").1.as_deref(), Some("sexta"));
    let before = ["book a table for dinner", "5", "next Friday"];
    let table = [
        ("yes please", "true"),
        ("yes, that would be nice", "true"),
        ("não, obrigado", "false"),
        ("Não", "false"),
        ("yeah sure", "true"),
    ];
    assert!(share(&model, &before, "terrace", &table) >= 0.95);
    let before = ["book a table for dinner", "5", "next Friday", "yes"];
    let table = [
        ("nuts, milk and shrimps", "nuts\nmilk\nshrimps"),
        ("amendoim e leite", "amendoim\nleite"),
        ("peanuts", "peanuts"),
    ];
    assert!(share(&model, &before, "allergies", &table) >= 0.95);
}

#[test]
fn an_interruption_is_served() {
    let (hotel, lender) = (hotel(), lender());
    for (model, before, text, want) in [
        (&hotel, &["show my reservation AB1234"][..], "actually can I cancel?", "cancelStay"),
        (&hotel, &["show my reservation AB1234"], "me passa para uma pessoa", "callReception"),
        (&hotel, &["show my reservation AB1234"], "I want to talk to someone", "callReception"),
        (&hotel, &["ver minha reserva"], "quero falar com alguém", "callReception"),
        (&lender, &["make a transfer"], "no, mejor una hora con el dentista", "bookVisit"),
        (&lender, &["agendar visita"], "could I speak to a human instead", "adviser"),
    ] {
        assert_eq!(after(model, before, text, "").0, want, "{text}");
    }
}

#[test]
fn values_are_asked_for_in_the_order_of_the_document() {
    let mut state = State::default();
    let model = hotel();
    model.step(&mut state, "book a table for dinner", None);
    assert_eq!(model.missing(&state, &["bookTable".into()]), ["people", "evening", "terrace", "allergies"]);
}

#[test]
fn a_person_is_asked_for_once_and_comes() {
    let model = hotel();
    for reply in ["I have no idea", "just do it", "now!", "não sei", "why?", "thanks"] {
        let mut state = State::default();
        model.step(&mut state, "I want a human", None);
        assert_eq!(state.asked, ["room"], "it may be asked once");
        let act = model.step(&mut state, reply, None);
        assert_eq!(name(&act), "callReception", "{reply}");
        assert!(state.pending.is_empty() && state.value("room").is_none(), "{reply}: {state:?}");
    }
    let mut state = State::default();
    model.step(&mut state, "I want a human", None);
    model.step(&mut state, "room 12", None);
    assert_eq!(state.value("room").map(String::as_str), Some("12"));
}

/// What the agent says or calls in the course of a dialogue.
async fn hold(yaml: &str, lines: &[&str]) -> Vec<String> {
    use crate::model::{Model, ModelRequest, Outcome, Purpose};
    let (definition, model) = infos(yaml);
    let tools = tools_of(&definition.agent);
    let (mut messages, mut log) = (Vec::new(), Vec::new());
    let mut open: Option<String> = None;
    for text in lines {
        messages.push(match open.take() {
            Some(id) => answered(&id, text, false),
            None => said(Role::User, text),
        });
        let request = ModelRequest {
            agent_name: "desk".into(),
            model_id: None,
            system: String::new(),
            messages: messages.iter().cloned().collect(),
            purpose: Purpose::Orchestrate { tools: tools.clone() },
            language: None,
        };
        let Outcome::Content(content) = model.answer(request).await.unwrap().outcome else { panic!() };
        for part in &content {
            match part {
                Content::ToolUse(call) if call.name == "user__askuser" => {
                    log.push(call.input["question"].as_str().unwrap().to_owned());
                    open = Some(call.tool_use_id.clone());
                }
                Content::ToolUse(call) => log.push(format!("{} {}", call.name, call.input)),
                Content::Text(text) => log.push(text.clone()),
                Content::ToolResult(_) => {}
            }
        }
        let calls: Vec<String> = content
            .iter()
            .filter_map(|c| if let Content::ToolUse(call) = c { Some(call.tool_use_id.clone()) } else { None })
            .filter(|id| open.as_ref() != Some(id))
            .collect();
        messages.push(Message { role: Role::Assistant, content });
        messages.extend(calls.iter().map(|id| answered(id, "done", false)));
    }
    log
}

#[tokio::test]
async fn whole_dialogues_call_with_the_values_that_were_told() {
    let log = hold(
        include_str!("hotel.yaml"),
        &["I'd like to book a table for dinner", "we are three", "next Friday", "yes please", "nuts and milk"],
    )
    .await;
    let (call, asked) = log.split_last().unwrap();
    assert_eq!(
        asked,
        ["How many people? Which evening?", "Which evening?", "On the terrace?", "Any allergies?"].map(str::to_owned)
    );
    let input = r#"{"people":3,"evening":"next Friday","terrace":true,"allergies":["nuts","milk"]}"#;
    assert_eq!(*call, format!("Stays__bookTable {input}"));
    let log = hold(include_str!("hotel.yaml"), &["quero uma pessoa", "não sei o número"]).await;
    assert_eq!(log, ["Em que quarto está?", "People__callReception {}"]);
    let log =
        hold(include_str!("lender.yaml"), &["quiero hacer una transferencia", "a nombre de Rosa Quintero", "2.500,50"])
            .await;
    assert_eq!(log.last().unwrap(), r#"Money__sendMoney {"payee":"Rosa Quintero","amount":2500.5}"#);
}
