//! Definitions that are wrong: what is told, where, and the hint.

use std::fmt::Write;

use relevo_agents::definition::{Definition, Problem};
use serde::Deserialize;
use serde_json::Value;

use crate::support::yaml;

fn problems(text: &str) -> Vec<String> {
    match Definition::<Value>::parse(text, "bot.yaml") {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// The line, from 1, of the n-th occurrence of a text.
fn line(text: &str, of: &str, n: usize) -> usize {
    text.lines().enumerate().filter(|(_, line)| line.contains(of)).nth(n).unwrap_or_else(|| panic!("no {of}")).0 + 1
}

/// (what is replaced, by what, n-th occurrence of which text has the problem's line, the message has this)
const CASES: &[(&str, &str, &str, usize, &str)] = &[
    // keys, types, values
    (
        "instruction: You look",
        "instrution: You look",
        "instrution:",
        0,
        "unknown key `instrution` (did you mean `instruction`?)",
    ),
    (
        "languages: [es, en]",
        "languages: es",
        "languages: es",
        0,
        "expected a list here, found the text `es` (a list stands in brackets",
    ),
    ("{type: string}", "{type: text}", "{type: text}", 0, "unknown value `text`"),
    ("{type: number, required: true}", "{type: numbr}", "numbr", 0, "did you mean `number`?"),
    ("customControl: RETURN_CONTROL", "customControl: RETURN", "RETURN}", 0, "did you mean `RETURN_CONTROL`?"),
    ("- name: escalate\n", "- nme: escalate\n", "nme:", 0, "unknown key `nme` (did you mean `name`?)"),
    (
        "required: true}\n                  ticket_number: {type: string}",
        "required: maybe}",
        "maybe",
        0,
        "expected `true` or `false` here, found the text `maybe`",
    ),
    (
        "conversation: {}\n",
        "conversation: {}\nconversation: {}\n",
        "conversation: {}",
        1,
        "the key `conversation` is repeated",
    ),
    ("conversation: {}\n", "", "name: Parcels", 0, "the key `conversation` is missing"),
    ("name: Parcels", "name: ' '", "name: ' '", 0, "name has 0 characters"),
    (
        "conversation: {}\n",
        "conversation: {}\nbudgets: {iterations: -5}\n",
        "budgets",
        0,
        "expected a whole number from 0 to 4294967295 here, found the number -5",
    ),
    (
        "conversation: {}\n",
        "conversation: {}\nbudgets: [3]\n",
        "budgets",
        0,
        "expected a mapping (`key: value`) here, found a list (known here: ",
    ),
    (
        "{type: string}",
        "{type: }",
        "{type: }",
        0,
        "expected one of several keys here, found nothing (known here: string, ",
    ),
    (
        "lookup:\n        table: orders",
        "lookup: x\n      insert:\n        table: orders",
        "lookup: x",
        0,
        "expected exactly one key here, found 2 (known here: lookup, insert, http, lambda, mcp)",
    ),
    (
        "lookup:\n        table: orders",
        "lokup:\n        table: orders",
        "lokup",
        0,
        "unknown value `lokup` (did you mean `lookup`?)",
    ),
    // budgets and guardrail
    (
        "conversation: {}\n",
        "conversation: {}\nbudgets: {iterations: 0}\n",
        "budgets",
        0,
        "`iterations` is 0; it must be at least 1",
    ),
    ("conversation: {}\n", "conversation: {}\nbudgets: {tokens: 9}\n", "budgets", 0, "unknown key `tokens`"),
    (
        "conversation: {}\n",
        "conversation: {}\nguardrail:\n  sensitiveInformationPolicyConfig:\n    piiEntitiesConfig:\n      - {type: NAME, action: BLOCK}\n",
        "type: NAME",
        0,
        "unknown value `NAME`",
    ),
    (
        "conversation: {}\n",
        "conversation: {}\nguardrail:\n  sensitiveInformationPolicyConfig:\n    regexesConfig:\n      - {name: a, pattern: 'a(', action: BLOCK}\n",
        "pattern: 'a('",
        0,
        "`a(` is not a regular expression",
    ),
    (
        "conversation: {}\n",
        "conversation: {}\nguardrail: {topicPolicyConfig: {topicsConfig: [{name: money, examples: []}]}}\n",
        "guardrail",
        0,
        "the topic `money` has no examples",
    ),
    // prompts
    (
        "  agentCollaboration: SUPERVISOR",
        "  promptOverrideConfiguration: {promptConfigurations: [{promptType: ORCHESTRATION, promptCreationMode: OVERRIDDEN, basePromptTemplate: $instructions$}]}\n  agentCollaboration: SUPERVISOR",
        "promptOverride",
        0,
        "unknown variable `instructions` (did you mean `instruction`?)",
    ),
    (
        "  agentCollaboration: SUPERVISOR",
        "  promptOverrideConfiguration: {promptConfigurations: [{promptType: ORCHESTRATION, basePromptTemplate: x}]}\n  agentCollaboration: SUPERVISOR",
        "promptOverride",
        0,
        "the template has no effect",
    ),
    (
        "  agentCollaboration: SUPERVISOR",
        "  promptOverrideConfiguration: {promptConfigurations: [{promptType: PRE_PROCESSING}]}\n  agentCollaboration: SUPERVISOR",
        "promptOverride",
        0,
        "there is no such step here",
    ),
    // names
    ("agentName: orders\n", "agentName: my__orders\n", "my__orders", 0, "agentName `my__orders` has `__` in it"),
    ("agentName: orders\n", "agentName: mis órdenes\n", "mis órdenes", 0, "is not a valid name"),
    ("agentName: tickets", "agentName: orders", "agentName: orders", 1, "another agent is also called `orders`"),
    ("agentName: tickets", "agentName: User", "agentName: User", 0, "`User` is the customer"),
    (
        "actionGroupName: AskOrders",
        "actionGroupName: Orders",
        "actionGroupName: Orders",
        1,
        "another action group of this agent",
    ),
    ("name: cancelTicket", "name: cutTicket", "name: cutTicket", 1, "another function of this action group"),
    (
        "order_number: {type: string, required: true}\n                  desc",
        "order number: {type: string}\n                  desc",
        "order number",
        0,
        "parameter `order number` is not a valid name",
    ),
    (
        "name: escalate\n",
        "name: escalateToSomebodyWhoKnowsEverythingAboutParcelsAndOrders\n",
        "escalateToSomebody",
        0,
        "models take 64",
    ),
    // agents
    (
        "instruction: You look up orders and tell the customer about them, nothing else.",
        "instruction: Orders.",
        "instruction: Orders.",
        0,
        "instruction has 7 characters; it must have at least 40",
    ),
    (
        "collaboratorName: tickets",
        "collaboratorName: ticket",
        "collaboratorName: ticket",
        0,
        "unknown collaborator `ticket` (did you mean `tickets`?)",
    ),
    (
        "collaboratorName: tickets",
        "collaboratorName: orders",
        "collaboratorName: orders",
        1,
        "the collaborator `orders` is configured twice",
    ),
    (
        "collaboratorName: tickets",
        "collaboratorName: orders",
        "agentName: tickets",
        0,
        "has no collaboratorConfigurations entry",
    ),
    (
        "agentCollaboration: SUPERVISOR\n",
        "agentCollaboration: DISABLED\n",
        "collaborators:",
        0,
        "collaboration is disabled, so nobody asks them",
    ),
    (
        "agentName: escalation\n",
        "agentName: escalation\n      agentCollaboration: SUPERVISOR\n",
        "agentCollaboration: SUPERVISOR",
        1,
        "the supervisor `escalation` has no collaborators",
    ),
    ("agentName: front\n", "agentName: front\n  idleSessionTTLInSeconds: 5\n", "TTL", 0, "must be 60 to 5400"),
    // executors
    (
        "    cancelTicket:\n      lookup:\n        table: tickets\n        match: {number: ticket_number}\n        return: [number]\n",
        "",
        "- name: cancelTicket",
        0,
        "nobody executes `cancelTicket` (add `tools: Tickets: cancelTicket: ...`",
    ),
    (
        "actionGroupExecutor: {customControl: RETURN_CONTROL}\n          functionSchema",
        "functionSchema",
        "- name: refund",
        0,
        "nobody executes `refund`",
    ),
    // tools and tables
    ("  Orders:\n    get", "  Order:\n    get", "  Order:", 0, "unknown action group `Order` (did you mean `Orders`?)"),
    (
        "    getOrderStatus:\n      lookup",
        "    getOrderState:\n      lookup",
        "getOrderState",
        0,
        "unknown function `getOrderState` (did you mean `getOrderStatus`?)",
    ),
    ("table: orders\n", "table: order\n", "table: order", 0, "unknown table `order` (did you mean `orders`?)"),
    (
        "document: identity_document_number}",
        "document: document_number}",
        "document: document_number",
        0,
        "unknown parameter of `getOrderStatus` `document_number`",
    ),
    (
        "{parameter: order_number}",
        "{parameter: order}",
        "{parameter: order}",
        0,
        "unknown parameter of `cutTicket` `order`",
    ),
    ("row: {number:", "row: {nummer:", "row: {nummer:", 0, "the row does not set `number`, the key of table `tickets`"),
    ("randomDigits: 12", "randomDigits: 2", "randomDigits: 2", 0, "randomDigits is 2; it must be 6 to 32"),
    (
        "match: {number: ticket_number}\n        return: [number]",
        "match: {number: ticket_number}\n        return: [state]",
        "return: [state]",
        0,
        "unknown column `state`",
    ),
    ("match: {number: ticket_number}", "match: {}", "match: {}", 0, "nothing to match"),
    // offline
    (
        "tables:\n",
        "offline:\n  functions: {escalat: {}}\ntables:\n",
        "escalat:",
        0,
        "unknown function `escalat` (did you mean `escalate`?)",
    ),
    ("tables:\n", "offline:\n  parameters: {order: {}}\ntables:\n", "order: {}", 0, "unknown parameter `order`"),
    (
        "tables:\n",
        "offline:\n  parameters:\n    order_number:\n      patterns: ['\\d+', '(\\d']\ntables:\n",
        "patterns:",
        0,
        "not a regular expression: unclosed group",
    ),
    (
        "tables:\n",
        "offline:\n  functions:\n    escalate:\n      say:\n        es: 'a {{ b'\ntables:\n",
        "a {{ b",
        0,
        "not a template",
    ),
    (
        "tables:\n",
        "offline:\n  clarify: {es: x, pt: y}\ntables:\n",
        "clarify",
        0,
        "the bot does not speak `pt` (`languages` has es, en)",
    ),
    (
        "tables:\n",
        "offline:\n  functions:\n    escalate:\n      say:\n        es: '{% if result.x %}{{ result.x | dates }}{% endif %}'\ntables:\n",
        "| dates",
        0,
        "the template has an unknown filter `dates` (did you mean `date`?)",
    ),
    (
        "tables:\n",
        "offline:\n  functions:\n    escalate:\n      ask:\n        es: '{{ parameters.x }}'\ntables:\n",
        "{{ parameters",
        0,
        "the template has an unknown variable `parameters` (here are: missing, language)",
    ),
    ("tables:\n", "offline:\n  clarify:\n    es: 'a {{ b'\ntables:\n", "a {{ b", 0, "not a template"),
    (
        "tables:\n",
        "offline:\n  smalltalk:\n    - examples: {}\n      say: {es: '{% x %}'}\ntables:\n",
        "{% x %}",
        0,
        "not a template",
    ),
    // the desk
    (
        "tables:\n",
        "desk:\n  queues: [a, '']\ntables:\n",
        "queues:",
        0,
        "the queue has 0 characters; it must have 1 to 127",
    ),
    ("tables:\n", "desk:\n  queues: [a, b, a]\ntables:\n", "queues:", 0, "the queue `a` is repeated"),
    ("tables:\n", "desk:\n  outcomes: [' ']\ntables:\n", "outcomes:", 0, "it must have 1 to 100"),
    (
        "tables:\n",
        "desk:\n  quickTexts: {es: ['{customer}, soy {agent}', '{custmer}']}\ntables:\n",
        "quickTexts",
        0,
        "unknown placeholder `custmer` (did you mean `customer`?)",
    ),
    ("tables:\n", "desk:\n  quickTexts:\n    es: ['']\ntables:\n", "es: ['']", 0, "it must have 1 to 16384"),
    ("languages: [es, en]", "languages: [es, Español]", "Español", 0, "`Español` is not a primary language"),
];

#[test]
fn each_problem_has_its_line_and_its_hint() {
    let good = yaml("SUPERVISOR");
    assert_eq!(problems(&good), Vec::<String>::new());
    for (from, to, at, n, message) in CASES {
        assert!(good.contains(from), "the team has no {from:?}");
        let bad = good.replacen(from, to, 1);
        let place = format!("bot.yaml:{}:", line(&bad, at, *n));
        let told = problems(&bad);
        assert!(
            told.iter().any(|problem| problem.starts_with(&place) && problem.contains(message)),
            "{to:?}: expected {place} {message}\n{told:#?}"
        );
    }
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    let bad = yaml("SUPERVISOR")
        .replace("instruction: You look", "instrution: You look")
        .replace("{type: number, required: true}", "{type: money, required: true}")
        .replace("randomDigits: 12", "randomDigits: many")
        .replace("conversation: {}", "conversation: {}\nflow: x");
    let told = problems(&bad);
    assert_eq!(told.len(), 4, "{told:#?}");
    let lines: Vec<u32> = told.iter().map(|text| text.split(':').nth(1).unwrap().parse().unwrap()).collect();
    assert!(lines.is_sorted(), "{told:#?}");
    // Semantic ones too.
    let bad = yaml("SUPERVISOR")
        .replace("collaboratorName: tickets", "collaboratorName: tiquets")
        .replace("table: orders\n", "table: pedidos\n")
        .replace("instruction: You open tickets for problems with orders and tell their state.", "instruction: short");
    assert!(problems(&bad).len() >= 3, "{:#?}", problems(&bad));
}

#[test]
fn a_document_that_is_no_mapping_says_what_it_should_be() {
    for (text, found) in [("- a\n- b\n", "a list"), ("hello\n", "the text `hello`"), ("7\n", "the number 7")] {
        let told = problems(text);
        assert_eq!(told.len(), 1, "{told:#?}");
        let wanted =
            format!("bot.yaml:1:1: expected a mapping (`key: value`) here, found {found} (known here: name, languages");
        assert!(told[0].starts_with(&wanted), "{told:#?}");
    }
    let told = problems("name: a\nlanguages: {es: x}\n");
    assert!(
        told[0].contains("expected a list here, found a mapping (each item of a list begins with `- `)"),
        "{told:#?}"
    );
    let told = problems("a: [1\nb: 2\n");
    assert!(!told[0].contains(" at line "), "the place is told once: {told:#?}");
}

#[test]
fn more_than_ten_collaborators() {
    let mut text = String::from(
        "name: x\nlanguages: [en]\nconversation: {}\nagent:\n  agentName: top\n  instruction: &i A text that is long enough to be an instruction.\n  agentCollaboration: SUPERVISOR\n  collaborators:\n",
    );
    for n in 0..11 {
        writeln!(text, "    - {{agentName: a{n}, instruction: *i}}").unwrap();
    }
    text.push_str("  collaboratorConfigurations:\n");
    for n in 0..11 {
        writeln!(text, "    - {{collaboratorName: a{n}, collaboratorInstruction: x}}").unwrap();
    }
    let told = problems(&text);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("bot.yaml:19:") && told[0].contains("11 collaborators"), "{told:#?}");
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Texts {
    greeting: std::collections::BTreeMap<String, String>,
    #[allow(dead_code, reason = "only its type counts")]
    failures: u8,
}

#[test]
fn the_conversations_section_is_read_and_checked_with_the_rest() {
    let with = |section: &str| yaml("SUPERVISOR").replace("conversation: {}", &format!("conversation:\n{section}"));
    let check = |definition: &Definition<Texts>, root: relevo_agents::definition::Place<'_>| {
        let place = root.value("conversation").value("greeting");
        let texts = definition.conversation.greeting.keys();
        let unknown = texts.filter(|language| !definition.languages.contains(language));
        unknown.map(|language| Problem::new("bot.yaml", place.entry(language).spot(), "unknown language")).collect()
    };
    let good = with("  greeting: {es: Hola}\n  failures: 3\n");
    assert_eq!(Definition::<Texts>::parse_with(&good, "bot.yaml", check).unwrap().conversation.failures, 3);
    let bad = with("  greeting:\n    es: Hola\n    pt: Olá\n  failures: 3\n");
    let told = Definition::<Texts>::parse_with(&bad, "bot.yaml", check).unwrap_err();
    assert_eq!(told[0].line as usize, line(&bad, "pt: Olá", 0));
    let bad = with("  greetings: {es: Hola}\n  failures: 300\n");
    let told: Vec<String> =
        Definition::<Texts>::parse(&bad, "bot.yaml").unwrap_err().iter().map(ToString::to_string).collect();
    assert!(told[0].contains("did you mean `greeting`?") && told[1].contains("300"), "{told:#?}");
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn a_folder_with_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let load = || Definition::<Value>::load(folder.path());
    let told = |result: Result<_, Vec<Problem>>| -> Vec<String> {
        let result: Result<Definition<Value>, _> = result;
        result.err().into_iter().flatten().map(|problem| problem.to_string()).collect()
    };
    assert!(told(load())[0].starts_with("bot.yaml:1:1: cannot read it"));
    let text = yaml("SUPERVISOR");
    std::fs::write(folder.path().join("bot.yaml"), &text).unwrap();
    let missing = told(load());
    let place = format!("bot.yaml:{}:", line(&text, "data: orders.csv", 0));
    assert!(missing[0].starts_with(&place) && missing[0].contains("orders.csv: cannot read it"), "{missing:#?}");
    let write = |data: &str| std::fs::write(folder.path().join("orders.csv"), data).unwrap();
    write("order_number,document\n1,2\n");
    let columns = told(load());
    assert!(columns.iter().any(|problem| problem.contains("unknown column `status`")), "{columns:#?}");
    write("order_number,document,status\n1,2\n");
    assert_eq!(told(load()), ["orders.csv:2:1: 2 fields, but the header has 3"]);
    write("number,document,status\n1,2,x\n");
    assert!(told(load()).iter().any(|problem| problem.contains("the key column `order_number` is not in orders.csv")));
    write("order_number,document,status\n1,2,x\n2,2,x\n1,3,y\n");
    let doubled = told(load());
    assert!(doubled[0].starts_with(&place) && doubled[0].contains("row 3 has the key \"1\" of a row"), "{doubled:#?}");
    write("order_number,document,status\n1,2,x\n");
    let definition = load().unwrap();
    assert_eq!(definition.rows["orders"][0]["status"], "x");
}

#[test]
fn nothing_written_makes_it_panic() {
    let good = yaml("SUPERVISOR");
    let lines: Vec<&str> = good.lines().collect();
    for skip in 0..lines.len() {
        let without: Vec<&str> = lines.iter().enumerate().filter(|(n, _)| *n != skip).map(|(_, line)| *line).collect();
        problems(&without.join("\n"));
        problems(&lines[..skip].join("\n"));
        let mut broken = lines.clone();
        let cut = &lines[skip][..lines[skip].len() / 2];
        broken[skip] = cut;
        problems(&broken.join("\n"));
    }
    for text in ["", "~", "[]", "a", "- - - a", "{a: b", "\u{0}", "? [a]\n: b", "a: &x [*x]", "<<: 1"] {
        assert!(!problems(text).is_empty(), "{text:?}");
    }
}
