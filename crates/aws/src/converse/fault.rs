//! A model's failures, before its answer and within it.

use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::{error::metadata::ProvideErrorMetadata, event_stream::RawMessage};
use relevo_agents::model::ModelError;

use crate::fault::{Class, Fault};

/// A failure, and whether the same request may be answered a moment later.
#[derive(Debug)]
pub(super) struct Failure {
    error: ModelError,
    passing: bool,
}

impl Failure {
    pub(super) fn passing(why: &str) -> Self {
        Self { error: ModelError::Failed(why.into()), passing: true }
    }

    pub(super) fn is_passing(&self) -> bool {
        self.passing
    }
}

/// What the client has repeated already, or what would not help.
impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self { error, passing: false }
    }
}

impl From<Failure> for ModelError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// A call that was refused or did not come through.
pub(super) fn of_call<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> ModelError {
    let fault = Fault::of(error);
    let code = match &fault {
        Fault::Service { code: Some(code), .. } => code.as_str(),
        Fault::Timeout => return ModelError::TimedOut,
        _ => "",
    };
    match fault.class() {
        // 408 of the model's own, not of the connection.
        _ if code == "ModelTimeoutException" => ModelError::TimedOut,
        Class::Throttled => ModelError::Throttled(fault.to_string()),
        // 400 in some services, and nothing is wrong with the request.
        _ if code == "ServiceQuotaExceededException" => ModelError::Throttled(fault.to_string()),
        _ if code == "ValidationException" => ModelError::Refused(fault.to_string()),
        _ => ModelError::Failed(fault.to_string()),
    }
}

/// An exception in the middle of the stream, or a broken stream.
pub(super) fn of_stream(error: &SdkError<ConverseStreamOutputError, RawMessage>) -> Failure {
    use ConverseStreamOutputError as E;
    let SdkError::ServiceError(service) = error else {
        return match error {
            SdkError::TimeoutError(_) => ModelError::TimedOut.into(),
            SdkError::DispatchFailure(_) => Failure::passing("the stream broke"),
            _ => Failure::passing("unreadable stream"),
        };
    };
    match service.err() {
        E::ThrottlingException(_) => {
            Failure { error: ModelError::Throttled("throttlingException in the stream".into()), passing: true }
        }
        E::ValidationException(_) => ModelError::Refused("validationException in the stream".into()).into(),
        E::ModelStreamErrorException(_) => Failure::passing("modelStreamErrorException in the stream"),
        E::InternalServerException(_) => Failure::passing("internalServerException in the stream"),
        E::ServiceUnavailableException(_) => Failure::passing("serviceUnavailableException in the stream"),
        _ => Failure::passing("an exception in the stream"),
    }
}
