//! The chat's websocket: subscribed, with heartbeats, giving items.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, Interval, MissedTickBehavior, interval_at, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use super::client::ChatError;

const OPEN: Duration = Duration::from_secs(10);
/// As Connect's own clients beat.
const BEAT: Duration = Duration::from_secs(10);

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An open, subscribed websocket.
pub(crate) struct Socket {
    stream: Stream,
    beat: Interval,
    /// A heartbeat was sent and not yet answered.
    unanswered: bool,
}

impl Socket {
    /// Opens and subscribes.
    pub(crate) async fn open(url: &str) -> Result<Self, ChatError> {
        let failed = |cause: &dyn std::fmt::Display| ChatError::Socket(cause.to_string());
        let opening = async {
            let (mut stream, _) = connect_async(url).await.map_err(|error| failed(&error))?;
            let subscribe = json!({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}});
            stream.send(Message::text(subscribe.to_string())).await.map_err(|error| failed(&error))?;
            let mut beat = interval_at(Instant::now(), BEAT);
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            while let Some(frame) = next_frame(&mut stream).await {
                if topic(&frame) == "aws/subscribe" {
                    return Ok(Self { stream, beat, unanswered: false });
                }
            }
            Err(failed(&"it was closed before it was subscribed"))
        };
        timeout(OPEN, opening).await.unwrap_or_else(|_| Err(failed(&"no answer")))
    }

    /// The next item of the chat; `None` when the connection is lost. May be dropped and called again.
    pub(crate) async fn item(&mut self) -> Option<Value> {
        loop {
            tokio::select! {
                frame = next_frame(&mut self.stream) => {
                    let frame = frame?;
                    match topic(&frame) {
                        "aws/heartbeat" => self.unanswered = false,
                        "aws/chat" => {
                            let content = frame.get("content").and_then(Value::as_str)?;
                            if let Ok(item) = serde_json::from_str(content) {
                                return Some(item);
                            }
                        }
                        _ => {}
                    }
                }
                _ = self.beat.tick() => {
                    if std::mem::replace(&mut self.unanswered, true) {
                        return None;
                    }
                    self.stream.send(Message::text(r#"{"topic":"aws/heartbeat"}"#)).await.ok()?;
                }
            }
        }
    }
}

async fn next_frame(stream: &mut Stream) -> Option<Value> {
    loop {
        if let Message::Text(text) = stream.next().await?.ok()?
            && let Ok(frame) = serde_json::from_str(&text)
        {
            return Some(frame);
        }
    }
}

fn topic(frame: &Value) -> &str {
    frame.get("topic").and_then(Value::as_str).unwrap_or_default()
}
