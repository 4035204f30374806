//! The calls of the customer's side: `StartChatContact`, and the participant service.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use relevo_wire::signatures::{Key, Scope, sign_json};
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use thiserror::Error;

const TIMEOUT: Duration = Duration::from_secs(15);
const TYPES: [&str; 4] = [
    "text/plain",
    "text/markdown",
    "application/vnd.amazonaws.connect.message.interactive",
    "application/vnd.amazonaws.connect.message.interactive.response",
];

/// Why the chat cannot begin or go on.
#[derive(Debug, Error)]
pub(crate) enum ChatError {
    /// Nobody listens, or the connection broke.
    #[error("{endpoint} cannot be reached; is `relevo up` running there?")]
    Unreachable {
        endpoint: String,
        #[source]
        cause: reqwest::Error,
    },
    /// The server's own words; `status` as in HTTP.
    #[error("{operation} was refused with status {status}: {message}")]
    Refused { operation: &'static str, status: u16, message: String },
    /// Something answers there, but not as a `relevo up` does.
    #[error("{endpoint} answers, but not as `relevo up` does: {what}")]
    NotRelevo { endpoint: String, what: String },
    /// The websocket cannot be opened, or gives no answer.
    #[error("the chat's websocket cannot be opened: {0}")]
    Socket(String),
}

impl ChatError {
    /// The same may work later.
    pub(crate) fn passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Socket(_) => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::NotRelevo { .. } => false,
        }
    }

    /// The token is not, or no longer, good.
    pub(crate) fn denied(&self) -> bool {
        matches!(self, Self::Refused { status: 401 | 403, .. })
    }
}

/// Who begins the chat.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// A chat that has been started.
#[derive(Debug, Clone)]
pub(crate) struct Started {
    pub(crate) contact_id: String,
    pub(crate) participant_id: String,
    pub(crate) token: SecretString,
}

/// A participant's connection, good for a day.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) websocket_url: String,
    pub(crate) token: SecretString,
}

/// Where chats begin.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) instance_id: String,
    pub(crate) contact_flow_id: String,
    /// What requests are signed for, where they are.
    pub(crate) region: String,
}

/// The server at an endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    endpoint: String,
    /// A back end that starts chats, as a site has it; none: the endpoint does.
    start_url: Option<String>,
    /// Signs what `connect` is asked; none: nothing is signed.
    key: Option<Key>,
}

impl Client {
    /// A client for `http://host[:port]`.
    ///
    /// # Errors
    /// When there can be no HTTP client at all.
    pub(crate) fn new(endpoint: &str) -> Result<Self, ChatError> {
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let mut builder = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none());
        // This machine is not reached through a proxy.
        if ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| endpoint.contains(&format!("//{host}"))) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|cause| ChatError::Unreachable { endpoint: endpoint.clone(), cause })?;
        Ok(Self { http, endpoint, start_url: None, key: None })
    }

    /// The same, with a back end that starts the chats, as `<relevo-chat start-url>` has it (docs/embed.md).
    pub(crate) fn starting_at(self, start_url: &str) -> Self {
        Self { start_url: Some(start_url.to_owned()), ..self }
    }

    /// The same, with a key that signs what `connect` is asked: participants and the desk need no signature.
    pub(crate) fn signing_with(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The instance and the flow that the server says are its own.
    pub(crate) async fn place(&self) -> Result<Place, ChatError> {
        let info = self.call("the server's description", Method::GET, "/relevo/info", None, None).await?;
        Ok(Place {
            instance_id: self.text(&info, "instanceId")?,
            contact_flow_id: self.text(&info, "contactFlowId")?,
            region: self.text(&info, "region")?,
        })
    }

    /// `StartChatContact`; the same `client_token` is one contact, however often it is asked for.
    pub(crate) async fn start(
        &self,
        place: &Place,
        customer: &Customer,
        client_token: &str,
    ) -> Result<Started, ChatError> {
        let body = json!({
            "InstanceId": place.instance_id,
            "ContactFlowId": place.contact_flow_id,
            "Attributes": customer.attributes,
            "ParticipantDetails": {"DisplayName": customer.name},
            "SupportedMessagingContentTypes": TYPES,
            "ClientToken": client_token,
        });
        let answer = match &self.start_url {
            None => self.connect("StartChatContact", Method::PUT, "/contact/chat", &place.region, &body).await?,
            Some(url) => self.call_at("the start", Method::POST, url.clone(), None, Some(body)).await?,
        };
        let started = answer.pointer("/data/startChatResult").unwrap_or(&answer);
        Ok(Started {
            contact_id: self.text(started, "ContactId")?,
            participant_id: self.text(started, "ParticipantId")?,
            token: self.text(started, "ParticipantToken")?.into(),
        })
    }

    /// `CreateParticipantConnection`.
    pub(crate) async fn connection(&self, participant: &SecretString) -> Result<Connection, ChatError> {
        let body = json!({"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]});
        let made = self
            .call("CreateParticipantConnection", Method::POST, "/participant/connection", Some(participant), Some(body))
            .await?;
        let part = |name: &str| made.get(name).cloned().unwrap_or_default();
        Ok(Connection {
            websocket_url: self.text(&part("Websocket"), "Url")?,
            token: self.text(&part("ConnectionCredentials"), "ConnectionToken")?.into(),
        })
    }

    /// `SendMessage`, which answers with the message's id; the same `client_token` is said once, however often it is sent.
    pub(crate) async fn say(&self, token: &SecretString, text: &str, client_token: &str) -> Result<String, ChatError> {
        let body = json!({"ContentType": "text/plain", "Content": text, "ClientToken": client_token});
        let sent = self.call("SendMessage", Method::POST, "/participant/message", Some(token), Some(body)).await?;
        self.text(&sent, "Id")
    }

    /// `DisconnectParticipant`.
    pub(crate) async fn leave(&self, token: &SecretString) -> Result<(), ChatError> {
        let path = "/participant/disconnect";
        self.call("DisconnectParticipant", Method::POST, path, Some(token), Some(json!({}))).await.map(drop)
    }

    /// `GetTranscript`, every page, oldest first.
    pub(crate) async fn transcript(&self, token: &SecretString) -> Result<Vec<Value>, ChatError> {
        let mut pages: Vec<Vec<Value>> = Vec::new();
        let mut next: Option<Value> = None;
        loop {
            let mut body = json!({"MaxResults": 100, "ScanDirection": "BACKWARD", "SortOrder": "ASCENDING"});
            if let (Some(next), Some(body)) = (next.take(), body.as_object_mut()) {
                body.insert("NextToken".into(), next);
            }
            let mut page =
                self.call("GetTranscript", Method::POST, "/participant/transcript", Some(token), Some(body)).await?;
            if let Some(Value::Array(items)) = page.get_mut("Transcript").map(Value::take) {
                pages.push(items);
            }
            match page.get("NextToken") {
                Some(token @ Value::String(_)) => next = Some(token.clone()),
                _ => break,
            }
        }
        Ok(pages.into_iter().rev().flatten().collect())
    }

    /// The contacts that wait at the desk of a `relevo up`, as they are listed there.
    pub(crate) async fn waiting(&self) -> Result<Vec<String>, ChatError> {
        let desk = self.call("the desk", Method::GET, "/relevo/desk/contacts", None, None).await?;
        let contacts = desk.get("contacts").and_then(Value::as_array).cloned().unwrap_or_default();
        let waits = |contact: &&Value| contact.get("state").and_then(Value::as_str) == Some("QUEUED");
        contacts.iter().filter(waits).map(|contact| self.text(contact, "contactId")).collect()
    }

    /// Takes a contact at the desk; the agent's participant token.
    pub(crate) async fn accept(&self, contact_id: &str, name: &str) -> Result<SecretString, ChatError> {
        let (path, body) = (format!("/relevo/desk/contacts/{contact_id}/accept"), json!({"displayName": name}));
        let accepted = self.call("the desk's accept", Method::POST, &path, None, Some(body)).await?;
        Ok(self.text(&accepted, "participantToken")?.into())
    }

    /// Puts a contact that is over away from the desk.
    pub(crate) async fn close(&self, contact_id: &str) -> Result<(), ChatError> {
        let path = format!("/relevo/desk/contacts/{contact_id}/close");
        self.call("the desk's close", Method::POST, &path, None, None).await.map(drop)
    }

    async fn call(
        &self,
        operation: &'static str,
        method: Method,
        path: &str,
        bearer: Option<&SecretString>,
        body: Option<Value>,
    ) -> Result<Value, ChatError> {
        self.call_at(operation, method, format!("{}{path}", self.endpoint), bearer, body).await
    }

    async fn call_at(
        &self,
        operation: &'static str,
        method: Method,
        url: String,
        bearer: Option<&SecretString>,
        body: Option<Value>,
    ) -> Result<Value, ChatError> {
        let mut request = self.http.request(method, url);
        if let Some(bearer) = bearer {
            request = request.header("x-amz-bearer", bearer.expose_secret());
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        self.answer(operation, request).await
    }

    /// A call of `connect`, signed where there is a key.
    async fn connect(
        &self,
        operation: &'static str,
        method: Method,
        path: &str,
        region: &str,
        body: &Value,
    ) -> Result<Value, ChatError> {
        let (url, body) = (format!("{}{path}", self.endpoint), body.to_string());
        let mut request = self.http.request(method.clone(), &url).header("content-type", "application/json");
        if let Some(key) = &self.key {
            let scope = Scope { service: "connect", region };
            // What cannot be signed goes out as it is, and is refused for that.
            let signed = sign_json(key, scope, SystemTime::now(), method.as_str(), &url, body.as_bytes());
            for (name, value) in signed.into_iter().flatten() {
                request = request.header(name, value);
            }
        }
        self.answer(operation, request.body(body)).await
    }

    async fn answer(&self, operation: &'static str, request: reqwest::RequestBuilder) -> Result<Value, ChatError> {
        let unreachable = |cause| ChatError::Unreachable { endpoint: self.endpoint.clone(), cause };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let text = answer.text().await.map_err(unreachable)?;
        let value: Option<Value> = if text.is_empty() { Some(Value::Null) } else { serde_json::from_str(&text).ok() };
        if !status.is_success() {
            let said = value.as_ref().and_then(|value| value.get("Message").or_else(|| value.get("message")));
            let message = said.and_then(Value::as_str).unwrap_or("no reason was given").to_owned();
            return Err(ChatError::Refused { operation, status: status.as_u16(), message });
        }
        value.ok_or_else(|| self.not_relevo(format!("{operation} is not JSON")))
    }

    fn text(&self, value: &Value, member: &str) -> Result<String, ChatError> {
        let text = value.get(member).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| self.not_relevo(format!("{member} is missing")))
    }

    fn not_relevo(&self, what: String) -> ChatError {
        ChatError::NotRelevo { endpoint: self.endpoint.clone(), what }
    }
}

/// The region of an instance's ARN.
pub(crate) fn region_of(instance_arn: &str) -> &str {
    instance_arn.split(':').nth(3).unwrap_or_default()
}
