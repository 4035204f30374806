//! What a flow may look up: the contact's attributes, the system attributes, the queue's figures.

use super::{Contact, Here, Stage};
use crate::{
    centre::QueueConfig,
    flow::{FlowWorld, Metric},
};

pub(super) struct World<'a> {
    pub(super) contact: &'a Contact,
    pub(super) here: &'a Here<'a>,
}

impl World<'_> {
    /// The queue that is named, or the target queue.
    fn queue(&self, named: Option<&str>) -> Option<&QueueConfig> {
        let config = self.here.config;
        named.map_or_else(|| self.contact.flow.queue(config), |named| config.find_queue(named))
    }
}

impl FlowWorld for World<'_> {
    fn attribute(&self, key: &str) -> Option<String> {
        self.contact.attributes.get(key).cloned()
    }

    fn system(&self, path: &[&str]) -> Option<String> {
        let (contact, config) = (self.contact, self.here.config);
        match path {
            ["ContactId" | "InitialContactId" | "PreviousContactId"] => Some(contact.id.clone()),
            ["Channel"] => Some("CHAT".into()),
            ["InitiationMethod"] => Some("API".into()),
            ["InstanceARN"] => Some(config.instance_arn()),
            ["AwsRegion"] => Some(config.region.clone()),
            ["CustomerId"] => contact.profile.customer_id.clone(),
            ["Name"] => contact.profile.name.clone(),
            ["Description"] => contact.profile.description.clone(),
            ["LanguageCode"] => contact.profile.language_code.clone(),
            ["Queue", "Name"] => contact.flow.queue(config).map(|queue| queue.name.clone()),
            ["Queue", "ARN"] => contact.flow.queue(config).map(|queue| config.arn("queue", &queue.id)),
            ["SegmentAttributes", key] => contact.profile.segment_attributes.get(*key).cloned(),
            ["Media", "InitialMessage"] => contact.profile.initial_message.clone(),
            ["Tags", "aws:connect:instanceId"] => Some(config.instance_id.clone()),
            ["Tags", key] => contact.profile.tags.get(*key).cloned(),
            ["CustomerEndpoint", "Address"] => contact.profile.line.as_ref().map(|line| line.customer.clone()),
            ["SystemEndpoint", "Address"] => contact.profile.line.as_ref().map(|line| line.system.clone()),
            ["CustomerEndpoint" | "SystemEndpoint", "Type"] => {
                contact.profile.line.as_ref().map(|_| "TELEPHONE_NUMBER".into())
            }
            ["Agent", "FirstName" | "UserName"] => contact.agent().map(|agent| agent.display_name.clone()),
            _ => None,
        }
    }

    fn hours_open(&self, hours_id: Option<&str>) -> Option<bool> {
        let config = self.here.config;
        config.is_open(hours_id, self.contact.flow.queue(config), self.here.now_ms)
    }

    fn metric(&self, metric: Metric, queue: Option<&str>) -> Option<i64> {
        let figures = self.here.queue.figures(self.queue(queue)?);
        Some(match metric {
            Metric::AgentsStaffed => i64::from(figures.staffed),
            Metric::AgentsOnline => i64::from(figures.online),
            Metric::AgentsAvailable => i64::from(figures.available),
            Metric::ContactsInQueue => i64::from(figures.queued),
            Metric::OldestContactAge => figures.oldest_enqueued_ms.map_or(0, |since| (self.here.now_ms - since).max(0)),
        })
    }

    fn queue_names(&self, queue: Option<&str>) -> Option<(String, String)> {
        let queue = self.queue(queue)?;
        Some((queue.name.clone(), self.here.config.arn("queue", &queue.id)))
    }

    fn position_in_queue(&self) -> Option<i64> {
        let Stage::Queued { enqueued_ms } = self.contact.stage else { return None };
        let queue = self.contact.queue(self.here.config);
        Some(i64::from(self.here.queue.ahead(queue, self.contact.rank(enqueued_ms))) + 1)
    }

    fn bot_present(&self) -> bool {
        self.contact.bot().is_some()
    }

    fn now_ms(&self) -> i64 {
        self.here.now_ms
    }

    fn fresh_id(&self) -> String {
        self.here.ids.uuid()
    }

    fn percentile(&self) -> u8 {
        let fresh = self.here.ids.uuid();
        let number = fresh.bytes().filter(u8::is_ascii_hexdigit).fold(0_u64, |sum, digit| {
            let value = char::from(digit).to_digit(16).unwrap_or_default();
            (sum * 16 + u64::from(value)) % 100
        });
        u8::try_from(number).unwrap_or_default()
    }
}
