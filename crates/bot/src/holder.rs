//! Who holds a contact's lease: reads and writes its session, and stops as soon as it is no longer the holder.

use tokio::time::Instant;

use crate::{
    bot::Bot,
    retry::apply,
    sessions::{Message, Op, Outcome, Session, SessionRecord, SessionsError, Status, Turn},
    turn::came_back_ms,
};

/// How long a lease is good.
pub(crate) const LEASE_MS: i64 = 30_000;
/// After this long without word from the store the holder asks before it speaks. The rest of the lease is longer than
/// the sending of a part may take.
const FRESH_MS: i64 = 5_000;
/// How often an operation of the store is tried.
const STORE_TRIES: u32 = 3;

/// Why the holder stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Somebody else goes on, or the session was closed.
    Lost,
    /// The chat is no longer the bot's: it was refused twice, the second time for its participant's token.
    Gone,
    /// The time of this invocation is over, and the turn goes on in another.
    OutOfTime,
    /// A service does not answer: deliver again later. For the log.
    Later(String),
}

/// The holder of one contact's lease.
pub(crate) struct Holder<'a> {
    pub(crate) bot: &'a Bot,
    /// The initial contact id.
    pub(crate) key: String,
    pub(crate) fence: u64,
    pub(crate) status: Status,
    pub(crate) attempts: u32,
    pub(crate) taken: Vec<Message>,
    pub(crate) inbox: Vec<Message>,
    pub(crate) session: Session,
    /// When the turn must be given up or over, where there is such a time.
    pub(crate) until: Option<Instant>,
    lease_until_ms: i64,
    checked_ms: i64,
}

impl<'a> Holder<'a> {
    /// From the record that came with the lease.
    pub(crate) fn new(bot: &'a Bot, record: SessionRecord, until: Option<Instant>) -> Self {
        let checked_ms = bot.now_ms();
        Self {
            bot,
            key: record.contact_id,
            fence: record.fence,
            status: record.status,
            attempts: record.attempts,
            taken: record.taken,
            inbox: record.inbox,
            session: record.session,
            until,
            lease_until_ms: record.lease_until_ms,
            checked_ms,
        }
    }

    /// The turn's progress.
    pub(crate) fn turn(&mut self) -> &mut Turn {
        self.session.turn.get_or_insert_default()
    }

    /// The turn's id: of its first message.
    pub(crate) fn turn_id(&self) -> String {
        self.taken.first().map(|message| message.id.clone()).unwrap_or_default()
    }

    /// Whether a message that waits asks for a person: it waits for nothing else.
    pub(crate) fn asks_for_person(&self) -> bool {
        self.waiting().any(|text| self.bot.listener.is_wish(text))
    }

    /// What waits in this stay's inbox. What was said to a person before the bot came back is not for it.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &str> {
        let since = came_back_ms(&self.session);
        self.inbox.iter().filter(move |message| message.time_ms >= since).filter_map(Message::text)
    }

    /// Remembers what the customer said, as far as the agents may read it.
    pub(crate) fn remember(&mut self, texts: &[String]) {
        let agent = &self.bot.ports.agent;
        if agent.allowed(&texts.join("\n")).is_some() {
            let allowed: Vec<String> = texts.iter().filter_map(|text| agent.allowed(text)).collect();
            self.session.remember(&allowed);
        }
    }

    /// The operation that stores the session as it is now.
    pub(crate) fn save_op(&mut self, status: Status) -> Op {
        self.session.revision += 1;
        Op::Save {
            fence: self.fence,
            session: Box::new(self.session.clone()),
            status,
            now_ms: self.bot.now_ms(),
            lease_ms: LEASE_MS,
        }
    }

    /// Stores the session and keeps the lease.
    pub(crate) async fn save(&mut self, status: Status) -> Result<(), Stop> {
        let op = self.save_op(status);
        let outcome = apply(&self.bot.ports, &self.key, op, STORE_TRIES).await;
        self.heard(outcome)
    }

    /// The operation that keeps the lease alone.
    pub(crate) fn renew_op(&self) -> Op {
        Op::Renew { fence: self.fence, now_ms: self.bot.now_ms(), lease_ms: LEASE_MS }
    }

    /// Makes sure that the lease is held, and will be for the sending of a part.
    pub(crate) async fn hold(&mut self) -> Result<(), Stop> {
        let now_ms = self.bot.now_ms();
        if now_ms - self.checked_ms <= FRESH_MS && now_ms + LEASE_MS - FRESH_MS <= self.lease_until_ms {
            return Ok(());
        }
        let outcome = apply(&self.bot.ports, &self.key, self.renew_op(), STORE_TRIES).await;
        self.heard(outcome)
    }

    /// Takes note of what the store answered to a save or a renewal.
    pub(crate) fn heard(&mut self, outcome: Result<Outcome, SessionsError>) -> Result<(), Stop> {
        match outcome {
            Ok(Outcome::Saved(record)) => {
                self.status = record.status;
                self.inbox = record.inbox;
                self.lease_until_ms = record.lease_until_ms;
                self.checked_ms = self.bot.now_ms();
                Ok(())
            }
            Ok(_) => Err(Stop::Lost),
            Err(error) => Err(Stop::Later(error.to_string())),
        }
    }

    /// Done with the turn. Answers whether another one was taken.
    pub(crate) async fn finish(&mut self) -> Result<bool, Stop> {
        self.session.revision += 1;
        let op = Op::Finish {
            fence: self.fence,
            turn: self.turn_id(),
            session: Box::new(self.session.clone()),
            now_ms: self.bot.now_ms(),
            lease_ms: LEASE_MS,
        };
        match apply(&self.bot.ports, &self.key, op, STORE_TRIES).await {
            Ok(Outcome::Next(record)) => {
                *self = Self::new(self.bot, *record, self.until);
                Ok(true)
            }
            Ok(Outcome::Released) => Ok(false),
            Ok(_) => Err(Stop::Lost),
            Err(error) => Err(Stop::Later(error.to_string())),
        }
    }

    /// Gives the lease back, so that the next delivery need not wait for its end.
    pub(crate) async fn release(&self) {
        // If it cannot be given back, it ends by itself.
        let _ = apply(&self.bot.ports, &self.key, Op::Release { fence: self.fence }, 1).await;
    }

    /// Stores the session as it is and gives the lease back: another process goes on with the turn.
    pub(crate) async fn rest(&mut self) -> Result<(), Stop> {
        self.session.revision += 1;
        let op = Op::Rest { fence: self.fence, session: Box::new(self.session.clone()) };
        match apply(&self.bot.ports, &self.key, op, STORE_TRIES).await {
            Ok(Outcome::Released) => Ok(()),
            Ok(_) => Err(Stop::Lost),
            Err(error) => Err(Stop::Later(error.to_string())),
        }
    }

    /// The greatest part this chat takes.
    pub(crate) fn part_bytes(&self) -> usize {
        let configured = self.bot.config.policy.limits.part_bytes;
        self.session.part_bytes.map_or(configured, |bytes| bytes.min(configured)).max(4)
    }

    /// A client token of this turn. The greeting has the one with which `start` has tried to say it.
    pub(crate) fn token(&self, part: &str) -> String {
        if part == GREETING {
            return self.stay_token(part);
        }
        format!("{}:{}:{part}", self.key, self.turn_id())
    }

    /// A client token of this stay in the contact.
    pub(crate) fn stay_token(&self, part: &str) -> String {
        stay_token(&self.key, self.session.stay, part)
    }
}

/// The part that greets, once a stay.
pub(crate) const GREETING: &str = "greeting";

/// A client token of one stay in a contact.
pub(crate) fn stay_token(key: &str, stay: u32, part: &str) -> String {
    format!("{key}:stay{stay}:{part}")
}
