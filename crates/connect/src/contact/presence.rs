//! Who is in the chat: joining, leaving, and the rules of the one custom bot.

use super::{
    Contact, Effect, Effects, Here, Reason, Record, Speaker, Stage, access_denied,
    participant::{Participant, Presence},
    start::check_name,
    token::{self, CONNECTION_TOKEN_MS, WEBSOCKET_URL_MS},
};
use crate::{
    api::{Connection, CreateConnection, CreateParticipant, CreatedParticipant},
    error::{Error, ErrorKind},
    flow::FlowInput,
    item::{Role, event as event_type},
};

/// A custom participant must connect within 15 s of its creation.
pub(super) const BOT_CONNECTS_WITHIN_MS: i64 = 15_000;

impl Contact {
    /// `CreateParticipant`: the bot, once for each `ClientToken`.
    pub(crate) fn create_participant(
        &mut self,
        request: CreateParticipant,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<CreatedParticipant, Error> {
        if request.role != Role::CustomBot {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                format!("ParticipantRole {} cannot be created in a chat; only CUSTOM_BOT can.", request.role.as_str()),
            ));
        }
        check_name(&request.display_name)?;
        self.lapse_late_bot(here, fx);
        if self.is_ended() {
            return Err(Error::new(ErrorKind::NotFound, "The contact is over."));
        }
        // One that lapsed can never connect; whoever asks again after that, asks for another.
        let same = |p: &&Participant| {
            p.client_token.is_some() && p.client_token == request.client_token && p.presence != Presence::Lapsed
        };
        if let Some(same) = self.participants.iter().find(same) {
            return Ok(same.credentials(self.ends_at_ms));
        }
        if self.agent().is_some() {
            return Err(Error::new(
                ErrorKind::Conflict,
                "A custom bot cannot be added while an agent is in the contact.",
            ));
        }
        if self.bot().is_some() {
            return Err(Error::new(ErrorKind::Conflict, "The contact already has a custom bot; it can have only one."));
        }
        let bot =
            Participant::invite(Role::CustomBot, &request.display_name, request.client_token, here.now_ms, here.ids);
        let answer = bot.credentials(self.ends_at_ms);
        self.participants.push(bot);
        Ok(answer)
    }

    /// `CreateParticipantConnection`.
    pub(crate) fn create_connection(
        &mut self,
        participant_id: &str,
        request: CreateConnection,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<Connection, Error> {
        if !request.websocket && !request.credentials && !request.connect_participant {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "Type must name WEBSOCKET or CONNECTION_CREDENTIALS, or ConnectParticipant must be true.",
            ));
        }
        self.lapse_late_bot(here, fx);
        if self.participant(participant_id).is_some_and(|p| p.presence == Presence::Lapsed) {
            return Err(Error::new(ErrorKind::NotFound, "The participant did not connect within 15 seconds."));
        }
        let role = self.acting(participant_id)?.role;
        let participant = self.participants.iter_mut().find(|p| p.id == participant_id).ok_or_else(access_denied)?;
        let websocket = request.websocket.then(|| {
            let secrets = &mut participant.websocket_secrets;
            let token = token::grant(secrets, here.ids, here.now_ms, WEBSOCKET_URL_MS);
            (token.secret.to_client(), token.expires_ms)
        });
        let credentials = request.credentials.then(|| {
            let tokens = &mut participant.connection_tokens;
            let token = token::grant(tokens, here.ids, here.now_ms, CONNECTION_TOKEN_MS);
            (token.secret.to_client(), token.expires_ms)
        });
        // A bot and an agent are there once they have a connection. A customer is there once the socket is open, or,
        // without a socket, when message streaming was started and ConnectParticipant says so.
        if role != Role::Customer || request.connect_participant {
            self.connect(participant_id, here, fx);
        }
        if role == Role::Agent && websocket.is_none() {
            self.begin_whispers(here, fx);
        }
        Ok(Connection { websocket, credentials })
    }

    /// Marks a participant as connected without a websocket. A customer can only be so with message streaming.
    pub(super) fn connect(&mut self, participant_id: &str, here: &Here<'_>, fx: &mut Effects) {
        let is_customer = self.participant(participant_id).is_some_and(|p| p.role == Role::Customer);
        if !is_customer || self.is_streaming() {
            self.join(participant_id, here, fx);
        }
    }

    /// A websocket was taken up.
    pub(crate) fn websocket_opened(
        &mut self,
        participant_id: &str,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        let role = self.acting(participant_id)?.role;
        self.join(participant_id, here, fx);
        if role == Role::Agent {
            self.begin_whispers(here, fx);
        }
        Ok(())
    }

    pub(super) fn join(&mut self, participant_id: &str, here: &Here<'_>, fx: &mut Effects) {
        let invited = |p: &&mut Participant| p.id == participant_id && p.presence == Presence::Invited;
        let Some(participant) = self.participants.iter_mut().find(invited) else { return };
        participant.presence = Presence::Joined { at_ms: here.now_ms };
        let participant = participant.clone();
        if self.stage == Stage::Created && participant.role == Role::Customer {
            self.tell_rehydrated(here, fx);
        }
        self.timers_begin(here);
        self.record(Record::event(event_type::JOINED, Speaker::from(&participant)), here, fx);
        if self.stage == Stage::Created {
            if participant.role == Role::Customer {
                self.stage = Stage::Flow;
                self.begin_flow(here, fx);
            }
        } else {
            self.updated_ms = here.now_ms;
            if participant.role == Role::Agent {
                self.prepare_whispers();
            }
        }
    }

    /// `DisconnectParticipant`. The customer and the agent take the contact with them; after the bot the flow goes on.
    /// With `DisconnectOnCustomerExit` a customer's first farewell takes the agent out alone, where there is a disconnect flow
    /// for the customer to go on in (a survey, say).
    pub(crate) fn disconnect(&mut self, participant_id: &str, here: &Here<'_>, fx: &mut Effects) -> Result<(), Error> {
        let role = self.acting(participant_id)?.role;
        if role == Role::Customer
            && let Some(agent_id) = self.agent_to_leave_first(here)
        {
            self.leave(&agent_id, Presence::Left, here, fx);
            self.agent_left(&agent_id, Reason::CustomerDisconnect, here, fx);
            return Ok(());
        }
        self.leave(participant_id, Presence::Left, here, fx);
        match role {
            Role::Customer => self.end(Reason::CustomerDisconnect, here, fx),
            Role::Agent => self.agent_left(participant_id, Reason::AgentDisconnect, here, fx),
            Role::CustomBot => {
                fx.push(Effect::Close { participant: participant_id.to_owned() });
                self.advance(FlowInput::BotDisconnected, here, fx);
            }
            Role::System | Role::Supervisor => {}
        }
        Ok(())
    }

    /// Takes a participant out, and says so if it had been in. Its sockets stay open: whoever ends the chat still
    /// sees that it has ended.
    pub(super) fn leave(&mut self, participant_id: &str, how: Presence, here: &Here<'_>, fx: &mut Effects) {
        let Some(participant) = self.participants.iter_mut().find(|p| p.id == participant_id) else { return };
        let was_joined = participant.is_joined();
        participant.leave(how);
        let participant = participant.clone();
        self.timers_end();
        if was_joined {
            self.record(Record::event(event_type::LEFT, Speaker::from(&participant)), here, fx);
        }
    }

    /// When the bot that has not connected yet will be too late.
    pub(super) fn bot_lapses_at(&self) -> Option<i64> {
        self.bot().filter(|b| !b.is_joined()).map(|b| b.created_ms + BOT_CONNECTS_WITHIN_MS)
    }

    /// A bot that did not connect in time is gone, and the flow hears of it as of any bot that is gone.
    pub(super) fn lapse_late_bot(&mut self, here: &Here<'_>, fx: &mut Effects) {
        if self.bot_lapses_at().is_none_or(|at| here.now_ms < at) {
            return;
        }
        let Some(id) = self.bot().map(|b| b.id.clone()) else { return };
        self.leave(&id, Presence::Lapsed, here, fx);
        fx.push(Effect::Close { participant: id });
        self.advance(FlowInput::BotDisconnected, here, fx);
    }
}
