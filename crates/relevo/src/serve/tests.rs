//! The routes of this machine's own, over the router, as a client meets them.

use std::path::Path;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::local::{Models, Setup, assemble, folder};

async fn router(data: &Path) -> Router {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios");
    let (bot, _) = folder::load(&example).map_err(|report| report.errors).unwrap();
    let setup = Setup {
        deployed: None,
        bot,
        data: data.to_path_buf(),
        port: 0,
        staffed: 1,
        message_limit_bytes: 16_384,
        chaos: crate::local::Chaos::new(false, 1),
        gate: relevo_wire::Gate::default(),
        doors: crate::local::Doors::default(),
        allowed_origins: Vec::new(),
        lambdas: None,
        endpoints: None,
        models: Models::offline(),
    };
    assemble(setup).await.unwrap().router
}

async fn call(router: &Router, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    call_with(router, method, path, None, body).await
}

async fn call_with(
    router: &Router,
    method: &str,
    path: &str,
    bearer: Option<&str>,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1");
    if let Some(bearer) = bearer {
        request = request.header("x-amz-bearer", bearer);
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = request.header(header::CONTENT_TYPE, "application/json").header(header::CONTENT_LENGTH, body.len());
    let answer = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes))))
}

/// A contact that was begun over the wire, and its participant token.
async fn contact(router: &Router) -> (String, String) {
    let (_, info) = call(router, "GET", "/relevo/info", None).await;
    let start = json!({
        "InstanceId": info["instanceId"], "ContactFlowId": info["contactFlowId"],
        "Attributes": {"language": "en", "tier": "gold"}, "ParticipantDetails": {"DisplayName": "Ana María"},
        "InitialMessage": {"ContentType": "text/plain", "Content": "The parcel is late"},
    });
    let (status, chat) = call(router, "PUT", "/contact/chat", Some(start)).await;
    assert_eq!(status, StatusCode::OK, "{chat}");
    (chat["ContactId"].as_str().unwrap().into(), chat["ParticipantToken"].as_str().unwrap().into())
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_sign_in_and_what_is_wrong_is_said() {
    let data = tempfile::tempdir().unwrap();
    let router = router(data.path()).await;
    let set = |name: &str, body: Value| {
        let (router, path) = (router.clone(), format!("/relevo/desk/agents/{name}"));
        async move { call(&router, "PUT", &path, Some(body)).await }
    };
    assert_eq!(set("Eva%20L%C3%B3pez", json!({"status": "AVAILABLE"})).await.0, StatusCode::OK);
    let (_, desk) = call(&router, "GET", "/relevo/desk", None).await;
    assert_eq!((&desk["agents"][0]["name"], &desk["agents"][0]["maxChats"]), (&json!("Eva López"), &json!(3)));
    assert_eq!(desk["queues"][0]["name"], "BasicQueue");
    assert!(desk["quickTexts"]["es"].as_array().unwrap().len() > 1);
    for (body, said) in [
        (json!({"status": "ASLEEP"}), "AFTER_CONTACT_WORK"),
        (json!({"status": "BUSY", "maxChats": 0}), "from 1 to 10"),
        (json!({"status": "BUSY", "chats": 1}), "maxChats"),
        (json!({}), "Expected"),
    ] {
        let (status, answer) = set("Eva", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(answer["Message"].as_str().unwrap().contains(said), "{answer}");
    }
    let (id, _) = contact(&router).await;
    for (what, body, status) in [
        ("accept", json!({"displayName": "Eva"}), StatusCode::CONFLICT),
        ("reject", json!({"displayName": "Eva"}), StatusCode::CONFLICT),
        ("transfer", json!({"to": {"queue": "BasicQueue"}}), StatusCode::CONFLICT),
        ("transfer", json!({"to": {"desk": "x"}}), StatusCode::BAD_REQUEST),
        ("end", json!({"outcome": "resolved"}), StatusCode::CONFLICT),
        ("outcome", json!({}), StatusCode::BAD_REQUEST),
    ] {
        let answer = call(&router, "POST", &format!("/relevo/desk/contacts/{id}/{what}"), Some(body)).await;
        assert_eq!(answer.0, status, "{what} {}", answer.1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_the_wire_are_kept_without_their_tokens() {
    let data = tempfile::tempdir().unwrap();
    let router = router(data.path()).await;
    let (id, token) = contact(&router).await;
    let body = json!({"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]});
    let (status, connection) = call_with(&router, "POST", "/participant/connection", Some(&token), Some(body)).await;
    assert_eq!(status, StatusCode::OK);
    let secret = connection["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap();
    call_with(&router, "POST", "/participant/message", Some(secret), Some(json!({"Content": "no type"}))).await;
    let (_, inspected) = call(&router, "GET", &format!("/relevo/inspector/contacts/{id}"), None).await;
    let calls: Vec<_> = inspected["calls"].as_array().unwrap().iter().filter(|call| call["door"] == "wire").collect();
    let told: Vec<_> =
        calls.iter().map(|call| (call["operation"].as_str().unwrap(), call["status"].as_u64().unwrap())).collect();
    assert_eq!(told, [("StartChatContact", 200), ("CreateParticipantConnection", 200), ("SendMessage", 400)]);
    assert_eq!((&calls[1]["bearer"], &calls[2]["bearer"]), (&json!("participant"), &json!("connection")));
    let text = inspected["calls"].to_string();
    assert!(!text.contains(&token) && !text.contains(secret) && text.contains("[redacted]"), "{text}");
    let (status, flow) =
        call(&router, "GET", &format!("/relevo/inspector/flows/{}", inspected["flowId"].as_str().unwrap()), None).await;
    assert_eq!((status, flow["graph"]["start"].is_string()), (StatusCode::OK, true));
    assert_eq!(call(&router, "GET", "/relevo/inspector/flows/none", None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_found_by_what_is_known_of_them() {
    let data = tempfile::tempdir().unwrap();
    let router = router(data.path()).await;
    let (id, _) = contact(&router).await;
    let end = json!({"InstanceId": call(&router, "GET", "/relevo/info", None).await.1["instanceId"], "ContactId": id});
    assert_eq!(call(&router, "POST", "/contact/stop", Some(end)).await.0, StatusCode::OK);
    contact(&router).await;
    for (query, count) in [
        ("", 2),
        ("name=mar%C3%ADa", 2),
        ("name=nobody", 0),
        ("state=ENDED", 1),
        ("attribute=tier", 2),
        ("attribute=tier%3Dgold&state=ended", 1),
        ("attribute=tier%3Dsilver", 0),
        ("text=PARCEL", 2),
        ("text=broken", 0),
        ("any=late&state=ENDED", 1),
        ("from=2999-01-01", 0),
        ("to=2000-01-01", 0),
        ("from=2000-01-01&to=2999-01-01", 2),
    ] {
        let (status, found) = call(&router, "GET", &format!("/relevo/inspector/search?{query}"), None).await;
        assert_eq!((status, &found["total"]), (StatusCode::OK, &json!(count)), "{query}");
    }
    assert_eq!(call(&router, "GET", "/relevo/inspector/search?colour=red", None).await.0, StatusCode::BAD_REQUEST);
    let (_, overview) = call(&router, "GET", "/relevo/overview", None).await;
    assert_eq!((&overview["contacts"], &overview["ends"]["API"]), (&json!(2), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_hold_at_once_and_refuse_what_is_none() {
    let data = tempfile::tempdir().unwrap();
    let router = router(data.path()).await;
    let (_, token) = contact(&router).await;
    let body = json!({"Type": ["CONNECTION_CREDENTIALS"]});
    let (_, connection) = call_with(&router, "POST", "/participant/connection", Some(&token), Some(body)).await;
    let secret = connection["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap().to_owned();
    let message = || Some(json!({"ContentType": "text/plain", "Content": "x".repeat(301)}));
    let (_, settings) = call(&router, "PUT", "/relevo/settings", Some(json!({"messageLimitBytes": 300}))).await;
    assert_eq!(settings["messageLimitBytes"], 300);
    assert_eq!(settings["chaoticStream"], false);
    let (_, settings) = call(&router, "PUT", "/relevo/settings", Some(json!({"chaoticStream": true}))).await;
    assert_eq!((&settings["chaoticStream"], &settings["messageLimitBytes"]), (&json!(true), &json!(300)));
    let (status, _) = call_with(&router, "POST", "/participant/message", Some(&secret), message()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    call(&router, "PUT", "/relevo/settings", Some(json!({"messageLimitBytes": 400, "model": ["offline"]}))).await;
    let (status, _) = call_with(&router, "POST", "/participant/message", Some(&secret), message()).await;
    assert_eq!(status, StatusCode::OK);
    for body in
        [json!({"messageLimitBytes": 1}), json!({"model": []}), json!({"model": ["openai"]}), json!({"speed": 1})]
    {
        assert_eq!(call(&router, "PUT", "/relevo/settings", Some(body)).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn faults_are_replaced_while_it_runs_and_counted() {
    let data = tempfile::tempdir().unwrap();
    let router = router(data.path()).await;
    let (_, settings) = call(&router, "GET", "/relevo/settings", None).await;
    assert_eq!(settings["faults"], "off");
    let rules = json!({"rules": [{"operation": "DescribeContact", "first": 1, "throttle": true}]});
    let (status, _) = call(&router, "PUT", "/relevo/faults", Some(rules)).await;
    assert_eq!(status, StatusCode::OK);
    let asked = [call(&router, "GET", "/contacts/i/c", None).await, call(&router, "GET", "/contacts/i/c", None).await];
    assert_eq!(asked.map(|(status, _)| status), [StatusCode::TOO_MANY_REQUESTS, StatusCode::NOT_FOUND]);
    let (_, shown) = call(&router, "GET", "/relevo/faults", None).await;
    assert_eq!(shown["counts"], json!([{"calls": 2, "injected": 1}]));
    assert_eq!(call(&router, "GET", "/relevo/settings", None).await.1["faults"], "own");

    let (_, shown) = call(&router, "PUT", "/relevo/faults", Some(json!({"set": "slow"}))).await;
    assert_eq!(shown["rules"][0]["latency"], json!([150, 900]));
    assert_eq!(call(&router, "GET", "/relevo/settings", None).await.1["faults"], "slow");
    for (bad, said) in [
        (json!({"set": "none"}), "There is no set none; there are off, throttling, slow, lost."),
        (
            json!({"rules": [{"operation": "SendMesage", "lost": true}]}),
            "line 1: rules[0].operation: there is no SendMesage",
        ),
    ] {
        let (status, body) = call(&router, "PUT", "/relevo/faults", Some(bad)).await;
        let message = body["Message"].as_str().unwrap_or_default();
        assert!(status == StatusCode::BAD_REQUEST && message.starts_with(said), "{body}");
    }
    assert_eq!(call(&router, "GET", "/relevo/settings", None).await.1["faults"], "slow", "a refusal changes nothing");
}
