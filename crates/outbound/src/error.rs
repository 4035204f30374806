//! What can go wrong on the way to anybody who is called.

/// Why there is no result. The texts are for the log and hold no customer content.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// A function ran and failed (`X-Amz-Function-Error`), or the endpoint answered with an error.
    #[error("it failed: {0}")]
    Failed(String),
    /// It could not be reached, or is not able to answer just now.
    #[error("it was not reached: {0}")]
    Unreachable(String),
    /// It was called too often.
    #[error("throttled")]
    Throttled,
    /// The answer is longer than an agent takes.
    #[error("its answer is longer than {0} bytes")]
    TooLong(usize),
    /// The answer is no text.
    #[error("its answer is not UTF-8 text")]
    NotText,
    /// Nobody is there to call it, or its token is missing.
    #[error("{0}")]
    NotConfigured(String),
}

impl CallError {
    /// Whether the same call may do a moment later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Throttled)
    }
}
