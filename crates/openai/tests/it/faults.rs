//! Servers that fail: what comes of it, how often they are asked, and that nothing of what was said is told.

use std::time::Duration;

use relevo_agents::model::{Model as _, ModelError, Outcome};
use serde_json::json;
use tokio::time::Instant;

use crate::{
    server::{Act, Server, Then},
    support::{choice, of, orchestrate, text},
};

const ANSWER: &str = include_str!("fixtures/documented_text.sse");

fn failure(status: u16, code: &str) -> Act {
    Act::status(status, &json!({"error": {"message": "mi secreto", "type": "x", "code": code}}).to_string())
}

/// A stream with `text` and how it ends.
fn stream(chunks: &[serde_json::Value]) -> Act {
    Act::stream(&chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect::<Vec<_>>().concat())
}

fn said(text: &str, finish: Option<&str>) -> serde_json::Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]})
}

/// Asks a server that does the same again and again: the error, and how often it was asked.
async fn failed(act: Act) -> (ModelError, usize) {
    let (server, address) = Server::serve(vec![act; 6]).await;
    let mut choice = choice(&address);
    choice.silence_ms = 150;
    let error = of(choice).answer(orchestrate()).await.unwrap_err();
    assert!(!format!("{error:?}").contains("secreto"), "{error:?}");
    (error, server.asked().len())
}

#[tokio::test]
async fn failures_by_kind() {
    let throttled = |text: &str| ModelError::Throttled(text.into());
    let refused = |text: &str| ModelError::Refused(text.into());
    let failed_with = |text: &str| ModelError::Failed(text.into());
    let call = json!({"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function":
        {"name": "f", "arguments": "{\"a"}}]}, "finish_reason": "length"}]});
    let limited = Act::status(429, r#"{"error": {"code": "rate_limit_exceeded"}}"#);
    for (act, wanted, asked) in [
        (failure(401, "invalid_api_key"), failed_with("the key was refused (401 invalid_api_key)"), 1),
        (failure(403, ""), failed_with("the key was refused (403 x)"), 1),
        (failure(404, "model_not_found"), failed_with("no such model or address (404 model_not_found)"), 1),
        (failure(400, "context_length_exceeded"), refused("the endpoint refused (400 context_length_exceeded)"), 1),
        (failure(413, "x"), refused("the endpoint refused (413 x)"), 1),
        (failure(422, "x"), refused("the endpoint refused (422 x)"), 1),
        (limited.clone(), throttled("the endpoint refused (429 rate_limit_exceeded)"), 3),
        (limited.header("retry-after", "60"), throttled("the endpoint refused (429 rate_limit_exceeded)"), 1),
        (failure(429, "insufficient_quota"), failed_with("the account's quota is used up (429 insufficient_quota)"), 1),
        (failure(500, "server_error"), failed_with("the endpoint refused (500 server_error)"), 3),
        (Act::status(503, "<html>mi secreto</html>"), failed_with("the endpoint refused (503)"), 3),
        (Act::status(504, ""), ModelError::TimedOut, 3),
        (Act::status(307, "").header("location", "/v1/other"), failed_with("the address has moved (307)"), 1),
        (Act::status(200, "<html>mi secreto</html>"), failed_with("the answer broke off"), 3),
        (Act::status(200, "{\"choices\": []}"), failed_with("unreadable answer"), 1),
        (Act::status(200, ""), failed_with("the answer broke off"), 3),
        (Act::stream("data: mi secreto\n\n"), failed_with("unreadable answer"), 1),
        (stream(&[said("Ho", None)]), failed_with("the answer broke off"), 3),
        (stream(&[said("Ho", None)]).then(Then::Break), failed_with("the answer broke off"), 3),
        (Act::stream("data: {\"choices\":").then(Then::Break), failed_with("the answer broke off"), 3),
        (stream(&[said("Ho", None)]).then(Then::Silence), ModelError::TimedOut, 1),
        (Act::stream("").then(Then::Silence), ModelError::TimedOut, 1),
        (Act::stream("").then(Then::Never), ModelError::TimedOut, 1),
        (
            stream(&[said("Ho", None), json!({"error": {"message": "mi secreto", "type": "server_error"}})]),
            failed_with("an error within the answer (server_error)"),
            3,
        ),
        (stream(&[json!({"error": {"code": 429}})]), throttled("an error within the answer (429)"), 3),
        (
            stream(&[json!({"error": {"type": "invalid_request_error"}})]),
            refused("an error within the answer (invalid_request_error)"),
            1,
        ),
        (stream(&[call]), refused("the answer was cut in a call"), 1),
        (stream(&[said("", Some("content_filter"))]), refused("the answer was blocked by a filter"), 1),
    ] {
        let (error, times) = failed(act).await;
        assert_eq!(format!("{error:?}"), format!("{wanted:?}"));
        assert_eq!(times, asked, "{error}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let error = of(choice(&address)).answer(orchestrate()).await.unwrap_err();
    assert!(matches!(&error, ModelError::Failed(why) if why == "no connection"), "{error:?}");
}

#[tokio::test]
async fn what_passes_is_asked_again() {
    let limited = failure(429, "rate_limit_exceeded");
    let acts =
        [stream(&[said("Ho", None)]).then(Then::Break), limited.header("retry-after-ms", "40"), Act::stream(ANSWER)];
    let (server, address) = Server::serve(acts).await;
    let began = Instant::now();
    let reply = of(choice(&address)).answer(orchestrate()).await.unwrap();
    assert_eq!(reply.outcome, Outcome::Content(vec![text("¡Hola! Tu pedido ya está en Ñuñoa 📦.")]));
    assert_eq!(server.asked().len(), 3);
    assert!(began.elapsed() >= Duration::from_millis(40), "as long as the server wants");
}

#[tokio::test]
async fn an_answer_that_is_complete_does_not_wait_for_its_connection() {
    // Neither the end of the stream nor `[DONE]` comes, or the connection breaks behind the last word.
    for then in [Then::Silence, Then::Break, Then::End] {
        let (_, address) = Server::serve([stream(&[said("Hola", Some("stop"))]).then(then)]).await;
        let mut choice = choice(&address);
        choice.silence_ms = 200;
        let reply = of(choice).answer(orchestrate()).await.unwrap();
        assert_eq!(reply.outcome, Outcome::Content(vec![text("Hola")]));
    }
}
