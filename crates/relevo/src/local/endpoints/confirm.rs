//! Where HTTP endpoints confirm their subscriptions: the `SubscribeURL` of what they were sent.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;

use super::Endpoints;

const PATH: &str = "/relevo/subscriptions";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Confirmation {
    token: Option<String>,
}

/// The route; asks every HTTP subscriber to confirm. `port`: where this is served.
pub(in crate::local) fn routes(endpoints: Endpoints, port: u16) -> Router {
    let at = format!("http://127.0.0.1:{port}{PATH}?Action=ConfirmSubscription");
    for endpoint in endpoints.subscribers.iter().filter_map(|subscriber| subscriber.http()) {
        let (endpoint, at) = (Arc::clone(endpoint), at.clone());
        tokio::spawn(async move { endpoint.ask_to_confirm(&at).await });
    }
    Router::new().route(PATH, get(confirm)).with_state(endpoints)
}

async fn confirm(State(endpoints): State<Endpoints>, Query(Confirmation { token }): Query<Confirmation>) -> Response {
    let token = token.unwrap_or_default();
    let endpoint = endpoints.subscribers.iter().filter_map(|subscriber| subscriber.http());
    let arn = endpoint.into_iter().find_map(|endpoint| endpoint.confirm(&token));
    let (status, body) = match arn {
        Some(arn) => (
            StatusCode::OK,
            format!(
                "<ConfirmSubscriptionResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><ConfirmSubscriptionResult>\
                 <SubscriptionArn>{arn}</SubscriptionArn></ConfirmSubscriptionResult></ConfirmSubscriptionResponse>"
            ),
        ),
        None => (
            StatusCode::BAD_REQUEST,
            "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>\
             <Code>InvalidParameter</Code><Message>Invalid parameter: Token</Message></Error></ErrorResponse>"
                .into(),
        ),
    };
    (status, [(CONTENT_TYPE, "text/xml")], body).into_response()
}
