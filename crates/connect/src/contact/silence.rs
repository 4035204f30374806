//! Chat timers: who has said nothing for so long is idle, and in the end everybody but the customer leaves.
//!
//! The rules are those of the admin guide, "Set up chat timeouts for chat participants". Timers run while the customer
//! and an agent or a bot are there, as they were set when the latter came. Of a role that has both timers, the second
//! begins when the first is over. A message begins its sender's anew.

use serde::{Deserialize, Serialize};

use super::{Contact, Effect, Effects, Here, Reason, Record, Speaker, participant::Participant, participant::Presence};
use crate::{
    api::contacts::{ChatTimer, TimerKind, TimerRole},
    error::{Error, ErrorKind},
    flow::FlowInput,
    item::{Role, event as event_type},
};

const MINUTE_MS: i64 = 60_000;

/// The timers as they are set, and as they run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Silence {
    set: Limits,
    running: Option<Running>,
}

/// How long each role may be silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Limits {
    customer: Limit,
    agent: Limit,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Limit {
    idle_ms: Option<i64>,
    disconnect_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Running {
    limits: Limits,
    customer: Watch,
    agent: Watch,
}

/// How one role stands: since when its timer runs, and whether it is idle already.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Watch {
    since_ms: i64,
    idle: bool,
}

impl Limit {
    /// When the watch's timer is over, and what it does then.
    fn ends(self, watch: Watch) -> Option<(i64, TimerKind)> {
        let (length_ms, kind) = match (self.idle_ms.filter(|_| !watch.idle), self.disconnect_ms) {
            (Some(idle_ms), _) => (idle_ms, TimerKind::Idle),
            (None, Some(disconnect_ms)) => (disconnect_ms, TimerKind::DisconnectNonCustomer),
            (None, None) => return None,
        };
        Some((watch.since_ms + length_ms, kind))
    }
}

impl Silence {
    fn set(&mut self, timer: ChatTimer) {
        let limit = match timer.role {
            TimerRole::Customer => &mut self.set.customer,
            TimerRole::Agent => &mut self.set.agent,
        };
        let length_ms = timer.minutes.map(|minutes| i64::from(minutes) * MINUTE_MS);
        match timer.kind {
            TimerKind::Idle => limit.idle_ms = length_ms,
            TimerKind::DisconnectNonCustomer => limit.disconnect_ms = length_ms,
        }
    }

    fn begin(&mut self, now_ms: i64) {
        let watch = Watch { since_ms: now_ms, idle: false };
        self.running = Some(Running { limits: self.set, customer: watch, agent: watch });
    }

    fn watch(&mut self, role: TimerRole) -> Option<&mut Watch> {
        let running = self.running.as_mut()?;
        Some(match role {
            TimerRole::Customer => &mut running.customer,
            TimerRole::Agent => &mut running.agent,
        })
    }

    fn ends(&self, role: TimerRole) -> Option<(i64, TimerKind)> {
        let running = self.running.as_ref()?;
        match role {
            TimerRole::Customer => running.limits.customer.ends(running.customer),
            TimerRole::Agent => running.limits.agent.ends(running.agent),
        }
    }
}

impl Contact {
    /// `UpdateParticipantRoleConfig`: counts from when the next agent or bot comes.
    ///
    /// # Errors
    /// `InvalidParameter`: a timer is out of its limits, or there twice.
    pub(crate) fn set_timers(&mut self, timers: &[ChatTimer], here: &Here<'_>) -> Result<(), Error> {
        for (at, timer) in timers.iter().enumerate() {
            if timer.minutes.is_some_and(|minutes| !(2..=480).contains(&minutes)) {
                return Err(invalid("A timer must be from 2 to 480 minutes."));
            }
            if timers.iter().take(at).any(|other| (other.role, other.kind) == (timer.role, timer.kind)) {
                return Err(invalid("A role has each type of timer once."));
            }
        }
        for timer in timers {
            self.silence.set(*timer);
        }
        self.updated_ms = here.now_ms;
        Ok(())
    }

    /// Somebody came: where that makes two, the timers begin.
    pub(super) fn timers_begin(&mut self, here: &Here<'_>) {
        let customer = self.customer().is_some_and(Participant::is_joined);
        if customer && self.has_counterpart() {
            self.silence.begin(here.now_ms);
        }
    }

    /// Somebody left: where the customer is alone, the timers end.
    pub(super) fn timers_end(&mut self) {
        if !self.has_counterpart() {
            self.silence.running = None;
        }
    }

    fn has_counterpart(&self) -> bool {
        let other = |p: &&Participant| matches!(p.role, Role::Agent | Role::CustomBot) && p.is_joined();
        self.participants.iter().any(|p| other(&p))
    }

    /// A participant said something: its timers begin anew, and it is idle no more.
    pub(super) fn spoke(&mut self, by: &Participant, here: &Here<'_>, fx: &mut Effects) {
        let role = match by.role {
            Role::Customer => TimerRole::Customer,
            Role::Agent => TimerRole::Agent,
            Role::CustomBot | Role::System | Role::Supervisor => return,
        };
        let Some(watch) = self.silence.watch(role) else { return };
        let was_idle = std::mem::take(&mut watch.idle);
        watch.since_ms = here.now_ms;
        if was_idle {
            self.pass_on(&Record::event(event_type::RETURNED, Speaker::from(by)), here, fx);
        }
    }

    /// When the next timer is over.
    pub(super) fn silent_until(&self) -> Option<i64> {
        [TimerRole::Customer, TimerRole::Agent].into_iter().filter_map(|role| Some(self.timer(role)?.0)).min()
    }

    /// The timer of a role that is there.
    fn timer(&self, role: TimerRole) -> Option<(i64, TimerKind, Participant)> {
        let (at_ms, kind) = self.silence.ends(role)?;
        let who = match role {
            TimerRole::Customer => self.customer(),
            TimerRole::Agent => self.agent(),
        };
        Some((at_ms, kind, who.filter(|it| it.is_joined())?.clone()))
    }

    /// Does what the timers that are over want.
    pub(super) fn silence_is_over(&mut self, here: &Here<'_>, fx: &mut Effects) {
        for role in [TimerRole::Customer, TimerRole::Agent] {
            match self.timer(role) {
                Some((at_ms, TimerKind::Idle, who)) if at_ms <= here.now_ms => {
                    if let Some(watch) = self.silence.watch(role) {
                        *watch = Watch { since_ms: here.now_ms, idle: true };
                    }
                    self.pass_on(&Record::event(event_type::IDLE, Speaker::from(&who)), here, fx);
                }
                Some((at_ms, TimerKind::DisconnectNonCustomer, who)) if at_ms <= here.now_ms => {
                    self.pass_on(&Record::event(event_type::AUTODISCONNECTION, Speaker::from(&who)), here, fx);
                    self.disconnect_others(here, fx);
                }
                _ => {}
            }
        }
    }

    /// Everybody but the customer leaves, and the contact goes on as when they leave by themselves.
    fn disconnect_others(&mut self, here: &Here<'_>, fx: &mut Effects) {
        if let Some(agent) = self.agent().map(|agent| agent.id.clone()) {
            self.leave(&agent, Presence::Left, here, fx);
            self.agent_left(&agent, Reason::IdleDisconnect, here, fx);
        } else if let Some(bot) = self.bot().map(|bot| bot.id.clone()) {
            self.leave(&bot, Presence::Left, here, fx);
            fx.push(Effect::Close { participant: bot });
            self.advance(FlowInput::BotDisconnected, here, fx);
        }
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidParameter, message)
}
