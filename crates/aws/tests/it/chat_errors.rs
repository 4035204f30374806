//! What the chat service's refusals and silences become, one attempt each.

use std::collections::BTreeMap;

use relevo_aws::ConnectChat;
use relevo_bot::ports::{Chat, ChatError, Token};
use serde_json::json;

use crate::connector::{Answer, Scripted, clients};

const SECRET: &str = "mi RUT es 12.345.678-5";

fn chat(answers: impl IntoIterator<Item = Answer>) -> (ConnectChat, Scripted) {
    let script = Scripted::new(answers);
    (ConnectChat::new(&clients(script.clone())), script)
}

fn refusal(status: u16, error: &'static str, message: &str) -> Answer {
    Answer::json(status, error, &json!({"Message": message}))
}

async fn send(answer: Answer, content: &str) -> ChatError {
    let (chat, script) = chat([answer]);
    let error = chat.send_message(&Token::new("token-secreto"), "text/plain", content, "c1").await.unwrap_err();
    assert_eq!(script.sent().len(), 1, "one attempt");
    error
}

#[tokio::test]
async fn refusals_of_a_message() {
    let unavailable = |text: &str| ChatError::Unavailable(text.into());
    let table = [
        (refusal(403, "AccessDeniedException", ""), ChatError::AccessDenied),
        (refusal(404, "ResourceNotFoundException", ""), ChatError::NotFound),
        (refusal(409, "ConflictException", ""), ChatError::Conflict),
        (refusal(402, "ServiceQuotaExceededException", ""), ChatError::Conflict),
        (refusal(429, "ThrottlingException", ""), ChatError::Throttled),
        (refusal(400, "ThrottlingException", ""), ChatError::Throttled),
        (refusal(500, "InternalServerException", ""), unavailable("InternalServerException (500)")),
        (Answer::Http(503, "", Vec::new()), unavailable("status 503")),
        (Answer::Http(502, "", b"<html>Bad Gateway</html>".to_vec()), unavailable("status 502")),
        (Answer::Broken, unavailable("no connection")),
        (refusal(400, "ValidationException", "x"), ChatError::Invalid("ValidationException (400)".into())),
    ];
    for (answer, wanted) in table {
        assert_eq!(send(answer, "hola").await, wanted);
    }
}

#[tokio::test]
async fn too_long_is_told_from_wrong() {
    let long = "á".repeat(2_000);
    let constraint =
        "Value at 'content' failed to satisfy constraint: Member must have length less than or equal to 1024";
    assert_eq!(send(refusal(400, "ValidationException", constraint), &long).await, ChatError::TooLong);
    assert_eq!(send(Answer::Http(413, "", Vec::new()), &long).await, ChatError::TooLong);
    let wrong = send(refusal(400, "ValidationException", "Unsupported ContentType"), &long).await;
    assert!(matches!(wrong, ChatError::Invalid(_)), "{wrong:?}");
}

#[tokio::test]
async fn what_was_said_and_tokens_are_in_no_error() {
    let quoting = format!("Value '{SECRET}' at 'content' failed; token token-secreto");
    for status in [400, 403, 404, 429, 500] {
        let error = send(refusal(status, "ValidationException", &quoting), SECRET).await;
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("RUT") && !shown.contains("secreto"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_before_the_flow_s_patience() {
    let begin = tokio::time::Instant::now();
    assert_eq!(send(Answer::Silence, "hola").await, ChatError::Unavailable("time-out".into()));
    let (chat, script) = chat([Answer::Silence]);
    let error = chat.create_participant("i", "c", "Bot", "token").await.unwrap_err();
    assert_eq!(error, ChatError::Unavailable("time-out".into()));
    assert_eq!(script.sent().len(), 1, "one attempt");
    assert!(begin.elapsed().as_secs() <= 8, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn refusals_of_connect_s_own_operations() {
    let attributes = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    let (chat, script) = chat([
        refusal(409, "ConflictException", ""),
        refusal(429, "LimitExceededException", ""),
        refusal(410, "ContactNotFoundException", ""),
        refusal(400, "InvalidParameterException", SECRET),
    ]);
    assert_eq!(chat.create_participant("i", "c", "Bot", "t").await.unwrap_err(), ChatError::Conflict);
    assert_eq!(chat.start_streaming("i", "c", "arn:aws:sns:r:1:t", "t").await.unwrap_err(), ChatError::Throttled);
    assert_eq!(chat.stop_streaming("i", "c", "s").await.unwrap_err(), ChatError::NotFound);
    let invalid = ChatError::Invalid("InvalidParameterException (400)".into());
    assert_eq!(chat.update_attributes("i", "c", &attributes).await.unwrap_err(), invalid);
    let sent = script.sent();
    assert_eq!(sent[0].body["ParticipantDetails"], json!({"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"}));
    assert_eq!(sent[0].body["ClientToken"], "t");
    assert_eq!(sent[3].body, json!({"InitialContactId": "c", "InstanceId": "i", "Attributes": {"k": "v"}}));
}

#[tokio::test]
async fn an_answer_that_lacks_what_was_asked_for_is_a_failure() {
    let (chat, _) = chat([
        Answer::json(200, "", &json!({"ParticipantId": "p"})),
        Answer::json(200, "", &json!({"ConnectionCredentials": {"ConnectionToken": "t", "Expiry": "soon"}})),
        Answer::json(200, "", &json!({})),
        Answer::Http(200, "", b"<html>".to_vec()),
    ]);
    let token = Token::new("t");
    assert!(chat.create_participant("i", "c", "Bot", "t").await.unwrap_err().is_passing());
    assert!(chat.create_connection(&token).await.unwrap_err().is_passing());
    assert!(chat.create_connection(&token).await.unwrap_err().is_passing());
    let last = chat.create_connection(&token).await;
    assert!(matches!(last, Err(ChatError::Unavailable(_))), "{last:?}");
}
