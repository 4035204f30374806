//! Events of every kind: no function error, no call of the agent, no reply, and the next good event works.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{
    bad_events::{self, flow_event, item, sns, with},
    function::{Function, serve},
};

/// An AWS in which no contact is known: what is asked of it, by operation or path.
#[derive(Clone, Default)]
struct Nobody(Arc<Mutex<Vec<String>>>);

async fn nobody(State(nobody): State<Nobody>, headers: HeaderMap, request: Request) -> Response {
    let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let asked = if target.is_empty() { request.uri().path() } else { target };
    nobody.0.lock().unwrap().push(asked.to_owned());
    if target.ends_with("UpdateItem") {
        let refused = json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"});
        return (StatusCode::BAD_REQUEST, refused.to_string()).into_response();
    }
    (StatusCode::OK, "{}").into_response()
}

async fn function(binary: &str) -> (Function, Nobody) {
    let nobody_known = Nobody::default();
    let aws = serve(Router::new().fallback(nobody).with_state(nobody_known.clone())).await;
    let variables = [
        ("AWS_ENDPOINT_URL", format!("http://{aws}")),
        ("INSTANCE_ID", "i".into()),
        ("TABLE_NAME", "sessions".into()),
        ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:chat".into()),
        ("AGENT_ID", "AAAA".into()),
    ];
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (Function::start(binary, &variables).await, nobody_known)
}

#[tokio::test]
async fn chat_bot_drops_what_is_malformed_and_goes_on() {
    let (function, aws) = function(env!("CARGO_BIN_EXE_chat-bot")).await;
    for event in bad_events::chat() {
        let answer = function.invoke(event.clone()).await;
        let shown = String::from_utf8_lossy(&event).chars().take(200).collect::<String>();
        assert!(
            matches!(&answer, Ok(it) if *it == json!({}) || *it == json!({"batchItemFailures": []})),
            "{shown}: {answer:?}"
        );
    }
    assert!(aws.0.lock().unwrap().is_empty(), "{:?}", aws.0.lock().unwrap());
    // The good ones: no contact of this name, huge, odd content.
    let huge = with("Content", json!("á".repeat(500_000)));
    let odd = sns(&item()).to_string().replace("mi secreto", "\\\\ud83d mi secreto").into_bytes();
    for event in [sns(&item()).to_string().into_bytes(), huge.to_string().into_bytes(), odd] {
        assert_eq!(function.invoke(event).await, Ok(json!({})));
    }
    let asked = aws.0.lock().unwrap().clone();
    assert_eq!(asked, vec!["DynamoDB_20120810.UpdateItem"; 3]);
    let output = function.output();
    assert!(!output.contains("secreto"), "{output}");
    assert!(output.contains("\"outcome\":\"unknown\"") && output.contains("\"outcome\":\"malformed\""), "{output}");
    assert!(output.contains("\"_aws\""), "{output}");
    assert!(output.contains("\"requestId\":\"request-1\"") && output.contains("xrayTraceId"), "{output}");
}

#[tokio::test]
async fn start_bot_answers_the_flow_whatever_it_gets() {
    let (function, aws) = function(env!("CARGO_BIN_EXE_start-bot")).await;
    for event in bad_events::start() {
        let answer = function.invoke(event.clone()).await.unwrap();
        let shown = String::from_utf8_lossy(&event).chars().take(200).collect::<String>();
        assert_eq!((&answer["status"], &answer["reason"]), (&json!("failure"), &json!("invalid_event")), "{shown}");
        assert!(answer.as_object().unwrap().values().all(Value::is_string), "flat for the flow: {answer}");
    }
    assert!(aws.0.lock().unwrap().is_empty(), "{:?}", aws.0.lock().unwrap());
    // The next good one: with whatever else is odd about it, it is the chat service that cannot be used here.
    let odd = flow_event().to_string().replace("\"Attributes\":{}", "\"Attributes\":{\"a\":\"\\ud800\",\"b\":null}");
    for event in [flow_event().to_string(), odd] {
        let answer = function.invoke(event.into_bytes()).await.unwrap();
        assert_eq!(answer["reason"], "create_participant_failed", "{answer}");
    }
    let asked = aws.0.lock().unwrap().clone();
    assert!(asked.contains(&"DynamoDB_20120810.PutItem".to_owned()), "{asked:?}");
    assert!(asked.contains(&"/contact/create-participant".to_owned()), "{asked:?}");
}
