//! `CreateParticipantConnection`: `POST /participant/connection`.

use axum::response::Response;
use relevo_connect::api::{Connection, CreateConnection};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::{
    Options, Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

#[derive(Clone, Copy, PartialEq)]
enum Type {
    Websocket,
    Credentials,
    Webrtc,
}

const TYPES: [(&str, Type); 3] = [
    ("WEBSOCKET", Type::Websocket),
    ("CONNECTION_CREDENTIALS", Type::Credentials),
    ("WEBRTC_CONNECTION", Type::Webrtc),
];

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let connection = wire.centre.create_participant_connection(&token, read(call)?).await?;
    let (websocket, credentials) = members(&connection, &wire.options);
    Ok(answer::ok(answer::structure([("Websocket", websocket), ("ConnectionCredentials", credentials)])))
}

/// The members `Websocket` and `ConnectionCredentials`. The URL names `127.0.0.1` and never `localhost`: the ChatJS
/// library takes no other unencrypted one.
pub(crate) fn members(connection: &Connection, options: &Options) -> (Option<Value>, Option<Value>) {
    let Options { ws_host: host, ws_port: port, .. } = options;
    let websocket = connection.websocket.as_ref().map(|(secret, expiry_ms)| {
        json!({
            "Url": format!("ws://{host}:{port}/participant/websocket?token={}", secret.expose_secret()),
            "ConnectionExpiry": answer::iso_8601(*expiry_ms),
        })
    });
    let credentials = connection.credentials.as_ref().map(|(token, expiry_ms)| {
        json!({ "ConnectionToken": token.expose_secret(), "Expiry": answer::iso_8601(*expiry_ms) })
    });
    (websocket, credentials)
}

fn read(call: &Call) -> Result<CreateConnection, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let types = members.list_of_words("Type", &(1..=u64::MAX), &TYPES);
    let connect_participant = members.boolean("ConnectParticipant");
    faults.check()?;
    if types.contains(&Type::Webrtc) {
        return Err(AwsError::new(Kind::InvalidRequest, "WEBRTC_CONNECTION is not supported by Relevo"));
    }
    Ok(CreateConnection {
        websocket: types.contains(&Type::Websocket),
        credentials: types.contains(&Type::Credentials),
        connect_participant,
    })
}
