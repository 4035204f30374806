//! A contact as `DescribeContact` and the inspector show it.

use super::{
    Contact, Routing, Stage,
    metrics::{self, Course},
    participant::Participant,
};
use crate::{
    api::{ContactAgent, ContactDescription, ContactInspection, ContactRecord, ContactSummary},
    centre::Config,
    directory::user_id,
    item::{Item, Role, event as event_type},
    transcript::Log,
};

impl Contact {
    pub(crate) fn describe(&self, config: &Config) -> ContactDescription {
        let (enqueued_ms, _) = self.desk_times();
        let end = match self.stage {
            Stage::Ended { at_ms, reason, .. } => Some((at_ms, reason)),
            _ => None,
        };
        ContactDescription {
            arn: config.arn("contact", &self.id),
            id: self.id.clone(),
            initial_contact_id: None,
            initiation_method: "API".into(),
            initiation_ms: self.created_ms,
            last_update_ms: self.updated_ms,
            disconnect_ms: end.map(|(at_ms, _)| at_ms),
            disconnect_reason: end.map(|(_, reason)| reason.as_str().to_owned()),
            queue: enqueued_ms.map(|at_ms| (self.queue(config).id.clone(), at_ms)),
            agent: self.agent_of_the_stay().map(|agent| ContactAgent {
                id: user_id(&agent.display_name),
                connected_ms: agent.joined_ms(),
                after_contact_work: end
                    .zip(self.desk.after_contact_done_ms)
                    .map(|((at_ms, _), done_ms)| (at_ms, done_ms)),
            }),
            connected_ms: self.customer().and_then(Participant::joined_ms),
            chat_metrics: None,
            attributes: (*self.attributes).clone(),
            segment_attributes: self.profile.segment_attributes.clone(),
            name: self.profile.name.clone(),
            description: self.profile.description.clone(),
            customer_id: self.profile.customer_id.clone(),
            related_contact_id: self.continued_from().or_else(|| self.profile.related_contact_id.clone()),
            association_id: self.root_id(),
            tags: self.profile.tags.clone(),
            line: self.profile.line.clone(),
            routing: (self.flow.routing.priority, self.flow.routing.age_s),
        }
    }

    /// The same, with what its transcript tells.
    pub(crate) fn describe_with(&self, log: &Log, config: &Config) -> ContactDescription {
        let mut description = self.describe(config);
        let (customer, agent) = (self.customer(), self.agent_of_the_stay());
        let joined_ms = |it: Option<&Participant>| it.and_then(|it| it.joined_ms().or_else(|| joined_by(log, &it.id)));
        let agent_connected_ms = joined_ms(agent);
        description.connected_ms = joined_ms(customer);
        if let Some(agent) = &mut description.agent {
            agent.connected_ms = agent_connected_ms;
        }
        let course = Course {
            customer: customer.map(|it| it.id.as_str()),
            agent: agent.map(|it| it.id.as_str()),
            agent_connected_ms,
            ended_ms: description.disconnect_ms,
        };
        description.chat_metrics = Some(metrics::of(log.entries(), course));
        description
    }

    /// The agent who has it, or had it last, since it was queued for the last time.
    fn agent_of_the_stay(&self) -> Option<&Participant> {
        let (_, accepted_ms) = self.desk_times();
        accepted_ms.and_then(|_| self.participants.iter().rev().find(|p| p.role == Role::Agent))
    }

    /// The target queue's name, and how the contact is routed in it.
    pub(crate) fn routing(&self, config: &Config) -> (Option<String>, Routing) {
        (self.flow.queue(config).map(|queue| queue.name.clone()), self.flow.routing)
    }

    pub(crate) fn summary(&self) -> ContactSummary {
        let customer = self.participants.iter().find(|participant| participant.role == Role::Customer);
        ContactSummary {
            contact_id: self.id.clone(),
            state: self.state().to_owned(),
            started_at_ms: self.created_ms,
            customer_display_name: customer.map(|customer| customer.display_name.clone()).unwrap_or_default(),
        }
    }

    fn state(&self) -> &'static str {
        match self.stage {
            Stage::Created | Stage::Flow => "FLOW",
            Stage::Queued { .. } => "QUEUED",
            Stage::Active { .. } => "ACTIVE",
            Stage::Ended { .. } => "ENDED",
        }
    }

    pub(crate) fn inspect(&self, config: &Config) -> ContactInspection {
        let (disconnect_reason, ended_at_ms) = match self.stage {
            Stage::Ended { reason, at_ms, .. } => (Some(reason.as_str().to_owned()), Some(at_ms)),
            _ => (None, None),
        };
        let flow = config.flow(&self.flow.flow_id).map_or(&self.flow.flow_id, |entry| &entry.name);
        ContactInspection {
            contact_id: self.id.clone(),
            state: self.state().to_owned(),
            attributes: (*self.attributes).clone(),
            flow: flow.clone(),
            flow_id: self.flow.flow_id.clone(),
            customer_display_name: self.customer().map(|c| c.display_name.clone()).unwrap_or_default(),
            started_at_ms: self.created_ms,
            ended_at_ms,
            attribute_changes: self.attribute_log.changes().to_vec(),
            transfers: self.desk.transfers.clone(),
            outcome: self.desk.outcome.clone(),
            path: self.flow.path(),
            participants: self.participants.iter().map(super::participant::Participant::view).collect(),
            disconnect_reason,
        }
    }

    /// The contact as it is stored, without what was said.
    pub(crate) fn recorded(&self, config: &Config) -> ContactRecord {
        let (enqueued_ms, accepted_ms) = self.desk_times();
        ContactRecord { inspection: self.inspect(config), enqueued_ms, accepted_ms, items: Vec::new() }
    }

    /// When it was queued for the last time, and when an agent accepted it then.
    pub(super) fn desk_times(&self) -> (Option<i64>, Option<i64>) {
        match self.stage {
            Stage::Created | Stage::Flow => self.desk.served,
            Stage::Queued { enqueued_ms } => (Some(enqueued_ms), None),
            Stage::Active { enqueued_ms, accepted_ms } => (Some(enqueued_ms), Some(accepted_ms)),
            Stage::Ended { enqueued_ms, accepted_ms, .. } => (enqueued_ms, accepted_ms),
        }
    }
}

/// When a participant joined, as the transcript has it: contacts that were stored without, have it there alone.
fn joined_by(log: &Log, participant_id: &str) -> Option<i64> {
    let by = |item: &Item| item.participant_id.as_deref() == Some(participant_id);
    let joined = log.entries().find(|it| it.item.content_type == event_type::JOINED && by(&it.item));
    joined.map(|entry| entry.at_ms)
}
