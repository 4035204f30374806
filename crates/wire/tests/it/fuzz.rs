//! Whatever comes in, an answer in AWS's shape goes out.

use std::sync::LazyLock;

use axum::{body::Body, http::Request};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::{
    bad_requests::WITH_BODY,
    support::{FLOW, INSTANCE, Reply, Server, request},
};

/// One server for all cases: it must live through them all.
static SERVER: LazyLock<(Runtime, Server)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    (runtime, server)
});

fn send(request: Request<Body>) -> Reply {
    let (runtime, server) = &*SERVER;
    runtime.block_on(server.send(request))
}

/// A refusal in AWS's shape, or an answer. Never a failure of ours.
fn check(reply: &Reply) -> Result<(), TestCaseError> {
    prop_assert!(!reply.header("x-amzn-requestid").is_empty(), "{:?}", reply);
    let status = reply.status.as_u16();
    if status == 200 {
        prop_assert!(reply.body.is_object());
        return Ok(());
    }
    prop_assert!((400..500).contains(&status), "{:?}", reply);
    prop_assert!(!reply.header("x-amzn-errortype").is_empty(), "{:?}", reply);
    let message = reply.body.get("Message").or_else(|| reply.body.get("message"));
    prop_assert!(message.is_some_and(Value::is_string), "{:?}", reply);
    Ok(())
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!(INSTANCE)),
        Just(json!("WEBSOCKET")),
        Just(json!("text/plain")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((member(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "InstanceId",
        "ContactId",
        "InitialContactId",
        "ContactFlowId",
        "ParticipantDetails",
        "DisplayName",
        "ParticipantRole",
        "Attributes",
        "SegmentAttributes",
        "ClientToken",
        "ConnectionTypes",
        "Type",
        "Content",
        "ContentType",
        "StartPosition",
        "MaxResults",
        "ScanDirection",
        "ChatStreamingConfiguration",
        "StreamingEndpointArn",
        "sessionState",
        "inputText",
        "returnControlInvocationResults",
        "functionResult",
        "responseBody",
        "TEXT",
        "body",
        "streamingConfigurations",
        "InitialMessage",
        "SupportedMessagingContentTypes",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => ".{0,10}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn bytes_on_every_route(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for (method, path, _, _) in WITH_BODY {
            check(&send(request(method, path, "some-token", bytes.clone())))?;
        }
    }

    #[test]
    fn json_on_every_route(members in prop::collection::vec((member(), json_value()), 0..6)) {
        let body = Value::Object(members.into_iter().collect::<Map<_, _>>()).to_string();
        for (method, path, _, _) in WITH_BODY {
            check(&send(request(method, path, "some-token", body.clone().into_bytes())))?;
        }
    }

    #[test]
    fn requests_that_are_almost_right(name in member(), value in json_value()) {
        let mut chat = json!({"InstanceId": INSTANCE, "ContactFlowId": FLOW, "ParticipantDetails": {"DisplayName": "J"}});
        chat[name] = value;
        check(&send(request("PUT", "/contact/chat", "", chat.to_string().into_bytes())))?;
    }

    #[test]
    fn methods_and_paths(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "X"]),
        segments in prop::collection::vec("(contact|contacts|participant|agents|text|websocket|%[0-9A-F]{2}|[a-z0-9._~-]{0,8})", 0..9),
        query in "(\\?[a-z0-9=&%]{0,12})?",
    ) {
        let path = format!("/{}{query}", segments.join("/"));
        let reply = send(request(method, &path, "some-token", Vec::new()));
        prop_assert!(!reply.header("x-amzn-requestid").is_empty());
        prop_assert!(!reply.header("x-amzn-errortype").is_empty() || reply.status == 200, "{} {} {:?}", method, path, reply);
    }
}
