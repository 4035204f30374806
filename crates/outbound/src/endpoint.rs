//! Lambda functions behind an endpoint that asks for no signature: a laptop's own (`AWS_ENDPOINT_URL_LAMBDA`).
//!
//! Lambda API reference, "Invoke": `POST /2015-03-31/functions/{name}/invocations`.

use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{StatusCode, header::CONTENT_TYPE};

use crate::{
    body::{read, unreachable},
    error::CallError,
    http::Http,
    invoke::Invoke,
};

/// RFC 3986, "Unreserved characters": a server need not decode what AWS's own clients do not encode.
const LABEL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The Invoke API at an address.
#[derive(Debug)]
pub struct LambdaEndpoint {
    url: String,
    http: Http,
}

impl LambdaEndpoint {
    /// The API at `url`, such as `http://127.0.0.1:3001`.
    pub fn new(url: &str) -> Self {
        Self { url: url.trim_end_matches('/').to_owned(), http: Http::default() }
    }
}

#[async_trait]
impl Invoke for LambdaEndpoint {
    async fn invoke(&self, function: &str, event: &str) -> Result<String, CallError> {
        let name = utf8_percent_encode(function, LABEL);
        let url = format!("{}/2015-03-31/functions/{name}/invocations", self.url);
        let request = self.http.client().await?.post(url).header(CONTENT_TYPE, "application/json");
        let response = request.body(event.to_owned()).send().await.map_err(unreachable)?;
        let failed = response.headers().get("X-Amz-Function-Error").is_some();
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS => Err(CallError::Throttled),
            status if status.is_server_error() => Err(CallError::Unreachable(status.to_string())),
            status if !status.is_success() => Err(CallError::Failed(status.to_string())),
            _ if failed => Err(CallError::Failed("function error".into())),
            _ => read(response).await,
        }
    }
}
