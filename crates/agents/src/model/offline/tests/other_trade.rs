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
