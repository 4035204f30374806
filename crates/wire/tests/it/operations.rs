//! The shapes of answers that went well.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::support::{FLOW, INSTANCE, PORT, PROCESSOR, Server, TOPIC, start_chat};

const GUIDE_TYPES: [&str; 3] = [
    "text/plain",
    "application/vnd.amazonaws.connect.message.interactive",
    "application/vnd.amazonaws.connect.message.interactive.response",
];

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test]
async fn start_chat_contact_alone() {
    let server = Server::start().await;
    let chat = server.start_chat().await;
    assert_eq!(keys(&chat), ["ContactId", "ParticipantId", "ParticipantToken"]);
}

#[tokio::test]
async fn start_chat_contact_with_connection_and_stream_in_one_call() {
    let server = Server::start().await;
    let mut body = start_chat();
    body["ConnectionTypes"] = json!(["WEBSOCKET", "CONNECTION_CREDENTIALS"]);
    body["ChatStreamingConfiguration"] = json!({"StreamingEndpointArn": TOPIC});
    body["ClientToken"] = json!("once");
    let first = server.call("PUT", "/contact/chat", "", &body).await.ok();
    let prefix = format!("ws://127.0.0.1:{PORT}/participant/websocket?token=");
    assert!(first["Websocket"]["Url"].as_str().unwrap().starts_with(&prefix));
    let token = first["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap();
    server.call("POST", "/participant/transcript", token, &json!({})).await.ok();
    let second = server.call("PUT", "/contact/chat", "", &body).await.ok();
    for member in ["ContactId", "StreamingId"] {
        assert!(first[member].is_string());
        assert_eq!(first[member], second[member], "the same client token");
    }

    let ids = json!({"InstanceId": INSTANCE, "ContactId": first["ContactId"]});
    server.call("POST", "/contact/stop", "", &ids).await.ok();
    let over = server.call("PUT", "/contact/chat", "", &body).await.ok();
    assert_eq!((&over["ContactId"], &over["StreamingId"]), (&first["ContactId"], &first["StreamingId"]));
    assert_eq!(over.get("ConnectionCredentials"), None, "nobody connects to what is over");

    body["ConnectionTypes"] = json!(["CONNECTION_CREDENTIALS"]);
    body["ClientToken"] = Value::Null;
    let third = server.call("PUT", "/contact/chat", "", &body).await.ok();
    assert_ne!(first["ContactId"], third["ContactId"]);
    assert!(third.get("Websocket").is_none(), "a token and no URL");
}

/// What is refused begins nothing.
#[tokio::test]
async fn a_chat_with_a_wrong_topic_is_none() {
    let server = Server::start().await;
    let mut body = start_chat();
    body["ChatStreamingConfiguration"] = json!({"StreamingEndpointArn": format!("{TOPIC}.fifo")});
    let refused = server.call("PUT", "/contact/chat", "", &body).await;
    refused.refusal(400, "InvalidParameterException", "Message");
    let range = json!({"Type": "INITIATION_TIMESTAMP", "StartTime": 0, "EndTime": 4_000_000_000_u64});
    let search = json!({"InstanceId": INSTANCE, "TimeRange": range});
    let found = server.call("POST", "/search-contacts", "", &search).await.ok();
    assert_eq!(found["TotalCount"], 0, "{found}");
}

#[tokio::test]
async fn names_of_segment_attributes_are_names() {
    let server = Server::start().await;
    for name in ["", "a b", "é", "connect:", &"x".repeat(129)] {
        let mut body = start_chat();
        body["SegmentAttributes"] = json!({name: {"ValueString": "v"}});
        let refused = server.call("PUT", "/contact/chat", "", &body).await;
        let told = refused.refusal(400, "InvalidParameterException", "Message");
        assert!(told.contains("1 to 128"), "{told}");
    }
    let mut body = start_chat();
    body["SegmentAttributes"] = json!({"a-b_9": {"ValueString": "v"}, "x".repeat(128): {"ValueString": ""}});
    server.call("PUT", "/contact/chat", "", &body).await.ok();
}

/// The customer's phone answers however its subtype is spelt, and takes plain text alone.
#[tokio::test]
async fn a_line_has_one_subtype() {
    let server = Server::start().await;
    let arn = "arn:aws:connect:us-east-1:123456789012:phone-number/11111111-1111-4111-8111-111111111111";
    let number = "+34600000000";
    for (written, stored, longest) in
        [("connect:sms", "connect:SMS", 1_024), ("connect:WHATSAPP", "connect:WhatsApp", 4_096)]
    {
        let outbound = json!({
            "InstanceId": INSTANCE, "ContactFlowId": FLOW,
            "SourceEndpoint": {"Type": "CONNECT_PHONENUMBER_ARN", "Address": arn},
            "DestinationEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": number},
            "SegmentAttributes": {"connect:Subtype": {"ValueString": stored}},
            "SupportedMessagingContentTypes": ["text/plain", "text/markdown"],
        });
        let begun = server.call("PUT", "/contact/outbound-chat", "", &outbound).await.ok();
        let says = |content_type: &str, content: String| {
            json!({"SourceId": number, "DestinationId": arn, "Subtype": written,
                   "Event": {"Type": "MESSAGE", "ContentType": content_type, "Content": content}})
        };
        let path = "/chat-integration-event";
        let answer = server.call("POST", path, "", &says("text/plain", "x".repeat(longest))).await.ok();
        assert_eq!(answer["NewChatCreated"], false, "{answer}");
        assert_eq!(answer["InitialContactId"], begun["ContactId"]);
        let too_long = server.call("POST", path, "", &says("text/plain", "x".repeat(longest + 1))).await;
        let told = too_long.refusal(400, "InvalidRequestException", "Message");
        assert!(told.contains("characters"), "{told}");
        let markdown = server.call("POST", path, "", &says("text/markdown", "*hi*".into())).await;
        let told = markdown.refusal(400, "InvalidRequestException", "Message");
        assert!(told.contains("text/plain alone"), "{told}");
        let path = format!("/contacts/{INSTANCE}/{}", begun["ContactId"].as_str().unwrap());
        let contact = server.call("GET", &path, "", &Value::Null).await.ok()["Contact"].take();
        assert_eq!(contact["SegmentAttributes"]["connect:Subtype"]["ValueString"], stored);
    }
}

#[tokio::test]
async fn contacts_are_described_with_epoch_seconds() {
    let server = Server::start().await;
    let mut body = start_chat();
    body["Attributes"] = json!({"lang": "es", "gone": null});
    body["SegmentAttributes"] = json!({"connect:Subtype": {"ValueString": "connect:Guide"}});
    let without = server.call("PUT", "/contact/chat", "", &body).await;
    let told = without.refusal(400, "InvalidParameterException", "Message");
    assert!(told.contains("SupportedMessagingContentTypes"), "{told}");
    body["SupportedMessagingContentTypes"] = json!(GUIDE_TYPES);
    let chat = server.call("PUT", "/contact/chat", "", &body).await.ok();
    let contact_id = chat["ContactId"].as_str().unwrap();

    let path = format!("/contacts/{INSTANCE}/{contact_id}");
    let contact = server.call("GET", &path, "", &Value::Null).await.ok()["Contact"].take();
    assert_eq!(contact["Id"], contact_id);
    assert_eq!(contact["Channel"], "CHAT");
    assert_eq!(contact["InitiationMethod"], "API");
    let time = contact["InitiationTimestamp"].as_f64().unwrap();
    assert!((1_700_000_000.0..1_700_000_100.0).contains(&time), "{time}");
    assert_eq!(contact["SegmentAttributes"]["connect:Subtype"]["ValueString"], "connect:Guide");
    assert!(contact.get("DisconnectTimestamp").is_none());

    let update = json!({"InstanceId": INSTANCE, "InitialContactId": contact_id, "Attributes": {"reason": "other"}});
    assert_eq!(server.call("POST", "/contact/attributes", "", &update).await.ok(), json!({}));
    let path = format!("/contact/attributes/{INSTANCE}/{contact_id}");
    let attributes = server.call("GET", &path, "", &Value::Null).await.ok();
    assert_eq!(attributes, json!({"Attributes": {"lang": "es", "reason": "other"}}));
}

/// The members that a contact has in addition once it is somebody's, and once it is over.
#[tokio::test(start_paused = true)]
async fn a_contact_with_an_agent_is_described_with_its_metrics() {
    let server = Server::start().await;
    let pass = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
    let say = async |token: &str, text: &str| {
        let message = json!({"ContentType": "text/plain", "Content": text});
        server.call("POST", "/participant/message", token, &message).await.ok();
        pass(10).await;
    };
    let (contact_id, customer, url) = server.customer().await;
    let secret = url.split("token=").nth(1).unwrap().to_owned();
    let _socket = server.centre.open_websocket(&secret.into()).await.unwrap();
    let path = format!("/contacts/{INSTANCE}/{contact_id}");
    let describe = async || server.call("GET", &path, "", &Value::Null).await.ok()["Contact"].take();
    let connected_to_system = describe().await["ConnectedToSystemTimestamp"].as_f64().unwrap();
    assert!((1_700_000_000.0..1_700_000_001.0).contains(&connected_to_system), "{connected_to_system}");

    pass(60).await;
    let agent = server.centre.desk_accept(&contact_id, "Eva").await.unwrap();
    assert_eq!(keys(&describe().await["AgentInfo"]), ["Id"]);
    let token = agent.participant_token.expose_secret();
    let body = json!({"Type": ["CONNECTION_CREDENTIALS"]});
    let connection = server.call("POST", "/participant/connection", token, &body).await.ok();
    let eva = connection["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap();
    for (token, text) in [(eva, "I am Eva"), (customer.as_str(), "Thanks"), (eva, "Bye")] {
        say(token, text).await;
    }
    let before = describe().await;
    assert_eq!(keys(&before["AgentInfo"]), ["ConnectedToAgentTimestamp", "Id"]);
    let metrics = &before["ChatMetrics"];
    assert!(metrics["ChatContactMetrics"].get("ConversationCloseTimeInMillis").is_none(), "{metrics}");
    assert!(metrics["AgentMetrics"].get("ConversationAbandon").is_none(), "{metrics}");

    server.call("POST", "/participant/disconnect", eva, &json!({})).await.ok();
    pass(5).await;
    server.centre.desk_close(&contact_id).await.unwrap();
    let after = describe().await;
    assert_eq!(after["AgentInfo"]["ConnectedToAgentTimestamp"], before["AgentInfo"]["ConnectedToAgentTimestamp"]);
    assert_eq!(after["AgentInfo"]["AfterContactWorkDuration"], 5);
    let metrics = &after["ChatMetrics"];
    let contact = &metrics["ChatContactMetrics"];
    let counted =
        ["MultiParty", "TotalMessages", "TotalBotMessages", "TotalBotMessageLengthInChars", "ConversationTurnCount"];
    assert_eq!(counted.map(|name| &contact[name]), [&json!(false), &json!(4), &json!(1), &json!(7), &json!(1)]);
    // The clock goes a little on with each look at it.
    let about = |ms: &Value, wanted: i64| assert!((wanted..wanted + 50).contains(&ms.as_i64().unwrap()), "{ms}");
    about(&contact["ConversationCloseTimeInMillis"], 20_000);
    about(&contact["AgentFirstResponseTimeInMillis"], 0);
    assert!(contact["AgentFirstResponseTimestamp"].is_f64());
    for (name, kind, sent, length) in [("AgentMetrics", "AGENT", 2, 11), ("CustomerMetrics", "CUSTOMER", 1, 6)] {
        let metrics = &metrics[name];
        let told = ["ParticipantType", "ConversationAbandon", "MessagesSent", "MessageLengthInChars", "NumResponses"];
        let wanted = [json!(kind), json!(false), json!(sent), json!(length), json!(1)];
        assert_eq!(told.map(|name| metrics[name].clone()), wanted, "{name}");
        about(&metrics["TotalResponseTimeInMillis"], 10_000);
        about(&metrics["MaxResponseTimeInMillis"], 10_000);
        assert!(metrics["LastMessageTimestamp"].is_f64() && metrics["ParticipantId"].is_string(), "{name}");
    }
    let members = contact.as_object().unwrap().len() + 2 * metrics["AgentMetrics"].as_object().unwrap().len();
    assert_eq!(members, 8 + 2 * 9, "every member of the model");
}

#[tokio::test]
async fn streaming_and_bots_come_and_go() {
    let server = Server::start().await;
    let chat = server.start_chat().await;
    let ids = json!({"InstanceId": INSTANCE, "ContactId": chat["ContactId"]});
    let with = |more: Value| {
        let mut body = ids.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let start = with(json!({"ChatStreamingConfiguration": {"StreamingEndpointArn": TOPIC}, "ClientToken": "t"}));
    let stream = server.call("POST", "/contact/start-streaming", "", &start).await.ok();
    assert_eq!(keys(&stream), ["StreamingId"]);
    assert_eq!(server.call("POST", "/contact/start-streaming", "", &start).await.ok(), stream);

    let bot = with(json!({"ParticipantDetails": {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"}}));
    let created = server.call("POST", "/contact/create-participant", "", &bot).await.ok();
    assert_eq!(keys(&created), ["ParticipantCredentials", "ParticipantId"]);
    assert!(created["ParticipantCredentials"]["Expiry"].as_str().unwrap().ends_with('Z'));
    let token = created["ParticipantCredentials"]["ParticipantToken"].as_str().unwrap();
    let connect = json!({"Type": ["CONNECTION_CREDENTIALS"], "ConnectParticipant": true});
    let connection = server.call("POST", "/participant/connection", token, &connect).await.ok();
    assert_eq!(keys(&connection), ["ConnectionCredentials"]);

    let processing = with(json!({"ProcessorArn": PROCESSOR}));
    assert_eq!(server.call("POST", "/contact/start-contact-media-processing", "", &processing).await.ok(), json!({}));
    let said = json!({"ContentType": "text/plain", "Content": "hello"});
    let token = connection["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap();
    let sent = server.call("POST", "/participant/message", token, &said).await.ok();
    assert_eq!(sent["MessageMetadata"], json!({"MessageProcessingStatus": "PROCESSING"}));
    assert_eq!(server.call("POST", "/contact/stop-contact-media-processing", "", &ids).await.ok(), json!({}));

    let stop = with(json!({"StreamingId": stream["StreamingId"]}));
    assert_eq!(server.call("POST", "/contact/stop-streaming", "", &stop).await.ok(), json!({}));
    assert_eq!(server.call("POST", "/contact/stop", "", &ids).await.ok(), json!({}));
    let path = format!("/contacts/{INSTANCE}/{}", chat["ContactId"].as_str().unwrap());
    let contact = server.call("GET", &path, "", &Value::Null).await.ok()["Contact"].take();
    assert!(contact["DisconnectTimestamp"].is_f64(), "{contact}");
}

#[tokio::test]
async fn transcripts_have_the_service_s_items() {
    let server = Server::start().await;
    let (contact_id, token, _) = server.customer().await;
    let message = json!({"ContentType": "text/plain", "Content": "hola"});
    let sent = server.call("POST", "/participant/message", &token, &message).await.ok();
    assert_eq!(keys(&sent), ["AbsoluteTime", "Id"]);
    // ChatJS's own request, the empty position included.
    let ask = json!({"MaxResults": 15, "ScanDirection": "BACKWARD", "SortOrder": "ASCENDING", "StartPosition": {}});
    let transcript = server.call("POST", "/participant/transcript", &token, &ask).await.ok();
    assert_eq!(transcript["InitialContactId"], contact_id);
    let item = transcript["Transcript"].as_array().unwrap().iter().find(|item| item["Id"] == sent["Id"]).unwrap();
    assert_eq!((&item["Content"], &item["ContactId"]), (&json!("hola"), &json!(contact_id)));
    assert!(item.get("InitialContactId").is_none(), "no member of this service's Item");
}

#[tokio::test]
async fn unknown_things_are_not_found() {
    let server = Server::start().await;
    let mut body = start_chat();
    body["ContactFlowId"] = json!("99999999-9999-4999-8999-999999999999");
    server.call("PUT", "/contact/chat", "", &body).await.refusal(404, "ResourceNotFoundException", "Message");
    let path = format!("/contacts/{INSTANCE}/{FLOW}");
    server.call("GET", &path, "", &Value::Null).await.refusal(404, "ResourceNotFoundException", "Message");
}
