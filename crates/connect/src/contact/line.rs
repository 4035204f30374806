//! A customer at the end of a line (SMS, WhatsApp): there from the beginning, without websocket and stream.

use super::{Contact, Effects, Here, participant::Presence};
use crate::{api::line::ChatEvent, error::Error, transcript::Log};

/// What a message may have there, in characters ("Amazon Connect feature limits" of the administrator guide).
const LONGEST_SMS: usize = 1_024;
const LONGEST_WHATSAPP: usize = 4_096;

impl Contact {
    /// How many characters a message may have on this chat's line; none: it has no line.
    pub(super) fn longest_on_its_line(&self) -> Option<usize> {
        self.profile.line.as_ref()?;
        match self.profile.segment_attributes.get("connect:Subtype").map(String::as_str) {
            Some("connect:WhatsApp") => Some(LONGEST_WHATSAPP),
            _ => Some(LONGEST_SMS),
        }
    }

    /// The line stands: the customer is there, and the flow begins. Again changes nothing.
    pub(crate) fn reach(&mut self, here: &Here<'_>, fx: &mut Effects) {
        let invited = self.customer().filter(|customer| customer.presence == Presence::Invited);
        if let Some(id) = invited.map(|customer| customer.id.clone()) {
            self.join(&id, here, fx);
        }
    }

    /// What the customer has done at the other end.
    pub(crate) fn integrate(
        &mut self,
        event: ChatEvent,
        log: &Log,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        let id = self.customer().map(|customer| customer.id.clone());
        let id = id.ok_or_else(|| Error::internal("a contact without customer"))?;
        self.reach(here, fx);
        match event {
            ChatEvent::Disconnect => self.disconnect(&id, here, fx),
            ChatEvent::Message(message) => self.send_message(&id, message, log, here, fx).map(drop),
            ChatEvent::Event(event) => self.send_event(&id, &event, log, here, fx).map(drop),
        }
    }
}
