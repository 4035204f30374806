//! A chat from its first call to its end: says what is written, shows what comes, and comes back after a lost connection.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep, sleep_until},
};

use super::{
    client::{ChatError, Client, Connection, Customer, Started},
    lines::{self, Look, event, member},
    socket::Socket,
};

const PAUSE: Duration = Duration::from_millis(500);
/// So long is it tried to come back.
const GIVE_UP: Duration = Duration::from_mins(1);
/// An answer may have several parts; after this much silence it is whole.
const WHOLE: Duration = Duration::from_millis(800);

/// Where lines go.
pub(crate) trait Voice {
    /// A line of the conversation.
    fn line(&mut self, line: &str);
    /// A word to the person at the terminal, which is no part of the conversation.
    fn aside(&mut self, words: &str);
    /// Who is typing, until the next line.
    fn typing(&mut self, who: &str);
}

/// How the conversation is held.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    pub(crate) look: Look,
    /// The lines come from a person at a terminal, who sees what was typed; otherwise from a script, whose every line waits for
    /// the answer to the one before.
    pub(crate) by_hand: bool,
    /// How long a script's line waits for an answer.
    pub(crate) patience: Duration,
}

impl Talk {
    /// Holds the chat until its end. `Ok(true)` when it ended as chats do: by somebody's leave or by a word of the server.
    ///
    /// # Errors
    /// When the chat cannot begin.
    pub(crate) async fn hold(
        self,
        client: &Client,
        customer: &Customer,
        written: UnboundedReceiver<String>,
        voice: &mut dyn Voice,
    ) -> Result<bool, ChatError> {
        let started = client.start(&client.place().await?, customer, &uuid::Uuid::new_v4().to_string()).await?;
        if self.look == Look::Json {
            voice.line(&json!({"type": "started", "contactId": started.contact_id}).to_string());
        }
        let name = customer.name.clone();
        let mut session = Session {
            talk: self,
            client,
            started,
            name,
            voice,
            written,
            open: true,
            waiting: VecDeque::new(),
            seen: HashSet::new(),
            offered: Vec::new(),
            answer: (!self.by_hand).then(|| Instant::now() + self.patience),
            over: false,
        };
        let well = session.run().await;
        if session.talk.look == Look::Json {
            session
                .voice
                .line(&json!({"type": "ended", "contactId": session.started.contact_id, "well": well}).to_string());
        }
        Ok(well)
    }
}

struct Session<'a> {
    talk: Talk,
    client: &'a Client,
    started: Started,
    name: String,
    voice: &'a mut dyn Voice,
    written: UnboundedReceiver<String>,
    /// Whether more can be written.
    open: bool,
    /// Client tokens and texts on their way.
    waiting: VecDeque<(String, String)>,
    seen: HashSet<String>,
    /// What the last interactive message offers.
    offered: Vec<String>,
    /// A script waits for an answer until then.
    answer: Option<Instant>,
    over: bool,
}

impl Session<'_> {
    async fn run(&mut self) -> bool {
        let mut last_good = Instant::now();
        loop {
            let lost = match self.connect().await {
                Ok((connection, socket)) => {
                    let outcome = self.talk_over(&connection, socket).await;
                    last_good = Instant::now();
                    outcome
                }
                Err(error) => Err(error),
            };
            match lost {
                Ok(()) => return true,
                Err(error) if error.denied() => return self.over,
                Err(error) if !error.passing() || last_good.elapsed() > GIVE_UP => {
                    self.voice.aside(&error.to_string());
                    return false;
                }
                Err(_) => self.voice.aside("the connection is lost; coming back…"),
            }
            tokio::select! {
                () = sleep(PAUSE) => {}
                _ = tokio::signal::ctrl_c() => return false,
            }
        }
    }

    /// Subscribed first, then caught up: what comes in between is in both and shown once.
    async fn connect(&mut self) -> Result<(Connection, Socket), ChatError> {
        let connection = self.client.connection(&self.started.token).await?;
        let socket = Socket::open(&connection.websocket_url).await?;
        for item in self.client.transcript(&connection.token).await? {
            self.show(&item);
        }
        Ok((connection, socket))
    }

    /// `Ok` at the end of the chat, an error when the connection is lost.
    async fn talk_over(&mut self, connection: &Connection, mut socket: Socket) -> Result<(), ChatError> {
        loop {
            if self.over {
                return Ok(());
            }
            self.flush(&connection.token).await?;
            let listens = self.open && (self.talk.by_hand || self.answer.is_none());
            if !self.open && self.answer.is_none() {
                return self.leave(&connection.token).await;
            }
            let until = self.answer.unwrap_or_else(Instant::now);
            tokio::select! {
                item = socket.item() => match item {
                    Some(item) => self.show(&item),
                    None => return Err(ChatError::Socket("it was closed".into())),
                },
                line = self.written.recv(), if listens => self.write(line),
                () = sleep_until(until), if self.answer.is_some() => self.answer = None,
                _ = tokio::signal::ctrl_c() => {
                    self.voice.aside("\nYou have left the chat.");
                    return self.leave(&connection.token).await;
                }
            }
        }
    }

    fn write(&mut self, line: Option<String>) {
        let Some(line) = line else {
            self.open = false;
            return;
        };
        let text = line.trim();
        if text.is_empty() {
            return;
        }
        let picked = text.parse::<usize>().ok().and_then(|number| self.offered.get(number.checked_sub(1)?).cloned());
        self.waiting.push_back((uuid::Uuid::new_v4().to_string(), picked.unwrap_or_else(|| text.to_owned())));
        self.answer = (!self.talk.by_hand).then(|| Instant::now() + self.talk.patience);
    }

    /// Says what waits, in order. What the server will not have is told and given up.
    async fn flush(&mut self, token: &SecretString) -> Result<(), ChatError> {
        while let Some((client_token, text)) = self.waiting.front() {
            match self.client.say(token, text, client_token).await {
                Err(error) if error.passing() || error.denied() => return Err(error),
                Err(error) => self.voice.aside(&error.to_string()),
                Ok(_) => {}
            }
            self.waiting.pop_front();
        }
        Ok(())
    }

    async fn leave(&mut self, token: &SecretString) -> Result<(), ChatError> {
        self.open = false;
        self.client.leave(token).await?;
        for item in self.client.transcript(token).await.unwrap_or_default() {
            self.show(&item);
        }
        Ok(())
    }

    fn show(&mut self, item: &Value) {
        let own = member(item, "ParticipantId") == self.started.participant_id;
        if event(item) == Some("typing") {
            if !own {
                self.typing(item);
            }
            return;
        }
        if !self.seen.insert(member(item, "Id").to_owned()) {
            return;
        }
        let message = matches!(member(item, "Type"), "MESSAGE" | "ATTACHMENT");
        if message && !own {
            self.offered = lines::choices(item);
            // A script goes on when what answers it is whole; the flow's own words are no answer.
            if member(item, "ParticipantRole") != "SYSTEM" && self.answer.is_some() {
                self.answer = Some(Instant::now() + WHOLE);
            }
        }
        self.over |= event(item) == Some("chat.ended");
        // Who types at a terminal has seen it.
        if own && message && self.talk.by_hand && self.talk.look != Look::Json {
            return;
        }
        let mut item = item.clone();
        if own && let Some(members) = item.as_object_mut() {
            members.entry("DisplayName").or_insert_with(|| self.name.clone().into());
        }
        if let Some(line) = lines::line(&item, own, self.talk.look) {
            self.voice.line(&line);
        }
    }

    fn typing(&mut self, item: &Value) {
        match self.talk.look {
            Look::Json => {
                if let Some(line) = lines::line(item, false, Look::Json) {
                    self.voice.line(&line);
                }
            }
            Look::Text(_) => self.voice.typing(&lines::speaker(item, member(item, "ParticipantRole"))),
        }
    }
}
