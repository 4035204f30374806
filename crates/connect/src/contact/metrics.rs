//! `ChatMetrics`: what the transcript tells of how customer, bot and agent interact.
//!
//! Rules of the administrator guide ("Metric definitions"): the customer's response time runs from the agent's first
//! message in a turn, however many follow; the agent's first response is its first message; a conversation is abandoned
//! where the agent or the customer sent none. What AWS leaves open is read so:
//!
//! - A message is an item of type `MESSAGE`; a file is none. What has not come through its processor was said to nobody,
//!   and what a persistent chat brought along was said on another contact.
//! - Who speaks has the floor until another participant does. What the flow says is nobody's turn and nobody's answer: a
//!   customer who is told to wait still waits.
//! - A turn is what the customer says, and that somebody answers it.
//! - The agent's response time is the mirror of the customer's: from the customer's first message that nobody has
//!   answered. The wait in the queue is in it; what the bot had answered is not.
//! - An agent has obtained the contact when it is connected.
//! - Characters are Unicode's.

use super::effects::Entry;
use crate::{
    api::metrics::{ChatMetrics, ContactMetrics, ParticipantMetrics},
    item::{ItemType, Role},
};

/// Whose metrics these are, and when it was over.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Course<'a> {
    pub(super) customer: Option<&'a str>,
    pub(super) agent: Option<&'a str>,
    pub(super) agent_connected_ms: Option<i64>,
    pub(super) ended_ms: Option<i64>,
}

/// The metrics of a transcript.
pub(super) fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>, course: Course<'_>) -> ChatMetrics {
    let mut contact = ContactMetrics::default();
    let (mut customer, mut agent) = (ParticipantMetrics::default(), ParticipantMetrics::default());
    // Who has the floor, and since when.
    let mut floor: Option<(&str, i64)> = None;
    for Entry { at_ms, item, .. } in entries.into_iter().filter(|entry| is_said(entry)) {
        let length = item.content.as_deref().map_or(0, |content| content.chars().count());
        contact.total_messages += 1;
        if matches!(item.participant_role, Some(Role::CustomBot | Role::System)) {
            contact.total_bot_messages += 1;
            contact.total_bot_message_length += length;
        }
        let Some(by) = item.participant_id.as_deref() else { continue };
        let before = floor.filter(|(who, _)| *who != by);
        if floor.is_none() || before.is_some() {
            floor = Some((by, *at_ms));
        }
        let waited =
            |who: Option<&str>| before.filter(|(id, _)| Some(*id) == who).map(|(_, since_ms)| at_ms - since_ms);
        if Some(by) == course.customer {
            customer.said(*at_ms, length, waited(course.agent));
            continue;
        }
        contact.conversation_turns += usize::from(waited(course.customer).is_some());
        if Some(by) == course.agent {
            agent.said(*at_ms, length, waited(course.customer));
            contact.agent_first_response_ms.get_or_insert(*at_ms);
        }
    }
    contact.agent_first_response_time_ms = since(course.agent_connected_ms, contact.agent_first_response_ms);
    contact.conversation_close_time_ms = since(customer.last_message_ms, course.ended_ms);
    let metrics = |id: Option<&str>, said: ParticipantMetrics| {
        let conversation_abandon = course.ended_ms.map(|_| said.messages_sent == 0);
        id.map(|id| ParticipantMetrics { participant_id: id.to_owned(), conversation_abandon, ..said })
    };
    ChatMetrics { contact, customer: metrics(course.customer, customer), agent: metrics(course.agent, agent) }
}

/// Whether everybody can read it, and could on this contact alone.
fn is_said(entry: &Entry) -> bool {
    let item = &entry.item;
    item.r#type == ItemType::Message && item.related_contact_id.is_none() && item.processing_status().is_none()
}

/// No two items share a time, so that one may be a little later than what comes after it.
fn since(from_ms: Option<i64>, to_ms: Option<i64>) -> Option<i64> {
    Some((to_ms? - from_ms?).max(0))
}

impl ParticipantMetrics {
    fn said(&mut self, at_ms: i64, length: usize, waited_ms: Option<i64>) {
        self.messages_sent += 1;
        self.message_length += length;
        self.last_message_ms = Some(at_ms);
        if let Some(waited_ms) = waited_ms {
            self.responses += 1;
            self.total_response_time_ms += waited_ms;
            self.max_response_time_ms = self.max_response_time_ms.max(Some(waited_ms));
        }
    }
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
