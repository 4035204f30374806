//! What an operation of the contact centre can answer instead of a result.
//!
//! `message` is for the client; `cause` is for the log and never leaves the process. The wire decides which AWS
//! exception name and status a kind becomes: the two services name the same thing differently.

/// The kind of a refusal, in the words of the two AWS services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A field is wrong (`InvalidParameterException` on connect, `ValidationException` on connectparticipant).
    InvalidParameter,
    /// The request makes no sense as a whole (`InvalidRequestException` / `ValidationException`).
    InvalidRequest,
    /// `ResourceNotFoundException`.
    NotFound,
    /// `ContactNotFoundException` (410): the contact is over.
    ContactNotFound,
    /// `AccessDeniedException`: wrong, expired or wrong kind of token, or the participant has left.
    AccessDenied,
    /// `ConflictException`.
    Conflict,
    /// `DuplicateResourceException` (409): the name is taken.
    DuplicateResource,
    /// `InvalidContactFlowException`: what is wrong with the flow stands in [`Error::problems`].
    InvalidContactFlow,
    /// `ContactFlowNotPublishedException` (404): the flow has a draft alone.
    ContactFlowNotPublished,
    /// `ServiceQuotaExceededException` (402).
    ServiceQuotaExceeded,
    /// `LimitExceededException` (429).
    LimitExceeded,
    /// `ThrottlingException` (429).
    Throttling,
    /// Ours to mend (`InternalServiceException` / `InternalServerException`).
    Internal,
}

/// A refusal: `message` for the client, `cause` for the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The kind.
    pub kind: ErrorKind,
    /// What the client reads.
    pub message: String,
    /// What the log reads, where it is more than the message.
    pub cause: Option<String>,
    /// What is wrong with a flow, one sentence each.
    pub problems: Vec<String>,
}

impl Error {
    /// A refusal with a message for the client.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, problems: Vec::new() }
    }

    /// A failure of ours: the client reads a general sentence, the log the cause.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            kind: ErrorKind::Internal,
            message: "An internal error occurred.".into(),
            cause: Some(cause.to_string()),
            problems: Vec::new(),
        }
    }
}
