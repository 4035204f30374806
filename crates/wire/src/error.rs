//! A refusal in AWS's shape: the header `x-amzn-errortype` and the body `{"Message": …}`.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use relevo_agents::runtime::{AgentError, AgentErrorKind};
use serde_json::json;

/// The header that carries an exception's name.
pub(crate) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// The header that carries the request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The three services, which name the same refusal differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// `connect`.
    Connect,
    /// `connectparticipant`.
    Participant,
    /// `bedrock-agent-runtime`.
    AgentRuntime,
}

/// The kinds of refusal: those of the centre, those of the agents, and those of the protocol itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A member breaks a constraint of the model.
    InvalidParameter,
    /// The request makes no sense as a whole.
    InvalidRequest,
    NotFound,
    /// The contact is over.
    ContactNotFound,
    AccessDenied,
    Conflict,
    DuplicateResource,
    /// What is wrong with the flow stands in the body instead of a message.
    InvalidContactFlow,
    ContactFlowNotPublished,
    QuotaExceeded,
    LimitExceeded,
    Throttling,
    DependencyFailed,
    BadGateway,
    Internal,
    /// The body is not JSON, or a member has the wrong type.
    Serialization,
    UnsupportedMediaType,
    TooLarge,
    MethodNotAllowed,
    UnknownOperation,
}

/// A refusal on its way out: `message` for the client, `cause` for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwsError {
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) cause: Option<String>,
    /// What is wrong with a flow.
    pub(crate) problems: Vec<String>,
}

impl AwsError {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, problems: Vec::new() }
    }

    /// A failure of ours: the client reads a general sentence, the log the cause.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Kind::Internal, "An internal error occurred.") }
    }

    /// The answer, as `service` writes it.
    pub(crate) fn into_response(self, service: Service) -> Response {
        let (status, name) = name(service, self.kind);
        let member = match service {
            Service::AgentRuntime => "message",
            Service::Connect | Service::Participant => "Message",
        };
        let body = match self.kind {
            Kind::InvalidContactFlow => {
                let problems: Vec<_> = self.problems.into_iter().map(|message| json!({ "message": message })).collect();
                json!({ "problems": problems })
            }
            _ => json!({ member: self.message }),
        };
        let mut response = (status, Json(body)).into_response();
        response.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(name));
        response
    }
}

/// The status and the exception's name, from the error tables of the three service models. Kinds of the protocol
/// itself carry the names of the AWS JSON protocol.
pub(crate) fn name(service: Service, kind: Kind) -> (StatusCode, &'static str) {
    use Service::{AgentRuntime, Connect};
    match (kind, service) {
        (Kind::InvalidParameter, Connect) => (StatusCode::BAD_REQUEST, "InvalidParameterException"),
        (Kind::InvalidRequest, Connect) => (StatusCode::BAD_REQUEST, "InvalidRequestException"),
        (Kind::InvalidContactFlow, Connect) => (StatusCode::BAD_REQUEST, "InvalidContactFlowException"),
        (Kind::ContactFlowNotPublished, Connect) => (StatusCode::NOT_FOUND, "ContactFlowNotPublishedException"),
        (Kind::InvalidParameter | Kind::InvalidRequest | Kind::InvalidContactFlow, _) => {
            (StatusCode::BAD_REQUEST, "ValidationException")
        }
        (Kind::ContactNotFound, Connect) => (StatusCode::GONE, "ContactNotFoundException"),
        (Kind::NotFound | Kind::ContactNotFound | Kind::ContactFlowNotPublished, _) => {
            (StatusCode::NOT_FOUND, "ResourceNotFoundException")
        }
        (Kind::AccessDenied, _) => (StatusCode::FORBIDDEN, "AccessDeniedException"),
        (Kind::DuplicateResource, Connect) => (StatusCode::CONFLICT, "DuplicateResourceException"),
        (Kind::Conflict | Kind::DuplicateResource, _) => (StatusCode::CONFLICT, "ConflictException"),
        (Kind::QuotaExceeded, AgentRuntime) => (StatusCode::BAD_REQUEST, "ServiceQuotaExceededException"),
        (Kind::QuotaExceeded, _) => (StatusCode::PAYMENT_REQUIRED, "ServiceQuotaExceededException"),
        (Kind::LimitExceeded, Connect) => (StatusCode::TOO_MANY_REQUESTS, "LimitExceededException"),
        (Kind::LimitExceeded | Kind::Throttling, _) => (StatusCode::TOO_MANY_REQUESTS, "ThrottlingException"),
        (Kind::DependencyFailed, AgentRuntime) => (StatusCode::FAILED_DEPENDENCY, "DependencyFailedException"),
        (Kind::BadGateway, AgentRuntime) => (StatusCode::BAD_GATEWAY, "BadGatewayException"),
        (Kind::Internal | Kind::DependencyFailed | Kind::BadGateway, Connect) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceException")
        }
        (Kind::Internal | Kind::DependencyFailed | Kind::BadGateway, _) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerException")
        }
        (Kind::Serialization, _) => (StatusCode::BAD_REQUEST, "SerializationException"),
        (Kind::UnsupportedMediaType, _) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaTypeException"),
        (Kind::TooLarge, _) => (StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException"),
        (Kind::MethodNotAllowed, _) => (StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowedException"),
        (Kind::UnknownOperation, _) => (StatusCode::NOT_FOUND, "UnknownOperationException"),
    }
}

impl From<relevo_connect::Error> for AwsError {
    fn from(error: relevo_connect::Error) -> Self {
        use relevo_connect::ErrorKind;
        let kind = match error.kind {
            ErrorKind::InvalidParameter => Kind::InvalidParameter,
            ErrorKind::InvalidRequest => Kind::InvalidRequest,
            ErrorKind::NotFound => Kind::NotFound,
            ErrorKind::ContactNotFound => Kind::ContactNotFound,
            ErrorKind::AccessDenied => Kind::AccessDenied,
            ErrorKind::Conflict => Kind::Conflict,
            ErrorKind::DuplicateResource => Kind::DuplicateResource,
            ErrorKind::InvalidContactFlow => Kind::InvalidContactFlow,
            ErrorKind::ContactFlowNotPublished => Kind::ContactFlowNotPublished,
            ErrorKind::ServiceQuotaExceeded => Kind::QuotaExceeded,
            ErrorKind::LimitExceeded => Kind::LimitExceeded,
            ErrorKind::Throttling => Kind::Throttling,
            ErrorKind::Internal => Kind::Internal,
        };
        Self { kind, message: error.message, cause: error.cause, problems: error.problems }
    }
}

impl From<AgentError> for AwsError {
    fn from(error: AgentError) -> Self {
        let kind = match error.kind {
            AgentErrorKind::Validation => Kind::InvalidRequest,
            AgentErrorKind::AccessDenied => Kind::AccessDenied,
            AgentErrorKind::ResourceNotFound => Kind::NotFound,
            AgentErrorKind::Conflict => Kind::Conflict,
            AgentErrorKind::DependencyFailed => Kind::DependencyFailed,
            AgentErrorKind::Throttling => Kind::Throttling,
            AgentErrorKind::InternalServer => Kind::Internal,
            AgentErrorKind::BadGateway => Kind::BadGateway,
        };
        Self { cause: error.cause, ..Self::new(kind, error.message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_its_own_words() {
        let table = [
            (Service::Connect, Kind::InvalidParameter, 400, "InvalidParameterException"),
            (Service::Connect, Kind::InvalidRequest, 400, "InvalidRequestException"),
            (Service::Participant, Kind::InvalidParameter, 400, "ValidationException"),
            (Service::AgentRuntime, Kind::InvalidRequest, 400, "ValidationException"),
            (Service::Connect, Kind::ContactNotFound, 410, "ContactNotFoundException"),
            (Service::Participant, Kind::ContactNotFound, 404, "ResourceNotFoundException"),
            (Service::Connect, Kind::QuotaExceeded, 402, "ServiceQuotaExceededException"),
            (Service::Participant, Kind::QuotaExceeded, 402, "ServiceQuotaExceededException"),
            (Service::AgentRuntime, Kind::QuotaExceeded, 400, "ServiceQuotaExceededException"),
            (Service::Connect, Kind::DuplicateResource, 409, "DuplicateResourceException"),
            (Service::Connect, Kind::InvalidContactFlow, 400, "InvalidContactFlowException"),
            (Service::Connect, Kind::ContactFlowNotPublished, 404, "ContactFlowNotPublishedException"),
            (Service::Connect, Kind::LimitExceeded, 429, "LimitExceededException"),
            (Service::Participant, Kind::LimitExceeded, 429, "ThrottlingException"),
            (Service::Connect, Kind::Internal, 500, "InternalServiceException"),
            (Service::Participant, Kind::Internal, 500, "InternalServerException"),
            (Service::AgentRuntime, Kind::DependencyFailed, 424, "DependencyFailedException"),
            (Service::AgentRuntime, Kind::BadGateway, 502, "BadGatewayException"),
        ];
        for (service, kind, status, expected) in table {
            let (actual, exception) = name(service, kind);
            assert_eq!((actual.as_u16(), exception), (status, expected), "{service:?} {kind:?}");
        }
    }
}
