//! HTTP endpoints: the event as the body of a `POST`.

use std::time::Duration;

use relevo_bot::handlers::{HttpHandler, IDEMPOTENCY_KEY_HEADER};
use reqwest::{
    Client, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
    redirect::Policy,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::OnceCell;

use crate::{
    body::{read, unreachable},
    invoke::InvokeError,
};

/// To open a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// The one client, made when it is first needed: reading the trusted certificates costs a cold start some milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Http(OnceCell<Client>);

impl Http {
    /// The client. A redirect is an answer: the event is for the address that was configured and no other.
    pub(crate) async fn client(&self) -> Result<&Client, InvokeError> {
        let make = || async { Client::builder().connect_timeout(CONNECT).redirect(Policy::none()).build() };
        self.0.get_or_try_init(make).await.map_err(unreachable)
    }

    /// Posts an event; any status of 2xx is a result.
    pub(crate) async fn post(
        &self,
        handler: &HttpHandler,
        bearer: Option<&SecretString>,
        key: &str,
        event: String,
    ) -> Result<String, InvokeError> {
        let request = self.client().await?.post(&handler.url).body(event);
        let request = request.header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json, text/plain");
        let request = request.header(IDEMPOTENCY_KEY_HEADER, key);
        let request = match bearer {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        let response = request.send().await.map_err(unreachable)?;
        match response.status() {
            status if status.is_success() => read(response).await,
            StatusCode::TOO_MANY_REQUESTS => Err(InvokeError::Throttled),
            status => Err(InvokeError::Failed(status.to_string())),
        }
    }
}
