//! A server that does what a test has written down: answers in pieces, breaks off, falls silent, refuses.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Response, Uri},
};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;

/// What the server does with one request.
#[derive(Clone)]
pub(crate) struct Act {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    pieces: Vec<Bytes>,
    then: Then,
}

/// What comes after the pieces.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Then {
    /// The end of the body.
    End,
    /// The connection breaks.
    Break,
    /// Nothing more, on an open connection.
    Silence,
    /// Not even the status was sent.
    Never,
}

impl Act {
    /// A stream, byte by byte.
    pub(crate) fn stream(text: &str) -> Self {
        let pieces = text.as_bytes().chunks(1).map(Bytes::copy_from_slice).collect();
        Self { status: 200, headers: vec![("content-type", "text/event-stream")], pieces, then: Then::End }
    }

    /// An answer in one piece.
    pub(crate) fn status(status: u16, body: &str) -> Self {
        let pieces = vec![Bytes::copy_from_slice(body.as_bytes())];
        Self { status, headers: vec![("content-type", "application/json")], pieces, then: Then::End }
    }

    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// One request: path with query, headers, body.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// The acts still to do, and what was asked. After the last act there is a 500.
#[derive(Clone, Default)]
pub(crate) struct Server {
    acts: Arc<Mutex<VecDeque<Act>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Serves on a free port; gives its address.
    pub(crate) async fn serve(acts: impl IntoIterator<Item = Act>) -> (Self, String) {
        let server = Self { acts: Arc::new(Mutex::new(acts.into_iter().collect())), asked: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().fallback(act).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn act(
    State(server): State<Server>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response<Body>, Infallible> {
    let body = serde_json::from_slice(&body).unwrap();
    server.asked.lock().unwrap().push(Asked { path: uri.to_string(), headers, body });
    let next = server.acts.lock().unwrap().pop_front();
    let Act { status, headers, pieces, then } = next.unwrap_or_else(|| Act::status(500, "{}"));
    if then == Then::Never {
        std::future::pending::<()>().await;
    }
    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, io::Error>));
    let body = match then {
        Then::End | Then::Never => Body::from_stream(pieces),
        Then::Break => Body::from_stream(pieces.chain(stream::once(broken()))),
        Then::Silence => Body::from_stream(pieces.chain(stream::pending())),
    };
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    Ok(response.body(body).unwrap())
}

/// What was sent before goes out first: the server writes it when it has to wait.
async fn broken() -> Result<Bytes, io::Error> {
    tokio::task::yield_now().await;
    Err(io::Error::other("broken"))
}
