//! A customer's client, as little as one can be.

use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

/// What is read at once from a websocket. The library's own 128 KiB are filled with zeros for every frame.
const READ_BYTES: usize = 4096;

/// The websocket of a chat.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A chat that has begun.
pub(super) struct Chat {
    /// The connection token.
    pub(super) token: String,
    pub(super) socket: Socket,
}

/// Where chats begin.
#[derive(Clone)]
pub(super) struct Customer {
    http: reqwest::Client,
    url: String,
    instance: String,
    flow: String,
}

impl Customer {
    pub(super) async fn of(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let info: Value = serde_json::from_str(&http.get(format!("{url}/relevo/info")).send().await?.text().await?)?;
        Ok(Self {
            http,
            url: url.to_owned(),
            instance: text(&info, "/instanceId")?,
            flow: text(&info, "/contactFlowId")?,
        })
    }

    /// `StartChatContact`, `CreateParticipantConnection`, and the websocket, subscribed.
    pub(super) async fn begin(&self) -> Result<Chat> {
        let start = json!({
            "InstanceId": self.instance,
            "ContactFlowId": self.flow,
            "ParticipantDetails": {"DisplayName": "Ana"},
        });
        let started = self.call(Method::PUT, "/contact/chat", None, &start).await?;
        let participant = text(&started, "/ParticipantToken")?;
        let types = json!({"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]});
        let connection = self.call(Method::POST, "/participant/connection", Some(&participant), &types).await?;
        let config = WebSocketConfig::default().read_buffer_size(READ_BYTES);
        let url = text(&connection, "/Websocket/Url")?;
        let (mut socket, _) = connect_async_with_config(url, Some(config), false).await?;
        let subscribe = json!({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}});
        socket.send(Message::text(subscribe.to_string())).await?;
        socket.next().await.context("the websocket closed")??;
        Ok(Chat { token: text(&connection, "/ConnectionCredentials/ConnectionToken")?, socket })
    }

    async fn call(&self, method: Method, path: &str, bearer: Option<&str>, body: &Value) -> Result<Value> {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).body(body.to_string());
        if let Some(bearer) = bearer {
            request = request.header("x-amz-bearer", bearer);
        }
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "{path}: {}", answer.status());
        Ok(serde_json::from_str(&answer.text().await?)?)
    }
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned).with_context(|| format!("{pointer} is missing"))
}

/// Each websocket is an open file, and the usual 1,024 are few.
pub(super) fn take_open_files() -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}
