//! An answer's body, read within bounds.

use reqwest::Response;

use crate::error::CallError;

/// The greatest answer: what Bedrock takes of an action group's function (Bedrock quotas, "Lambda response payload size").
pub const MOST_BYTES: usize = 25 * 1_024;

/// The whole body, unless it is too long. It ends with the call's own time, which the caller sets.
pub(crate) async fn read(mut response: Response) -> Result<String, CallError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(CallError::TooLong(MOST_BYTES));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| CallError::NotText)
}

/// The transport's words without the address, which may hold a key.
pub(crate) fn unreachable(error: reqwest::Error) -> CallError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    CallError::Unreachable(text)
}
