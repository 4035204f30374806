//! `GetAuthenticationUrl`: `POST /participant/authentication-url`. No flow authenticates anybody here, so that there is
//! no session to find.

use axum::response::Response;

use super::no_session;
use crate::{
    Wire,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    read(call)?;
    Err(no_session(wire, &token))
}

fn read(call: &Call) -> Result<(), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    members.required_text("SessionId", &(36..=36));
    members.required_text("RedirectUri", &(1..=1024));
    faults.check()
}
