//! Which value belongs to which parameter, routes, and the account of the matter.

use super::super::slots::Likely;
use super::super::state::State;
use super::*;
use crate::model::{Model, ModelRequest, Outcome, Purpose, Route};
use futures_util::FutureExt;

fn claims(text: &str, asked: &[&str]) -> Vec<(String, String)> {
    let model = envios_model();
    let asked: Vec<String> = asked.iter().map(|a| (*a).to_owned()).collect();
    let found = model.slots.claims(text, model.intents.vocabulary(), Likely { asked: &asked, own: &asked });
    found.into_iter().map(|c| (c.parameter, c.value)).collect()
}

const ORDER: &str = "order_number";
const ID: &str = "identity_document_number";
const TICKET: &str = "ticket_number";

#[test]
fn the_longest_value_claims_first_and_names_decide() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("12345678-9", &[(ID, "12345678-9")]),
        ("12.345.678-9 y 10020030", &[(ID, "12345678-9"), (ORDER, "10020030")]),
        ("10020030,12345678-k", &[(ORDER, "10020030"), (ID, "12345678-k")]),
        ("rut 12345678K pedido 10020030", &[(ID, "12345678K"), (ORDER, "10020030")]),
        ("mi rut es 7654321-0", &[(ID, "7654321-0")]),
        ("rut: 76543210, pedido: 10020030", &[(ID, "76543210"), (ORDER, "10020030")]),
        ("123456789", &[(ID, "123456789")]),
        ("ticket 202412041233", &[(TICKET, "202412041233")]),
        ("2024 1204 1233", &[(TICKET, "202412041233")]),
        ("pedido #10020030.", &[(ORDER, "10020030")]),
        ("son 5 meses y 3 días", &[]),
        ("llámame al +56 9 1234 5678 90", &[]),
    ];
    for (text, want) in cases {
        let want: Vec<(String, String)> = want.iter().map(|(p, v)| ((*p).to_owned(), (*v).to_owned())).collect();
        let got = claims(text, &[]);
        if text.starts_with("llámame") {
            assert!(got.iter().all(|(p, _)| p != TICKET), "{got:?}");
        } else {
            assert_eq!(got, want, "{text}");
        }
    }
}

#[test]
fn two_dates_belong_to_the_parameters_that_are_named() {
    let yaml = "
        parameters:
          check_in: {patterns: ['\\d{4}-\\d{2}-\\d{2}'], label: {en: arrival}}
          check_out: {patterns: ['\\d{4}-\\d{2}-\\d{2}'], label: {en: departure}}
          guests: {label: {en: guests}}";
    let parameter = |t: &str| serde_json::from_str(&format!(r#"{{"type": "{t}", "required": true}}"#)).unwrap();
    let names = [("check_in", "string"), ("check_out", "string"), ("guests", "integer")];
    let book = FunctionInfo {
        name: "book".into(),
        description: None,
        collaborator_instruction: None,
        parameters: names.iter().map(|(n, t)| ((*n).to_owned(), parameter(t))).collect(),
        return_control: false,
    };
    let offline = serde_saphyr::from_str(yaml).unwrap();
    let model = OfflineModel::new(offline, vec!["en".into()], vec![book]).unwrap();
    let of = |text: &str| -> Vec<String> {
        let found = model.slots.claims(text, model.intents.vocabulary(), Likely::default());
        found.into_iter().map(|c| format!("{}={}", c.parameter, c.value)).collect()
    };
    assert_eq!(of("2026-01-02 to 2026-01-05"), ["check_in=2026-01-02", "check_out=2026-01-05"], "in order");
    assert_eq!(of("departure 2026-01-05, arrival 2026-01-02"), ["check_out=2026-01-05", "check_in=2026-01-02"]);
    assert_eq!(of("for 3 guests from 2026-01-02"), ["guests=3", "check_in=2026-01-02"]);
    assert!(of("I have 3 questions").is_empty(), "a number that nobody asked for");
}

#[test]
fn an_account_has_the_matter_and_nothing_else() {
    let model = envios_model();
    let account = |texts: &[&str]| {
        let mut state = State::default();
        for text in texts {
            model.step(&mut state, text, None);
        }
        model.describe(&state, "escalate")
    };
    for (texts, want) in [
        (&["hola", "el paquete llegó roto", "gracias", "quiero hablar con alguien"][..], "el paquete llegó roto"),
        (&["10020030 12345678-9", "mi pedido llegó incompleto"][..], "mi pedido llegó incompleto"),
        (&["the box was open, my id is 12345678-9", "human please"][..], "the box was open"),
        (&["humano"][..], "humano"),
        (&["10020030"][..], "10020030"),
    ] {
        assert_eq!(account(texts), want);
    }
    let mut state = State::default();
    model.step(&mut state, "dónde está mi pedido", None);
    state.answered();
    for (text, want) in [
        ("quiero anular mi pedido", "dónde está mi pedido. quiero anular mi pedido"),
        ("pásame con una persona", "dónde está mi pedido"),
    ] {
        let mut state = state.clone();
        model.step(&mut state, text, None);
        assert_eq!(
            model.describe(&state, "escalate"),
            want,
            "what comes after an answer is the matter, a bare wish is not"
        );
    }
    let long = "el paquete llegó roto y la caja venía abierta ".repeat(40);
    assert!(account(&[&long]).chars().count() <= 601);
}

fn route(messages: Vec<Message>, previous: Option<&str>) -> Route {
    let candidates = candidates_of(&envios().agent);
    let request = ModelRequest {
        agent_name: "envios".into(),
        model_id: None,
        system: String::new(),
        messages: messages.into_iter().collect(),
        purpose: Purpose::Route { candidates, previous: previous.map(str::to_owned) },
        language: None,
    };
    match envios_model().answer(request).now_or_never().unwrap().unwrap().outcome {
        Outcome::Route(route) => route,
        Outcome::Content(content) => panic!("{content:?}"),
    }
}

#[test]
fn a_message_goes_to_whom_it_is_for() {
    let question = "¿Me indicas tu RUT y el número de pedido (8 dígitos)?";
    let after = |text: &str| {
        vec![said(Role::User, "dónde está mi pedido"), said(Role::Assistant, question), said(Role::User, text)]
    };
    let agent = |name: &str| Route::Agent(name.into());
    assert_eq!(route(vec![said(Role::User, "abre un reclamo")], None), agent("tickets"));
    assert_eq!(route(vec![said(Role::User, "hola")], None), Route::Undecidable);
    assert_eq!(route(vec![said(Role::User, "estado de mi pedido y también un reclamo")], None), Route::Undecidable);
    assert_eq!(route(after("10020030"), Some("orders")), agent("orders"));
    assert_eq!(route(after("no lo sé"), Some("orders")), Route::KeepPrevious);
    assert_eq!(route(after("mejor pásame con una persona"), Some("orders")), agent("escalation"));
    assert_eq!(route(after("mejor abre un reclamo"), Some("orders")), agent("tickets"));
    let other = vec![
        said(Role::User, "zzz"),
        said(Role::Assistant, "Which colour is the box?"),
        said(Role::User, "a shiny blue"),
    ];
    assert_eq!(route(other.clone(), Some("orders")), Route::KeepPrevious, "a question that another model asked");
    assert_eq!(route(other, None), Route::Undecidable);
    assert_eq!(route(Vec::new(), Some("orders")), Route::Undecidable);
}
