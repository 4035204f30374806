//! The AWS SDKs' HTTP client over a router: no socket, no TLS.

use std::{
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use axum::{
    Router,
    body::{Body, Bytes},
};
use tower::ServiceExt as _;

#[derive(Debug, Clone)]
pub(crate) struct InProcess(pub(crate) Router);

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let router = self.0.clone();
        HttpConnectorFuture::new(async move {
            let failed = |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::other(error, None);
            let request = request.try_into_http1x().map_err(|error| failed(error.into()))?;
            let request = request.map(|body| Body::from(body.bytes().unwrap().to_vec()));
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let status = StatusCode::try_from(parts.status.as_u16()).unwrap();
            let mut response = HttpResponse::new(status, SdkBody::from_body_1_x(AsItComes(Mutex::new(Some(body)))));
            for (name, value) in &parts.headers {
                response.headers_mut().append(name.as_str().to_owned(), value.to_str().unwrap().to_owned());
            }
            Ok(response)
        })
    }
}

/// The body frame by frame, as the SDK takes it; it also asks after the end.
struct AsItComes(Mutex<Option<Body>>);

impl http_body::Body for AsItComes {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let rest = self.get_mut().0.get_mut().unwrap();
        let Some(body) = rest else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(context);
        if let Poll::Ready(None) = frame {
            *rest = None;
        }
        frame
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
