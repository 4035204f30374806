//! What went wrong with a call, without anything that was said: status and code of the answer, or why there is none.
//!
//! AWS's messages quote what was sent ("Value '…' at 'content' failed to satisfy constraint"), so they are looked at
//! where they decide something and never passed on.

use std::fmt;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The service answered with an error.
    Service {
        /// The HTTP status.
        status: u16,
        /// The exception's name, where one was given.
        code: Option<String>,
    },
    /// A time-out: it may or may not have happened.
    Timeout,
    /// No connection, or it broke: it may or may not have happened.
    Connection,
    /// The answer could not be read.
    Unreadable,
    /// The request could not be built: nothing was sent.
    NotSent,
}

/// What [`Fault::class`] says of a fault: the same for every service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The caller may not do this.
    Denied,
    /// There is no such thing.
    NotFound,
    /// There is already one, or it is not allowed now.
    Conflict,
    /// Too many calls.
    Throttled,
    /// The request is wrong.
    Invalid,
    /// It may pass.
    Passing,
}

impl Fault {
    /// Reads the SDK's error.
    pub(crate) fn of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Self {
        match error {
            // The answer was there and could not be read.
            SdkError::ServiceError(service) if service.raw().status().is_success() => Self::Unreadable,
            SdkError::ServiceError(service) => {
                Self::Service { status: service.raw().status().as_u16(), code: service.err().code().map(short_name) }
            }
            SdkError::TimeoutError(_) => Self::Timeout,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::Timeout,
            SdkError::DispatchFailure(_) => Self::Connection,
            SdkError::ConstructionFailure(_) => Self::NotSent,
            _ => Self::Unreadable,
        }
    }

    /// Sorts it. The code goes before the status: some services answer 400 for a throttle.
    pub(crate) fn class(&self) -> Class {
        let Self::Service { status, code } = self else {
            return if *self == Self::NotSent { Class::Invalid } else { Class::Passing };
        };
        match code.as_deref().unwrap_or_default() {
            "ThrottlingException"
            | "Throttling"
            | "TooManyRequestsException"
            | "LimitExceededException"
            | "RequestLimitExceeded"
            | "ProvisionedThroughputExceededException"
            | "SlowDown" => return Class::Throttled,
            // The credentials are renewed, or the clocks agree, a moment later.
            "ExpiredTokenException"
            | "ExpiredToken"
            | "RequestExpired"
            | "RequestTimeTooSkewed"
            | "RequestTimeout"
            | "RequestTimeoutException" => return Class::Passing,
            // It is the bot that is not set up rightly, not the participant that has left.
            "InvalidSignatureException"
            | "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "IncompleteSignature"
            | "MissingAuthenticationTokenException"
            | "OptInRequired" => return Class::Invalid,
            _ => {}
        }
        match status {
            401 | 403 => Class::Denied,
            404 | 410 => Class::NotFound,
            402 | 409 => Class::Conflict,
            429 => Class::Throttled,
            408 | 425 | 500.. => Class::Passing,
            _ => Class::Invalid,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service { status, code: Some(code) } => write!(f, "{code} ({status})"),
            Self::Service { status, code: None } => write!(f, "status {status}"),
            Self::Timeout => f.write_str("time-out"),
            Self::Connection => f.write_str("no connection"),
            Self::Unreadable => f.write_str("unreadable answer"),
            Self::NotSent => f.write_str("request could not be built"),
        }
    }
}

/// A code as a log may have it: without a namespace or a URL behind it, letters and digits only, bounded.
fn short_name(code: &str) -> String {
    let name = code.rsplit('#').next().unwrap_or(code);
    let name = name.split(':').next().unwrap_or(name);
    name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter)).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::{Class, Fault, short_name};

    fn service(status: u16, code: &str) -> Fault {
        Fault::Service { status, code: (!code.is_empty()).then(|| code.into()) }
    }

    #[test]
    fn faults_are_sorted_by_code_then_status() {
        let table = [
            (service(403, "AccessDeniedException"), Class::Denied),
            (service(403, "ExpiredTokenException"), Class::Passing),
            (service(403, "InvalidSignatureException"), Class::Invalid),
            (service(404, "ResourceNotFoundException"), Class::NotFound),
            (service(410, "ContactNotFoundException"), Class::NotFound),
            (service(402, "ServiceQuotaExceededException"), Class::Conflict),
            (service(409, "ConflictException"), Class::Conflict),
            (service(429, "LimitExceededException"), Class::Throttled),
            (service(429, ""), Class::Throttled),
            (service(400, "ThrottlingException"), Class::Throttled),
            (service(400, "ProvisionedThroughputExceededException"), Class::Throttled),
            (service(400, "ValidationException"), Class::Invalid),
            (service(413, ""), Class::Invalid),
            (service(500, "InternalServiceException"), Class::Passing),
            (service(503, ""), Class::Passing),
            (Fault::Timeout, Class::Passing),
            (Fault::Connection, Class::Passing),
            (Fault::Unreadable, Class::Passing),
            (Fault::NotSent, Class::Invalid),
        ];
        for (fault, class) in table {
            assert_eq!(fault.class(), class, "{fault}");
        }
    }

    #[test]
    fn a_code_carries_nothing_else() {
        assert_eq!(short_name("com.amazonaws.connect#ValidationException"), "ValidationException");
        assert_eq!(short_name("ValidationException:http://internal.amazon.com/coral/"), "ValidationException");
        assert_eq!(short_name("mi RUT es\n12.345.678-5"), "miRUTes12.345.678-5");
        assert_eq!(short_name(&"x".repeat(5_000)).len(), 80);
    }
}
