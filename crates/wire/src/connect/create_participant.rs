//! `CreateParticipant`: `POST /contact/create-participant`.

use axum::response::Response;
use relevo_connect::{api::CreateParticipant, item::Role};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{CLIENT_TOKEN, CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

/// The roles of the service model; which of them may be created, the centre says.
const ROLES: [(&str, Role); 5] = [
    ("AGENT", Role::Agent),
    ("CUSTOMER", Role::Customer),
    ("SYSTEM", Role::System),
    ("CUSTOM_BOT", Role::CustomBot),
    ("SUPERVISOR", Role::Supervisor),
];

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let created = wire.centre.create_participant(read(call)?).await?;
    Ok(answer::ok(json!({
        "ParticipantCredentials": {
            "ParticipantToken": created.participant_token.expose_secret(),
            "Expiry": answer::iso_8601(created.expiry_ms),
        },
        "ParticipantId": created.participant_id,
    })))
}

fn read(call: &Call) -> Result<CreateParticipant, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let instance_id = members.required_text("InstanceId", &INSTANCE_ID);
    let contact_id = members.required_text("ContactId", &CONTACT_ID);
    let client_token = members.text("ClientToken", &CLIENT_TOKEN).filter(|token| !token.is_empty());
    let details = members.required_structure("ParticipantDetails");
    let role = details.as_ref().and_then(|it| it.required_word("ParticipantRole", &ROLES));
    let display_name = details.and_then(|it| it.text("DisplayName", &(1..=256)));
    faults.check()?;
    let role = role.ok_or_else(|| AwsError::internal("a role passed the check and is absent"))?;
    let display_name = display_name.unwrap_or_else(|| role.as_str().to_owned());
    Ok(CreateParticipant { instance_id, contact_id, client_token, role, display_name })
}
