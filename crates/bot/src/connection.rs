//! The bot's connection to a chat, and what it means when the chat refuses it.
//!
//! The service says "access denied" for many things: the connection's token has expired, the bot was taken out, the chat
//! is over, or the service itself is wrong. One such answer therefore proves nothing. It is held against another: whoever is
//! in the chat gets a new connection for its participant's token, which is good as long as the participant is there, and
//! goes on with that; whoever is refused again is out. To ask for it changes nothing in the chat.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    bot::Bot,
    fnv::fnv,
    holder::{Holder, Stop},
    policy::Format,
    ports::{ChatError, Connection, Token},
    retry::insist,
    sessions::Session,
    voice::{Found, Unsaid, Voice},
};

/// The connection token is renewed this long before it ends.
const RENEW_TOKEN_MS: i64 = 120_000;
/// After this long a refused connection is asked for again; later where there is time: what refuses for nothing may do so for
/// a second.
const AGAIN: Duration = Duration::from_millis(300);
const AGAIN_MAX: Duration = Duration::from_secs(2);
/// How long making a connection may take.
pub(crate) const CONNECT: Duration = Duration::from_secs(10);

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreached {
    /// The bot is not in the chat.
    Gone,
    /// The chat does not answer.
    Later(String),
}

impl From<Unreached> for Stop {
    fn from(unreached: Unreached) -> Self {
        match unreached {
            Unreached::Gone => Self::Gone,
            Unreached::Later(why) => Self::Later(why),
        }
    }
}

impl From<Unreached> for Unsaid {
    fn from(unreached: Unreached) -> Self {
        match unreached {
            Unreached::Gone => Self::Gone,
            Unreached::Later(why) => Self::Later(why),
        }
    }
}

/// Makes a new connection. A refusal is asked for twice: what it says is final.
pub(crate) async fn connect(bot: &Bot, key: &str, session: &mut Session, time: Duration) -> Result<Token, Unreached> {
    let Some(participant) = session.participant_token.clone() else { return Err(Unreached::Gone) };
    let create = || insist(fnv(key), time, || bot.ports.chat.create_connection(&participant));
    let is_refused = |error: &ChatError| matches!(error, ChatError::AccessDenied | ChatError::NotFound);
    let mut made = create().await;
    if made.as_ref().is_err_and(is_refused) {
        sleep((time / 4).clamp(AGAIN, AGAIN_MAX)).await;
        made = create().await;
    }
    match made {
        Ok(Connection { connection_token, expiry_ms }) => {
            session.connection_expiry_ms = expiry_ms;
            Ok(session.connection_token.insert(connection_token).clone())
        }
        Err(error) if is_refused(&error) => Err(Unreached::Gone),
        Err(error) => Err(Unreached::Later(error.to_string())),
    }
}

impl Holder<'_> {
    /// A voice in the chat, with a token that is good for now.
    pub(crate) async fn voice(&mut self, time: Duration) -> Result<Voice, Unreached> {
        let known = self.session.connection_token.clone();
        let good = self.bot.now_ms() + RENEW_TOKEN_MS < self.session.connection_expiry_ms;
        match known.filter(|_| good) {
            Some(token) => Ok(self.voice_of(token)),
            None => self.reconnect(time).await,
        }
    }

    /// A voice with a new connection, after the chat has refused the one there was.
    pub(crate) async fn reconnect(&mut self, time: Duration) -> Result<Voice, Unreached> {
        let token = connect(self.bot, &self.key, &mut self.session, time).await?;
        Ok(self.voice_of(token))
    }

    /// Says a text; `time` is for each of its messages.
    pub(crate) async fn say(&mut self, text: &str, client_token: &str, time: Duration) -> Result<Found, Unsaid> {
        let voice = self.voice(time.min(CONNECT)).await?;
        self.still_ours().await?;
        match voice.say(text, client_token, time).await {
            Err(Unsaid::Gone) => self.say_anew(text, client_token, time).await,
            other => other,
        }
    }

    /// Says with a new connection what was refused with the one there was. Who then is refused again is in the chat, and
    /// may not say this.
    pub(crate) async fn say_anew(&mut self, text: &str, client_token: &str, time: Duration) -> Result<Found, Unsaid> {
        let voice = self.reconnect(time.min(CONNECT)).await?;
        self.still_ours().await?;
        match voice.say(text, client_token, time).await {
            Err(Unsaid::Gone) => Err(Unsaid::Refused("access denied, with a new connection too".into())),
            other => other,
        }
    }

    /// A connection may take its time, and the session may be closed meanwhile: then nothing is said any more.
    async fn still_ours(&mut self) -> Result<(), Unsaid> {
        self.hold().await.map_err(|_| Unsaid::Later("the session is not ours any more".into()))
    }

    fn voice_of(&self, token: Token) -> Voice {
        let markdown = self.bot.config.policy.format == Format::Auto && !self.session.plain;
        let chat = self.bot.ports.chat.clone();
        Voice { chat, token, seed: fnv(&self.key), max_bytes: self.part_bytes(), markdown }
    }
}
