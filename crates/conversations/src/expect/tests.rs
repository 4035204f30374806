//! Every kind of expectation holds for one turn, fails for another, and says why with its line.

use std::collections::BTreeMap;

use crate::{
    file,
    observed::{Call, Cited, Departed, Passage, Turn},
    words::Words,
};

fn turn() -> Turn {
    let call = |agent: &str, function: &str, arguments: &[(&str, &str)], result: Option<&str>, control| Call {
        agent: Some(agent.into()),
        action_group: "Group".into(),
        function: function.into(),
        arguments: arguments.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        result: result.map(str::to_owned),
        control,
    };
    let cited = |document: &str, passages: &[(&str, &str, &str)]| Cited {
        document: document.into(),
        passages: passages
            .iter()
            .map(|(text, answer, page)| Passage {
                text: (*text).into(),
                answer: (*answer).into(),
                metadata: BTreeMap::from([("page".to_owned(), (*page).to_owned())]),
            })
            .collect(),
    };
    Turn {
        customer: "where is it".into(),
        said: vec!["Your order 7 is on its way.".into(), "Anything else I can do for you?".into()],
        agents: vec!["orders".into(), "help".into()],
        calls: vec![
            call("orders", "status", &[("order", "7")], Some(r#"{"found":true,"box":{"size":3},"note":null}"#), false),
            call("help", "handOver", &[("why", "asked")], None, true),
        ],
        cites: vec![
            cited("es/returns.md", &[("Thirty days.", "You have thirty days.", "2"), ("At the desk.", "Come.", "3")]),
            cited("https://example.com/hours", &[("Nine to five.", "Nine to five.", "1")]),
        ],
        failures: Vec::new(),
        departed: Some(Departed {
            reason: "agent_request".into(),
            handoff: true,
            attributes: BTreeMap::from([("order".to_owned(), "7".to_owned())]),
        }),
        attributes: BTreeMap::from([("language".to_owned(), "en".to_owned())]),
    }
}

/// The misses of `expect:`, without those that every turn has unasked.
fn misses(expect: &str) -> Vec<String> {
    let text = format!("- name: a\n  turns:\n    - customer: hi\n      expect:\n        {expect}\n");
    let conversations =
        file::parse(&text, "f", &file::Known::default()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let words = Words::new(&["es".to_owned(), "en".to_owned()]);
    let expect = conversations[0].turns[0].expect.iter().filter(|it| it.line >= 5);
    expect
        .flat_map(|it| it.misses(&turn(), &[], &words))
        .map(|miss| format!("{}: {}", miss.line, miss.message))
        .collect()
}

#[test]
fn what_is_as_expected_is_no_miss() {
    let good = [
        "answer: on its way",
        "answer: [order 7, Anything else]",
        "answer: {contains: [order 7], lacks: ticket, matches: '\\d', matchesNot: '\\d{2}', language: en}",
        "agents: [orders, help]",
        "agents: {set: [help, orders]}",
        "agents: {include: help}",
        "agents: {exclude: [tickets]}",
        "functions: [status, handOver]",
        "functions: {set: [handOver, Group.status]}",
        "functions: {include: [{name: status, agent: orders, arguments: {order: 7, other: null}, result: {found: true, box.size: 3, note: {absent: true}}}]}",
        "functions: {exclude: [cancel]}",
        "functions: {include: [{name: handOver, result: {x: null}, arguments: {why: {any: true}}}]}",
        "control: [handOver]",
        "handoff: true",
        "handoff: agent_request",
        "handoff: {reason: agent_request, attributes: {order: {matches: '^7$'}, ticket: null}}",
        "sessionAttributes: {language: en}",
        "failed: false",
        "cites: [es/returns.md, hours]",
        "cites: {set: ['https://example.com/hours', returns.md]}",
        "cites: {include: returns.md}",
        "cites: {exclude: [turns.md, {document: returns.md, metadata: {page: 4}}]}",
        "cites: {include: [{document: returns.md, passage: thirty, answer: {contains: you have}, metadata: {page: 2}}]}",
    ];
    for expect in good {
        assert_eq!(misses(expect), [""; 0], "{expect}");
    }
}

#[test]
fn what_is_not_as_expected_says_what_was_and_where() {
    let bad = [
        ("answer: arrived", "expected a text with “arrived”, it was “Your order"),
        ("answer: {lacks: order}", "without “order”"),
        ("answer: {is: Hello}", "expected “Hello”"),
        ("answer: {matches: '\\d{2}'}", "matches"),
        ("answer: {matchesNot: '\\d'}", "does not match"),
        ("answer: {language: es}", "language `es`"),
        ("agents: [help, orders]", "expected help, orders, there were orders, help"),
        ("agents: []", "expected none"),
        ("agents: {set: [orders]}", "in any order"),
        ("agents: {include: [tickets]}", "among others"),
        ("agents: {exclude: [help]}", "none of help"),
        ("functions: []", "expected none, there were orders: status(order=7), help: handOver(why=asked)"),
        ("functions: [status]", "expected status, there were"),
        ("functions: [handOver, status]", "expected handOver, status"),
        ("functions: {set: [status]}", "in any order"),
        ("functions: {include: [cancel]}", "cancel was not called, there were"),
        ("functions: {exclude: [status]}", "none of status"),
        ("functions: [{name: status, agent: help}, handOver]", "by help, it was by orders"),
        ("functions: {include: [{name: status, arguments: {order: 8}}]}", "argument order: expected “8”, it was “7”"),
        (
            "functions: {include: [{name: status, arguments: {size: 8}}]}",
            "argument size: expected “8”, it was not there",
        ),
        (
            "functions: {set: [{name: status, result: {box.size: 4}}, handOver]}",
            "result box.size: expected “4”, it was “3”",
        ),
        ("functions: {include: [{name: status, result: lost}]}", "result: expected a text with “lost”"),
        (
            "functions: {include: [{name: handOver, result: {any: {any: true}}}]}",
            "expected any value, it was not there",
        ),
        ("control: []", "expected none, it was for handOver"),
        ("control: [status, handOver]", "expected status, handOver"),
        ("handoff: false", "expected no hand-off, the bot left: agent_request"),
        ("handoff: customer_request", "the reason customer_request, it was agent_request"),
        ("handoff: {attributes: {order: 8}}", "attribute order: expected “8”, it was “7”"),
        ("handoff: {attributes: {ticket: {any: true}}}", "attribute ticket: expected any value, it was not there"),
        ("sessionAttributes: {language: es}", "session attribute language: expected “es”, it was “en”"),
        ("cites: []", "expected none, there were es/returns.md, https://example.com/hours"),
        ("cites: [hours, returns.md]", "the cited documents: expected hours, returns.md"),
        ("cites: {include: [turns.md]}", "turns.md among others"),
        ("cites: {exclude: [returns.md]}", "none of returns.md"),
        (
            "cites: [{document: returns.md, passage: sixty, answer: thirty}, hours]",
            "returns.md: passage: expected a text with “sixty”, it was “Thirty days.”",
        ),
        (
            // Of two passages, neither is both.
            "cites: {include: [{document: returns.md, passage: thirty, metadata: {page: 3}}]}",
            "returns.md: page: expected “3”, it was “2”",
        ),
        ("failed: true", "expected the agent to fail"),
    ];
    for (expect, wanted) in bad {
        let misses = misses(expect);
        assert!(misses.iter().any(|miss| miss.starts_with("5: ") && miss.contains(wanted)), "{expect}: {misses:#?}");
    }
}

#[test]
fn a_hand_off_and_a_failure_are_never_passed_over() {
    let text = "- name: a\n  turns:\n    - customer: hi\n";
    let conversations = file::parse(text, "f", &file::Known::default()).unwrap();
    let turn = Turn { failures: vec!["agent_timeout (no answer in time)".into()], ..turn() };
    let expect = &conversations[0].turns[0].expect;
    let misses: Vec<_> = expect.iter().flat_map(|it| it.misses(&turn, &[], &Words::default())).collect();
    assert_eq!(misses.len(), 2);
    assert!(misses.iter().all(|miss| miss.line == 3));
    assert!(misses[0].message.contains("agent_timeout") && misses[1].message.contains("agent_request"));
}
