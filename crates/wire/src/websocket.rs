//! The participant's websocket: `GET /participant/websocket?token=…`.

mod frames;
mod session;

use axum::{
    extract::{FromRequestParts as _, Query, WebSocketUpgrade},
    http::request::Parts,
    response::Response,
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    Wire,
    error::{AwsError, Kind},
};

/// Clients send subscriptions and heartbeats; the library's own 128 KiB would be most of what an open chat costs.
const READ_BUFFER_BYTES: usize = 1024;

#[derive(Deserialize)]
struct Parameters {
    token: Option<SecretString>,
}

/// Takes the connection over, if the URL's secret is good.
pub(crate) async fn open(wire: &Wire, parts: &mut Parts) -> Result<Response, AwsError> {
    let parameters = Query::<Parameters>::try_from_uri(&parts.uri).ok();
    let token = parameters.and_then(|Query(it)| it.token);
    let token = token.ok_or_else(|| AwsError::new(Kind::AccessDenied, "Access denied"))?;
    wire.centre.check_websocket(&token).await?;

    let upgrade = WebSocketUpgrade::from_request_parts(parts, &())
        .await
        .map_err(|_| AwsError::new(Kind::InvalidRequest, "This URL is for websockets"))?;
    let centre = wire.centre.clone();
    let heartbeat = wire.options.heartbeat;
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(heartbeat.max_frame_bytes)
        .max_frame_size(heartbeat.max_frame_bytes);
    Ok(upgrade.on_upgrade(async move |socket| match centre.open_websocket(&token).await {
        Ok(subscription) => session::run(socket, subscription.items, heartbeat).await,
        // The socket is dropped, and the client comes back through CreateParticipantConnection.
        Err(error) => tracing::info!(kind = ?error.kind, cause = error.cause, "websocket refused"),
    }))
}
