//! `SendEvent`: `POST /participant/event`.

use axum::response::Response;
use relevo_connect::api::Send;

use super::{CLIENT_TOKEN, CONTENT, CONTENT_TYPE, sent};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let answer = wire.centre.send_event(&token, read(call)?).await?;
    Ok(answer::ok(sent(&answer)))
}

fn read(call: &Call) -> Result<Send, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let event = Send {
        content_type: members.required_text("ContentType", &CONTENT_TYPE),
        content: members.text("Content", &CONTENT),
        client_token: members.text("ClientToken", &CLIENT_TOKEN).filter(|token| !token.is_empty()),
    };
    faults.check()?;
    Ok(event)
}
