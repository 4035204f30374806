//! An HTTP endpoint that is subscribed to the topic, as SNS speaks to it (SNS developer guide, "HTTP/HTTPS headers", "Parsing
//! message formats"). The signature of what is sent is empty: there is no certificate of Amazon's here.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use relevo_connect::{
    ports::{Clock as _, Ids as _},
    stream::{Notification, envelope},
};
use relevo_outbound::Http;

use crate::local::system::System;

/// SNS waits as long for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// What SNS sends, although it is JSON.
const TEXT: &str = "text/plain; charset=UTF-8";

/// What came of one delivery.
pub(super) enum Delivery {
    Taken,
    /// For good: another try would be answered alike.
    Refused(String),
    /// May go better another time.
    Failed(String),
}

/// The endpoint.
pub(super) struct HttpEndpoint {
    url: String,
    raw: bool,
    topic_arn: String,
    subscription_arn: String,
    /// What its confirmation must bring back.
    token: String,
    confirmed: AtomicBool,
    told: AtomicBool,
    http: Http,
}

impl HttpEndpoint {
    pub(super) fn new(url: &str, raw: bool, topic_arn: &str) -> Self {
        Self {
            url: url.to_owned(),
            raw,
            topic_arn: topic_arn.to_owned(),
            subscription_arn: format!("{topic_arn}:{}", System.uuid()),
            token: System.token(),
            confirmed: AtomicBool::new(false),
            told: AtomicBool::new(false),
            http: Http::default(),
        }
    }

    /// Where it is.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Confirms the subscription by its token; the subscription's ARN, if the token is this one's.
    pub(super) fn confirm(&self, token: &str) -> Option<&str> {
        if token != self.token {
            return None;
        }
        self.confirmed.store(true, Ordering::Relaxed);
        Some(&self.subscription_arn)
    }

    /// Asks the endpoint to confirm, at `confirm_at`, until it has taken the request.
    pub(super) async fn ask_to_confirm(&self, confirm_at: &str) {
        let (id, now_ms) = (System.uuid(), System.now_ms());
        let url = format!("{confirm_at}&TopicArn={}&Token={}", self.topic_arn, self.token);
        let document = envelope::subscription_confirmation(&self.topic_arn, &id, now_ms, &self.token, &url);
        let body = document.to_string();
        for pause_s in [0, 1, 2, 5, 10, 20] {
            tokio::time::sleep(Duration::from_secs(pause_s)).await;
            if let Delivery::Taken = self.post("SubscriptionConfirmation", &id, body.clone()).await {
                return;
            }
        }
        tracing::warn!(url = self.url, "the endpoint did not take the request to confirm its subscription");
    }

    /// One notification.
    pub(super) async fn deliver(&self, notification: &Notification) -> Delivery {
        // SNS would deliver nothing; somebody who tries an endpoint out is told, and goes on.
        if !self.confirmed.load(Ordering::Relaxed) && !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                url = self.url,
                "the endpoint has not confirmed its subscription: SNS would deliver nothing"
            );
        }
        let (id, now_ms) = (System.uuid(), System.now_ms());
        let body = if self.raw {
            notification.message.clone()
        } else {
            envelope::sns_notification(&self.topic_arn, &id, now_ms, notification).to_string()
        };
        self.post("Notification", &id, body).await
    }

    async fn post(&self, kind: &str, id: &str, body: String) -> Delivery {
        let client = match self.http.client().await {
            Ok(client) => client,
            Err(error) => return Delivery::Failed(error.to_string()),
        };
        let mut request = client
            .post(&self.url)
            .header("content-type", TEXT)
            .header("x-amz-sns-message-type", kind)
            .header("x-amz-sns-message-id", id)
            .header("x-amz-sns-topic-arn", &self.topic_arn);
        if kind == "Notification" {
            request = request.header("x-amz-sns-subscription-arn", &self.subscription_arn);
            if self.raw {
                request = request.header("x-amz-sns-rawdelivery", "true");
            }
        }
        match request.timeout(ANSWER).body(body).send().await.map(|answer| answer.status().as_u16()) {
            Ok(200..=299) => Delivery::Taken,
            // SNS developer guide, "Message delivery retries": what the client did wrong stays wrong, but for 429.
            Ok(status @ (400..=428 | 430..=499)) => Delivery::Refused(format!("answered {status}")),
            Ok(status) => Delivery::Failed(format!("answered {status}")),
            Err(error) if error.is_timeout() => Delivery::Failed("no answer in 15 s".into()),
            Err(_) => Delivery::Failed("cannot be reached".into()),
        }
    }
}
