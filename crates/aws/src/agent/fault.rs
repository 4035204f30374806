//! The agent's failures, before and in the middle of its answer.

use aws_sdk_bedrockagentruntime::types::error::ResponseStreamError;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::{error::metadata::ProvideErrorMetadata, event_stream::RawMessage};
use relevo_bot::ports::AgentError;

use crate::fault::{Class, Fault};

/// A call that was refused or did not come through.
pub(super) fn of_call<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> AgentError {
    let fault = Fault::of(error);
    match fault.class() {
        Class::Throttled => AgentError::Throttled,
        // 400 too, but nothing is wrong with the question.
        _ if code_of(&fault) == "ServiceQuotaExceededException" => AgentError::Throttled,
        // Another call of the same session is at work.
        Class::Conflict | Class::Passing => AgentError::Unavailable(fault.to_string()),
        // `DependencyFailedException` and `ModelNotReadyException` are 424.
        Class::Invalid if matches!(fault, Fault::Service { status: 424, .. }) => {
            AgentError::Unavailable(fault.to_string())
        }
        Class::Denied | Class::NotFound | Class::Invalid => AgentError::Refused(fault.to_string()),
    }
}

fn code_of(fault: &Fault) -> &str {
    match fault {
        Fault::Service { code, .. } => code.as_deref().unwrap_or_default(),
        _ => "",
    }
}

/// An exception in the middle of the stream, or a broken stream.
pub(super) fn of_stream(error: &SdkError<ResponseStreamError, RawMessage>) -> AgentError {
    match error {
        SdkError::ServiceError(service) => of_exception(service.err()),
        SdkError::TimeoutError(_) => AgentError::Unavailable("time-out in the stream".into()),
        SdkError::DispatchFailure(_) => AgentError::Unavailable("the stream broke".into()),
        _ => AgentError::Unavailable("unreadable stream".into()),
    }
}

fn of_exception(exception: &ResponseStreamError) -> AgentError {
    use ResponseStreamError as E;
    let refused = |name: &str| AgentError::Refused(format!("{name} in the stream"));
    let passing = |name: &str| AgentError::Unavailable(format!("{name} in the stream"));
    match exception {
        E::ThrottlingException(_) | E::ServiceQuotaExceededException(_) => AgentError::Throttled,
        E::AccessDeniedException(_) => refused("accessDeniedException"),
        E::ValidationException(_) => refused("validationException"),
        E::ResourceNotFoundException(_) => refused("resourceNotFoundException"),
        E::InternalServerException(_) => passing("internalServerException"),
        E::BadGatewayException(_) => passing("badGatewayException"),
        E::DependencyFailedException(_) => passing("dependencyFailedException"),
        E::ModelNotReadyException(_) => passing("modelNotReadyException"),
        E::ConflictException(_) => passing("conflictException"),
        _ => passing("an exception"),
    }
}
