//! What a participant does in a chat.

use std::time::Duration;

use aws_sdk_connectparticipant::types::{ChatItemType, ConnectionType, SortKey};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use tower::ServiceExt as _;

use super::{Service, chats};

const SESSION: &str = "00000000-0000-4000-8000-000000000000";
const DELIVERED: &str = "application/vnd.amazonaws.connect.event.message.delivered";

pub(super) async fn walk(service: &Service) {
    let sdk = &service.participant;
    let chat = chats::start(&service.connect).await;
    let connect = sdk.create_participant_connection().participant_token(chat.participant_token().unwrap());
    let connect = connect.r#type(ConnectionType::ConnectionCredentials).connect_participant(true);
    let connection = connect.send().await.unwrap();
    let token = connection.connection_credentials().unwrap().connection_token().unwrap();

    let said =
        sdk.send_message().connection_token(token).content_type("text/plain").content("hola").send().await.unwrap();
    let typing = sdk.send_event().connection_token(token);
    typing.content_type("application/vnd.amazonaws.connect.event.typing").send().await.unwrap();
    let unknown = sdk.send_event().connection_token(token).content_type(DELIVERED).content(r#"{"messageId":"none"}"#);
    assert!(unknown.send().await.unwrap_err().into_service_error().is_validation_exception());

    let transcript = sdk.get_transcript().connection_token(token).max_results(100).sort_order(SortKey::Ascending);
    let transcript = transcript.send().await.unwrap();
    assert!(transcript.transcript().iter().any(|item| item.id() == said.id()), "{transcript:?}");
    let shown =
        transcript.transcript().iter().find(|item| item.content_type().unwrap().ends_with("interactive")).unwrap();
    let shown: serde_json::Value = serde_json::from_str(shown.content().unwrap()).unwrap();
    let view = shown["data"]["content"]["viewToken"].as_str().unwrap();
    let view = sdk.describe_view().connection_token(token).view_token(view).send().await.unwrap().view.unwrap();
    assert_eq!((view.version(), view.content().unwrap().actions()), (Some(1), &["Next".to_owned()][..]));

    attach(service, token).await;

    let url = sdk.get_authentication_url().connection_token(token).session_id(SESSION);
    let url = url.redirect_uri("https://example.com").send().await.unwrap_err().into_service_error();
    assert!(url.is_validation_exception(), "{url:?}");
    let cancel = sdk.cancel_participant_authentication().connection_token(token).session_id(SESSION);
    let cancel = cancel.send().await.unwrap_err().into_service_error();
    assert!(cancel.is_validation_exception(), "{cancel:?}");

    sdk.disconnect_participant().connection_token(token).send().await.unwrap();
    let late = sdk.send_message().connection_token(token).content_type("text/plain").content("late").send().await;
    assert!(late.unwrap_err().into_service_error().is_access_denied_exception());
}

/// A file on its three steps, and back.
async fn attach(service: &Service, token: &str) {
    let sdk = &service.participant;
    let start = sdk.start_attachment_upload().connection_token(token).content_type("text/plain");
    let start = start.attachment_size_in_bytes(6).attachment_name("bill.txt").send().await.unwrap();
    let (id, upload) = (start.attachment_id().unwrap(), start.upload_metadata().unwrap());
    let mut put = Request::put(upload.url().unwrap()).header("host", "127.0.0.1:8080");
    for (name, value) in upload.headers_to_include().unwrap() {
        put = put.header(name, value);
    }
    let put = service.router.clone().oneshot(put.body(Body::from("12 EUR")).unwrap()).await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    sdk.complete_attachment_upload().connection_token(token).attachment_ids(id).send().await.unwrap();
    // The scanner's time.
    tokio::time::sleep(Duration::from_mins(1)).await;
    let file = sdk.get_attachment().connection_token(token).attachment_id(id).send().await.unwrap();
    assert_eq!(file.attachment_size_in_bytes(), 6);
    let items = sdk.get_transcript().connection_token(token).max_results(100).send().await.unwrap();
    assert!(items.transcript().iter().any(|item| item.r#type() == Some(&ChatItemType::Attachment)));
}
