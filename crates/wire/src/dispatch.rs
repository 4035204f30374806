//! The one way in: finds the operation, reads the body, calls, and writes the answer, whatever happens.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use futures_util::FutureExt as _;
use tokio::time::Instant;

use crate::{
    Wire, agents,
    call::{self, Call},
    connect,
    error::{self, AwsError, Kind, REQUEST_ID, Service},
    gate, participant,
    routes::{self, Found, Labels, Operation, Route},
    websocket,
};

/// Serves one request, as the gate lets it.
pub(crate) async fn dispatch(State(wire): State<Arc<Wire>>, request: Request) -> Response {
    let found = routes::find(request.method(), request.uri().path());
    match found.operation() {
        Some(called) => gate::pass(&wire, called, request, async |request| answer(&wire, found, request).await).await,
        None => answer(&wire, found, request).await,
    }
}

async fn answer(wire: &Wire, found: Found, request: Request) -> Response {
    let started = Instant::now();
    let request_id = wire.options.ids.uuid();
    let (service, name, outcome) = match found {
        Found::Route(route, labels) => {
            // A panic below is a defect of ours; it must end neither the connection nor the server.
            let served = AssertUnwindSafe(serve(wire, route, labels, request)).catch_unwind();
            let outcome = Box::pin(served).await.unwrap_or_else(|_| Err(AwsError::internal("panic")));
            (route.service, route.name, outcome)
        }
        Found::OtherMethods(service, methods) => {
            let methods = methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("The method {} is not allowed here", request.method());
            let mut response = AwsError::new(Kind::MethodNotAllowed, message).into_response(service);
            if let Ok(methods) = HeaderValue::from_str(&methods) {
                response.headers_mut().insert(header::ALLOW, methods);
            }
            (service, "unknown", Ok(response))
        }
        Found::Nothing(service) => {
            (service, "unknown", Err(AwsError::new(Kind::UnknownOperation, "Unknown operation")))
        }
    };
    let mut response = match outcome {
        Ok(response) => response,
        Err(error) => refuse(error, service, name, &request_id),
    };
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(operation = name, status, duration_ms, request_id, "served");
    response
}

/// Writes a refusal, and logs the part of it that is not for the client.
fn refuse(error: AwsError, service: Service, operation: &str, request_id: &str) -> Response {
    let (status, exception) = error::name(service, error.kind);
    let (status, cause) = (status.as_u16(), error.cause.as_deref());
    if status >= 500 {
        tracing::error!(operation, exception, status, cause, request_id, "request failed");
    } else {
        tracing::info!(operation, exception, status, cause, request_id, "request refused");
    }
    error.into_response(service)
}

async fn serve(wire: &Wire, route: &Route, labels: Labels, request: Request) -> Result<Response, AwsError> {
    let Some(operation) = route.operation else {
        let message = format!("Operation {} is not implemented by Relevo", route.name);
        return Err(AwsError::new(Kind::InvalidRequest, message));
    };
    if operation == Operation::AttachmentContent {
        return Ok(participant::attachment_content::serve(wire, &labels, request).await);
    }
    let (mut parts, body) = request.into_parts();
    if operation == Operation::Websocket {
        return websocket::open(wire, &mut parts).await;
    }
    let files = match operation {
        Operation::InvokeAgent | Operation::InvokeInlineAgent => wire.options.max_files_bytes,
        _ => 0,
    };
    let body = call::read_body(&parts.headers, body, wire.options.max_body_bytes + files).await?;
    let Parts { headers, uri, .. } = parts;
    let query = uri.query().unwrap_or_default().to_owned();
    run(wire, operation, &Call { labels, query, headers, body }).await
}

async fn run(wire: &Wire, operation: Operation, call: &Call) -> Result<Response, AwsError> {
    let outcome = match operation {
        Operation::StartChatContact => connect::start_chat_contact::serve(wire, call).await,
        Operation::CreateParticipant => connect::create_participant::serve(wire, call).await,
        Operation::StartContactStreaming => connect::start_contact_streaming::serve(wire, call).await,
        Operation::StopContactStreaming => connect::stop_contact_streaming::serve(wire, call).await,
        Operation::StartContactMediaProcessing => connect::start_contact_media_processing::serve(wire, call).await,
        Operation::StopContactMediaProcessing => connect::stop_contact_media_processing::serve(wire, call).await,
        Operation::UpdateContactAttributes => connect::update_contact_attributes::serve(wire, call).await,
        Operation::GetContactAttributes => connect::get_contact_attributes::serve(wire, call).await,
        Operation::DescribeContact => connect::describe_contact::serve(wire, call).await,
        Operation::StopContact => connect::stop_contact::serve(wire, call).await,
        Operation::StartOutboundChatContact => connect::start_outbound_chat_contact::serve(wire, call).await,
        Operation::SendChatIntegrationEvent => connect::send_chat_integration_event::serve(wire, call).await,
        Operation::ListInstances => connect::list_instances::serve(wire, call),
        Operation::DescribeInstance => connect::describe_instance::serve(wire, call),
        Operation::ListQueues => connect::list_queues::serve(wire, call),
        Operation::DescribeQueue => connect::describe_queue::serve(wire, call),
        Operation::ListContactFlows => connect::list_contact_flows::serve(wire, call).await,
        Operation::DescribeContactFlow => connect::describe_contact_flow::serve(wire, call).await,
        Operation::CreateContactFlow => connect::create_contact_flow::serve(wire, call).await,
        Operation::UpdateContactFlowContent => connect::update_contact_flow_content::serve(wire, call).await,
        Operation::UpdateContactFlowName => connect::update_contact_flow_name::serve(wire, call).await,
        Operation::UpdateContactFlowMetadata => connect::update_contact_flow_metadata::serve(wire, call).await,
        Operation::ListUsers => connect::list_users::serve(wire, call),
        Operation::DescribeUser => connect::describe_user::serve(wire, call),
        Operation::ListRoutingProfiles => connect::list_routing_profiles::serve(wire, call),
        Operation::ListHoursOfOperations => connect::list_hours_of_operations::serve(wire, call),
        Operation::DescribeHours => connect::describe_hours_of_operation::serve(wire, call),
        Operation::ListLambdaFunctions => connect::list_lambda_functions::serve(wire, call),
        Operation::UpdateContact => connect::update_contact::serve(wire, call).await,
        Operation::ListContactReferences => connect::list_contact_references::serve(wire, call).await,
        Operation::TagContact => connect::tag_contact::serve(wire, call).await,
        Operation::UntagContact => connect::untag_contact::serve(wire, call).await,
        Operation::TransferContact => connect::transfer_contact::serve(wire, call).await,
        Operation::UpdateContactRoutingData => connect::update_contact_routing_data::serve(wire, call).await,
        Operation::UpdateParticipantRoleConfig => connect::update_participant_role_config::serve(wire, call).await,
        Operation::SearchQueues => connect::search_queues::serve(wire, call),
        Operation::SearchContactFlows => connect::search_contact_flows::serve(wire, call).await,
        Operation::SearchContacts => connect::search_contacts::serve(wire, call).await,
        Operation::GetCurrentMetricData => connect::get_current_metric_data::serve(wire, call),
        Operation::CreateParticipantConnection => participant::create_participant_connection::serve(wire, call).await,
        Operation::SendMessage => participant::send_message::serve(wire, call).await,
        Operation::SendEvent => participant::send_event::serve(wire, call).await,
        Operation::GetTranscript => participant::get_transcript::serve(wire, call).await,
        Operation::DisconnectParticipant => participant::disconnect_participant::serve(wire, call).await,
        Operation::GetAuthenticationUrl => participant::get_authentication_url::serve(wire, call),
        Operation::CancelParticipantAuthentication => participant::cancel_participant_authentication::serve(wire, call),
        Operation::StartAttachmentUpload => participant::start_attachment_upload::serve(wire, call).await,
        Operation::CompleteAttachmentUpload => participant::complete_attachment_upload::serve(wire, call).await,
        Operation::DescribeView => participant::describe_view::serve(wire, call).await,
        Operation::GetAttachment => participant::get_attachment::serve(wire, call).await,
        Operation::InvokeAgent => agents::invoke_agent::serve(wire, call).await,
        Operation::InvokeInlineAgent => agents::invoke_inline_agent::serve(wire, call).await,
        Operation::Websocket | Operation::AttachmentContent => Err(AwsError::internal("this is no operation")),
    };
    outcome.map_err(|error| listed(operation, error))
}

/// Some operations of `connect` do not list `InvalidParameterException`, so that their clients know the other name alone.
fn listed(operation: Operation, mut error: AwsError) -> AwsError {
    let unlisted = matches!(
        operation,
        Operation::CreateParticipant
            | Operation::GetContactAttributes
            | Operation::ListInstances
            | Operation::DescribeInstance
            | Operation::TransferContact
            | Operation::StartOutboundChatContact
            | Operation::SendChatIntegrationEvent
    );
    error.kind = match error.kind {
        Kind::InvalidParameter if unlisted => Kind::InvalidRequest,
        Kind::Conflict if operation == Operation::SendChatIntegrationEvent => Kind::InvalidRequest,
        Kind::LimitExceeded if operation == Operation::SendChatIntegrationEvent => Kind::Throttling,
        kind => kind,
    };
    error
}
