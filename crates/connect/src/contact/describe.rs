//! A contact as `DescribeContact` and the inspector show it.

use super::{Contact, Routing, Stage, participant::Presence};
use crate::{
    api::{ContactDescription, ContactInspection, ContactRecord, ContactSummary},
    centre::Config,
    directory::user_id,
    item::Role,
};

impl Contact {
    pub(crate) fn describe(&self, config: &Config) -> ContactDescription {
        let (enqueued_ms, accepted_ms) = self.desk_times();
        let agent = self.participants.iter().find(|p| p.role == Role::Agent);
        let agent = agent.zip(accepted_ms).map(|(agent, accepted_ms)| {
            let joined_ms = match agent.presence {
                Presence::Joined { at_ms } => at_ms,
                Presence::Invited | Presence::Left | Presence::Lapsed => accepted_ms,
            };
            (user_id(&agent.display_name), joined_ms)
        });
        let end = match self.stage {
            Stage::Ended { at_ms, reason, .. } => Some((at_ms, reason.as_str().to_owned())),
            _ => None,
        };
        ContactDescription {
            arn: config.arn("contact", &self.id),
            id: self.id.clone(),
            initial_contact_id: None,
            initiation_method: "API".into(),
            initiation_ms: self.created_ms,
            last_update_ms: self.updated_ms,
            disconnect_ms: end.as_ref().map(|(at_ms, _)| *at_ms),
            disconnect_reason: end.map(|(_, reason)| reason),
            queue: enqueued_ms.map(|at_ms| (self.queue(config).id.clone(), at_ms)),
            agent,
            attributes: (*self.attributes).clone(),
            segment_attributes: self.profile.segment_attributes.clone(),
            name: self.profile.name.clone(),
            description: self.profile.description.clone(),
            language_code: self.profile.language_code.clone(),
            customer_id: self.profile.customer_id.clone(),
            related_contact_id: self.continued_from().or_else(|| self.profile.related_contact_id.clone()),
            association_id: self.root_id(),
            tags: self.profile.tags.clone(),
            line: self.profile.line.clone(),
            routing: (self.flow.routing.priority, self.flow.routing.age_s),
        }
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

    /// When it was queued and when an agent accepted it.
    fn desk_times(&self) -> (Option<i64>, Option<i64>) {
        match self.stage {
            Stage::Created | Stage::Flow => (None, None),
            Stage::Queued { enqueued_ms } => (Some(enqueued_ms), None),
            Stage::Active { enqueued_ms, accepted_ms } => (Some(enqueued_ms), Some(accepted_ms)),
            Stage::Ended { enqueued_ms, accepted_ms, .. } => (enqueued_ms, accepted_ms),
        }
    }
}
