//! Look-ups and inserts.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU64},
};

use futures_util::future::join_all;
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    tools::{Argument, MemoryTables, TableTools, TableToolsPorts, ToolCall, ToolError, Tools},
};
use serde_json::{Value, json};

use crate::support::{Bytes, SetClock};

const YAML: &str = include_str!("tables.yaml");

fn definition() -> Arc<AgentsDefinition> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bot.yaml"), YAML).unwrap();
    let rows = json!([
        {"number": 10_020_030, "document": "12345678-K", "status": "Sent", "weight": 2.5},
        {"number": "AB-1", "document": null, "status": "Lost", "note": "x"},
    ]);
    std::fs::write(folder.path().join("orders.json"), rows.to_string()).unwrap();
    Definition::<Value>::load(folder.path()).unwrap().split().0
}

fn tools(random: Vec<u8>) -> TableTools {
    TableTools::new(
        definition(),
        TableToolsPorts {
            tables: Arc::new(MemoryTables::default()),
            clock: Arc::new(SetClock::default()),
            random: Arc::new(Bytes(random, AtomicU64::new(0))),
        },
    )
}

fn call(function: &str, key: &str, arguments: &[(&str, &str)]) -> ToolCall {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    ToolCall {
        action_group: "G".into(),
        function: function.into(),
        arguments: map(arguments)
            .into_iter()
            .map(|(name, value)| Argument { name, r#type: "string".into(), value })
            .collect(),
        session_attributes: map(&[("contactId", "c-1")]),
        idempotency_key: key.into(),
        ..ToolCall::default()
    }
}

async fn ask(tools: &TableTools, function: &str, key: &str, arguments: &[(&str, &str)]) -> Value {
    serde_json::from_str(&tools.call(call(function, key, arguments)).await.unwrap().text).unwrap()
}

#[tokio::test]
async fn a_row_is_found_however_its_values_are_written() {
    let tools = tools(vec![1]);
    for document in ["12345678-K", "12.345.678-k", " 12345678 K"] {
        let found = ask(&tools, "get", "k", &[("order", "10.020.030"), ("document", document)]).await;
        assert_eq!(found, json!({"found": true, "status": "Sent", "weight": 2.5, "note": null}));
    }
}

#[tokio::test]
async fn the_answer_does_not_tell_what_was_wrong() {
    let tools = tools(vec![1]);
    for arguments in [
        &[("order", "10020030"), ("document", "1-9")][..],
        &[("order", "99"), ("document", "12345678-K")],
        &[("order", "10020030")],
        &[("order", "10020030"), ("document", " - ")],
        &[("order", "AB-1"), ("document", "")],
        &[("order", "AB-1"), ("document", "null")],
    ] {
        assert_eq!(ask(&tools, "get", "k", arguments).await, json!({"found": false}), "{arguments:?}");
    }
}

#[tokio::test]
async fn what_must_be_found_and_is_not_is_an_error_for_the_model() {
    let tools = tools(vec![1]);
    let verify = async |document| {
        let output = tools.call(call("verify", "k", &[("order", "10020030"), ("document", document)])).await.unwrap();
        (output.error, output.text)
    };
    assert_eq!(verify("12345678-K").await, (false, r#"{"found":true,"status":"Sent"}"#.to_owned()));
    assert_eq!(verify("1-9").await, (true, r#"{"found":false}"#.to_owned()));
    let looked_up = tools.call(call("get", "k", &[("order", "99")])).await.unwrap();
    assert!(!looked_up.error, "an order that is not there is no error by itself");
}

#[tokio::test]
async fn a_row_is_added_once_for_a_key() {
    let tools = tools(vec![251, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let arguments = [("order", "10020030"), ("document", "12345678k"), ("text", "late")];
    let first = ask(&tools, "cut", "k1", &arguments).await;
    assert_eq!(
        first,
        json!({
            "inserted": true, "id": "123456", "order": "10020030", "text": "late", "state": "open", "contact": "c-1",
            "at": "1970-01-01T00:00:00.000000000Z",
        }),
        "a byte above 249 is not used"
    );
    assert_eq!(ask(&tools, "cut", "k1", &arguments).await, first);
    assert_ne!(ask(&tools, "cut", "k2", &arguments).await["id"], first["id"]);
    let refused = ask(&tools, "cut", "k3", &[("order", "10020030"), ("document", "1")]).await;
    assert_eq!(refused, json!({"inserted": false}));
}

#[tokio::test]
async fn random_digits_are_drawn_until_they_are_new() {
    // 000000, 000000 again, then 111111.
    let tools = tools([vec![0; 12], vec![1; 6]].concat());
    let arguments = [("order", "10020030"), ("document", "12345678k")];
    assert_eq!(ask(&tools, "cut", "a", &arguments).await["id"], "000000");
    assert_eq!(ask(&tools, "cut", "b", &arguments).await["id"], "111111");
    // All that it can draw are taken: told, not looped.
    let stuck = self::tools(vec![0]);
    assert_eq!(ask(&stuck, "cut", "a", &arguments).await["id"], "000000");
    assert!(matches!(stuck.call(call("cut", "b", &arguments)).await, Err(ToolError::Failed(_))));
}

#[tokio::test]
async fn side_by_side_one_key_is_one_row() {
    let tools = tools((0_u32..997).map(|n| (n * n * 31 / 7 % 250) as u8).collect());
    let arguments = [("order", "10020030"), ("document", "12345678k")];
    let same = join_all((0..8).map(|_| ask(&tools, "cut", "same", &arguments))).await;
    assert!(same.iter().all(|answer| *answer == same[0]));
    let keys: Vec<String> = (0..8).map(|n| n.to_string()).collect();
    let other = join_all(keys.iter().map(|key| ask(&tools, "cut", key, &arguments))).await;
    let ids: std::collections::BTreeSet<String> = other.iter().map(|answer| answer["id"].to_string()).collect();
    assert_eq!(ids.len(), 8);
}

#[tokio::test]
async fn a_key_that_is_there_is_not_added_again() {
    let tools = tools(vec![1]);
    assert_eq!(ask(&tools, "add", "a", &[("order", "ab1")]).await, json!({"inserted": false}), "it is in the file");
    assert_eq!(ask(&tools, "add", "b", &[("order", "new-1")]).await, json!({"inserted": true, "number": "new-1"}));
    assert_eq!(ask(&tools, "add", "c", &[("order", "NEW 1")]).await, json!({"inserted": false}));
}

#[tokio::test]
async fn a_function_without_a_tool_is_an_error() {
    let tools = tools(vec![1]);
    assert!(matches!(tools.call(call("none", "k", &[])).await, Err(ToolError::Unknown { .. })));
    assert!(tools.executes("G", "get") && !tools.executes("G", "none") && !tools.executes("H", "get"));
}
