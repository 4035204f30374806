//! The operations of `connectparticipant` (API version 2018-09-07), one file each.

pub(crate) mod attachment_content;
pub(crate) mod cancel_participant_authentication;
pub(crate) mod complete_attachment_upload;
pub(crate) mod create_participant_connection;
pub(crate) mod describe_view;
pub(crate) mod disconnect_participant;
pub(crate) mod get_attachment;
pub(crate) mod get_authentication_url;
pub(crate) mod get_transcript;
pub(crate) mod send_event;
pub(crate) mod send_message;
pub(crate) mod start_attachment_upload;

use relevo_connect::api::Sent;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    Wire,
    error::{AwsError, Kind},
    input::Bounds,
};

/// Lengths of the service model, in characters.
const CONTENT_TYPE: Bounds = 1..=100;
const CONTENT: Bounds = 1..=16_384;
const CLIENT_TOKEN: Bounds = 0..=500;
const NEEDED_CLIENT_TOKEN: Bounds = 1..=500;
const ATTACHMENT_ID: Bounds = 1..=256;

/// What an operation on a customer's authentication answers: access denied, or that there is no such session.
fn no_session(wire: &Wire, token: &SecretString) -> AwsError {
    match wire.centre.check_connection(token) {
        Ok(()) => AwsError::new(Kind::InvalidRequest, "SessionId is of no authentication that is going on"),
        Err(denied) => denied.into(),
    }
}

/// The answer of `SendMessage` and `SendEvent`.
fn sent(sent: &Sent) -> Value {
    let Sent { id, absolute_time, processing } = sent;
    match processing {
        None => json!({ "Id": id, "AbsoluteTime": absolute_time }),
        Some(status) => json!({
            "Id": id,
            "AbsoluteTime": absolute_time,
            "MessageMetadata": { "MessageProcessingStatus": status },
        }),
    }
}
