//! `DescribeUser`: `GET /users/{InstanceId}/{UserId}`.

use axum::response::Response;
use serde_json::json;

use super::{NAME, two_labels};
use crate::{Wire, answer, call::Call, error::AwsError};

/// A user name's length in the service model; the desk's names may be longer.
const USERNAME_CHARACTERS: usize = 100;

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, user_id) = two_labels(call, "UserId", &NAME)?;
    let user = wire.centre.describe_user(&instance_id, &user_id)?;
    let (profile, _) = wire.centre.routing_profile(&instance_id)?;
    let agent = &user.view.agent;
    Ok(answer::ok(json!({ "User": {
        "Id": user.id,
        "Arn": user.arn,
        "Username": username(&agent.name),
        "IdentityInfo": { "FirstName": agent.name.chars().take(255).collect::<String>() },
        "PhoneConfig": { "PhoneType": "SOFT_PHONE", "AutoAccept": false },
        "RoutingProfileId": profile,
        "LastModifiedTime": answer::epoch_seconds(agent.since_ms),
        "LastModifiedRegion": wire.centre.config().region,
    } })))
}

/// The desk's name, as far as a user name is long.
pub(super) fn username(name: &str) -> String {
    name.chars().take(USERNAME_CHARACTERS).collect()
}
