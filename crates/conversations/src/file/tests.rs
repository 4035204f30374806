//! Files as people write them, right and wrong.

use super::*;
use crate::{expect::What, matcher::Check};

fn problems(text: &str) -> Vec<String> {
    let problems = parse(text, "c.yaml", &Known::default()).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_file_shares_is_each_conversations() {
    let text = "
language: es
attributes: {tier: gold}
functions: {reserve: {returns: {seat: 12A}}}
conversations:
  - name: a
    turns: [{customer: hola}]
  - name: b
    language: en
    functions: {reserve: [{fails: full}, {returns: done}]}
    turns: [{customer: hello, keep: {n: '\\d+'}}]
";
    let all = parse(text, "f", &Known::default()).unwrap();
    let attributes = |index: usize| all[index].attributes.clone();
    assert_eq!(attributes(0), [("language".into(), "es".into()), ("tier".into(), "gold".into())]);
    assert_eq!(attributes(1), [("tier".into(), "gold".into()), ("language".into(), "en".into())]);
    assert_eq!(all[0].functions[0].1, [Stub::Returns(serde_json::json!({"seat": "12A"}))]);
    assert_eq!(all[1].functions[0].1, [Stub::Fails("full".into()), Stub::Returns("done".into())]);
    assert_eq!((all[1].line, all[1].turns[0].keep[0].1.as_str()), (8, "n"));
}

#[test]
fn every_problem_says_where_and_what_would_be_right() {
    let turn = |expect: &str| format!("- name: a\n  turns:\n    - customer: hi\n      expect: {expect}\n");
    let table = [
        ("- name: a\n  turn: []\n".to_owned(), "c.yaml:2:3: unknown key `turn` (did you mean `turns`?)"),
        ("- turns: []\n".to_owned(), "c.yaml:1:3: a conversation needs a `name`"),
        ("- name: a\n".to_owned(), "has no `turns`"),
        ("- name: a\n  turns: [{}]\n".to_owned(), "a turn needs `customer`"),
        ("- name: a\n  turns: []\n- name: a\n  turns: []\n".to_owned(), "c.yaml:3:1: a second conversation"),
        ("a: 1\n".to_owned(), "the key `conversations` is missing"),
        ("[]\n".to_owned(), "no conversation is in it"),
        ("- name: a\n  functions: {f: {return: 1}}\n  turns: []\n".to_owned(), "expected what the function answers"),
        (turn("{anwser: x}"), "c.yaml:4:16: unknown key `anwser` (did you mean `answer`?)"),
        (turn("{answer: {containz: x}}"), "did you mean `contains`?"),
        (turn("{answer: {matches: '('}}"), "not a regular expression: unclosed group"),
        (turn("{answer: {}}"), "nothing is checked here"),
        (turn("{functions: [{arguments: {a: 1}}]}"), "needs the function's `name`"),
        (turn("{functions: {set: [a], exclude: [b]}}"), "only one of"),
        (turn("{handoff: customer_wish}"), "one of agent_request, customer_request"),
        (turn("{cites: [{passage: x}]}"), "a citation needs its `document`"),
        (turn("{cites: [{document: x, text: y}]}"), "unknown key `text`"),
        (turn("{failed: perhaps}"), "expected `true` or `false`"),
        (turn("{answer: x, answer: y}"), "the key `answer` is repeated"),
        (turn("{functions: [{name: f, arguments: {a: {any: false}}}]}"), "use `absent: true`"),
        ("- name: [\n".to_owned(), "c.yaml:"),
        (
            "- name: a\n  turns: []\n".to_owned(),
            "c.yaml:2:10: the conversation “a” has no turns: nothing is tested (a turn is",
        ),
        ("- name: a\n  turns: [{customer: ' '}]\n".to_owned(), "c.yaml:2:22: the customer says nothing"),
        (
            "- name: a\n  turns: [{customer: 'x ${no}'}]\n".to_owned(),
            "no turn before has kept `no` (an earlier turn does",
        ),
        (turn("{answer: []}"), "c.yaml:4:24: nothing is checked here"),
        (turn("{answer: ''}"), "c.yaml:4:24: nothing is checked here"),
        (turn("{answer: {lacks: '${it}'}}"), "c.yaml:4:32: no turn before has kept `it`"),
        (turn("{functions: {exclude: []}}"), "nothing is checked here (`[]` in place of the mapping"),
    ];
    for (text, wanted) in table {
        let problems = problems(&text);
        assert!(problems.iter().any(|problem| problem.contains(wanted)), "{text}: {problems:#?}");
    }
}

const BOT: &str = "
name: Desk
languages: [en, es]
conversation: {}
agent:
  agentName: front
  instruction: You are the desk of a small office and hand people over.
  agentCollaboration: SUPERVISOR
  collaboratorConfigurations: [{collaboratorName: orders, collaboratorInstruction: Orders}]
  collaborators:
    - agentName: orders
      instruction: You look orders up and tell the customer about them.
      actionGroups:
        - actionGroupName: Orders
          actionGroupExecutor: {customControl: RETURN_CONTROL}
          functionSchema: {functions: [{name: getOrder, parameters: {number: {type: string}}}]}
        - actionGroupName: Api
          actionGroupExecutor: {customControl: RETURN_CONTROL}
          apiSchema: {payload: '{openapi: 3.0.0, paths: {/x: {get: {operationId: getX}}}}'}
";

#[test]
fn a_name_that_the_bot_does_not_have_is_a_problem() {
    let definition = relevo_agents::definition::Definition::<serde_json::Value>::parse(BOT, "bot.yaml").unwrap();
    let known = Known::of(&definition);
    let turn = |expect: &str| format!("- name: a\n  turns:\n    - customer: hi\n      expect: {expect}\n");
    let said = |text: &str, known: &Known| -> Vec<String> {
        let problems = parse(text, "c.yaml", known).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    };
    let good = "
language: es-CL
functions: {getOrder: {returns: 1}, Orders.getOrder: {returns: 1}}
conversations:
  - name: a
    language: en
    turns:
      - customer: hi
        expect:
          agents: {exclude: [orders]}
          functions: {include: [getOrder, Orders.getOrder, GET /x, {name: getOrder, agent: orders, arguments: {number: 1}}]}
          control: [getOrder]
        keep: {it: x}
      - {customer: 'and ${it}?', expect: {answer: '${it}'}}
  - name: b
    greeting: hello
    turns: []
";
    assert_eq!(said(good, &known), [""; 0]);
    for (text, wanted) in [
        (
            "functions: {getOrdr: {returns: 1}}\nconversations: []\n".into(),
            "c.yaml:1:13: no agent has the function `getOrdr` (did you mean `getOrder`?)",
        ),
        (
            "language: sp\nconversations: []\n".into(),
            "c.yaml:1:11: the bot does not speak `sp` (`languages` has en, es;",
        ),
        (turn("{functions: {exclude: [getOrdr]}}"), "c.yaml:4:38: no agent has the function `getOrdr` (did you mean"),
        (turn("{functions: [Order.getOrder]}"), "(did you mean `Orders.getOrder`?)"),
        (turn("{functions: [getX]}"), "no agent has the function `getX` (here it is called `GET /x`)"),
        (turn("{functions: [{name: getOrdr}]}"), "c.yaml:4:35: no agent has the function `getOrdr`"),
        (
            turn("{functions: [{name: getOrder, arguments: {nmber: 1}}]}"),
            "`getOrder` has no parameter `nmber` (did you mean `number`?)",
        ),
        (
            turn("{functions: [{name: getOrder, agent: order}]}"),
            "there is no collaborator `order` (did you mean `orders`?)",
        ),
        (turn("{agents: {exclude: [front]}}"), "c.yaml:4:35: there is no collaborator `front` (known here: orders)"),
        (turn("{control: [getOrdr]}"), "c.yaml:4:26: no agent has the function `getOrdr`"),
    ] {
        let problems = said(&text, &known);
        assert!(problems.iter().any(|problem| problem.contains(wanted)), "{text}: {problems:#?}");
        let elsewhere = said(&text, &Known::elsewhere(&definition));
        assert_eq!(elsewhere.iter().any(|problem| problem.contains(wanted)), text.contains("sp"), "{elsewhere:#?}");
    }
}

#[test]
fn an_agenteval_file_is_read_and_says_what_nobody_here_can_judge() {
    let text = "
evaluator: {model: claude-3}
target: {type: bedrock-agent, bedrock_agent_id: A, bedrock_agent_alias_id: B}
tests:
  claims:
    steps:
      - Ask the agent which claims are open.
      - Say \"and claim-006?\", then 'isn't it late?'.
    expected_results:
      - The agent returns a list of open claims.
      - The agent says that \"claim-006\" is \"open\".
    initial_prompt: Which claims are open?
    max_turns: 3
    hook: my.Hook
";
    let all = parse(text, "agenteval.yml", &Known::default()).unwrap();
    let said: Vec<&str> = all[0].turns.iter().map(|turn| turn.customer.as_str()).collect();
    assert_eq!(said, ["Which claims are open?", "and claim-006?", "isn't it late?"]);
    let unchecked: Vec<&str> = all[0].unchecked.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(unchecked, ["The agent returns a list of open claims.", "hook my.Hook"]);
    let expect = &all[0].turns[2].expect;
    let What::Conversation(matcher) = &expect[1].what else { panic!("{expect:?}") };
    assert!(
        matches!(matcher.0.as_slice(), [Check::Contains(a), Check::Contains(b)] if a == "claim-006" && b == "open")
    );
    assert_eq!((all[0].name.as_str(), expect.len()), ("claims", 2));

    let older = text.replace("  claims:\n    steps", "  - name: claims\n    steps");
    assert_eq!(parse(&older, "agenteval.yml", &Known::default()).unwrap()[0].name, "claims");
    let newer =
        "evaluator: {}\ntests:\n  a:\n    steps: [Ask something.]\n    expected: {conversation: [It answers.]}\n";
    assert_eq!(parse(newer, "agenteval.yml", &Known::default()).unwrap()[0].unchecked.len(), 1);
    let few = problems(&text.replace("max_turns: 3", "max_turns: 1"));
    assert!(few[0].contains("`max_turns` is 1"), "{few:?}");
}
