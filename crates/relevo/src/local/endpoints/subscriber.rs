//! Who hears the topic beside the bot: by its filter policy, some times over, and then no more.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use relevo_connect::stream::{FilterPolicy, Notification};
use relevo_deploy::stack::By;

use super::{
    file::{SubscriberSpec, To},
    function::OwnFunction,
    http::{Delivery, HttpEndpoint},
};
use crate::local::{batch, identity::Identity};

/// Waits between deliveries. SNS tries HTTP endpoints for an hour and Lambda a function for three minutes; here somebody
/// is watching.
const RETRY_AFTER_MS: [u64; 6] = [0, 500, 1_000, 2_000, 5_000, 10_000];

/// One subscription.
pub(in crate::local) struct Subscriber {
    policy: FilterPolicy,
    identity: Identity,
    to: Target,
}

enum Target {
    Function(Arc<OwnFunction>),
    Http(Arc<HttpEndpoint>),
}

impl Subscriber {
    /// None where the function is not there, which the file's reading has refused.
    pub(super) fn new(
        spec: &SubscriberSpec,
        functions: &BTreeMap<String, Arc<OwnFunction>>,
        identity: &Identity,
    ) -> Option<Self> {
        let to = match &spec.to {
            To::Function(name) => Target::Function(Arc::clone(functions.get(name)?)),
            To::Http { url, raw } => Target::Http(Arc::new(HttpEndpoint::new(url, *raw, &identity.topic_arn()))),
        };
        Some(Self { policy: spec.filter.clone(), identity: identity.clone(), to })
    }

    /// The endpoint, where it is one that must confirm its subscription.
    pub(super) fn http(&self) -> Option<&Arc<HttpEndpoint>> {
        match &self.to {
            Target::Http(endpoint) => Some(endpoint),
            Target::Function(_) => None,
        }
    }

    /// Delivers until it is taken. What is refused for good, or too often, is given up with a line in the log, as SNS does
    /// without a dead-letter queue: a subscriber that is broken must not hold up the others.
    pub(in crate::local) async fn deliver(&self, notification: &Notification) {
        if !self.policy.matches(notification) {
            return;
        }
        let mut last = String::new();
        for pause_ms in RETRY_AFTER_MS {
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            match self.once(notification).await {
                Delivery::Taken => return,
                Delivery::Refused(why) => {
                    last = why;
                    break;
                }
                Delivery::Failed(why) => last = why,
            }
        }
        tracing::warn!(subscriber = self.name(), why = last, "a notification was given up");
    }

    async fn once(&self, notification: &Notification) -> Delivery {
        match &self.to {
            Target::Http(endpoint) => endpoint.deliver(notification).await,
            Target::Function(function) => {
                let event = batch::event(By::Topic, &self.identity, notification);
                match function.invoke(&event, || {}).await {
                    Ok(_) => Delivery::Taken,
                    Err(error) => Delivery::Failed(error.to_string()),
                }
            }
        }
    }

    fn name(&self) -> &str {
        match &self.to {
            Target::Function(function) => &function.name,
            Target::Http(endpoint) => endpoint.url(),
        }
    }
}
