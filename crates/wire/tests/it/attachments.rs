//! Attachments by plain HTTP: the three operations, and the signed URLs between them.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::Server;

const NAME: &str = "../año \"1\".txt";

fn start(size: usize) -> Value {
    json!({"ContentType": "text/plain", "AttachmentSizeInBytes": size, "AttachmentName": NAME, "ClientToken": "t"})
}

/// A request to a signed URL, as a browser in a page of this machine would send it.
async fn ask(
    server: &Server,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, HeaderMap, String) {
    let path = url.strip_prefix("http://127.0.0.1:8080").expect("the URL is on the host that was asked");
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = server.router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    (parts.status.as_u16(), parts.headers, body)
}

const TEXT: (&str, &str) = ("content-type", "text/plain");

async fn begun(server: &Server, token: &str) -> (Value, String) {
    let begun = server.call("POST", "/participant/start-attachment-upload", token, &start(5)).await.ok();
    let url = begun["UploadMetadata"]["Url"].as_str().unwrap().to_owned();
    (begun, url)
}

#[tokio::test(start_paused = true)]
async fn up_and_down_again() {
    let server = Server::start().await;
    let (_, token, _) = server.customer().await;
    let (begun, url) = begun(&server, &token).await;
    let headers = &begun["UploadMetadata"]["HeadersToInclude"];
    assert_eq!(*headers, json!({"Content-Type": "text/plain", "Content-Length": "5"}));
    assert_eq!(ask(&server, "PUT", &url, &[TEXT, ("content-length", "5")], "hello").await.0, 200);
    let id = &begun["AttachmentId"];
    let complete = json!({"AttachmentIds": [id], "ClientToken": "c"});
    assert_eq!(server.call("POST", "/participant/complete-attachment-upload", &token, &complete).await.ok(), json!({}));
    // The scan takes its time.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;

    for (disposition, word) in [("INLINE", "inline"), ("ATTACHMENT", "attachment")] {
        let request = json!({"AttachmentId": id, "UrlExpiryInSeconds": 300, "UrlContentDisposition": disposition});
        let given = server.call("POST", "/participant/attachment", &token, &request).await.ok();
        assert_eq!(given["AttachmentSizeInBytes"], 5);
        let url = given["Url"].as_str().unwrap();
        let page = [("origin", "http://localhost:3000")];
        let (status, headers, content) = ask(&server, "GET", url, &page, "").await;
        assert_eq!((status, content.as_str()), (200, "hello"));
        for (name, value) in [
            ("content-type", "text/plain"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "private, no-store"),
            ("access-control-allow-origin", "http://localhost:3000"),
            ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ] {
            assert_eq!(headers[name], value);
        }
        let expected = format!("{word}; filename=\".._a_o %221%22.txt\"; filename*=UTF-8''.._a%C3%B1o%20%221%22.txt");
        assert_eq!(headers["content-disposition"], expected);
        // A signature for one way of reading is none for another, and none for writing.
        let other = url.replace(&format!("access={word}"), "access=upload");
        assert_eq!(ask(&server, "GET", &other, &[], "").await.0, 403);
        assert_eq!(ask(&server, "PUT", url, &[TEXT], "hello").await.0, 403);
        assert_eq!(ask(&server, "GET", url, &[("origin", "https://evil.example")], "").await.0, 403);
    }
}

#[tokio::test]
async fn an_upload_is_held_against_what_was_signed() {
    let server = Server::start().await;
    let (_, token, _) = server.customer().await;
    let (_, url) = begun(&server, &token).await;
    let unsigned = url.split('?').next().unwrap();
    let forged = url.replace("signature=", "signature=00");
    for (url, headers, body, status, code) in [
        (url.as_str(), vec![], "hello", 403, "AccessDenied"),
        (&url, vec![("content-type", "text/html")], "hello", 403, "AccessDenied"),
        (&url, vec![TEXT, ("content-length", "6")], "hello!", 403, "AccessDenied"),
        (&url, vec![TEXT], "hello!", 400, "EntityTooLarge"),
        (&url, vec![TEXT], "hell", 400, "IncompleteBody"),
        (&forged, vec![TEXT], "hello", 403, "AccessDenied"),
        (unsigned, vec![TEXT], "hello", 403, "AccessDenied"),
    ] {
        let (answered, headers, answer) = ask(&server, "PUT", url, &headers, body).await;
        assert_eq!((answered, answer.contains(&format!("<Code>{code}</Code>"))), (status, true), "{answer}");
        assert_eq!(headers["content-type"], "application/xml");
    }
    server.alive().await;
}

#[tokio::test]
async fn what_the_model_forbids_is_refused() {
    let server = Server::start().await;
    let (_, token, _) = server.customer().await;
    let table = [
        ("start-attachment-upload", start(0), "attachmentSizeInBytes"),
        (
            "start-attachment-upload",
            json!({"ContentType": "text/plain", "AttachmentName": "a.txt", "ClientToken": "t"}),
            "attachmentSizeInBytes",
        ),
        (
            "start-attachment-upload",
            json!({"ContentType": "text/html", "AttachmentName": "a.txt", "ClientToken": "t", "AttachmentSizeInBytes": 1}),
            "ContentType",
        ),
        (
            "start-attachment-upload",
            json!({"ContentType": "text/plain", "AttachmentName": "a.txt", "ClientToken": "t", "AttachmentSizeInBytes": 20_971_521}),
            "AttachmentSizeInBytes",
        ),
        ("complete-attachment-upload", json!({"AttachmentIds": [], "ClientToken": "t"}), "attachmentIds"),
        ("complete-attachment-upload", json!({"AttachmentIds": ["a", "b"], "ClientToken": "t"}), "attachmentIds"),
        ("complete-attachment-upload", json!({"AttachmentIds": ["a"], "ClientToken": ""}), "clientToken"),
        ("complete-attachment-upload", json!({"AttachmentIds": ["a"], "ClientToken": "t"}), "AttachmentId"),
        ("attachment", json!({"AttachmentId": "a", "UrlExpiryInSeconds": 4}), "urlExpiryInSeconds"),
        ("attachment", json!({"AttachmentId": "a", "UrlExpiryInSeconds": 301}), "urlExpiryInSeconds"),
        ("attachment", json!({"AttachmentId": "a", "UrlContentDisposition": "inline"}), "urlContentDisposition"),
        ("attachment", json!({"AttachmentId": "a"}), "AttachmentId"),
    ];
    for (operation, body, word) in table {
        let reply = server.call("POST", &format!("/participant/{operation}"), &token, &body).await;
        let message = reply.refusal(400, "ValidationException", "Message");
        assert!(message.contains(word), "{operation}: {message}");
        let reply = server.call("POST", &format!("/participant/{operation}"), "", &body).await;
        reply.refusal(403, "AccessDeniedException", "Message");
    }
}
