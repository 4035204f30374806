//! One open websocket: answers the client's frames and passes the items on, until either side is done.

use std::pin::pin;

use axum::extract::ws::{CloseFrame, Message, close_code};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, interval_at, sleep_until, timeout},
};

use super::frames;
use crate::options::Heartbeat;

/// Serves the socket to its end. Items wait in their channel until the client has subscribed.
pub(super) async fn run<S, E>(mut socket: S, mut items: UnboundedReceiver<String>, heartbeat: Heartbeat)
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin,
{
    let opened = Instant::now();
    let mut heard = opened;
    let mut subscribed = false;
    let mut pings = interval_at(opened + heartbeat.ping_every, heartbeat.ping_every);
    let mut idle = pin!(sleep_until(opened + heartbeat.idle_timeout));
    loop {
        let deadline = if subscribed { heard } else { opened } + heartbeat.idle_timeout;
        if deadline != idle.deadline() {
            idle.as_mut().reset(deadline);
        }
        let out = tokio::select! {
            frame = socket.next() => {
                heard = Instant::now();
                match frame {
                    None | Some(Err(_) | Ok(Message::Close(_))) => return,
                    Some(Ok(Message::Text(text))) => match frames::read(&text) {
                        Some(frame) => {
                            subscribed |= frame == frames::ClientFrame::Subscribe;
                            Message::text(frames::answer(frame))
                        }
                        None => continue,
                    },
                    // Pings of the protocol are answered below us; nobody sends binary frames.
                    Some(Ok(_)) => continue,
                }
            }
            item = items.recv(), if subscribed => match item {
                Some(item) => match frames::chat(&item) {
                    Ok(frame) => Message::text(frame),
                    Err(_) => continue,
                },
                None => return close(socket, close_code::NORMAL, "the chat is over", heartbeat).await,
            },
            _ = pings.tick() => Message::Ping(Vec::new().into()),
            () = &mut idle => return close(socket, close_code::AWAY, "idle", heartbeat).await,
        };
        // Over the time, or broken: the client is gone.
        let Ok(Ok(())) = timeout(heartbeat.send_timeout, socket.send(out)).await else { return };
    }
}

/// Says goodbye and waits a little for the client's own: a connection dropped at once can lose what was sent last.
async fn close<S, E>(mut socket: S, code: u16, reason: &'static str, heartbeat: Heartbeat)
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin,
{
    let goodbye = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    let _ = timeout(heartbeat.send_timeout, async {
        if socket.send(goodbye).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    })
    .await;
}

#[cfg(test)]
mod tests;
