//! Executors that are called elsewhere: who executes a function, and what a definition may say.

use std::borrow::Cow;

use relevo_agents::definition::{
    Definition,
    tool::{Offered, Tool},
};
use serde_json::{Value, json};

const API: &str = r#"{"openapi": "3.0.0", "servers": [{"url": "/v1"}], "paths": {"/a/{id}": {"get": {"operationId": "getA",
    "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}]}}}}"#;

/// A bot with an API, functions of its own, and a group that a server is to fill. `more` goes into the document.
fn bot(tools: &str, executor: &str) -> String {
    let executor: Value = serde_json::from_str(executor).unwrap();
    let api = json!({"actionGroupName": "Api", "apiSchema": {"payload": API}});
    let mut own = json!({"actionGroupName": "Own", "functionSchema": {"functions": [
        {"name": "look", "parameters": {"id": {"type": "string"}}}, {"name": "change"},
    ]}});
    own["actionGroupExecutor"] = executor;
    let agent = json!({
        "agentName": "shop",
        "instruction": "You help the customers of a shop with their orders and parcels.",
        "actionGroups": [api, own, {"actionGroupName": "Crm"}],
    });
    format!(
        "name: Shop\nlanguages: [en]\nagent: {agent}\nconversation: {{}}\nmcpServers:\n  crm: {{command: crm}}\ntools:\n{tools}"
    )
}

const GOOD: &str = "  Api: {\"*\": {http: {url: 'https://a.example', idempotent: true}}}
  Own:
    look: {http: {method: GET, url: 'https://a.example/{id}', timeoutMs: 500}}
    \"*\": {lambda: {function: own-fn}}
  Crm: {\"*\": {mcp: {server: crm, tools: [find, note]}}}
";

fn problems(tools: &str) -> Vec<String> {
    match Definition::<Value>::parse(&bot(tools, "null"), "bot.yaml") {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_functions_own_executor_comes_before_its_groups() {
    let definition: Definition<Value> = Definition::parse(&bot(GOOD, r#"{"lambda": "arn:own"}"#), "bot.yaml").unwrap();
    let agents = definition.split().0;
    let executor = |group: &str, function: &str| agents.executor(group, function).map(Cow::into_owned);
    assert!(matches!(executor("Api", "GET /a/{id}"), Some(Tool::Http(it)) if it.idempotent && it.timeout_ms == 10_000));
    assert!(matches!(executor("Own", "look"), Some(Tool::Http(it)) if !it.idempotent && it.timeout_ms == 500));
    assert!(matches!(executor("Own", "change"), Some(Tool::Lambda(it)) if it.function == "own-fn"));
    assert!(matches!(executor("Crm", "find"), Some(Tool::Mcp(it)) if it.server == "crm"));
    let (_, offered) = agents.offered("Crm").unwrap();
    assert_eq!(*offered, Offered::Named(vec!["find".into(), "note".into()]));
    assert_eq!(agents.offered("Own").map(|(tool, _)| &tool.server), None);

    let without = GOOD.replace("    \"*\": {lambda: {function: own-fn}}\n", "");
    let definition: Definition<Value> =
        Definition::parse(&bot(&without, r#"{"lambda": "arn:own"}"#), "bot.yaml").unwrap();
    let agents = definition.split().0;
    let lambda = agents.executor("Own", "change");
    assert!(matches!(lambda.as_deref(), Some(Tool::Lambda(it)) if it.function == "arn:own"), "the action group's own");
    assert!(agents.executor("Own", "fly").is_none());
}

#[test]
fn an_operation_has_two_names_in_a_definition() {
    for name in ["getA", "GET /a/{id}"] {
        let tools = GOOD.replace(
            "\"*\": {http: {url: 'https://a.example', idempotent: true}}",
            &format!("\"{name}\": {{http: {{url: 'https://a.example'}}}}"),
        );
        let definition: Definition<Value> = Definition::parse(&bot(&tools, "null"), "bot.yaml").unwrap();
        let tools = &definition.tools["Api"];
        assert_eq!(tools.keys().collect::<Vec<_>>(), ["GET /a/{id}"], "{name}");
    }
}

#[test]
fn what_is_wrong_is_told_at_its_line() {
    assert_eq!(problems(GOOD), Vec::<String>::new());
    // (what is replaced, by what, the line in `tools`, what is said)
    let table = [
        ("url: 'https://a.example', idem", "idem", 1, "names no server with an address for `GET /a/{id}` (add `url:"),
        ("url: 'https://a.example',", "url: 'ftp://a.example',", 1, "`ftp://a.example` must begin with https://"),
        ("idempotent: true}}", "idempotent: true, method: GET}}", 1, "an operation has its own method"),
        ("{http: {url: 'https://a.example', i", "{htp: {url: 'https://a.example', i", 1, "(did you mean `http`?)"),
        ("method: GET, ", "", 3, "the key `method` is missing (such as `method: GET`)"),
        ("method: GET", "method: FETCH", 3, "unknown value `FETCH`"),
        ("'https://a.example/{id}'", "'https://a.example/{di}'", 3, "unknown parameter of `look` `di`"),
        ("'https://a.example/{id}'", "'https://{id}.example/'", 3, "the host must be written out"),
        ("'https://a.example/{id}'", "'https://u:p@a.example/'", 3, "the host must be written out"),
        ("'https://a.example/{id}'", "'https://a.example/{id'", 3, "a `{` is not closed: a parameter is `{name}`"),
        ("'https://a.example/{id}'", "'https://a.example/{id}}'", 3, "a `}` has no `{` before it"),
        ("'https://a.example/{id}'", "'https://a.example/ {id}'", 3, "an address has no blanks"),
        ("url: 'https://a.example',", "url: 'https://a.example/{id}',", 1, "nothing is filled in here"),
        ("timeoutMs: 500", "timeoutMs: 500, headers: {'a b': x}", 3, "`a b` is not the name of a header"),
        (
            "timeoutMs: 500",
            "timeoutMs: 500, headers: {a: \"x\\ny\"}",
            3,
            "the header `a` cannot be sent: '\\n' in its value",
        ),
        (
            "timeoutMs: 500",
            "timeoutMs: 500, bearerFrom: sk-123",
            3,
            "bearerFrom is not the name of an environment variable",
        ),
        ("\"*\": {lambda: {function: own-fn}}", "\"*\": {lambda: {function: ''}}", 4, "no Lambda function is named"),
        ("timeoutMs: 500", "timeoutMs: 5", 3, "timeoutMs is 5; it must be 100 to 30000"),
        ("look: {http", "lok: {http", 3, "unknown function `lok` (did you mean `look`?)"),
        (
            "\"*\": {lambda: {function: own-fn}}",
            "\"*\": {http: {url: 'https://a.example'}}",
            4,
            "every function has its own address",
        ),
        (
            "\"*\": {lambda: {function: own-fn}}",
            "\"*\": {lookup: {table: t, match: {}, return: []}}",
            4,
            "for one function",
        ),
        ("\"*\": {lambda: {function: own-fn}}", "change: {lambda: {function: ' '}}", 4, "no Lambda function is named"),
        ("\"*\": {lambda: {function: own-fn}}", "change: {mcp: {server: crm, tools: all}}", 4, "can only stand under"),
        (
            "\"*\": {lambda: {function: own-fn}}",
            "\"*\": {mcp: {server: crm, tools: all}}",
            4,
            "declares functions of its own",
        ),
        ("server: crm, tools", "server: crn, tools", 5, "unknown MCP server `crn` (known here: crm)"),
        ("tools: [find, note]", "tools: some", 5, "expected `all` or a list of names"),
        ("tools: [find, note]", "tool: find, tools: all", 5, "here it is `tools`"),
    ];
    for (what, by, line, says) in table {
        assert!(GOOD.contains(what), "{what}");
        let said = problems(&GOOD.replacen(what, by, 1));
        let at = format!("bot.yaml:{}:", 7 + line);
        assert!(said.iter().any(|it| it.starts_with(&at) && it.contains(says)), "{by}: {said:#?}");
    }
    let alone = problems(&GOOD.replace(", tools: [find, note]", ""));
    assert!(alone.iter().any(|it| it.contains("the action group `Crm` has no functions")), "{alone:?}");
    for (server, says) in [
        ("{url: 'https://a.example', headers: {'x:': y}}", "`x:` is not the name of a header"),
        ("{command: x, envFrom: [a b]}", "envFrom is not the name of an environment variable"),
        ("{args: [x]}", "the server `crm` has neither a `command` nor a `url`"),
        ("{command: crm, url: 'https://a.example'}", "a `command` and a `url`"),
        ("{url: 'a.example'}", "`a.example` must begin with https://"),
    ] {
        let text = bot(GOOD, "null").replace("{command: crm}", server);
        let problem = Definition::<Value>::parse(&text, "bot.yaml").unwrap_err()[0].to_string();
        assert!(problem.starts_with("bot.yaml:6:") && problem.contains(says), "{problem}");
    }
}
