//! Slow, busy, broken, too long: what is tried again, and what the run is told.

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use relevo_agents::tools::{ToolError, Tools as _};
use relevo_outbound::{CallError, Invoke};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::shop::{Reply, Server, call, executors, look, with_lambda};

/// The tool, by HTTP, or by Lambda.
fn tools(lambda: bool, url: &str, idempotent: bool) -> Value {
    let tool = if lambda {
        json!({"lambda": {"function": "f", "idempotent": idempotent}})
    } else {
        json!({"http": {"method": "POST", "url": url, "idempotent": idempotent}})
    };
    json!({"Own": {"look": tool}})
}

fn good() -> String {
    json!({"response": {"functionResponse": {"responseBody": {"TEXT": {"body": "sent"}}}}}).to_string()
}

type Fault = (&'static str, fn() -> Reply);

fn passing() -> Vec<Fault> {
    vec![
        ("500", || Reply::With(500, "a secret of the server".into())),
        ("503", || Reply::With(503, String::new())),
        ("429", || Reply::With(429, String::new())),
        ("cut", || Reply::Cut),
    ]
}

/// All faults side by side, by both kinds of tools: each takes its time.
fn cases() -> impl Iterator<Item = (bool, &'static str, fn() -> Reply)> {
    [false, true].into_iter().flat_map(|lambda| passing().into_iter().map(move |(name, fault)| (lambda, name, fault)))
}

#[tokio::test]
async fn what_is_safe_is_tried_again_with_the_same_key() {
    join_all(cases().map(|(lambda, name, fault)| async move {
        let server = Server::default();
        let url = server.serve([fault(), fault(), Reply::With(200, good())]).await;
        let output = look(&executors(&tools(lambda, &url, true), Some(&url))).await;
        assert!(output.unwrap().text.contains("sent"), "{name} {lambda}");
        let seen = server.seen();
        assert_eq!(seen.len(), 3, "{name} {lambda}");
        let keys: Vec<String> = seen
            .iter()
            .map(|it| {
                if lambda {
                    it.body["sessionAttributes"]["idempotencyKey"].as_str().unwrap().to_owned()
                } else {
                    it.headers["idempotency-key"].to_str().unwrap().to_owned()
                }
            })
            .collect();
        assert_eq!(keys, ["session:1:abc"; 3]);
    }))
    .await;
}

#[tokio::test]
async fn what_is_not_declared_safe_is_called_once() {
    join_all(cases().map(|(lambda, name, fault)| async move {
        let server = Server::default();
        let url = server.serve([fault()]).await;
        let error = look(&executors(&tools(lambda, &url, false), Some(&url))).await.unwrap_err();
        assert!(matches!(error, ToolError::Passing(_)), "{name} {lambda}: {error:?}");
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(server.seen().len(), 1, "{name} {lambda}");
    }))
    .await;
}

/// A function that answers nothing so many times.
struct Slow(Mutex<u32>);

#[async_trait::async_trait]
impl Invoke for Slow {
    async fn invoke(&self, _: &str, _: &str) -> Result<String, CallError> {
        let silent = {
            let mut left = self.0.lock().unwrap();
            *left = left.wrapping_sub(1);
            *left != u32::MAX
        };
        if silent { std::future::pending().await } else { Ok(good()) }
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_its_time() {
    for (silences, idempotent, answers, ms) in
        [(0, false, true, 0), (1, false, false, 10_000), (2, true, true, 20_800), (3, true, false, 30_800)]
    {
        let executors = with_lambda(&tools(true, "", idempotent), Some(Arc::new(Slow(Mutex::new(silences)))));
        let begin = Instant::now();
        match look(&executors).await {
            Ok(output) => assert!(answers && output.text == "sent", "{silences}: {output:?}"),
            Err(error) => assert!(!answers && error == ToolError::TimedOut, "{silences}: {error:?}"),
        }
        assert_eq!(begin.elapsed().as_millis(), ms, "{silences}");
    }
}

#[tokio::test]
async fn an_endpoint_that_says_nothing_is_left() {
    let server = Server::default();
    let url = server.serve([Reply::Silence]).await;
    let tools = json!({"Own": {"look": {"http": {"method": "GET", "url": url, "timeoutMs": 100}}}});
    assert_eq!(look(&executors(&tools, None)).await, Err(ToolError::TimedOut));
}

#[tokio::test]
async fn what_will_not_pass_is_never_tried_again() {
    let table: [Fault; 4] = [
        ("401", || Reply::With(401, "who are you?".into())),
        ("moved", || Reply::Header(307, "location", "http://127.0.0.1:1/".into())),
        ("not text", || Reply::Bytes(vec![0xff, 0xfe, 0x00])),
        ("too long", || Reply::With(200, "x".repeat(30_000))),
    ];
    for (name, fault) in table {
        let server = Server::default();
        let url = server.serve([fault()]).await;
        let outcome = look(&executors(&tools(false, &url, true), None)).await;
        match (name, &outcome) {
            ("too long", Ok(output)) => assert!(output.error && output.text.contains("too long"), "{output:?}"),
            (_, Err(ToolError::Failed(_))) if name != "too long" => {}
            _ => panic!("{name}: {outcome:?}"),
        }
        assert_eq!(server.seen().len(), 1, "{name}: neither repeated nor followed");
    }
    let nobody = look(&executors(&tools(false, "http://127.0.0.1:1/", false), None)).await;
    assert!(matches!(nobody, Err(ToolError::Passing(_))), "{nobody:?}");
    let unknown = executors(&json!({}), None).call(call("Own", "fly", &[])).await;
    assert!(matches!(unknown, Err(ToolError::Unknown { .. })), "{unknown:?}");
}
