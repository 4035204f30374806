//! A server that keeps what it is asked and answers by the path.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

/// One request: path, headers, body.
pub(crate) type Seen = (String, HeaderMap, Value);

#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Mutex<Vec<Seen>>>);

impl Server {
    /// Serves on a free port; answers its address.
    pub(crate) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }
}

async fn answer(State(server): State<Server>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    server.0.lock().unwrap().push((path.clone(), headers, serde_json::from_slice(&body).unwrap()));
    let answer = json!({"messageVersion": "1.0", "response": {"function": "f", "functionResponse":
        {"responseBody": {"TEXT": {"body": "paid in full"}}}}});
    match path.as_str() {
        "/plain" => "paid in full".into_response(),
        "/action-group" => axum::Json(answer).into_response(),
        "/broken" => (StatusCode::INTERNAL_SERVER_ERROR, "a secret of the server").into_response(),
        "/moved" => (StatusCode::TEMPORARY_REDIRECT, [("location", "/plain")]).into_response(),
        "/long" => "x".repeat(30_000).into_response(),
        "/silent" => std::future::pending().await,
        path if path.ends_with("Fails/invocations") => {
            ([("X-Amz-Function-Error", "Unhandled")], r#"{"errorMessage":"secret"}"#).into_response()
        }
        path if path.ends_with("/invocations") => axum::Json(answer).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
