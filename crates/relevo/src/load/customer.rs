//! One customer: a chat from its start to its end, and what was heard in it.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use super::{Progress, mix::Kind, verdict};
use crate::chat::{ChatError, Client, Customer, Place, Socket, event, member};

/// Between tries of a call, and of coming back.
const AGAIN: Duration = Duration::from_millis(300);

/// What a customer needs to live.
pub(super) struct Life {
    pub(super) client: Client,
    pub(super) place: Place,
    pub(super) number: u32,
    pub(super) kind: Arc<Kind>,
    pub(super) pauses: fastrand::Rng,
    pub(super) stay: Duration,
    pub(super) patience: Duration,
    /// There is somebody at the desk for sure.
    pub(super) somebody: bool,
    pub(super) progress: Arc<Progress>,
}

/// What a customer heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// For the report: whose.
    pub(super) contact: String,
    /// The contact's id; empty: no chat could be started.
    pub(super) contact_id: String,
    pub(super) participant_id: String,
    /// Ids of the own messages, in the order in which they were said.
    pub(super) said: Vec<String>,
    /// What came over the websocket, in its order; after a lost connection what was missed, out of the transcript.
    pub(super) frames: Vec<Value>,
    /// Ids of what was caught up with: it may still come over the websocket.
    pub(super) caught: HashSet<String>,
    /// The transcript before the customer left; none: it could not be had.
    pub(super) transcript: Option<Vec<Value>>,
    /// Words that nobody answered.
    pub(super) unanswered: u32,
    /// A person was asked for, and nobody came.
    pub(super) nobody_came: bool,
    /// The customer was told that it has left.
    pub(super) left: bool,
    /// Why it could not go on.
    pub(super) failed: Option<String>,
    /// Times of what a customer notices, in ms.
    pub(super) times: Times,
}

/// In ms.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// `StartChatContact`.
    pub(super) start: Vec<u32>,
    /// From the connection to the bot's first words.
    pub(super) greeting: Vec<u32>,
    /// `SendMessage`.
    pub(super) send: Vec<u32>,
    /// From `SendMessage` to the own message on the websocket.
    pub(super) echo: Vec<u32>,
    /// From `SendMessage` to the first words of the answer.
    pub(super) answer: Vec<u32>,
    /// From the words that ask for a person to the person's joining.
    pub(super) person: Vec<u32>,
}

impl Life {
    /// From the start of the chat to its end.
    pub(super) async fn live(mut self) -> Heard {
        let mut heard = Heard::default();
        if let Err(error) = self.chat(&mut heard).await {
            heard.failed = Some(error.to_string());
        }
        heard
    }

    async fn chat(&mut self, heard: &mut Heard) -> Result<(), ChatError> {
        let customer =
            Customer { name: format!("Customer {}", self.number + 1), attributes: self.kind.attributes.clone() };
        let (began, client_token) = (Instant::now(), uuid::Uuid::new_v4().to_string());
        let started = self.again(|| self.client.start(&self.place, &customer, &client_token)).await?;
        heard.times.start.push(ms(began));
        heard.contact_id.clone_from(&started.contact_id);
        heard.contact = format!("{} ({})", started.contact_id, self.kind.name);
        heard.participant_id = started.participant_id;
        Progress::add(&self.progress.started);
        Progress::add(&self.progress.open);
        let outcome = self.connected(heard, started.token).await;
        self.progress.open.fetch_sub(1, Ordering::Relaxed);
        outcome
    }

    async fn connected(&mut self, heard: &mut Heard, participant: SecretString) -> Result<(), ChatError> {
        let tries = AtomicU32::new(0);
        let come = || {
            tries.fetch_add(1, Ordering::Relaxed);
            come(&self.client, &participant)
        };
        let (token, socket) = self.again(come).await?;
        // A first try that got through and broke has begun the chat: something may have been said since.
        let behind = tries.into_inner() > 1;
        let mut line = Line { participant, token, socket, behind };
        let began = Instant::now();
        if self.until(heard, &mut line, answers).await {
            heard.times.greeting.push(ms(began));
        } else {
            heard.unanswered += 1;
        }
        let kind = Arc::clone(&self.kind);
        for (at, words) in kind.says.iter().enumerate() {
            let [least, most] = kind.pause_seconds;
            let pause = Duration::from_secs_f64(least + (most - least) * self.pauses.f64());
            self.listen(heard, &mut line, pause).await;
            let began = Instant::now();
            let id = self.say(&line, words, heard).await?;
            if self.until(heard, &mut line, |item| member(item, "Id") == id).await {
                heard.times.echo.push(ms(began));
            }
            if kind.person && at + 1 == kind.says.len() {
                self.person(heard, &mut line, began).await?;
            } else if self.until(heard, &mut line, answers).await {
                heard.times.answer.push(ms(began));
            } else {
                heard.unanswered += 1;
            }
        }
        self.listen(heard, &mut line, self.stay).await;
        heard.transcript = Some(self.again(|| self.client.transcript(&line.token)).await?);
        // What is still under way to the websocket is let in.
        let end = Instant::now() + self.patience;
        while verdict::misses(heard) && Instant::now() < end {
            self.listen(heard, &mut line, AGAIN).await;
        }
        // A leave whose answer was lost has been one: the token is no longer good.
        let left = match self.again(|| self.client.leave(&line.token)).await {
            Err(error) if error.denied() => Ok(()),
            outcome => outcome,
        };
        heard.left = left.is_ok();
        left
    }

    /// Waits for a person, and talks with them.
    async fn person(&self, heard: &mut Heard, line: &mut Line, began: Instant) -> Result<(), ChatError> {
        if !self.somebody {
            // The bot's leaving is all that can be known.
            heard.nobody_came = !self.until(heard, line, |item| leaves(item, "CUSTOM_BOT")).await;
            return Ok(());
        }
        // Where the flow hands over by itself the person may be there before anybody has asked.
        let there = heard.frames.iter().any(|item| joins(item, "AGENT"));
        if !there && !self.until(heard, line, |item| joins(item, "AGENT")).await {
            heard.nobody_came = true;
            return Ok(());
        }
        heard.times.person.push(ms(began));
        Progress::add(&self.progress.with_person);
        let id = self.say(line, "thank you", heard).await?;
        self.until(heard, line, |item| member(item, "Id") == id).await;
        Ok(())
    }

    async fn say(&self, line: &Line, words: &str, heard: &mut Heard) -> Result<String, ChatError> {
        let client_token = uuid::Uuid::new_v4().to_string();
        let began = Instant::now();
        let id = self.again(|| self.client.say(&line.token, words, &client_token)).await?;
        heard.times.send.push(ms(began));
        heard.said.push(id.clone());
        Progress::add(&self.progress.sent);
        Ok(id)
    }

    /// Listens until something comes that is wanted; false: it did not come in the customer's patience.
    async fn until(&self, heard: &mut Heard, line: &mut Line, wanted: impl Fn(&Value) -> bool) -> bool {
        // It may have come while something else was waited for.
        let after = heard.said.last().cloned();
        let from = after.and_then(|id| heard.frames.iter().position(|item| member(item, "Id") == id)).unwrap_or(0);
        let mut seen = from;
        let listening = async {
            loop {
                if heard.frames.iter().skip(seen).any(&wanted) {
                    return;
                }
                seen = heard.frames.len();
                self.hear(heard, line).await;
            }
        };
        timeout(self.patience, listening).await.is_ok()
    }

    async fn listen(&self, heard: &mut Heard, line: &mut Line, so_long: Duration) {
        let listening = async {
            loop {
                self.hear(heard, line).await;
            }
        };
        drop(timeout(so_long, listening).await);
    }

    /// The next thing that is heard; after a lost connection, everything that was missed. It may be dropped at any point:
    /// a customer who is back reads the transcript, if not now then the next time.
    async fn hear(&self, heard: &mut Heard, line: &mut Line) {
        if line.behind {
            match self.client.transcript(&line.token).await {
                Ok(transcript) => {
                    line.behind = false;
                    heard.catch_up(transcript);
                }
                Err(error) => not_yet(&error).await,
            }
            return;
        }
        match line.socket.item().await {
            Some(item) if heard.caught.contains(member(&item, "Id")) => {}
            Some(item) => heard.frames.push(item),
            None => {
                if let Err(error) = self.come_back(line).await {
                    not_yet(&error).await;
                }
            }
        }
    }

    /// A new websocket first, then the transcript: what comes in between is in both.
    async fn come_back(&self, line: &mut Line) -> Result<(), ChatError> {
        line.socket = come(&self.client, &line.participant).await?.1;
        line.behind = true;
        Ok(())
    }

    /// A call that is tried again where that may help, for as long as the customer has patience: a customer's client does.
    async fn again<T, F: Future<Output = Result<T, ChatError>>>(&self, call: impl Fn() -> F) -> Result<T, ChatError> {
        let end = Instant::now() + self.patience;
        loop {
            match call().await {
                Err(error) if error.passing() && Instant::now() < end => sleep(AGAIN).await,
                outcome => return outcome,
            }
        }
    }
}

/// A customer's way to the centre.
struct Line {
    participant: SecretString,
    token: SecretString,
    socket: Socket,
    /// Something may have been said while nothing was heard: the transcript is to be read.
    behind: bool,
}

impl Heard {
    /// Of a customer of whom nothing is known but that it could not go on.
    pub(super) fn failed(why: &str) -> Self {
        Self { failed: Some(why.to_owned()), ..Self::default() }
    }

    /// Takes what is in the transcript and was not heard.
    fn catch_up(&mut self, transcript: Vec<Value>) {
        for item in transcript {
            if !self.frames.iter().any(|known| member(known, "Id") == member(&item, "Id")) {
                self.caught.insert(member(&item, "Id").to_owned());
                self.frames.push(item);
            }
        }
    }

    /// All that this customer was told, for whoever compares it with what is stored.
    pub(super) fn view(&self) -> Value {
        json!({
            "role": "CUSTOMER",
            "contactId": self.contact_id,
            "participantId": self.participant_id,
            "said": self.said,
            "heard": self.frames.iter().filter(|item| verdict::stays(item)).collect::<Vec<_>>(),
            "caughtUp": self.caught.len(),
            "left": self.left,
            "failed": self.failed,
        })
    }
}

/// A connection of its own for each try: the websocket's address is good for 100 s only.
pub(super) async fn come(client: &Client, token: &SecretString) -> Result<(SecretString, Socket), ChatError> {
    let connection = client.connection(token).await?;
    Ok((connection.token, Socket::open(&connection.websocket_url).await?))
}

async fn not_yet(error: &ChatError) {
    tracing::debug!(%error, "not yet back");
    sleep(AGAIN).await;
}

/// Whether somebody of the role joins.
pub(super) fn joins(item: &Value, role: &str) -> bool {
    event(item) == Some("participant.joined") && member(item, "ParticipantRole") == role
}

/// Whether somebody of the role leaves.
pub(super) fn leaves(item: &Value, role: &str) -> bool {
    event(item) == Some("participant.left") && member(item, "ParticipantRole") == role
}

/// Whether it is something that the bot said.
pub(super) fn by_the_bot(item: &Value) -> bool {
    member(item, "Type") == "MESSAGE" && member(item, "ParticipantRole") == "CUSTOM_BOT"
}

/// Whether it is something that the bot or a person said.
fn answers(item: &Value) -> bool {
    by_the_bot(item) || member(item, "Type") == "MESSAGE" && member(item, "ParticipantRole") == "AGENT"
}

fn ms(began: Instant) -> u32 {
    began.elapsed().as_millis().try_into().unwrap_or(u32::MAX)
}
