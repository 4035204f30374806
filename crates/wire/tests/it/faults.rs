//! Faults and rates as a client of the wire meets them.

use std::sync::Arc;

use axum::body::to_bytes;
use relevo_connect::ports::Clock;
use relevo_wire::{
    Gate, Options,
    faults::{Faults, Rules},
    quotas::Quotas,
};
use serde_json::json;
use tower::ServiceExt as _;

use crate::support::{Counter, PORT, Server, request, start_chat};

async fn server(rules: &str) -> Server {
    let faults = Faults::new(Rules::parse(&format!("rules: {rules}")).unwrap());
    with(Gate { faults, quotas: None }).await
}

async fn with(gate: Gate) -> Server {
    Server::with(Options { gate, ..Options::new(Arc::new(Counter::default()), PORT) }).await
}

#[tokio::test]
async fn a_refusal_has_the_shape_of_its_service() {
    let server =
        server("[{operation: SendMessage, throttle: true}, {service: connect, first: 1, throttle: true}]").await;
    let start = server.call("PUT", "/contact/chat", "", &start_chat()).await;
    start.refusal(429, "TooManyRequestsException", "Message");
    let (_, token, _) = server.customer().await;
    let said = server.call("POST", "/participant/message", &token, &json!({})).await;
    assert_eq!(said.refusal(429, "ThrottlingException", "Message"), "Rate exceeded");
}

#[tokio::test]
async fn a_lost_answer_is_a_broken_one_and_the_deed_is_done() {
    let server = server("[{operation: SendMessage, first: 1, lost: true}]").await;
    let (_, token, _) = server.customer().await;
    let say = json!({"ContentType": "text/plain", "Content": "hello", "ClientToken": "once"});
    let send = request("POST", "/participant/message", &token, say.to_string().into_bytes());
    let answer = server.router.clone().oneshot(send).await.unwrap();
    assert!(to_bytes(answer.into_body(), usize::MAX).await.is_err(), "nothing of it arrives");
    server.call("POST", "/participant/message", &token, &say).await.ok();
    let transcript = server.call("POST", "/participant/transcript", &token, &json!({})).await.ok();
    let said = transcript["Transcript"].as_array().unwrap().iter().filter(|item| item["Content"] == "hello").count();
    assert_eq!(said, 1);
}

#[tokio::test(start_paused = true)]
async fn a_hang_does_nothing_and_ends_without_an_answer() {
    let server = server("[{operation: StartChatContact, first: 1, latency: 2000, hang: 60000}]").await;
    let began = tokio::time::Instant::now();
    let start = request("PUT", "/contact/chat", "", start_chat().to_string().into_bytes());
    let answer = server.router.clone().oneshot(start).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 62);
    assert!(to_bytes(answer.into_body(), usize::MAX).await.is_err());
    server.alive().await;
}

struct Stopped;

impl Clock for Stopped {
    fn now_ms(&self) -> i64 {
        0
    }
}

#[tokio::test]
async fn over_its_rate_a_call_is_throttled_and_counts_as_no_fault() {
    let faults = Faults::new(Rules::parse("rules: [{operation: StartChatContact, at: [9], lost: true}]").unwrap());
    let server = with(Gate { faults: faults.clone(), quotas: Some(Quotas::new(Arc::new(Stopped))) }).await;
    for _ in 0..8 {
        server.alive().await;
    }
    let more = server.call("PUT", "/contact/chat", "", &start_chat()).await;
    more.refusal(429, "TooManyRequestsException", "Message");
    let shown = serde_json::to_value(faults.shown()).unwrap();
    assert_eq!(shown["counts"], json!([{"calls": 8, "injected": 0}]));
}
