//! Lambda functions: Bedrock's event out, its answer in.

use relevo_agents::tools::{ToolError, Tools as _};
use serde_json::{Value, json};

use crate::shop::{Reply, Server, call, executors, look};

fn function(state: &Value, body: &Value) -> Value {
    json!({"messageVersion": "1.0", "response": {"actionGroup": "Own", "function": "look",
        "functionResponse": {"responseState": state, "responseBody": {"TEXT": {"body": body}}}}})
}

fn says(answer: &Value) -> Reply {
    Reply::With(200, answer.to_string())
}

#[tokio::test]
async fn a_functions_event_is_bedrocks() {
    let server = Server::default();
    let url = server.serve([says(&function(&Value::Null, &json!("sent")))]).await;
    let executors = executors(&json!({}), Some(&url));
    let arguments = [("tags", "array", r#"["a"]"#), ("order", "string", "7")];
    let output = executors.call(call("Own", "look", &arguments)).await.unwrap();
    assert_eq!((output.text.as_str(), output.error), ("sent", false));
    let seen = &server.seen()[0];
    let arn = "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aown";
    assert_eq!(seen.line, format!("POST /2015-03-31/functions/{arn}/invocations"));
    assert_eq!(
        seen.body,
        json!({
            "messageVersion": "1.0",
            "agent": {"name": "shop", "id": "AAAAAAAAAA", "alias": "TSTALIASID", "version": "DRAFT"},
            "inputText": "where is it?",
            "sessionId": "s-1",
            "actionGroup": "Own",
            "function": "look",
            "parameters": [
                {"name": "tags", "type": "array", "value": r#"["a"]"#},
                {"name": "order", "type": "string", "value": "7"},
            ],
            "sessionAttributes": {"contactId": "c-1", "idempotencyKey": "session:1:abc"},
            "promptSessionAttributes": {"language": "en"},
        })
    );
}

#[tokio::test]
async fn an_operations_event_is_bedrocks() {
    let server = Server::default();
    let api = |status: u32| {
        says(&json!({"response": {"actionGroup": "Api", "apiPath": "/orders/{orderId}", "httpMethod": "PATCH",
            "httpStatusCode": status, "responseBody": {"application/json": {"body": "{\"n\":1}"}}}}))
    };
    let url = server.serve([api(200), api(404)]).await;
    let executors =
        executors(&json!({"Api": {"PATCH /orders/{orderId}": {"lambda": {"function": "patch-fn"}}}}), Some(&url));
    let arguments = [("orderId", "string", "7"), ("body_orderId", "integer", "8"), ("gift", "boolean", "true")];
    for error in [false, true] {
        let output = executors.call(call("Api", "PATCH /orders/{orderId}", &arguments)).await.unwrap();
        assert_eq!((output.text.as_str(), output.error), ("{\"n\":1}", error));
    }
    executors.call(call("Api", "GET /orders/{orderId}", &arguments[..1])).await.unwrap_err();
    let seen = server.seen();
    let event = &seen[0].body;
    assert_eq!((&event["apiPath"], &event["httpMethod"]), (&json!("/orders/{orderId}"), &json!("PATCH")));
    assert_eq!(event.get("function"), None);
    assert_eq!(event["parameters"], json!([{"name": "orderId", "type": "string", "value": "7"}]));
    assert_eq!(
        event["requestBody"],
        json!({"content": {"application/json": {"properties": [
            {"name": "orderId", "type": "integer", "value": "8"},
            {"name": "gift", "type": "boolean", "value": "true"},
        ]}}})
    );
    assert!(seen[0].line.contains("/patch-fn/") && seen[2].line.contains("/api-fn/"), "the tool, else the group's");
    assert_eq!(seen[2].body.get("requestBody"), None);
}

#[tokio::test]
async fn states_and_attributes_of_the_answer_count() {
    let server = Server::default();
    let mut attributes = function(&json!("REPROMPT"), &json!("which one?"));
    attributes["sessionAttributes"] = json!({"contactId": "c-1", "idempotencyKey": "k", "vip": "yes", "n": 5});
    attributes["promptSessionAttributes"] = json!({"mood": "good"});
    let failure = function(&json!("FAILURE"), &json!("broken"));
    let url = server.serve([says(&attributes), says(&failure)]).await;
    let executors = executors(&json!({}), Some(&url));
    let output = look(&executors).await.unwrap();
    assert_eq!((output.text.as_str(), output.error), ("which one?", true));
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    assert_eq!(output.session_attributes, pairs(&[("contactId", "c-1"), ("vip", "yes")]), "the key is the call's own");
    assert_eq!(output.prompt_session_attributes, pairs(&[("mood", "good")]));
    assert!(matches!(look(&executors).await, Err(ToolError::Fatal(_))), "the turn does not go on");
}

#[tokio::test]
async fn answers_that_are_not_an_action_groups() {
    let server = Server::default();
    let table = [
        (says(&json!("sent")), "`response` is missing"),
        (says(&json!({"errorMessage": "x"})), "`response` is missing"),
        (says(&json!({"response": {"functionResponse": 7}})), "`functionResponse` is no structure"),
        (says(&json!({"response": {}})), "`responseBody` is missing"),
        (says(&function(&Value::Null, &json!({"a": 1}))), "`body` is not a text"),
        (says(&function(&Value::Null, &Value::Null)), "`body` is not a text"),
        (Reply::With(200, "<html>".into()), "it is not JSON"),
        (Reply::Header(200, "X-Amz-Function-Error", "Unhandled".into()), "function error"),
        (Reply::With(404, "{}".into()), "404"),
    ];
    let (replies, wanted): (Vec<_>, Vec<_>) = table.into_iter().unzip();
    let url = server.serve(replies).await;
    let executors = executors(&json!({}), Some(&url));
    for says in wanted {
        match look(&executors).await {
            Err(ToolError::Failed(cause)) => assert!(cause.contains(says), "{cause}: {says}"),
            other => panic!("{says}: {other:?}"),
        }
    }
    let nobody = look(&crate::shop::executors(&json!({}), None)).await.unwrap_err();
    assert!(nobody.to_string().contains("AWS_ENDPOINT_URL_LAMBDA"), "{nobody}");
}
