//! The supervisor's loop: side by side, failures, budgets, wrong calls, return of control, confirmation.

use relevo_agents::{
    model::{Content, ModelError, ModelReply, Role, Usage},
    run::{ControlError, Input},
    tools::ToolError,
};
use serde_json::json;

use crate::support::{Chat, End, Script, ask, call, calls, function_of, result_of, results, send, text, texts};

#[test]
fn a_failed_collaborator_is_an_error_for_the_supervisor() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "a"), send("tickets", "b")]));
    script.fails("orders", ModelError::Failed("secret detail".into())).then("tickets", text("B"));
    script.then("front", text("Solo B."));
    assert_eq!(chat.say("hola", &mut script), End::Done("Solo B.".into()));
    let results = results(&chat.last_request("front").messages);
    assert!(matches!(results[..], [(text, true), ("B", false)] if !text.contains("secret")), "{results:?}");
}

#[test]
fn two_that_ask_get_the_same_reply() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "a"), send("tickets", "b")]));
    script.then("orders", ask("¿Pedido?")).then("tickets", ask("¿Problema?"));
    assert_eq!(chat.say("hola", &mut script), End::Ask("¿Pedido?\n\n¿Problema?".into()));
    script.then("orders", text("A")).then("tickets", text("B")).then("front", text("listo"));
    assert_eq!(chat.say("10020030, llegó roto", &mut script), End::Done("listo".into()));
    for agent in ["orders", "tickets"] {
        assert_eq!(results(&chat.last_request(agent).messages), [("10020030, llegó roto", false)]);
    }
}

#[test]
fn two_requests_to_the_same_agent_at_once() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "first"), send("orders", "second")]));
    script.then("orders", text("x")).then("orders", text("y")).then("front", text("ok"));
    assert_eq!(chat.say("dos pedidos", &mut script), End::Done("ok".into()));
    assert_eq!(chat.session().histories["orders"].iter().filter(|m| m.role == Role::Assistant).count(), 2);
}

#[test]
fn what_is_said_beside_calls_is_not_lost() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("User", "Un momento."), send("orders", "a")]));
    script.then("orders", text("A")).then("front", text("Es A."));
    assert_eq!(chat.say("hola", &mut script), End::Done("Un momento.\n\nEs A.".into()));
}

#[test]
fn loops_end_in_words() {
    for language in ["es-CL", "xx"] {
        let mut chat = Chat::new("SUPERVISOR");
        let attributes = [("language".to_owned(), language.to_owned())].into();
        chat.with_run(|run, _| {
            run.start(Input { text: "x".into(), session_attributes: attributes, ..Input::default() });
            run.session().clone()
        });
        let mut asked = 0;
        let end = chat.say_to("hola", &mut |request| {
            asked += 1;
            let again = match request.agent_name.as_str() {
                "front" => calls(vec![send("orders", &format!("again {asked}"))]),
                _ => calls(vec![call(
                    "Orders__getOrderStatus",
                    json!({"order_number": "1", "identity_document_number": "2"}),
                )]),
            };
            Ok(ModelReply { outcome: again, usage: Usage::default(), model: None })
        });
        let End::Done(words) = end else { panic!("{end:?}") };
        assert_eq!(words.contains("persona"), language == "es-CL", "{words}");
        assert!(asked <= 10 + 10 * 5, "{asked}");
        let fronts = &chat.session().histories["front"];
        assert!(results(fronts).iter().any(|(text, error)| *error && text.contains("Too many messages")));
    }
}

#[test]
fn a_wrong_call_goes_back_once() {
    let wrong = || calls(vec![call("Orders__getOrderStatus", json!({"order_number": "1"}))]);
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "a")])).then("orders", wrong());
    script.then("orders", text("¿Documento?")).then("front", text("¿Documento?"));
    assert_eq!(chat.say("hola", &mut script), End::Done("¿Documento?".into()));
    let request = chat.last_request("orders");
    assert_eq!(results(&request.messages), [("The argument identity_document_number is missing.", true)]);

    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("orders", "a")])).then("orders", wrong()).then("orders", wrong());
    script.then("front", text("No puedo."));
    assert_eq!(chat.say("hola", &mut script), End::Done("No puedo.".into()));
    assert!(chat.tool_calls.is_empty());
}

#[test]
fn tools_and_agents_that_are_not_there() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", calls(vec![send("order", "a"), call("front__nothing", json!({}))]));
    script.then("front", text("ok"));
    assert_eq!(chat.say("hola", &mut script), End::Done("ok".into()));
    let results = results(&chat.last_request("front").messages);
    assert_eq!(results[0].0, "There is no agent order. The recipients are: orders, tickets, escalation, User.");
    assert!(results.iter().all(|(_, error)| *error));
}

#[test]
fn empty_answers_are_asked_for_again_once() {
    let nothing = || calls(vec![Content::Text(" ".into())]);
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    script.then("front", nothing()).then("front", text("hola"));
    assert_eq!(chat.say("hola", &mut script), End::Done("hola".into()));
    script.then("front", nothing()).then("front", nothing());
    assert!(matches!(chat.say("hola", &mut script), End::Done(words) if words.contains("person")));
}

#[test]
fn a_failed_tool_is_an_error_without_its_reason() {
    let mut chat = Chat::new("SUPERVISOR");
    let mut script = Script::default();
    chat.tool_result = Err(ToolError::Failed("db password".into()));
    script.then("front", calls(vec![send("tickets", "a")]));
    let ticket = json!({"order_number": 1, "description": "d"});
    script.then("tickets", calls(vec![call("Tickets__cutTicket", ticket)])).then("tickets", text("no"));
    script.then("front", text("no"));
    chat.say("hola", &mut script);
    let results = results(&chat.last_request("tickets").messages);
    assert!(matches!(results[..], [(text, true)] if !text.contains("password")));
    assert_eq!(chat.tool_calls[0].arguments.get("order_number"), Some("1"), "values are texts");
}

#[test]
fn the_same_call_of_a_turn_has_the_same_key() {
    let run = |retry: bool| {
        let mut chat = Chat::new("SUPERVISOR");
        for _ in 0..=u8::from(retry) {
            let mut script = Script::default();
            script.then("front", calls(vec![send("tickets", "a")]));
            let ticket = json!({"order_number": "1", "description": "d"});
            script.then("tickets", calls(vec![call("Tickets__cutTicket", ticket)]));
            script.then("tickets", text("ok")).fails("front", ModelError::TimedOut);
            assert!(matches!(chat.say("hola", &mut script), End::Failed(_)));
        }
        let mut script = Script::default();
        script.then("front", text("hola"));
        chat.say("hola", &mut script);
        script.then("front", calls(vec![send("tickets", "a")]));
        let ticket = json!({"description": "d", "order_number": "1"});
        script.then("tickets", calls(vec![call("Tickets__cutTicket", ticket)]));
        script.then("tickets", text("ok")).then("front", text("ok"));
        chat.say("otra vez", &mut script);
        chat.tool_calls.into_iter().map(|call| call.idempotency_key).collect::<Vec<_>>()
    };
    let keys = run(true);
    assert_eq!(keys[0], keys[1], "the turn that failed and its repetition");
    assert_ne!(keys[1], keys[2], "a later turn");
}

fn controlled(chat: &mut Chat, wanted: Vec<Content>) -> relevo_agents::runtime::ReturnControl {
    let mut script = Script::default();
    script.then("front", calls(vec![send("escalation", "a")])).then("escalation", calls(wanted));
    match chat.say("quiero una persona", &mut script) {
        End::Control(control) => control,
        other => panic!("{other:?}"),
    }
}

fn escalate(description: &str) -> Content {
    call("Escalation__escalate", json!({"description": description}))
}

#[test]
fn results_must_fit_what_was_returned() {
    let mut chat = Chat::new("SUPERVISOR");
    let refund = call("Escalation__refund", json!({"amount": 1.5}));
    let control = controlled(&mut chat, vec![escalate("d"), refund]);
    let good = [result_of(&control, 0, "OK"), result_of(&control, 1, "OK")];
    let mut script = Script::default();
    let with = |index: usize, change: fn(&mut relevo_agents::runtime::FunctionResult)| {
        let mut results = good.clone();
        change(&mut results[index]);
        results
    };
    let id = control.invocation_id.as_str();
    let unexpected = |function: &str| {
        format!(
            "Validation failed: Unexpected actionGroup: Escalation or function : {function} encountered for invocationId: {id}"
        )
    };
    let cases = [
        (with(0, |r| r.function = Some("other".into())).to_vec(), unexpected("other")),
        (with(0, |r| r.agent_id = Some("AAAAAAAAAA".into())).to_vec(), unexpected("escalate")),
        (vec![good[0].clone(), good[0].clone()], unexpected("escalate")),
        (
            vec![good[0].clone()],
            format!(
                "Validation failed: Missing results for actionGroup: Escalation and function : refund for invocationId: {id}"
            ),
        ),
        (
            with(1, |r| r.confirmation_state = None).to_vec(),
            "Validation failed: Missing confirmationState for actionGroup: Escalation and function : refund".into(),
        ),
    ];
    for (results, message) in cases {
        assert_eq!(chat.result(&results, &mut script), Err(ControlError::Mismatch(message)));
    }
    let wrong_id = chat.result_to(Some("other"), &good, &mut |_| unreachable!());
    assert!(matches!(wrong_id, Err(ControlError::Mismatch(text)) if text.ends_with("for invocationId: other")));
    // In the other order, and still accepted.
    script.then("escalation", text("ok")).then("front", text("ok"));
    let id = control.invocation_id.clone();
    let end = chat.result_to(Some(&id), &[good[1].clone(), good[0].clone()], &mut |r| script.answer(r));
    assert_eq!(end, Ok(End::Done("ok".into())));
    // And not twice.
    assert!(chat.result(&good, &mut script).is_err());
}

#[test]
fn more_than_five_come_in_two() {
    let mut chat = Chat::new("SUPERVISOR");
    let control = controlled(&mut chat, (0..7).map(|n| escalate(&n.to_string())).collect());
    assert_eq!(control.invocation_inputs.len(), 5);
    let bodies = |count: usize, control: &_| (0..count).map(|n| result_of(control, n, "OK")).collect::<Vec<_>>();
    let mut script = Script::default();
    let End::Control(rest) = chat.result(&bodies(5, &control), &mut script).unwrap() else { panic!() };
    assert_eq!(rest.invocation_inputs.len(), 2);
    assert_ne!(rest.invocation_id, control.invocation_id);
    script.then("escalation", text("ok")).then("front", text("ok"));
    assert_eq!(chat.result(&bodies(2, &rest), &mut script).unwrap(), End::Done("ok".into()));
}

#[test]
fn new_words_cancel_what_was_returned() {
    let mut chat = Chat::new("SUPERVISOR");
    let control = controlled(&mut chat, vec![escalate("d")]);
    let mut script = Script::default();
    script.then("front", text("Dime."));
    assert_eq!(chat.say("espera, otra cosa", &mut script), End::Done("Dime.".into()));
    let request = chat.last_request("front");
    assert!(matches!(results(&request.messages)[..], [(_, true)]));
    assert_eq!(texts(&request.messages, Role::User), ["quiero una persona", "espera, otra cosa"]);
    assert!(chat.result(&[result_of(&control, 0, "late")], &mut script).is_err());
    // The collaborator knows that it was not done.
    let control = controlled(&mut chat, vec![escalate("again")]);
    assert!(matches!(results(&chat.last_request("escalation").messages)[..], [(_, true)]));
    assert_eq!(control.invocation_inputs.len(), 1);
}

#[test]
fn a_failure_of_the_caller_ends_the_turn() {
    let mut chat = Chat::new("SUPERVISOR");
    let control = controlled(&mut chat, vec![escalate("d")]);
    let mut result = result_of(&control, 0, "boom");
    result.response_state = Some("FAILURE".into());
    let mut script = Script::default();
    assert_eq!(chat.result(&[result], &mut script), Err(ControlError::Failure));
    assert!(chat.session().open.is_none());
    script.then("front", text("ok"));
    assert_eq!(chat.say("hola", &mut script), End::Done("ok".into()));

    let control = controlled(&mut chat, vec![escalate("d")]);
    let mut result = result_of(&control, 0, "say it in other words");
    result.response_state = Some("REPROMPT".into());
    script.then("escalation", text("ok")).then("front", text("ok"));
    assert_eq!(chat.result(&[result], &mut script).unwrap(), End::Done("ok".into()));
    assert_eq!(*results(&chat.last_request("escalation").messages).last().unwrap(), ("say it in other words", true));
}

#[test]
fn the_customer_confirms_or_not() {
    for (answer, executed) in [("CONFIRM", true), ("DENY", false)] {
        let mut chat = Chat::new("SUPERVISOR");
        let mut script = Script::default();
        script.then("front", calls(vec![send("tickets", "a")]));
        let cancel = json!({"ticket_number": "202503142209"});
        script.then("tickets", calls(vec![call("Tickets__cancelTicket", cancel)]));
        let End::Control(control) = chat.say("cancela el ticket", &mut script) else { panic!() };
        let input = function_of(&control, 0);
        assert_eq!(input.action_invocation_type, "USER_CONFIRMATION");
        assert!(chat.tool_calls.is_empty());
        let mut result = result_of(&control, 0, "");
        result.confirmation_state = Some(answer.into());
        script.then("tickets", text("ok")).then("front", text("ok"));
        assert_eq!(chat.result(&[result], &mut script).unwrap(), End::Done("ok".into()));
        assert_eq!(chat.tool_calls.len(), usize::from(executed));
        assert_eq!(results(&chat.last_request("tickets").messages)[0].1, !executed);
    }
    let mut chat = Chat::new("SUPERVISOR");
    let control = controlled(&mut chat, vec![call("Escalation__refund", json!({"amount": "2"}))]);
    let input = function_of(&control, 0);
    assert_eq!(input.action_invocation_type, "USER_CONFIRMATION_AND_RESULT");
    assert_eq!(input.parameters[0].r#type, "number");
}

#[test]
fn attributes_last_as_long_as_they_should() {
    let mut chat = Chat::new("SUPERVISOR");
    let one = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into();
    chat.with_run(|run, _| {
        run.start(Input {
            text: "hola".into(),
            session_attributes: one("contactId", "c-1"),
            prompt_session_attributes: one("language", "es"),
            ..Input::default()
        });
    });
    let first = chat.with_run(|run, _| run.model_request(0)).unwrap();
    assert_eq!(first.language.as_deref(), Some("es"));
    let mut script = Script::default();
    script.then("front", calls(vec![send("tickets", "a")]));
    let ticket = json!({"order_number": "1", "description": "d"});
    script.then("tickets", calls(vec![call("Tickets__cutTicket", ticket)]));
    script.then("tickets", text("ok")).then("front", text("ok"));
    chat.say("otra", &mut script);
    assert_eq!(chat.last_request("front").language, None, "the prompt's attributes were the last turn's");
    assert_eq!(chat.tool_calls[0].session_attributes["contactId"], "c-1");
}
