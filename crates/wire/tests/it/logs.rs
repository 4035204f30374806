//! What the log says, and what it must never say.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::support::Server;

/// Writes down every event, of every level and crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Line(&mut self.0.lock().unwrap()));
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        event.record(&mut Line(&mut text));
        text.push('\n');
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn operations_are_logged_without_content_tokens_and_queries() {
    let log = Log::default();
    // For the whole process: a subscriber of one thread misses what another thread saw first. So the log may hold
    // lines of other tests, which must keep to the same rules.
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let server = Server::start().await;
    let (_, token, url) = server.customer().await;
    let words = "my card is 4111";
    let message = json!({"ContentType": "text/plain", "Content": words});
    server.call("POST", "/participant/message", &token, &message).await.ok();
    // Refusals too: by the wire, by the centre, and of a body that breaks off inside the words.
    let wrong = json!({"ContentType": words, "Content": 5});
    server.call("POST", "/participant/message", &token, &wrong).await;
    server.call("POST", "/participant/message", "secret-guess", &message).await;
    server.send(crate::support::request("POST", "/participant/event", &token, format!("{{\"{words}").into())).await;
    server.call("GET", "/participant/websocket?token=secret-guess", "", &json!({})).await;
    server.call("GET", "/unknown/secret-guess?token=secret-guess", "", &json!({})).await;

    let log = log.0.lock().unwrap();
    let secret = url.rsplit_once('=').unwrap().1;
    for never in [words, token.as_str(), secret, "secret-guess", "Jane"] {
        assert!(!log.contains(never), "{never} in {log}");
    }
    for expected in ["operation=\"SendMessage\"", "status=200", "status=403", "duration_ms=", "request_id="] {
        assert!(log.contains(expected), "no {expected} in {log}");
    }
}
