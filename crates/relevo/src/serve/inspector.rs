//! The inspector's API: one contact from the inside, and a stream of what changes.

use std::convert::Infallible;

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::{Stream, StreamExt, stream};
use relevo_connect::{Error, ErrorKind};
use serde_json::{Value, json};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{Served, desk::from_centre};

pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/relevo/inspector/contacts", get(contacts))
        .route("/relevo/inspector/contacts/{contact_id}", get(contact))
        .route("/relevo/inspector/flows/{flow_id}", get(flow))
        .route("/relevo/inspector/events", get(events))
}

async fn contacts(State(served): State<Served>) -> Response {
    Json(json!({ "contacts": served.centre.contacts().await })).into_response()
}

async fn contact(State(served): State<Served>, Path(contact_id): Path<String>) -> Response {
    let inspection = match served.centre.inspect(&contact_id).await {
        Ok(inspection) => inspection,
        Err(error) => return from_centre(&error),
    };
    let mut body = json!(inspection);
    if let Some(object) = body.as_object_mut() {
        object.insert("traces".into(), json!(served.traces.of(&contact_id)));
        object.insert("calls".into(), json!(served.calls.of(&contact_id)));
        let transcript = served.centre.transcript(&contact_id).await.unwrap_or_default();
        object.insert("transcript".into(), json!(transcript));
    }
    Json(body).into_response()
}

/// A flow as a graph.
async fn flow(State(served): State<Served>, Path(flow_id): Path<String>) -> Response {
    match served.centre.config().flow(&flow_id) {
        Some(entry) => Json(json!({ "id": entry.id, "name": entry.name, "graph": entry.flow.graph() })).into_response(),
        None => from_centre(&Error::new(ErrorKind::NotFound, format!("There is no flow \"{flow_id}\"."))),
    }
}

async fn events(State(served): State<Served>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let centre = changes(served.centre.observe()).map(|observation| json!(observation));
    let agents = changes(served.traces.watch())
        .map(|(contact_id, at_ms)| json!({ "contactId": contact_id, "atMs": at_ms, "kind": "trace" }));
    let events = stream::select(centre, agents).map(|change: Value| Ok(Event::default().data(change.to_string())));
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// A watcher that was too slow misses some changes and goes on: the page reads the whole state again on each.
fn changes<T: Clone + Send + 'static>(receiver: Receiver<T>) -> impl Stream<Item = T> + Send {
    stream::unfold(receiver, async |mut receiver| {
        loop {
            match receiver.recv().await {
                Ok(change) => return Some((change, receiver)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    })
}
