//! What is remembered over many turns, and what a turn may cost.

use relevo_agents::{
    model::{ModelError, ModelReply, ModelRequest, Outcome, Purpose, Role, Usage},
    run::Budgets,
};

use crate::support::{Chat, End, call, calls, send, text, texts, to};

/// Answers each turn of a router by one collaborator; summaries by `summary`.
fn model(request: &ModelRequest, summary: &Result<&str, ModelError>) -> Result<ModelReply, ModelError> {
    let outcome = match &request.purpose {
        Purpose::Route { .. } => to("orders"),
        Purpose::Orchestrate { .. } => text("It is on its way, as I said before."),
        Purpose::Summarize { .. } => text(summary.clone()?),
    };
    Ok(ModelReply { outcome, usage: Usage::default(), model: None })
}

fn small() -> Chat {
    let mut chat = Chat::new("SUPERVISOR_ROUTER");
    chat.budgets = Budgets { conversation_tokens: 100, history_tokens: 200, ..Budgets::default() };
    chat
}

fn summaries(chat: &Chat) -> Vec<(Option<String>, usize)> {
    let asked = chat.requests.iter().filter_map(|request| match &request.purpose {
        Purpose::Summarize { before, said } => Some((before.clone(), said.len())),
        _ => None,
    });
    asked.collect()
}

#[test]
fn a_long_conversation_is_kept_as_a_summary_and_its_last_lines() {
    let mut chat = small();
    for turn in 0..40 {
        let said = format!("Message number {turn}: and where is my order by now, please?");
        let end = chat.say_to(&said, &mut |request| model(request, &Ok("The customer waits for order 1.")));
        assert!(matches!(end, End::Done(_)), "{end:?}");
    }
    let session = chat.session();
    assert_eq!(session.summary.as_deref(), Some("The customer waits for order 1."));
    assert!(session.conversation.len() < 14, "{}", session.conversation.len());
    assert!(session.histories["orders"].len() < 30);
    assert!(chat.stored.len() < 8_000, "{}", chat.stored.len());
    let asked = summaries(&chat);
    assert!((4..20).contains(&asked.len()), "not at every turn: {}", asked.len());
    assert_eq!(asked[0].0, None);
    assert!(asked[1..].iter().all(|(before, _)| before.as_deref() == Some("The customer waits for order 1.")));
    // Who answers knows it, and whoever routes too.
    for request in chat.requests.iter().rev().take(2) {
        assert!(request.system.contains("The customer waits for order 1."), "{}", request.system);
    }
    assert!(texts(&chat.last_request("orders").messages, Role::User).last().unwrap().contains("number 39"));
}

#[test]
fn a_summary_that_fails_loses_nothing_and_is_asked_for_again() {
    let mut chat = small();
    let failing = Err(ModelError::Failed("no".into()));
    for turn in 0..8 {
        chat.say_to(&format!("Message number {turn}: and where is my order by now?"), &mut |request| {
            model(request, &failing)
        });
    }
    assert_eq!((chat.session().summary, chat.session().conversation.len()), (None, 16));
    assert!(summaries(&chat).len() >= 2);
    for turn in 8..60 {
        chat.say_to(&format!("Message number {turn}: and where is my order by now?"), &mut |request| {
            model(request, &failing)
        });
    }
    assert!(chat.session().conversation.len() < 50, "it does not grow for ever");
    chat.say_to("and now?", &mut |request| model(request, &Ok("Short.")));
    assert_eq!(chat.session().summary.as_deref(), Some("Short."));
}

#[test]
fn who_does_not_hear_the_conversation_hears_no_summary() {
    let definition = crate::support::yaml("SUPERVISOR").replacen("TO_COLLABORATOR", "DISABLED", 1);
    let definition: relevo_agents::definition::Definition<serde_json::Value> =
        relevo_agents::definition::Definition::parse(&definition, "bot.yaml").unwrap();
    let mut chat = Chat::with(relevo_agents::run::Team::new(&definition.agent));
    let mut session = chat.session();
    session.summary = Some("SECRET".into());
    chat.stored = serde_json::to_string(&session).unwrap();
    let mut script = crate::support::Script::default();
    script.then("front", calls(vec![send("orders", "a"), send("tickets", "b")]));
    script.then("orders", text("A")).then("tickets", text("B")).then("front", text("AB"));
    chat.say("hola", &mut script);
    for (agent, hears) in [("front", true), ("orders", false), ("tickets", true)] {
        assert_eq!(chat.last_request(agent).system.contains("SECRET"), hears, "{agent}");
    }
}

#[test]
fn a_turn_that_used_up_its_tokens_ends_in_words() {
    let mut chat = Chat::new("SUPERVISOR");
    chat.budgets =
        Budgets { turn_tokens: 1_000, iterations: 1_000, same_pair: 1_000, hops: 1_000, ..Budgets::default() };
    let mut asked = 0;
    for _ in 0..2 {
        let before = asked;
        let end = chat.say_to("hola", &mut |request| {
            asked += 1;
            let again = match request.agent_name.as_str() {
                "front" => vec![send("orders", &format!("again {asked}"))],
                _ => vec![call(
                    "Orders__getOrderStatus",
                    serde_json::json!({"order_number": asked.to_string(), "identity_document_number": "2"}),
                )],
            };
            Ok(ModelReply {
                outcome: Outcome::Content(again),
                usage: Usage { input_tokens: 90, output_tokens: 10 },
                model: None,
            })
        });
        let End::Done(words) = end else { panic!("{end:?}") };
        assert!(words.contains("person"), "{words}");
        assert_eq!(asked - before, 11, "each turn has its own");
    }
    assert_eq!(chat.failures, ["The turn's tokens are used up"; 2]);
}
