//! HTTP endpoints.

use std::time::Duration;

use reqwest::{
    Client, Method,
    header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::OnceCell;

use crate::{
    body::{read, unreachable},
    error::CallError,
};

/// The header that is the same when the same call comes again.
pub const IDEMPOTENCY_KEY_HEADER: &str = "Idempotency-Key";
/// X-Ray's trace, in HTTP and in a Lambda function's environment (Lambda developer guide, "Using environment variables"): the
/// runtime sets it for each invocation, and AWS's own clients pass it on in the same way.
const TRACE_HEADER: &str = "X-Amzn-Trace-Id";
const TRACE_VARIABLE: &str = "_X_AMZN_TRACE_ID";
/// To open a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// The one client, made when it is first needed: reading the trusted certificates costs a cold start some milliseconds.
#[derive(Debug, Default)]
pub struct Http(OnceCell<Client>);

/// A request.
#[derive(Debug)]
pub struct Request<'r> {
    /// In upper case.
    pub method: &'r str,
    /// The whole address, encoded.
    pub url: &'r str,
    /// Name and value. One that HTTP does not know is refused.
    pub headers: Vec<(&'r str, &'r str)>,
    /// Goes along as `Authorization: Bearer …`.
    pub bearer: Option<&'r SecretString>,
    /// The same for the same call.
    pub idempotency_key: &'r str,
    /// The body and its media type.
    pub body: Option<(&'r str, String)>,
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Http {
    /// The client. A redirect is an answer: a call is for the address that was configured and no other.
    pub async fn client(&self) -> Result<&Client, CallError> {
        let make = || async { Client::builder().connect_timeout(CONNECT).redirect(Policy::none()).build() };
        self.0.get_or_try_init(make).await.map_err(unreachable)
    }

    /// Sends a request. 429 is [`CallError::Throttled`]; any other status is an answer.
    pub async fn send(&self, request: Request<'_>) -> Result<Answer, CallError> {
        let wrong = |what: &str| CallError::Failed(format!("{what} cannot be sent"));
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| wrong("the method"))?;
        let mut call = self.client().await?.request(method, request.url).header(ACCEPT, "application/json, text/plain");
        for (name, value) in request.headers {
            let value = HeaderValue::from_str(value).map_err(|_| wrong(name))?;
            call = call.header(HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?, value);
        }
        call = call.header(IDEMPOTENCY_KEY_HEADER, request.idempotency_key);
        if let Some(trace) = trace(|name| std::env::var(name).ok()) {
            call = call.header(TRACE_HEADER, trace);
        }
        if let Some(token) = request.bearer {
            call = call.bearer_auth(token.expose_secret());
        }
        if let Some((mime, body)) = request.body {
            call = call.header(CONTENT_TYPE, mime).body(body);
        }
        let response = call.send().await.map_err(unreachable)?;
        match response.status().as_u16() {
            429 => Err(CallError::Throttled),
            status => Ok(Answer { status, body: read(response).await? }),
        }
    }
}

/// The trace that a call belongs to.
fn trace(variable: impl Fn(&str) -> Option<String>) -> Option<HeaderValue> {
    HeaderValue::from_str(variable(TRACE_VARIABLE)?.trim()).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_is_the_invocations() {
        let root = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        let of = |value: Option<&str>| trace(|name| value.filter(|_| name == "_X_AMZN_TRACE_ID").map(str::to_owned));
        assert_eq!(of(Some(root)).unwrap().to_str().unwrap(), root);
        for none in [None, Some(""), Some(" "), Some("a\nb")] {
            assert_eq!(of(none), None, "{none:?}");
        }
    }
}
