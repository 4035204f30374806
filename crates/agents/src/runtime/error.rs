//! Why an invocation failed, as Bedrock's exceptions.

use std::fmt::Display;

use crate::run::Failure;

/// Bedrock's exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentErrorKind {
    /// 400.
    Validation,
    /// 403.
    AccessDenied,
    /// 404.
    ResourceNotFound,
    /// 409.
    Conflict,
    /// 424.
    DependencyFailed,
    /// 429.
    Throttling,
    /// 500.
    InternalServer,
    /// 502.
    BadGateway,
}

/// Why an invocation failed: `message` for the caller, `cause` for the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct AgentError {
    /// The exception.
    pub kind: AgentErrorKind,
    /// For the caller.
    pub message: String,
    /// For the log.
    pub cause: Option<String>,
}

impl AgentError {
    /// An error with nothing more for the log.
    pub fn new(kind: AgentErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None }
    }

    /// The same with what only the log is told.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(AgentErrorKind::Validation, message)
    }

    pub(super) fn internal(cause: impl Display) -> Self {
        Self::new(AgentErrorKind::InternalServer, "Internal Server Exception").because(cause.to_string())
    }

    pub(super) fn dependency(cause: impl Display) -> Self {
        let message = "There was an issue with a dependency. Check its configuration and retry your request.";
        Self::new(AgentErrorKind::DependencyFailed, message).because(cause.to_string())
    }

    pub(super) fn conflict() -> Self {
        let message = "There was a conflict performing an operation. Resolve the conflict and retry your request.";
        Self::new(AgentErrorKind::Conflict, message)
    }
}

impl From<Failure> for AgentError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled(cause) => {
                let message = "Your request rate is too high. Reduce the frequency of requests.";
                Self::new(AgentErrorKind::Throttling, message).because(cause)
            }
            Failure::TimedOut => {
                let message = "The model did not answer in time. Retry your request.";
                Self::new(AgentErrorKind::BadGateway, message)
            }
            Failure::Model(cause) | Failure::Stuck(cause) | Failure::Dependency(cause) => Self::dependency(cause),
        }
    }
}
