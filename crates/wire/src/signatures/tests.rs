//! A request that botocore has signed, at the times and with the changes that matter.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::{body::Body, http::Request};
use secrecy::SecretString;

use super::*;

/// 2026-11-27T05:07:10Z.
const SIGNED_MS: i64 = 1_795_756_030_000;
const SIGNATURE: &str = "17ad03f56ecbd84ddb36a742ac6ea0d30f0a1b1a5e190d5a010cf17de7d42e04";
const MINUTE_MS: i64 = 60_000;

struct World(AtomicI64);

impl Clock for World {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Ids for World {
    fn uuid(&self) -> String {
        "request-1".into()
    }
    fn token(&self) -> String {
        "token".into()
    }
}

fn request(authorization: &str) -> axum::http::request::Builder {
    let path = "/contacts/arn%3Aaws%3Aconnect%3Aus-east-1%3A123456789012%3Ainstance%2Fi/c?b=2&a=%C3%A9%20x";
    Request::builder()
        .uri(path)
        .header("host", "127.0.0.1:8080")
        .header("content-type", "application/json")
        .header("user-agent", "not signed")
        .header("x-amz-date", "20261127T050710Z")
        .header("authorization", authorization)
}

fn authorization(change: (&str, &str)) -> String {
    let scope = "AKIAEXAMPLE/20261127/us-east-1/connect/aws4_request";
    let signed = "content-type;host;x-amz-date";
    format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={signed}, Signature={SIGNATURE}")
        .replace(change.0, change.1)
}

/// The same request, signed in its URL by botocore for ten minutes.
fn presigned(signature: &str, more: &str) -> axum::http::request::Builder {
    let path = "/contacts/arn%3Aaws%3Aconnect%3Aus-east-1%3A123456789012%3Ainstance%2Fi/c?b=2&a=%C3%A9%20x";
    let scope = "AKIAEXAMPLE%2F20261127%2Fus-east-1%2Fconnect%2Faws4_request";
    let signed = "X-Amz-Date=20261127T050710Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host";
    let query =
        format!("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&{signed}{more}&X-Amz-Signature={signature}");
    Request::builder().uri(format!("{path}&{query}")).header("host", "127.0.0.1:8080")
}

/// The exception of a request at a time; none: it is let in.
async fn refused(request: Request<Body>, now_ms: i64) -> Option<String> {
    let world = Arc::new(World(AtomicI64::new(now_ms)));
    let secret = SecretString::from("a/secret+of=mine");
    let session_token =
        request.uri().query().is_some_and(|query| query.contains("Token")).then(|| "a session's token".into());
    let key = Key { id: "AKIAEXAMPLE".into(), secret, session_token, expires_ms: Some(SIGNED_MS + 60 * MINUTE_MS) };
    let verifier = Verifier::new(vec![key], "us-east-1", world.clone(), world);
    let response = *verifier.check(request).await.err()?;
    assert_eq!(
        (response.status().as_u16(), response.headers()["x-amzn-requestid"].as_bytes()),
        (403, &b"request-1"[..])
    );
    Some(response.headers()["x-amzn-errortype"].to_str().unwrap().to_owned())
}

#[tokio::test]
async fn what_botocore_signed_is_let_in_for_five_minutes() {
    for (now_ms, expected) in [
        (SIGNED_MS, None),
        (SIGNED_MS + 5 * MINUTE_MS, None),
        (SIGNED_MS - 5 * MINUTE_MS, None),
        (SIGNED_MS + 5 * MINUTE_MS + 1, Some("InvalidSignatureException")),
        (SIGNED_MS - 5 * MINUTE_MS - 1, Some("InvalidSignatureException")),
        (SIGNED_MS + 60 * MINUTE_MS, Some("ExpiredTokenException")),
    ] {
        let good = request(&authorization(("", ""))).body(Body::empty()).unwrap();
        assert_eq!(refused(good, now_ms).await.as_deref(), expected, "{now_ms}");
    }
}

#[tokio::test]
async fn any_change_is_found() {
    for (change, expected) in [
        ((SIGNATURE, "0000"), "InvalidSignatureException"),
        (("AKIAEXAMPLE", "AKIAOTHER"), "UnrecognizedClientException"),
        (("us-east-1", "eu-west-1"), "InvalidSignatureException"),
        (("/connect/", "/bedrock/"), "InvalidSignatureException"),
        (("20261127", "20261128"), "InvalidSignatureException"),
        (("content-type;host;", "host;"), "InvalidSignatureException"),
        (("content-type;host;", "content-type;"), "InvalidSignatureException"),
        (("content-type;", "content-type;x-absent;"), "InvalidSignatureException"),
        (("AWS4-HMAC-SHA256", "AWS4-X"), "IncompleteSignatureException"),
    ] {
        let changed = request(&authorization(change)).body(Body::empty()).unwrap();
        assert_eq!(refused(changed, SIGNED_MS).await.as_deref(), Some(expected), "{change:?}");
    }
    let good = authorization(("", ""));
    let body = request(&good).body(Body::from("{}")).unwrap();
    assert_eq!(refused(body, SIGNED_MS).await.as_deref(), Some("InvalidSignatureException"));
    let method = request(&good).method("DELETE").body(Body::empty()).unwrap();
    assert_eq!(refused(method, SIGNED_MS).await, None, "nothing of the services: it is the wire that refuses");
    let token = request(&good).header("x-amz-security-token", "t").body(Body::empty()).unwrap();
    assert_eq!(refused(token, SIGNED_MS).await.as_deref(), Some("UnrecognizedClientException"));
}

#[tokio::test]
async fn only_what_must_be_signed_is_asked_for_it() {
    let asked = |method: &str, path: &str| Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let missing = Some("MissingAuthenticationTokenException".to_owned());
    assert_eq!(refused(asked("PUT", "/contact/chat"), 0).await, missing);
    assert_eq!(refused(asked("POST", "/agents/s1"), 0).await, missing);
    assert_eq!(refused(asked("POST", "/participant/message"), 0).await, None);
    assert_eq!(refused(asked("GET", "/participant/websocket"), 0).await, None);
    assert_eq!(refused(asked("GET", "/health"), 0).await, None);
}

#[test]
fn what_we_sign_is_what_we_verify() {
    let clock = Arc::new(World(AtomicI64::new(SIGNED_MS)));
    let key = |token: Option<&str>| Key {
        id: "AKID".into(),
        secret: SecretString::from("secret"),
        session_token: token.map(SecretString::from),
        expires_ms: None,
    };
    let at = UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(SIGNED_MS).unwrap());
    for token in [None, Some("a session's token")] {
        let verifier = Verifier::new(vec![key(token)], "eu-west-1", clock.clone(), clock.clone());
        let verify = |region: &str, body: &'static str| {
            let scope = Scope { service: "connect", region };
            let url = "http://127.0.0.1:8080/contact/chat";
            let headers = sign_json(&key(token), scope, at, "PUT", url, b"{}").unwrap();
            let request = Request::builder().method("PUT").uri("/contact/chat").header("host", "127.0.0.1:8080");
            let request = request.header("content-type", "application/json");
            let add =
                |request: axum::http::request::Builder, (name, value)| request.header::<String, String>(name, value);
            let (parts, ()) = headers.into_iter().fold(request, add).body(()).unwrap().into_parts();
            verifier.verify("connect", &parts, &Bytes::from_static(body.as_bytes()))
        };
        assert!(verify("eu-west-1", "{}").is_ok());
        assert!(matches!(verify("eu-west-1", "{ }"), Err(Refusal::Mismatch)));
        assert!(matches!(verify("us-east-1", "{}"), Err(Refusal::Scope(_))));
    }
}

#[tokio::test]
async fn a_url_that_botocore_signed_is_good_for_its_time() {
    let signature = "0bb4fd76658129104c5cfd943d8b306aa551081c06f280fca7c250e5bc6561ed";
    let with_token = "3de9cfe4b5bc465aaaec5fd58c728b04524dfdf75556fdb88046762d7cd13c90";
    let token = "&X-Amz-Security-Token=a%20session%27s%20token";
    for (signature, more, now_ms, expected) in [
        (signature, "", SIGNED_MS, None),
        (signature, "", SIGNED_MS + 10 * MINUTE_MS, None),
        (with_token, token, SIGNED_MS, None),
        (signature, "", SIGNED_MS + 10 * MINUTE_MS + 1, Some("InvalidSignatureException")),
        (signature, "", SIGNED_MS - 5 * MINUTE_MS - 1, Some("InvalidSignatureException")),
        (with_token, "", SIGNED_MS, Some("InvalidSignatureException")),
        (signature, token, SIGNED_MS, Some("InvalidSignatureException")),
        (signature, "&c=3", SIGNED_MS, Some("InvalidSignatureException")),
        ("", "", SIGNED_MS, Some("IncompleteSignatureException")),
    ] {
        let request = presigned(signature, more).body(Body::empty()).unwrap();
        assert_eq!(refused(request, now_ms).await.as_deref(), expected, "{signature} {more} {now_ms}");
    }
    let method = presigned(signature, "").method("POST").body(Body::empty()).unwrap();
    assert_eq!(refused(method, SIGNED_MS).await.as_deref(), Some("InvalidSignatureException"));
}
