//! `GetTranscript`: `POST /participant/transcript`.

use axum::response::Response;
use relevo_connect::{
    api::{GetTranscript, StartPosition},
    item::Item,
};
use serde_json::{Value, json};

use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let transcript = wire.centre.get_transcript(&token, read(call)?).await?;
    let items = transcript.items.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    Ok(answer::ok(answer::structure([
        ("InitialContactId", Some(json!(transcript.initial_contact_id))),
        ("Transcript", Some(Value::Array(items))),
        ("NextToken", transcript.next_token.map(Value::from)),
    ])))
}

/// The item as this operation knows it: `InitialContactId` is a member of the websocket's and the stream's items.
fn item(item: &Item) -> Result<Value, AwsError> {
    let mut value = serde_json::to_value(item).map_err(AwsError::internal)?;
    if let Some(members) = value.as_object_mut() {
        members.shift_remove("InitialContactId");
    }
    Ok(value)
}

fn read(call: &Call) -> Result<GetTranscript, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let request = GetTranscript {
        contact_id: members.text("ContactId", &(1..=256)),
        max_results: members.integer("MaxResults", &(0..=100)),
        next_token: members.text("NextToken", &(1..=1000)),
        forward: members.word("ScanDirection", &[("FORWARD", true), ("BACKWARD", false)]),
        ascending: members.word("SortOrder", &[("ASCENDING", true), ("DESCENDING", false)]).unwrap_or(false),
        start: members.structure("StartPosition").and_then(|position| start_position(&members, &position)),
    };
    faults.check()?;
    Ok(request)
}

/// An empty structure is no position: ChatJS sends one.
fn start_position(members: &Members<'_>, position: &Members<'_>) -> Option<StartPosition> {
    let given = [
        position.text("Id", &(1..=256)).map(StartPosition::Id),
        position.text("AbsoluteTime", &(1..=100)).map(StartPosition::AbsoluteTime),
        position.integer("MostRecent", &(0..=100)).map(StartPosition::MostRecent),
    ];
    let mut given = given.into_iter().flatten();
    let first = given.next();
    if given.next().is_some() {
        members
            .faults()
            .constraint(&members.path_of("StartPosition"), "Only one of Id, AbsoluteTime and MostRecent may be set");
    }
    first
}
