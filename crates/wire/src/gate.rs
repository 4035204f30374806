//! What every call passes before it is served, and its answer afterwards: the rates, then the faults. The wire's calls pass
//! with their bodies unread; callers in process, which speak by ports, pass by [`Gate::through`].

use axum::{
    Json,
    body::Body,
    extract::Request,
    http::HeaderValue,
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use secrecy::SecretString;
use serde_json::json;
use tokio::time::sleep;

use crate::{
    Wire,
    error::{ERROR_TYPE, REQUEST_ID},
    exceptions::{self, Exception},
    faults::{Called, Failure, Faults, Verdict},
    quotas::Quotas,
};

/// What every call passes. Cheap to clone; clones are the same.
#[derive(Clone, Default)]
pub struct Gate {
    /// The faults.
    pub faults: Faults,
    /// The rates; none: nothing is limited.
    pub quotas: Option<Quotas>,
}

/// What a caller in process has in place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The exception that it would have been answered.
    Refused(Exception),
    /// Nothing was done and nobody answered.
    Unanswered,
    /// It was done, and the answer was lost.
    Lost,
}

impl Gate {
    /// What becomes of the next call. One that is over its rate is refused before anything can go wrong with it.
    pub fn next(&self, called: Called) -> Verdict {
        let Called { service, operation, .. } = called;
        if self.quotas.as_ref().is_some_and(|quotas| !quotas.admit(service, operation)) {
            let failure = Some(Failure::Refused(exceptions::throttle(service, operation)));
            return Verdict { failure, ..Verdict::default() };
        }
        self.faults.next(called)
    }

    /// Makes a call in process as the gate lets it.
    ///
    /// # Errors
    /// The call's own, and what `broken` makes of a fault.
    pub async fn through<T, E>(
        &self,
        called: Called,
        broken: impl FnOnce(Broken) -> E,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.next(called).through(broken, call).await
    }
}

impl Verdict {
    /// Makes the call in process that this is about.
    ///
    /// # Errors
    /// The call's own, and what `broken` makes of a fault.
    pub async fn through<T, E>(
        self,
        broken: impl FnOnce(Broken) -> E,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        if !self.latency.is_zero() {
            sleep(self.latency).await;
        }
        match self.failure {
            None => call.await,
            Some(Failure::Refused(exception)) => Err(broken(Broken::Refused(exception))),
            Some(Failure::Hang(longest)) => {
                sleep(longest).await;
                Err(broken(Broken::Unanswered))
            }
            Some(Failure::Lost) => {
                call.await?;
                Err(broken(Broken::Lost))
            }
        }
    }
}

/// Serves a call of the wire as the gate lets it.
pub(crate) async fn pass(
    wire: &Wire,
    (service, operation): (&'static str, &'static str),
    request: Request,
    serve: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let token = request.headers().get("x-amz-bearer").and_then(|value| value.to_str().ok());
    let token = token.filter(|_| wire.options.gate.faults.ask_for_roles());
    let role = match token {
        Some(token) => wire.centre.role_of(&SecretString::from(token)).await,
        None => None,
    };
    let called = Called { service, operation, role };
    let verdict = wire.options.gate.next(called);
    if !verdict.latency.is_zero() {
        sleep(verdict.latency).await;
    }
    match verdict.failure {
        None => serve(request).await,
        Some(Failure::Refused(exception)) => refusal(wire, called, exception),
        // A client that gives up before ends this future with its connection.
        Some(Failure::Hang(longest)) => {
            sleep(longest).await;
            broken_off()
        }
        Some(Failure::Lost) => {
            let mut answer = serve(request).await.into_body().into_data_stream();
            // What is done while the answer goes out is done too.
            while answer.next().await.is_some() {}
            broken_off()
        }
    }
}

/// A refusal as the services write it.
fn refusal(wire: &Wire, called: Called, exception: Exception) -> Response {
    let (name, id) = (exception.name(), wire.options.ids.uuid());
    let message = if exception.is_throttle() { "Rate exceeded" } else { "A fault of this contact centre, on request" };
    tracing::info!(operation = called.operation, exception = name, request_id = id, "request refused at the gate");
    let member = if called.service == "bedrock-agent-runtime" { "message" } else { "Message" };
    let mut response = (exception.status(), Json(json!({ member: message }))).into_response();
    for (header, value) in [(ERROR_TYPE, name), (REQUEST_ID, id)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header, value);
        }
    }
    response
}

/// An answer of which nothing arrives: the server finds the body broken before it has sent a byte, and ends the connection.
fn broken_off() -> Response {
    let broken = stream::iter([Err::<&[u8], _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))]);
    Response::new(Body::from_stream(broken))
}
