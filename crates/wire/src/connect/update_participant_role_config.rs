//! `UpdateParticipantRoleConfig`: `PUT /contact/participant-role-config/{InstanceId}/{ContactId}`.

use axum::response::Response;
use relevo_connect::api::contacts::{ChatTimer, TimerKind, TimerRole};

use super::labels;
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = labels(call, "ContactId")?;
    let timers = read(call)?;
    wire.centre.update_chat_timers(&instance_id, &contact_id, timers).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<Vec<ChatTimer>, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let channel = members.required_structure("ChannelConfiguration");
    let chat = channel.and_then(|it| it.required_structure("Chat"));
    let timers = chat.map(|it| {
        it.require("ParticipantTimerConfigList");
        it.list_of_structures("ParticipantTimerConfigList", &(1..=6)).iter().filter_map(timer).collect()
    });
    faults.check()?;
    Ok(timers.unwrap_or_default())
}

/// One timer; nothing where a fault was noted.
fn timer(it: &Members<'_>) -> Option<ChatTimer> {
    let role = it.required_word("ParticipantRole", &[("CUSTOMER", TimerRole::Customer), ("AGENT", TimerRole::Agent)]);
    let kinds = [("IDLE", TimerKind::Idle), ("DISCONNECT_NONCUSTOMER", TimerKind::DisconnectNonCustomer)];
    let kind = it.required_word("TimerType", &kinds);
    let value = it.required_structure("TimerValue")?;
    let minutes = value.integer("ParticipantTimerDurationInMinutes", &(2..=480));
    let unset = value.word("ParticipantTimerAction", &[("Unset", ())]);
    if value.names().count() != 1 {
        let path = it.path_of("TimerValue");
        it.faults().constraint(&path, "Member must have exactly one member set");
    }
    (minutes.is_some() || unset.is_some()).then_some(ChatTimer { role: role?, kind: kind?, minutes })
}
