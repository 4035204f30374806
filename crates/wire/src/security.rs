//! Keeps web pages of strangers away from a server on this machine.
//!
//! A page of any origin can make the browser of somebody who runs Relevo send requests to `127.0.0.1`, and can point
//! a name of its own at that address. So a request that carries a foreign `Origin` is refused, websockets included,
//! and so is one whose `Host` is not a name of this machine. Pages of this machine and of the origins the operator
//! allows get the CORS headers they need.

mod policy;

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use relevo_connect::ports::Ids;
use tower::{Layer, Service};

use self::policy::Policy;
use crate::{
    error::{AwsError, Kind, REQUEST_ID},
    options::Options,
    routes,
};

const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static("x-amzn-errortype, x-amzn-requestid");
const PRIVATE_NETWORK_ASKED: HeaderName = HeaderName::from_static("access-control-request-private-network");
const PRIVATE_NETWORK_ALLOWED: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// The layer. It may lie over a router more than once.
#[derive(Clone)]
pub struct SecurityLayer {
    policy: Arc<Policy>,
    ids: Arc<dyn Ids>,
}

impl SecurityLayer {
    /// The layer for the origins and hosts of the options.
    pub fn new(options: &Options) -> Self {
        let policy = Policy::new(options.allowed_origins.clone(), options.allowed_hosts.clone());
        Self { policy: Arc::new(policy), ids: Arc::clone(&options.ids) }
    }

    fn refusal(&self, path: &str, message: &'static str) -> Response {
        let service = routes::service_of(path);
        let mut response = AwsError::new(Kind::AccessDenied, message).into_response(service);
        if let Ok(id) = HeaderValue::from_str(&self.ids.uuid()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}

impl<S> Layer<S> for SecurityLayer {
    type Service = Secured<S>;
    fn layer(&self, inner: S) -> Secured<S> {
        Secured { inner, layer: self.clone() }
    }
}

/// A service behind [`SecurityLayer`].
#[derive(Clone)]
pub struct Secured<S> {
    inner: S,
    layer: SecurityLayer,
}

impl<S> Service<Request<Body>> for Secured<S>
where
    S: Service<Request<Body>, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = match self.layer.policy.admit(request.headers(), request.uri()) {
            Ok(origin) if is_preflight(&request) => Ok((origin, preflight(request.headers()))),
            Ok(origin) => Err(origin),
            Err(refusal) => {
                tracing::warn!(reason = refusal.message(), "request refused");
                Ok((None, self.layer.refusal(request.uri().path(), refusal.message())))
            }
        };
        match answer {
            Ok((origin, mut response)) => {
                share(response.headers_mut(), origin);
                Box::pin(async { Ok(response) })
            }
            Err(origin) => {
                let served = self.inner.call(request);
                Box::pin(async {
                    let mut response = served.await?;
                    share(response.headers_mut(), origin);
                    Ok(response)
                })
            }
        }
    }
}

fn is_preflight(request: &Request<Body>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Answers the browser's question. The requested headers are echoed: a `*` would not cover `Authorization`.
fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    if asked.contains_key(PRIVATE_NETWORK_ASKED) {
        headers.insert(PRIVATE_NETWORK_ALLOWED, HeaderValue::from_static("true"));
    }
    response
}

/// Lets a page of the origin read the answer.
fn share(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    let Some(origin) = origin else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
}
