//! `StartContactStreaming`: `POST /contact/start-streaming`.

use axum::response::Response;
use serde_json::json;

use super::{CLIENT_TOKEN, CONTACT_ID, INSTANCE_ID, STREAMING_ENDPOINT_ARN};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

struct Request {
    instance_id: String,
    contact_id: String,
    streaming_endpoint_arn: String,
    client_token: String,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let Request { instance_id, contact_id, streaming_endpoint_arn, client_token } = read(call)?;
    let streaming_id =
        wire.centre.start_contact_streaming(&instance_id, &contact_id, &streaming_endpoint_arn, &client_token).await?;
    Ok(answer::ok(json!({ "StreamingId": streaming_id })))
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let configuration = members.required_structure("ChatStreamingConfiguration");
    let request = Request {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        contact_id: members.required_text("ContactId", &CONTACT_ID),
        streaming_endpoint_arn: configuration
            .map(|it| it.required_text("StreamingEndpointArn", &STREAMING_ENDPOINT_ARN))
            .unwrap_or_default(),
        client_token: members.required_text("ClientToken", &CLIENT_TOKEN),
    };
    faults.check()?;
    Ok(request)
}
