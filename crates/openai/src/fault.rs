//! What went wrong with a call, without anything that was said: endpoints quote the request in their messages, so of an
//! error's body the code alone is passed on.

use std::{fmt, time::Duration};

use relevo_agents::model::ModelError;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A failed call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// The endpoint answered with an error.
    Status {
        /// The HTTP status.
        status: u16,
        /// The error's code or type, where one was given.
        code: Option<String>,
        /// `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// An error within the stream.
    Said {
        /// Its code or type.
        code: Option<String>,
    },
    /// No connection.
    Unreachable,
    /// Silence: until the answer began, or within it.
    Silent,
    /// The answer broke off.
    Cut,
    /// The answer is none.
    Unreadable,
    /// The request is none that could be sent.
    Unwritten,
}

impl Fault {
    /// An answer that is an error.
    pub(crate) fn status(status: u16, headers: &HeaderMap, body: &str) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let code = code(body.get("error").unwrap_or(&body)).or_else(|| code(&body));
        Self::Status { status, code, retry_after: retry_after(headers) }
    }

    /// An error within the stream.
    pub(crate) fn said(error: &Value) -> Self {
        Self::Said { code: code(error) }
    }

    fn code(&self) -> &str {
        match self {
            Self::Status { code, .. } | Self::Said { code } => code.as_deref().unwrap_or_default(),
            _ => "",
        }
    }

    /// Too many requests. That the account's money is used up has the same status and does not pass.
    fn is_throttle(&self) -> bool {
        let code = self.code();
        let said = code.contains("rate_limit") || code == "429" || code == "overloaded_error";
        !self.is_used_up() && (said || matches!(self, Self::Status { status: 429, .. }))
    }

    fn is_used_up(&self) -> bool {
        matches!(self.code(), "insufficient_quota" | "billing_hard_limit_reached")
    }

    /// Whether the same request may be answered a moment later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Status { status, .. } => {
                self.is_throttle() || (!self.is_used_up() && matches!(status, 408 | 409 | 425 | 500..))
            }
            Self::Said { .. } => !self.is_used_up() && !self.is_refusal(),
            Self::Unreachable | Self::Cut => true,
            // It has taken its time already.
            Self::Silent | Self::Unreadable | Self::Unwritten => false,
        }
    }

    fn is_refusal(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 400 | 413 | 422),
            Self::Said { .. } => {
                let code = self.code();
                code.contains("invalid") || code.contains("context_length") || code.contains("content_filter")
            }
            _ => false,
        }
    }

    /// How long the endpoint wants to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        if let Self::Status { retry_after, .. } = self { *retry_after } else { None }
    }
}

/// In seconds, or in OpenAI's own header in milliseconds. A date is not read: there is no clock here.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = number("retry-after-ms").map(|ms| ms / 1_000.0).or_else(|| number("retry-after"));
    Duration::try_from_secs_f64(seconds?).ok()
}

/// A code as a log may have it: letters and digits, bounded.
fn code(error: &Value) -> Option<String> {
    let named = ["code", "type"].into_iter().filter_map(|name| error.get(name));
    let mut words = named.filter_map(|value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let word = words.next()?;
    Some(word.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter)).take(60).collect())
}

impl From<Fault> for ModelError {
    fn from(fault: Fault) -> Self {
        let text = fault.to_string();
        match &fault {
            Fault::Silent | Fault::Status { status: 408 | 504, .. } => Self::TimedOut,
            _ if fault.is_throttle() => Self::Throttled(text),
            _ if fault.is_refusal() => Self::Refused(text),
            _ => Self::Failed(text),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Status { status: 401 | 403, .. } => "the key was refused",
            Self::Status { status: 404, .. } => "no such model or address",
            Self::Status { .. } if self.is_used_up() => "the account's quota is used up",
            Self::Status { status: 300..=399, .. } => "the address has moved",
            Self::Status { .. } => "the endpoint refused",
            Self::Said { .. } => "an error within the answer",
            Self::Unreachable => "no connection",
            Self::Silent => "silence",
            Self::Cut => "the answer broke off",
            Self::Unreadable => "unreadable answer",
            Self::Unwritten => "a request that cannot be written",
        };
        f.write_str(why)?;
        match self {
            Self::Status { status, code: Some(code), .. } => write!(f, " ({status} {code})"),
            Self::Status { status, .. } => write!(f, " ({status})"),
            Self::Said { code: Some(code) } => write!(f, " ({code})"),
            _ => Ok(()),
        }
    }
}
