//! The SDK's HTTP client without a socket: over a router, or over answers that a test has written down.

use std::{
    collections::VecDeque,
    convert::Infallible,
    fmt,
    future::pending,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use aws_config::SdkConfig;
use aws_sdk_connect::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
};
use relevo_aws::Clients;
use serde_json::Value;
use tower::ServiceExt as _;

/// Clients over this HTTP client.
pub(crate) fn clients(http: impl HttpClient + 'static) -> Clients {
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("any", "any", None, None, "test")))
        .endpoint_url("http://127.0.0.1:8080")
        .http_client(SharedHttpClient::new(http))
        .build();
    Clients::new(&config, Duration::from_mins(1))
}

/// A router as the service.
#[derive(Debug, Clone)]
pub(crate) struct InProcess(pub(crate) Router);

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let router = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().unwrap();
            let request = request.map(|body| Body::from(body.bytes().unwrap().to_vec()));
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let status = StatusCode::try_from(parts.status.as_u16()).unwrap();
            let mut response = HttpResponse::new(status, SdkBody::from(body.to_vec()));
            for (name, value) in &parts.headers {
                response.headers_mut().append(name.as_str().to_owned(), value.to_str().unwrap().to_owned());
            }
            Ok(response)
        })
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// What a scripted service does with one request.
pub(crate) enum Answer {
    /// Status, exception (or nothing), body.
    Http(u16, &'static str, Vec<u8>),
    /// A body in these pieces.
    Pieces(Vec<Vec<u8>>),
    /// A body that begins like this and has no end.
    Unending(Vec<u8>),
    /// The connection breaks.
    Broken,
    /// Nothing comes.
    Silence,
}

impl Answer {
    pub(crate) fn json(status: u16, error: &'static str, body: &Value) -> Self {
        Self::Http(status, error, body.to_string().into_bytes())
    }
}

/// A request as it went out.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) path: String,
    pub(crate) target: String,
    pub(crate) body: Value,
    pub(crate) text: String,
}

/// Answers in the order they were written down. A request too many breaks.
#[derive(Clone, Default)]
pub(crate) struct Scripted {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl Scripted {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), sent: Arc::default() }
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

impl HttpConnector for Scripted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let text = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let uri = request.uri();
        let path = uri.split_once("8080").map_or(uri, |(_, path)| path).to_owned();
        self.sent.lock().unwrap().push(Sent { path, target, body, text });
        let answer = self.answers.lock().unwrap().pop_front();
        HttpConnectorFuture::new(async move {
            let answer = match answer {
                Some(Answer::Http(status, error, body)) => Some((status, error, SdkBody::from(body))),
                Some(Answer::Pieces(pieces)) => {
                    Some((200, "", SdkBody::from_body_1_x(InPieces { pieces: pieces.into(), ends: true })))
                }
                Some(Answer::Unending(begin)) => {
                    Some((200, "", SdkBody::from_body_1_x(InPieces { pieces: [begin].into(), ends: false })))
                }
                Some(Answer::Broken) | None => None,
                Some(Answer::Silence) => pending().await,
            };
            match answer {
                Some((status, error, body)) => {
                    let mut response = HttpResponse::new(StatusCode::try_from(status).unwrap(), body);
                    if !error.is_empty() {
                        response.headers_mut().insert("x-amzn-errortype", error);
                    }
                    response.headers_mut().insert("x-amzn-bedrock-agent-content-type", "application/json");
                    response.headers_mut().insert("x-amz-bedrock-agent-session-id", "session");
                    Ok(response)
                }
                None => Err(ConnectorError::io("broken".into())),
            }
        })
    }
}

impl HttpClient for Scripted {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A body in pieces.
struct InPieces {
    pieces: VecDeque<Vec<u8>>,
    ends: bool,
}

impl http_body::Body for InPieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let body = self.get_mut();
        match body.pieces.pop_front() {
            Some(piece) => Poll::Ready(Some(Ok(http_body::Frame::data(piece.into())))),
            None if body.ends => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}
