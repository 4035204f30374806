//! A socket in memory, with time standing still.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

use super::*;

/// The server's end.
struct Socket {
    incoming: UnboundedReceiver<Message>,
    outgoing: UnboundedSender<Message>,
}

impl Stream for Socket {
    type Item = Result<Message, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.incoming.poll_recv(context).map(|message| message.map(Ok))
    }
}

impl Sink<Message> for Socket {
    type Error = ();
    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }
    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), ()> {
        self.outgoing.send(message).map_err(drop)
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }
}

/// The client's end, and the centre's.
struct Client {
    to: UnboundedSender<Message>,
    from: UnboundedReceiver<Message>,
    items: Option<UnboundedSender<String>>,
    session: JoinHandle<()>,
}

impl Client {
    fn connect() -> Self {
        let ((to, incoming), (outgoing, from), (items, subscription)) =
            (unbounded_channel(), unbounded_channel(), unbounded_channel());
        let session = tokio::spawn(run(Socket { incoming, outgoing }, subscription, Heartbeat::default()));
        Self { to, from, items: Some(items), session }
    }

    fn say(&self, frame: &Value) {
        self.to.send(Message::text(frame.to_string())).unwrap();
    }

    fn subscribe(&self) {
        self.say(&json!({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}}));
    }

    fn item(&self, text: &str) {
        self.items.as_ref().unwrap().send(text.into()).unwrap();
    }

    /// The next frame that is not a ping of the protocol.
    async fn hear(&mut self) -> Message {
        loop {
            match self.from.recv().await.unwrap() {
                Message::Ping(_) => {}
                message => return message,
            }
        }
    }

    async fn hear_json(&mut self) -> Value {
        serde_json::from_str(self.hear().await.to_text().unwrap()).unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn items_wait_for_the_subscription_and_keep_their_order() {
    let mut client = Client::connect();
    client.item("1");
    client.item("2");
    client.say(&json!({"topic": "aws/heartbeat"}));
    assert_eq!(client.hear_json().await, json!({"topic": "aws/heartbeat"}));
    client.subscribe();
    let expected = json!({"topic": "aws/subscribe", "content": {"status": "success", "topics": ["aws/chat"]}});
    assert_eq!(client.hear_json().await, expected);
    for text in ["1", "2"] {
        let expected = json!({"topic": "aws/chat", "contentType": "application/json", "content": text});
        assert_eq!(client.hear_json().await, expected);
    }
    client.subscribe();
    assert_eq!(client.hear_json().await, expected, "a repeated subscription is answered again");
    client.say(&json!({"topic": "aws/ping"}));
    assert_eq!(client.hear_json().await, json!({"topic": "aws/ping", "statusCode": 200, "statusContent": "OK"}));
}

#[tokio::test(start_paused = true)]
async fn nonsense_is_ignored() {
    let mut client = Client::connect();
    client.to.send(Message::text("{")).unwrap();
    client.to.send(Message::binary(vec![0xff])).unwrap();
    client.say(&json!({"topic": "aws/metrics"}));
    client.say(&json!({"topic": "aws/heartbeat"}));
    assert_eq!(client.hear_json().await, json!({"topic": "aws/heartbeat"}));
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_chat_is_passed_on_before_the_socket_is_closed() {
    let mut client = Client::connect();
    client.subscribe();
    client.item("last");
    client.items = None;
    client.hear_json().await;
    assert_eq!(client.hear_json().await["content"], "last");
    let Message::Close(Some(frame)) = client.hear().await else { panic!("no close") };
    assert_eq!(frame.code, close_code::NORMAL);
    client.to.send(Message::Close(None)).unwrap();
    drop(client.to);
    client.session.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_silent_socket_is_pinged_and_then_closed() {
    let mut client = Client::connect();
    client.subscribe();
    client.hear_json().await;
    let before = Instant::now();
    assert!(matches!(client.from.recv().await, Some(Message::Ping(_))));
    let Message::Close(Some(frame)) = client.hear().await else { panic!("no close") };
    assert_eq!(frame.code, close_code::AWAY);
    assert_eq!(before.elapsed().as_secs(), Heartbeat::default().idle_timeout.as_secs());
}

#[tokio::test(start_paused = true)]
async fn any_frame_keeps_a_socket_open() {
    let mut client = Client::connect();
    client.subscribe();
    client.hear_json().await;
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_mins(1)).await;
        client.to.send(Message::Pong(Vec::new().into())).unwrap();
    }
    client.item("still here");
    assert_eq!(client.hear_json().await["content"], "still here");
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_never_subscribes_is_closed_whatever_it_says() {
    let mut client = Client::connect();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        client.say(&json!({"topic": "aws/heartbeat"}));
        client.hear_json().await;
    }
    let Message::Close(Some(_)) = client.hear().await else { panic!("no close") };
}
