//! The unmodified AWS SDK clients against the wire.

use aws_sdk_bedrockagentruntime as bedrock;
use aws_sdk_connectparticipant as participant;
use participant::{
    config::{BehaviorVersion, Credentials, Region},
    error::ProvideErrorMetadata as _,
    types::{ChatItemType, ConnectionType, ParticipantRole, ScanDirection, SortKey, StartPosition},
};

use crate::{
    connector::InProcess,
    support::{PORT, Server},
};

fn participant(server: &Server) -> participant::Client {
    participant::Client::from_conf(
        participant::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("any", "any", None, None, "test"))
            .endpoint_url("http://127.0.0.1:8080")
            .http_client(InProcess(server.router.clone()))
            .build(),
    )
}

pub(crate) fn agents(server: &Server) -> bedrock::Client {
    bedrock::Client::from_conf(
        bedrock::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("any", "any", None, None, "test"))
            .endpoint_url("http://127.0.0.1:8080")
            .http_client(InProcess(server.router.clone()))
            .build(),
    )
}

#[tokio::test]
async fn a_whole_conversation() {
    let server = Server::start().await;
    let sdk = participant(&server);
    let chat = server.start_chat().await;
    let participant_token = chat["ParticipantToken"].as_str().unwrap();

    let connection = sdk
        .create_participant_connection()
        .participant_token(participant_token)
        .r#type(ConnectionType::Websocket)
        .r#type(ConnectionType::ConnectionCredentials)
        .send()
        .await
        .unwrap();
    let websocket = connection.websocket().unwrap();
    let prefix = format!("ws://127.0.0.1:{PORT}/participant/websocket?token=");
    assert!(websocket.url().unwrap().starts_with(&prefix));
    assert!(websocket.connection_expiry().unwrap().ends_with('Z'));
    let token = connection.connection_credentials().unwrap().connection_token().unwrap();

    let send = async |content: &str, client_token: &str| {
        let request = sdk.send_message().connection_token(token).content_type("text/plain").content(content);
        request.client_token(client_token).send().await.unwrap()
    };
    let first = send("¡Hola! ¿Qué tal?", "one").await;
    assert_eq!(send("¡Hola! ¿Qué tal?", "one").await.id(), first.id(), "said once");
    send("second", "two").await;
    let typing = "application/vnd.amazonaws.connect.event.typing";
    sdk.send_event().connection_token(token).content_type(typing).send().await.unwrap();

    let transcript = sdk
        .get_transcript()
        .connection_token(token)
        .max_results(100)
        .scan_direction(ScanDirection::Backward)
        .sort_order(SortKey::Ascending)
        .start_position(StartPosition::builder().build())
        .send()
        .await
        .unwrap();
    assert_eq!(transcript.initial_contact_id(), chat["ContactId"].as_str());
    let said: Vec<_> = transcript
        .transcript()
        .iter()
        .filter(|item| item.participant_role() == Some(&ParticipantRole::Customer))
        .filter(|item| item.r#type() == Some(&ChatItemType::Message))
        .map(|item| (item.content().unwrap(), item.display_name().unwrap()))
        .collect();
    assert_eq!(said, [("¡Hola! ¿Qué tal?", "Jane"), ("second", "Jane")]);

    sdk.disconnect_participant().connection_token(token).send().await.unwrap();
    let after = sdk.send_message().connection_token(token).content_type("text/plain").content("late").send().await;
    assert!(after.unwrap_err().into_service_error().is_access_denied_exception());
}

#[tokio::test]
async fn refusals_arrive_as_the_model_s_exceptions() {
    let server = Server::start().await;
    let sdk = participant(&server);
    let nobody = sdk.get_transcript().connection_token("nobody").send().await.unwrap_err().into_service_error();
    assert!(nobody.is_access_denied_exception(), "{nobody:?}");
    assert!(nobody.message().is_some());
    let chat = server.start_chat().await;
    let token = chat["ParticipantToken"].as_str().unwrap();
    let wrong_kind = sdk.get_transcript().connection_token(token).send().await.unwrap_err().into_service_error();
    assert!(wrong_kind.is_access_denied_exception(), "{wrong_kind:?}");
    let request = sdk.create_participant_connection().participant_token(token);
    let webrtc = request.r#type(ConnectionType::from("WEBRTC_CONNECTION")).send().await;
    assert!(webrtc.unwrap_err().into_service_error().is_validation_exception());
    let (_, token, _) = server.customer().await;
    let session = "00000000-0000-4000-8000-000000000000";
    let url =
        sdk.get_authentication_url().connection_token(&token).session_id(session).redirect_uri("https://a.example");
    assert!(url.send().await.unwrap_err().into_service_error().is_validation_exception());
    let view = sdk.describe_view().connection_token(&token).view_token("a/b").send().await;
    assert!(view.unwrap_err().into_service_error().is_resource_not_found_exception());
    let start = |name: &str| {
        let start = sdk.start_attachment_upload().connection_token(&token).content_type("text/plain");
        start.attachment_size_in_bytes(1).attachment_name(name).send()
    };
    assert!(start("page.html").await.unwrap_err().into_service_error().is_validation_exception());
    for _ in 0..35 {
        start("note.txt").await.unwrap();
    }
    assert!(start("note.txt").await.unwrap_err().into_service_error().is_service_quota_exceeded_exception());
}

#[tokio::test]
async fn an_agent_nobody_knows() {
    let server = Server::start().await;
    let request = agents(&server).invoke_agent().agent_id("NOBODY").agent_alias_id("TSTALIASID");
    let error = request.session_id("session-1").input_text("hola").send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
}
