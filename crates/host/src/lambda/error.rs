//! How an invocation fails, in Lambda's words.

use std::{process::ExitStatus, time::Duration};

use serde_json::{Value, json};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// The function's own error.
    #[error("{error_type}: {error_message}")]
    Function {
        /// Its `errorType`.
        error_type: String,
        /// Its `errorMessage`.
        error_message: String,
    },
    /// The deadline came first; the child was killed.
    #[error("RequestId: {request_id} Error: Task timed out after {:.2} seconds", .after.as_secs_f64())]
    TimedOut {
        /// The invocation.
        request_id: String,
        /// The function's time.
        after: Duration,
    },
    /// The child ended in the middle of it.
    #[error("RequestId: {request_id} Error: {how}")]
    Exited {
        /// The invocation.
        request_id: String,
        /// As Lambda says it.
        how: String,
    },
    /// The child did not get as far as to ask for an event in its time.
    #[error("the function asked for no event within {:.2} seconds", .0.as_secs_f64())]
    InitTimedOut(Duration),
    /// The answer is longer than Lambda takes.
    #[error("Response payload size exceeded maximum allowed payload size ({0} bytes).")]
    AnswerTooLarge(usize),
    /// There is no child: the binary does not start.
    #[error("the function does not start: {0}")]
    NotStarted(String),
    /// The program is stopping.
    #[error("the function is being stopped")]
    Stopping,
}

impl InvokeError {
    /// The payload that Lambda gives its caller with a function error.
    pub fn payload(&self) -> Value {
        let message = match self {
            Self::Function { error_message, .. } => error_message.clone(),
            other => other.to_string(),
        };
        json!({ "errorType": self.error_type(), "errorMessage": message })
    }

    /// Lambda's name for it.
    pub fn error_type(&self) -> &str {
        match self {
            Self::Function { error_type, .. } => error_type,
            Self::TimedOut { .. } => "Sandbox.Timedout",
            Self::InitTimedOut(_) => "Init.Timedout",
            Self::Exited { .. } => "Runtime.ExitError",
            Self::AnswerTooLarge(_) => "Function.ResponseSizeTooLarge",
            Self::NotStarted(_) => "Runtime.InvalidEntrypoint",
            Self::Stopping => "ServiceException",
        }
    }

    /// The function's error document; what is missing in it is filled in as Lambda does.
    pub(super) fn of_document(document: &[u8], type_header: Option<&str>) -> Self {
        let document: Value = serde_json::from_slice(document).unwrap_or_default();
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
        Self::Function {
            error_type: text("errorType")
                .or_else(|| type_header.map(str::to_owned))
                .unwrap_or_else(|| "Unhandled".into()),
            error_message: text("errorMessage").unwrap_or_default(),
        }
    }

    /// A child's end in the middle of an invocation.
    pub(super) fn exited(request_id: &str, status: Option<ExitStatus>) -> Self {
        let how = match status {
            Some(status) if !status.success() => format!("Runtime exited with error: {}", word(status)),
            _ => "Runtime exited without providing a reason".to_owned(),
        };
        Self::Exited { request_id: request_id.to_owned(), how }
    }
}

fn word(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return match signal {
            9 => "signal: killed".into(),
            other => format!("signal: {other}"),
        };
    }
    match status.code() {
        Some(code) => format!("exit status {code}"),
        None => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_lambdas() {
        let id = || "r-1".to_owned();
        let timed_out = InvokeError::TimedOut { request_id: id(), after: Duration::from_secs(3) };
        assert_eq!(
            timed_out.payload(),
            json!({"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: r-1 Error: Task timed out after 3.00 seconds"})
        );
        let exited = InvokeError::exited("r-1", None).payload();
        assert_eq!(exited["errorType"], "Runtime.ExitError");
        assert_eq!(exited["errorMessage"], "RequestId: r-1 Error: Runtime exited without providing a reason");
    }

    #[test]
    fn a_functions_error_is_carried_and_a_broken_document_is_one_too() {
        let whole = InvokeError::of_document(br#"{"errorType":"T","errorMessage":"m","stackTrace":[]}"#, None);
        assert_eq!(whole.payload(), json!({"errorType": "T", "errorMessage": "m"}));
        let broken = InvokeError::of_document(b"not JSON", Some("Runtime.Unknown"));
        assert_eq!(broken.payload(), json!({"errorType": "Runtime.Unknown", "errorMessage": ""}));
        assert_eq!(InvokeError::of_document(b"[]", None).error_type(), "Unhandled");
    }

    #[cfg(unix)]
    #[test]
    fn ends_are_named_as_lambda_names_them() {
        use std::os::unix::process::ExitStatusExt as _;
        let words = [(0x0100, "exit status 1"), (9, "signal: killed"), (15, "signal: 15")];
        for (raw, expected) in words {
            let error = InvokeError::exited("r", Some(ExitStatus::from_raw(raw)));
            assert!(error.to_string().ends_with(&format!("Runtime exited with error: {expected}")), "{error}");
        }
    }
}
