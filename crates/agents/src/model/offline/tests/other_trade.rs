//! A clinic in English and Portuguese, with few examples: the model is not made for the demo.

use serde_json::{Value, json};

use super::script::{Script, Turn};
use super::*;

const BOOK: &str = "bookAppointment";
const CANCEL: &str = "cancelAppointment";
const RESULTS: &str = "getTestResults";
const NURSE: &str = "callNurse";

const TABLE: &[(&str, &str)] = &[
    ("Hi, could I book a visit with the skin doctor?", BOOK),
    ("I'd like an appointment on Friday", BOOK),
    ("need to schedule an apointment", BOOK),
    ("is there any slot with a cardiologist tomorrow", BOOK),
    ("I want to see the doctor next week", BOOK),
    ("bom dia, queria marcar consulta para amanhã", BOOK),
    ("quero agendar um horario com dermatologista", BOOK),
    ("preciso de consulta com o clínico geral", BOOK),
    ("gostaria de marcar com um médico", BOOK),
    ("I have to cancel my visit", CANCEL),
    ("cancel booking AB1234 please", CANCEL),
    ("I won't make it to the appointment", CANCEL),
    ("please cancell my apointment", CANCEL),
    ("quero desmarcar minha consulta", CANCEL),
    ("preciso cancelar o meu horário", CANCEL),
    ("não posso ir à minha consulta", CANCEL),
    ("have my blood results arrived", RESULTS),
    ("is my lab test ready?", RESULTS),
    ("check results for S123456", RESULTS),
    ("S-123456", RESULTS),
    ("I am waiting for the results of my test", RESULTS),
    ("o meu exame já está pronto?", RESULTS),
    ("quero saber o resultado do exame de sangue", RESULTS),
    ("can I talk to somebody?", NURSE),
    ("I need to speak to a human", NURSE),
    ("could a nurse call me", NURSE),
    ("get me the receptionist", NURSE),
    ("quero falar com alguém", NURSE),
    ("me passa para uma atendente por favor", NURSE),
    ("I don't want to book, I want to talk to a nurse", NURSE),
    ("I don't need a nurse, just cancel my appointment", CANCEL),
    ("good morning!", "smalltalk"),
    ("muito obrigada", "smalltalk"),
    ("oii", "smalltalk"),
    ("who won the match", "?"),
    ("qual é a capital da França", "?"),
    ("sell me a car", "?"),
    ("I don't want to talk to a nurse", "?"),
];

fn clinic() -> (Plain, OfflineModel) {
    infos(include_str!("clinic.yaml"))
}

#[test]
fn wordings_nobody_declared() {
    let (_, model) = clinic();
    let reached = accuracy(&model, TABLE);
    println!("{reached:.3} of {}", TABLE.len());
    assert!(reached >= 0.90, "{reached}");
}

fn desk(function: &str, _: &Value) -> Option<String> {
    match function {
        RESULTS => Some(json!({"ready": false}).to_string()),
        BOOK | CANCEL => Some("done".into()),
        _ => None,
    }
}

#[tokio::test]
async fn values_of_all_types_and_a_free_text() {
    let (definition, model) = clinic();
    let mut script = Script::new(&definition, &model, desk);
    for (text, wanted) in [
        ("I'd like to book an appointment with the heart doctor", "the day"),
        ("tomorrow", "full name"),
        ("Maria da Silva", "booked with cardiology on tomorrow, Maria da Silva"),
        ("I have to cancel it: AB1234", "fee back"),
        ("yes", "AB1234 is cancelled"),
        ("and are my lab results ready?", "begins with S"),
        ("s-123456", "not ready yet"),
        ("then let me talk to a nurse", ""),
    ] {
        match script.say(text).await {
            Turn::Says(words) => assert!(words.contains(wanted), "{text}: no {wanted} in {words}"),
            Turn::Returns(function, input) => assert_eq!((function.as_str(), wanted), (NURSE, ""), "{text} {input}"),
        }
    }
    let calls: Vec<(&str, &Value)> = script.calls.iter().map(|(f, v)| (f.as_str(), v)).collect();
    assert_eq!(calls[0].1, &json!({"speciality": "cardiology", "day": "tomorrow", "patient_name": "Maria da Silva"}));
    assert_eq!(calls[1].1, &json!({"booking_code": "AB1234", "refund": true}));
    assert_eq!(calls[2].1, &json!({"sample_number": "s123456"}));
}

#[tokio::test]
async fn in_portuguese_with_everything_at_once() {
    let (definition, model) = clinic();
    let mut script = Script::new(&definition, &model, desk);
    let turn = script.say("olá, quero marcar uma consulta com dermatologista para sexta").await;
    assert!(matches!(&turn, Turn::Says(words) if words.contains("nome completo")), "{turn:?}");
    let turn = script.say("João Souza").await;
    assert!(
        matches!(&turn, Turn::Says(words) if words.contains("Consulta marcada com dermatology em sexta, João Souza")),
        "{turn:?}"
    );
}

/// A bank with a single agent and four examples a function.
const BANK: &[(&str, &str)] = &[
    ("hola, se me perdió la tarjeta", "blockCard"),
    ("creo que me robaron la billetera con la tarjeta", "blockCard"),
    ("extravié mi tarjeta de débito", "blockCard"),
    ("necesito que bloqueen mi tarjeta urgente", "blockCard"),
    ("bloquea la tarjeta 1234 por favor", "blockCard"),
    ("quiero bloqear mi targeta", "blockCard"),
    ("someone stole my card", "blockCard"),
    ("I can't find my card, please freeze it", "blockCard"),
    ("my credit card is missing", "blockCard"),
    ("disable my card now", "blockCard"),
    ("me dices mi saldo?", "getBalance"),
    ("cuánto dinero me queda en la cuenta de ahorro", "getBalance"),
    ("consultar saldo", "getBalance"),
    ("quisiera ver cuánta plata hay en mi cuenta", "getBalance"),
    ("can you tell me my balance", "getBalance"),
    ("how much is left in my savings", "getBalance"),
    ("check the balance of my current account", "getBalance"),
    ("necesito un prestamo de $ 500.000", "requestLoan"),
    ("quiero solicitar un crédito", "requestLoan"),
    ("me pueden prestar plata?", "requestLoan"),
    ("i would like to apply for a loan", "requestLoan"),
    ("can I borrow some money", "requestLoan"),
    ("no quiero un préstamo, quiero saber mi saldo", "getBalance"),
    ("hey", "smalltalk"),
    ("muchas gracias, chao", "smalltalk"),
    ("cómo está el clima", "?"),
    ("do you like music", "?"),
    ("quiero comprar zapatos", "?"),
];

#[test]
fn a_bank_with_few_examples() {
    let (_, model) = infos(include_str!("bank.yaml"));
    let reached = accuracy(&model, BANK);
    println!("{reached:.3} of {}", BANK.len());
    assert!(reached >= 0.90, "{reached}");
}

#[tokio::test]
async fn numbers_are_asked_for_and_typed() {
    use crate::model::{Model, ModelRequest, Outcome, Purpose};
    let (definition, model) = infos(include_str!("bank.yaml"));
    let tools = tools_of(&definition.agent);
    let mut messages = Vec::new();
    let mut last: Option<String> = None;
    for text in ["quiero pedir un préstamo de $ 500.000", "en 24"] {
        match last.take() {
            Some(id) => messages.push(answered(&id, text, false)),
            None => messages.push(said(Role::User, text)),
        }
        let request = ModelRequest {
            agent_name: "banco".into(),
            model_id: None,
            system: String::new(),
            messages: messages.iter().cloned().collect(),
            purpose: Purpose::Orchestrate { tools: tools.clone() },
            language: None,
        };
        let Outcome::Content(content) = model.answer(request).await.unwrap().outcome else { panic!() };
        let [Content::ToolUse(call)] = content.as_slice() else { panic!("{content:?}") };
        last = Some(call.tool_use_id.clone());
        if text == "en 24" {
            assert_eq!(call.input, json!({"amount": 500_000.0, "months": 24}));
        } else {
            assert_eq!(call.input, json!({"question": "¿En cuántos meses?"}));
        }
        messages.push(Message { role: Role::Assistant, content });
    }
}
