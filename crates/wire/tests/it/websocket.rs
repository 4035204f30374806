//! The websocket over a real socket, as ChatJS speaks it.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use relevo_wire::{Heartbeat, Options};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest as _},
};

use crate::support::{Counter, Server};

/// Far longer than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

async fn listen() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heartbeat = Heartbeat { max_frame_bytes: 1024, ..Heartbeat::default() };
    let server = Server::with(Options { heartbeat, ..Options::new(Arc::new(Counter::default()), port) }).await;
    let router = server.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    server
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(url: &str) -> Self {
        Self(connect_async(url).await.unwrap().0)
    }

    async fn subscribed(url: &str) -> Self {
        let mut socket = Self::open(url).await;
        socket.say(&json!({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}})).await;
        let answer = socket.hear().await.unwrap();
        assert_eq!(answer["content"], json!({"status": "success", "topics": ["aws/chat"]}));
        socket
    }

    async fn say(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame; none when the socket is closed.
    async fn hear(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next item that passes.
    async fn item(&mut self, passes: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.hear().await.expect("an item before the end");
            assert_eq!((&frame["topic"], &frame["contentType"]), (&json!("aws/chat"), &json!("application/json")));
            let item: Value = serde_json::from_str(frame["content"].as_str().unwrap()).unwrap();
            if passes(&item) {
                return item;
            }
        }
    }
}

#[tokio::test]
async fn items_come_in_order_and_the_senders_own_are_echoed() {
    let server = listen().await;
    let (contact_id, token, url) = server.customer().await;
    let mut socket = Socket::subscribed(&url).await;
    let welcome = socket.item(|item| item["Type"] == "MESSAGE").await;
    assert_eq!((&welcome["Content"], &welcome["ParticipantRole"]), (&json!("Welcome"), &json!("SYSTEM")));
    for text in ["one", "two", "three"] {
        let message = json!({"ContentType": "text/plain", "Content": text});
        let sent = server.call("POST", "/participant/message", &token, &message).await.ok();
        let item = socket.item(|item| item["ParticipantRole"] == "CUSTOMER" && item["Type"] == "MESSAGE").await;
        assert_eq!((&item["Content"], &item["Id"]), (&json!(text), &sent["Id"]));
        assert_eq!((&item["InitialContactId"], &item["ContactId"]), (&json!(contact_id), &json!(contact_id)));
    }
}

#[tokio::test]
async fn two_sockets_get_the_same_and_a_closed_one_ends_nothing() {
    let server = listen().await;
    let (_, token, url) = server.customer().await;
    let mut first = Socket::subscribed(&url).await;
    first.item(|item| item["Content"] == "Welcome").await;
    let mut second = Socket::subscribed(&url).await;
    let say = async |text: &str| {
        let message = json!({"ContentType": "text/plain", "Content": text});
        server.call("POST", "/participant/message", &token, &message).await.ok();
    };
    say("both").await;
    first.item(|item| item["Content"] == "both").await;
    second.item(|item| item["Content"] == "both").await;
    first.0.close(None).await.unwrap();
    say("still here").await;
    second.item(|item| item["Content"] == "still here").await;
}

#[tokio::test]
async fn heartbeats_are_answered_and_nonsense_is_not() {
    let server = listen().await;
    let (_, _, url) = server.customer().await;
    let mut socket = Socket::open(&url).await;
    socket.0.send(Message::text("{")).await.unwrap();
    socket.0.send(Message::binary(vec![0, 1, 2])).await.unwrap();
    socket.say(&json!({"topic": "aws/other"})).await;
    socket.say(&json!({"topic": "aws/heartbeat"})).await;
    assert_eq!(socket.hear().await, Some(json!({"topic": "aws/heartbeat"})));
    socket.say(&json!({"topic": "aws/ping"})).await;
    let pong = json!({"topic": "aws/ping", "statusCode": 200, "statusContent": "OK"});
    assert_eq!(socket.hear().await, Some(pong));
}

#[tokio::test]
async fn the_end_of_the_chat_is_the_last_item_and_closes_the_socket() {
    let server = listen().await;
    let (_, token, url) = server.customer().await;
    let mut socket = Socket::subscribed(&url).await;
    server.call("POST", "/participant/disconnect", &token, &json!({})).await.ok();
    let ended = "application/vnd.amazonaws.connect.event.chat.ended";
    socket.item(|item| item["ContentType"] == ended).await;
    assert_eq!(socket.hear().await, None);
}

#[tokio::test]
async fn frames_longer_than_allowed_end_the_socket() {
    let server = listen().await;
    let (_, _, url) = server.customer().await;
    let mut socket = Socket::open(&url).await;
    // The server may close before the whole frame is written.
    let _ = socket.0.send(Message::text("x".repeat(2000))).await;
    assert_eq!(socket.hear().await, None);
    Socket::subscribed(&url).await;
}

#[tokio::test]
async fn who_may_not_is_told_before_the_upgrade() {
    let server = listen().await;
    let (_, _, url) = server.customer().await;
    let refused = async |url: &str, origin: Option<&str>| {
        let mut request = url.into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        match connect_async(request).await {
            Ok(_) => None,
            Err(tungstenite::Error::Http(response)) => {
                let name = response.headers()["x-amzn-errortype"].to_str().unwrap().to_owned();
                Some((response.status().as_u16(), name))
            }
            Err(other) => panic!("{other}"),
        }
    };
    let denied = Some((403, "AccessDeniedException".to_owned()));
    let (base, _) = url.split_once('?').unwrap();
    assert_eq!(refused(base, None).await, denied);
    assert_eq!(refused(&format!("{base}?token=guess"), None).await, denied);
    assert_eq!(refused(&format!("{url}&token=twice"), None).await, denied);
    assert_eq!(refused(&url, Some("https://evil.example")).await, denied);
    assert_eq!(refused(&url, Some("http://localhost:5173")).await, None);

    let path = url.split_once(base.rsplit_once("/participant").unwrap().0).unwrap().1;
    let reply = server.call("GET", path, "", &Value::Null).await;
    reply.refusal(400, "ValidationException", "Message");
}
