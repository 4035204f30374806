//! What goes on beside the agent's work: typing, keeping the lease, words for long turns, the deadline.

use std::{future::pending, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep_until, timeout};

use crate::{
    holder::Holder,
    ports::{Chat, ChatError, Clock, Token},
    sessions::{Op, Outcome, Sessions, SessionsError},
};

/// How often the lease is renewed. The inbox comes with it: so soon a wish for a person is noticed during a long turn.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// One renewal, or one typing event.
const ATTEMPT: Duration = Duration::from_secs(5);
/// After a part was said, typing waits a little for the next one.
const TYPING_PAUSE: Duration = Duration::from_secs(2);
/// A customer who writes again after so long a silence is told that the bot is at it.
const SILENCE: Duration = Duration::from_secs(6);

/// What is due.
#[derive(Debug)]
pub(crate) enum Tick {
    /// The store's answer to a renewal.
    Renewed(Result<Outcome, SessionsError>),
    /// Time for the words of a long turn, for the n-th time.
    Still(usize),
    /// The agent has had its time.
    Deadline,
    /// This process has had its time.
    OutOfTime,
    /// The chat refuses the typing: once a turn.
    Denied,
}

type Pending<T> = Option<BoxFuture<'static, T>>;

/// One turn's clockwork.
pub(crate) struct Ticker {
    chat: Arc<dyn Chat>,
    sessions: Arc<dyn Sessions>,
    clock: Arc<dyn Clock>,
    token: Option<Token>,
    key: String,
    renew: Op,
    typing_every: Duration,
    typing_at: Option<Instant>,
    typing: Pending<Result<(), ChatError>>,
    renew_at: Instant,
    renewing: Pending<Result<Outcome, SessionsError>>,
    still: Vec<Instant>,
    next_still: usize,
    patience: Duration,
    deadline: Instant,
    until: Option<Instant>,
    /// When the customer last read something in this turn.
    silent_since: Instant,
    reassured: bool,
    denied: bool,
}

impl Ticker {
    /// Starts: typing goes out at once. `worked`: how long the turn was worked on before, by this process or another.
    pub(crate) fn new(holder: &Holder<'_>, patience: Duration, worked: Duration) -> Self {
        let limits = &holder.bot.config.policy.limits;
        let now = Instant::now();
        let mut still: Vec<Duration> =
            limits.still_working_after_ms.iter().copied().map(Duration::from_millis).collect();
        still.sort();
        let next_still = still.iter().take_while(|after| **after <= worked).count();
        let still = still.into_iter().map(|after| now + after.saturating_sub(worked)).collect();
        // What is asked anew has its whole time again; what goes on has what is left of it.
        let spent = if holder.bot.ports.agent.goes_on() { worked } else { Duration::ZERO };
        Self {
            chat: holder.bot.ports.chat.clone(),
            sessions: holder.bot.ports.sessions.clone(),
            clock: holder.bot.ports.clock.clone(),
            token: holder.session.connection_token.clone(),
            key: holder.key.clone(),
            renew: holder.renew_op(),
            typing_every: Duration::from_millis(limits.typing_every_ms.max(1_000)),
            typing_at: Some(now),
            typing: None,
            renew_at: now + RENEW_EVERY,
            renewing: None,
            still,
            next_still,
            patience,
            deadline: now + patience.saturating_sub(spent),
            until: holder.until,
            silent_since: now,
            reassured: false,
            denied: false,
        }
    }

    /// Waits for what is due next. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> Tick {
        loop {
            let still = self.still.get(self.next_still).copied();
            tokio::select! {
                biased;
                outcome = when(&mut self.renewing) => {
                    self.renewing = None;
                    self.renew_at = Instant::now() + RENEW_EVERY;
                    return Tick::Renewed(outcome);
                }
                result = when(&mut self.typing) => {
                    self.typing = None;
                    if matches!(result, Err(ChatError::AccessDenied | ChatError::NotFound)) && !self.denied {
                        self.denied = true;
                        return Tick::Denied;
                    }
                }
                () = sleep_until(self.deadline) => return Tick::Deadline,
                () = at(self.until) => return Tick::OutOfTime,
                () = sleep_until(self.renew_at), if self.renewing.is_none() => self.start_renewing(),
                () = at(self.typing_at), if self.typing.is_none() => self.start_typing(),
                () = at(still) => {
                    self.next_still += 1;
                    return Tick::Still(self.next_still - 1);
                }
            }
        }
    }

    /// The agent gave a sign: its time begins anew.
    pub(crate) fn progress(&mut self) {
        self.deadline = Instant::now() + self.patience;
    }

    /// Something is about to be said: no typing may come after it.
    pub(crate) fn hush(&mut self, token: Option<Token>) {
        self.typing = None;
        self.typing_at = None;
        self.token = token;
    }

    /// The bot has a new connection.
    pub(crate) fn reconnected(&mut self, token: Option<Token>) {
        self.token = token;
    }

    /// Part of the answer was said: the words of long turns are no longer due.
    pub(crate) fn answered(&mut self) {
        self.next_still = self.still.len();
        self.reassured = true;
    }

    /// Words for a long turn were said.
    pub(crate) fn spoke(&mut self) {
        self.silent_since = Instant::now();
    }

    /// Whether a customer who writes again now is to be told that the bot is at it: once a turn.
    pub(crate) fn reassures(&mut self) -> bool {
        let due = !self.reassured && self.silent_since.elapsed() >= SILENCE;
        self.reassured |= due;
        due
    }

    /// More is being written.
    pub(crate) fn writing(&mut self) {
        self.typing_at.get_or_insert_with(|| Instant::now() + TYPING_PAUSE);
    }

    fn start_renewing(&mut self) {
        let (sessions, clock, key) = (self.sessions.clone(), self.clock.clone(), self.key.clone());
        let mut op = self.renew.clone();
        if let Op::Renew { now_ms, .. } = &mut op {
            *now_ms = clock.now_ms();
        }
        self.renewing = Some(Box::pin(async move {
            let answer = timeout(ATTEMPT, sessions.apply(&key, op)).await;
            answer.unwrap_or_else(|_| Err(SessionsError("no answer in time".into())))
        }));
    }

    fn start_typing(&mut self) {
        self.typing_at = Some(Instant::now() + self.typing_every);
        let Some(token) = self.token.clone() else { return };
        let chat = self.chat.clone();
        self.typing = Some(Box::pin(async move {
            let sent = timeout(ATTEMPT, chat.send_typing(&token)).await;
            sent.unwrap_or_else(|_| Err(ChatError::Unavailable("no answer in time".into())))
        }));
    }
}

async fn when<T>(slot: &mut Pending<T>) -> T {
    match slot {
        Some(future) => future.await,
        None => pending().await,
    }
}

async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}
