//! `DisconnectParticipant`: `POST /participant/disconnect`.

use axum::response::Response;

use super::CLIENT_TOKEN;
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    check(call)?;
    wire.centre.disconnect_participant(&token).await?;
    Ok(answer::empty())
}

/// The operation says nothing a second time anyway, so that its client token is read and has no effect.
fn check(call: &Call) -> Result<(), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    Members::of(&body, &faults).text("ClientToken", &CLIENT_TOKEN);
    faults.check()
}
