//! The chat port against the local contact centre, over the real wire.

use std::{collections::BTreeMap, sync::Arc};

use axum::Router;
use relevo_aws::ConnectChat;
use relevo_bot::ports::{Chat, ChatError, Token};
use relevo_wire::{Options, Wire};
use serde_json::{Value, json};

use crate::{
    connector::{InProcess, clients},
    laptop::{self, FLOW, INSTANCE, NOW, TOPIC, World, post},
};

/// Waits for the bot to be done.
const FLOW_JSON: &str = r#"{"Version":"2019-10-30","StartAction":"wait","Metadata":{},"Actions":[
  {"Identifier":"wait","Type":"Wait","Parameters":{"TimeLimitSeconds":"3600"},
   "Transitions":{"NextAction":"end","Conditions":[
     {"NextAction":"end","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
     "Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

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
        let centre = laptop::centre(&world, FLOW_JSON, message_limit_bytes, Vec::new()).await;
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
