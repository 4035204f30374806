//! The chat port against the local contact centre, over the real wire.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use relevo_aws::ConnectChat;
use relevo_bot::ports::{Chat, ChatError, Token};
use relevo_connect::{
    Centre,
    centre::{Config, FlowEntry, Ports, QueueConfig},
    flow::Flow,
    ports::{Batch, Clock, FunctionError, Functions, Ids, Store, StoreError, Stream, StreamError},
    stream::Notification,
};
use relevo_wire::{Options, Wire};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::connector::{InProcess, clients};

const INSTANCE: &str = "11111111-1111-4111-8111-111111111111";
const FLOW: &str = "22222222-2222-4222-8222-222222222222";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:chat";
const NOW: i64 = 1_700_000_000_000;

/// Waits for the bot to be done.
const FLOW_JSON: &str = r#"{"Version":"2019-10-30","StartAction":"wait","Metadata":{},"Actions":[
  {"Identifier":"wait","Type":"Wait","Parameters":{"TimeLimitSeconds":"3600"},
   "Transitions":{"NextAction":"end","Conditions":[
     {"NextAction":"end","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
     "Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

#[derive(Default)]
struct World {
    count: AtomicU64,
    time: AtomicI64,
    pairs: Mutex<BTreeMap<String, Vec<u8>>>,
    streamed: Mutex<Vec<String>>,
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        NOW + self.time.fetch_add(1, Ordering::Relaxed)
    }
}

impl Ids for World {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.count.fetch_add(1, Ordering::Relaxed))
    }
    fn token(&self) -> String {
        format!("token-{:032x}", self.count.fetch_add(1, Ordering::Relaxed))
    }
}

#[async_trait]
impl Store for World {
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let pairs = self.pairs.lock().unwrap();
        Ok(pairs.iter().filter(|(key, _)| key.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())).collect())
    }
    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut pairs = self.pairs.lock().unwrap();
        pairs.extend(batch.put);
        for key in &batch.delete {
            pairs.remove(key);
        }
        Ok(())
    }
}

#[async_trait]
impl Functions for World {
    async fn invoke(&self, arn: &str, _: Value, _: Duration) -> Result<Value, FunctionError> {
        Err(FunctionError::Unknown(arn.to_owned()))
    }
}

#[async_trait]
impl Stream for World {
    async fn publish(&self, topic_arn: &str, _: Notification) -> Result<(), StreamError> {
        self.streamed.lock().unwrap().push(topic_arn.to_owned());
        Ok(())
    }
}

struct Laptop {
    router: Router,
    chat: ConnectChat,
    contact_id: String,
    customer: String,
}

impl Laptop {
    /// A chat with a customer, whose messages may have so many bytes.
    async fn with_limit(message_limit_bytes: usize) -> Self {
        let world = Arc::new(World::default());
        let config = Config {
            instance_id: INSTANCE.into(),
            account_id: "123456789012".into(),
            region: "us-east-1".into(),
            flows: vec![FlowEntry {
                id: FLOW.into(),
                name: "main".into(),
                flow: Arc::new(Flow::parse(FLOW_JSON).unwrap()),
            }],
            queue: QueueConfig {
                id: "33333333-3333-4333-8333-333333333333".into(),
                name: "people".into(),
                staffed_agents: 1,
                capacity: None,
            },
            message_limit_bytes: message_limit_bytes.into(),
            desk: relevo_connect::desk::DeskConfig::default(),
            more_queues: Vec::new(),
            hours: Vec::new(),
        };
        let ports = Ports {
            clock: world.clone(),
            ids: world.clone(),
            store: world.clone(),
            functions: world.clone(),
            stream: world.clone(),
            files: Arc::new(relevo_connect::attachment::MemoryFiles::default()),
        };
        let centre = Centre::open(config, ports).await.unwrap();
        let router =
            relevo_wire::router(Wire { centre, agents: None, inline: None, options: Options::new(world, 8080) });
        let chat = ConnectChat::new(&clients(InProcess(router.clone())));
        let start =
            json!({"InstanceId": INSTANCE, "ContactFlowId": FLOW, "ParticipantDetails": {"DisplayName": "Jane"}});
        let started = post(&router, "PUT", "/contact/chat", "", &start).await;
        let customer = post(
            &router,
            "POST",
            "/participant/connection",
            started["ParticipantToken"].as_str().unwrap(),
            &json!({"Type": ["CONNECTION_CREDENTIALS"]}),
        )
        .await;
        let customer = customer["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap().to_owned();
        Self { router, chat, contact_id: started["ContactId"].as_str().unwrap().to_owned(), customer }
    }

    /// What the bot has said, as the customer sees it: content type and content.
    async fn said(&self) -> Vec<(String, String)> {
        let body = json!({"MaxResults": 100, "SortOrder": "ASCENDING"});
        let transcript = post(&self.router, "POST", "/participant/transcript", &self.customer, &body).await;
        let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
        let items = transcript["Transcript"].as_array().unwrap().iter();
        let items = items.filter(|item| item["ParticipantRole"] == "CUSTOM_BOT" && item["Type"] == "MESSAGE");
        items.map(|item| (text(item, "ContentType"), text(item, "Content"))).collect()
    }
}

async fn post(router: &Router, method: &str, path: &str, token: &str, body: &Value) -> Value {
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
    if !token.is_empty() {
        request = request.header("x-amz-bearer", token);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn a_bot_s_stay_in_a_chat() {
    let laptop = Laptop::with_limit(16_384).await;
    let (chat, contact) = (&laptop.chat, laptop.contact_id.as_str());
    let participant = chat.create_participant(INSTANCE, contact, "Envíos", "start-1").await.unwrap();
    let again = chat.create_participant(INSTANCE, contact, "Envíos", "start-1").await.unwrap();
    assert_eq!(participant.participant_id, again.participant_id, "the same client token");
    assert_eq!(chat.create_participant(INSTANCE, contact, "Otro", "start-2").await.unwrap_err(), ChatError::Conflict);

    let connection = chat.create_connection(&participant.participant_token).await.unwrap();
    let day_ms = 24 * 3_600 * 1_000;
    assert!(
        (NOW + day_ms - 60_000..=NOW + day_ms + 60_000).contains(&connection.expiry_ms),
        "{}",
        connection.expiry_ms
    );
    let streaming = chat.start_streaming(INSTANCE, contact, TOPIC, "stream-1").await.unwrap();
    assert_eq!(chat.start_streaming(INSTANCE, contact, TOPIC, "stream-1").await.unwrap(), streaming);

    let token = &connection.connection_token;
    chat.send_typing(token).await.unwrap();
    for _ in 0..2 {
        chat.send_message(token, "text/plain", "¡Hola! 😉", "part-1").await.unwrap();
    }
    let hola = ("text/plain".to_owned(), "¡Hola! 😉".to_owned());
    assert_eq!(laptop.said().await, [hola], "said once");
    let transcript = chat.transcript(token).await.unwrap();
    let last = transcript.last().unwrap();
    let fields = ["Type", "ContentType", "Content", "ParticipantRole"].map(|name| last[name].as_str().unwrap());
    assert_eq!(fields, ["MESSAGE", "text/plain", "¡Hola! 😉", "CUSTOM_BOT"], "oldest first");
    assert!(["Id", "AbsoluteTime"].iter().all(|name| last[*name].is_string()), "{last}");

    let attributes = BTreeMap::from([("functionName".to_owned(), "escalate".to_owned())]);
    chat.update_attributes(INSTANCE, contact, &attributes).await.unwrap();
    let path = format!("/contact/attributes/{INSTANCE}/{contact}");
    assert_eq!(post(&laptop.router, "GET", &path, "", &json!(null)).await["Attributes"]["functionName"], "escalate");

    chat.stop_streaming(INSTANCE, contact, &streaming).await.unwrap();
    chat.disconnect(token, "leave-1").await.unwrap();
    let late = chat.send_message(token, "text/plain", "tarde", "part-2").await;
    assert_eq!(late.unwrap_err(), ChatError::AccessDenied);
}

#[tokio::test]
async fn what_the_chat_does_not_know_or_want() {
    let laptop = Laptop::with_limit(1_024).await;
    let chat = &laptop.chat;
    let nobody = "99999999-9999-4999-8999-999999999999";
    assert_eq!(chat.create_participant(INSTANCE, nobody, "Bot", "t").await.unwrap_err(), ChatError::NotFound);
    assert_eq!(chat.start_streaming(INSTANCE, nobody, TOPIC, "t").await.unwrap_err(), ChatError::NotFound);
    assert_eq!(chat.create_connection(&Token::new("nobody")).await.unwrap_err(), ChatError::AccessDenied);
    assert_eq!(chat.disconnect(&Token::new("nobody"), "t").await.unwrap_err(), ChatError::AccessDenied);

    let participant = chat.create_participant(INSTANCE, &laptop.contact_id, "Bot", "t").await.unwrap();
    let token = chat.create_connection(&participant.participant_token).await.unwrap().connection_token;
    let send = async |content: &str, content_type: &str| chat.send_message(&token, content_type, content, "p").await;
    assert_eq!(send(&"á".repeat(600), "text/plain").await, Err(ChatError::TooLong));
    assert_eq!(send(&"á".repeat(9_000), "text/plain").await, Err(ChatError::TooLong));
    assert!(matches!(send("hola", "image/png").await, Err(ChatError::Invalid(_))));
    assert!(send(&"á".repeat(500), "text/plain").await.is_ok());
}
