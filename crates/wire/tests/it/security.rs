//! Who may come in, and what browsers are told.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::get,
};
use relevo_wire::{Options, SecurityLayer};
use serde_json::json;
use tower::ServiceExt as _;

use crate::support::{Counter, Server, request};

const PAGE: &str = "http://localhost:5173";

fn options() -> Options {
    Options {
        allowed_origins: vec!["https://chat.example.com".into()],
        allowed_hosts: vec!["devbox".into()],
        ..Options::new(Arc::new(Counter::default()), 8080)
    }
}

fn with(headers: &[(&'static str, &str)], mut request: Request<Body>) -> Request<Body> {
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

fn stop() -> Request<Body> {
    request("POST", "/contact/stop", "", b"{}".to_vec())
}

#[tokio::test]
async fn foreign_hosts_are_refused_on_every_route() {
    let server = Server::with(options()).await;
    for path in ["/contact/stop", "/nothing", "/participant/websocket?token=x"] {
        for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"] {
            let request = with(&[("host", host)], request("GET", path, "", Vec::new()));
            server.send(request).await.refusal(403, "AccessDeniedException", "Message");
        }
    }
    for host in ["127.0.0.1:1", "localhost", "[::1]:8080", "devbox:8080"] {
        server.send(with(&[("host", host)], stop())).await.refusal(400, "InvalidParameterException", "Message");
    }
}

#[tokio::test]
async fn foreign_origins_are_refused_and_get_no_leave_to_read() {
    let server = Server::with(options()).await;
    for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
        let reply = server.send(with(&[("origin", origin)], stop())).await;
        reply.refusal(403, "AccessDeniedException", "Message");
        assert_eq!(reply.header("access-control-allow-origin"), "");
        let upgrade = [("origin", origin), ("upgrade", "websocket"), ("connection", "upgrade")];
        let socket = with(&upgrade, request("GET", "/participant/websocket?token=x", "", Vec::new()));
        server.send(socket).await.refusal(403, "AccessDeniedException", "Message");
        let agent = request("POST", "/agents/A/agentAliases/B/sessions/cc/text", "", b"{}".to_vec());
        server.send(with(&[("origin", origin)], agent)).await.refusal(403, "AccessDeniedException", "message");
    }
}

#[tokio::test]
async fn pages_of_this_machine_may_read_answers_and_refusals() {
    let server = Server::with(options()).await;
    for origin in [PAGE, "https://chat.example.com"] {
        let reply = server.send(with(&[("origin", origin)], stop())).await;
        reply.refusal(400, "InvalidParameterException", "Message");
        assert_eq!(reply.header("access-control-allow-origin"), origin);
        assert_eq!(reply.header("access-control-expose-headers"), "x-amzn-errortype, x-amzn-requestid");
        assert_eq!(reply.header("vary"), "origin");
    }
}

#[tokio::test]
async fn preflights_echo_the_headers_asked_for() {
    let server = Server::with(options()).await;
    let asked = "authorization,content-type,x-amz-bearer,x-amz-content-sha256,x-amz-date,x-amz-user-agent";
    let headers = [
        ("origin", PAGE),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", asked),
        ("access-control-request-private-network", "true"),
    ];
    let preflight = with(&headers, request("OPTIONS", "/participant/message", "", Vec::new()));
    let reply = server.send(preflight).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(reply.header("access-control-allow-origin"), PAGE);
    assert_eq!(reply.header("access-control-allow-headers"), asked);
    assert!(reply.header("access-control-allow-methods").contains("PUT"));
    assert_eq!(reply.header("access-control-allow-private-network"), "true");

    let foreign = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    let reply = server.send(with(&foreign, request("OPTIONS", "/participant/message", "", Vec::new()))).await;
    reply.refusal(403, "AccessDeniedException", "Message");
}

#[tokio::test]
async fn the_layer_lies_over_other_routes_too() {
    let server = Server::with(options()).await;
    let own = Router::new().route("/health", get(|| async { "ok" }));
    let router = server.router.clone().merge(own).layer(SecurityLayer::new(&options()));
    let send = async |request| router.clone().oneshot(request).await.unwrap();
    assert_eq!(send(request("GET", "/health", "", Vec::new())).await.status(), StatusCode::OK);
    let foreign = with(&[("origin", "https://evil.example")], request("GET", "/health", "", Vec::new()));
    assert_eq!(send(foreign).await.status(), StatusCode::FORBIDDEN);
    let reply = send(with(&[("origin", PAGE)], stop())).await;
    assert_eq!(reply.headers().get_all("access-control-allow-origin").iter().count(), 1, "twice does no harm");
}

#[tokio::test]
async fn signatures_are_not_looked_at() {
    let server = Server::with(options()).await;
    let empty_key =
        "AWS4-HMAC-SHA256 Credential=/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0";
    for authorization in [empty_key, "nonsense", "Bearer x"] {
        let request = with(&[("authorization", authorization)], request("POST", "/contact/stop", "", b"{}".to_vec()));
        server.send(request).await.refusal(400, "InvalidParameterException", "Message");
    }
    server.call("PUT", "/contact/chat", "", &json!({})).await.refusal(400, "InvalidParameterException", "Message");
}
