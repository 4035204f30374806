//! The operations of `connectparticipant` (API version 2018-09-07), one file each.

pub(crate) mod attachment_content;
pub(crate) mod complete_attachment_upload;
pub(crate) mod create_participant_connection;
pub(crate) mod describe_view;
pub(crate) mod disconnect_participant;
pub(crate) mod get_attachment;
pub(crate) mod get_transcript;
pub(crate) mod send_event;
pub(crate) mod send_message;
pub(crate) mod start_attachment_upload;

use relevo_connect::api::Sent;
use serde_json::{Value, json};

use crate::input::Bounds;

/// Lengths of the service model, in characters.
const CONTENT_TYPE: Bounds = 1..=100;
const CONTENT: Bounds = 1..=16_384;
const CLIENT_TOKEN: Bounds = 0..=500;
const NEEDED_CLIENT_TOKEN: Bounds = 1..=500;
const ATTACHMENT_ID: Bounds = 1..=256;

/// The answer of `SendMessage` and `SendEvent`.
fn sent(sent: &Sent) -> Value {
    json!({ "Id": sent.id, "AbsoluteTime": sent.absolute_time })
}
