//! One conversation's world: the bot that runs everywhere, over a chat, stores, a clock, ids and randomness in memory.

mod agent;
mod chat;
mod machine;
mod own;
mod stubs;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use relevo_bot::{
    Bot, BotConfig, Policy, Ports, ReceiveError, Received,
    ports::{Agent, Clock as _, TurnFailure, Watch},
    sessions::{CloseReason, MemorySessions},
};
use serde_json::{Value, json};

pub use machine::Machine;
pub use own::{MakeTools, OwnAgents};
pub use stubs::Stubs;

use crate::{
    file::Conversation,
    observed::{Departed, Turn},
};
use agent::Watched;
use chat::MemoryChat;

/// Who answers: an agent for each conversation, with nothing left of the ones before.
pub trait Subject: Send + Sync {
    /// The agent. `machine` is the conversation's clock, ids and randomness, `stubs` what functions answer in it.
    fn agent(&self, machine: &Arc<Machine>, stubs: &Arc<Stubs>) -> Arc<dyn Agent>;

    /// The contact's id, by which an agent elsewhere knows the conversation: there it must be new.
    fn contact_id(&self, machine: &Machine) -> String {
        machine.contact_id()
    }
}

/// What is seen of the turn at work.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<Turn>);

impl Seen {
    pub(crate) fn note(&self, note: impl FnOnce(&mut Turn)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn take(&self) -> Turn {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watch for Seen {
    fn turn_failed(&self, failure: &TurnFailure) {
        self.note(|turn| turn.failures.push(format!("{} ({failure})", failure.code())));
    }

    fn departed(&self, _: CloseReason) {}

    fn said_after_handoff(&self) {
        self.note(|turn| turn.failures.push("the bot spoke after the hand-off".into()));
    }
}

/// A conversation that is being held.
pub struct World {
    bot: Bot,
    seen: Arc<Seen>,
    chat: Arc<MemoryChat>,
    sessions: Arc<MemorySessions>,
    stubs: Arc<Stubs>,
    machine: Arc<Machine>,
    contact_id: String,
}

impl World {
    /// A world for one conversation. `seed` makes its ids and random numbers.
    pub fn new(policy: &Policy, languages: &[String], subject: &dyn Subject, held: &Conversation, seed: u64) -> Self {
        let machine = Arc::new(Machine::new(seed));
        let stubs = Arc::new(Stubs::new(&held.functions));
        let seen = Arc::new(Seen::default());
        let chat = Arc::new(MemoryChat::new(Arc::clone(&machine)));
        let sessions = Arc::new(MemorySessions::default());
        let agent = Watched::new(subject.agent(&machine, &stubs), Arc::clone(&seen));
        let ports = Ports {
            chat: chat.clone(),
            agent: Arc::new(agent),
            sessions: sessions.clone(),
            clock: machine.clone(),
            handlers: Some(stubs.clone()),
            mailbox: None,
            watch: Some(seen.clone()),
        };
        let config = BotConfig {
            instance_id: "conversations".into(),
            topic_arn: "arn:aws:sns:us-east-1:000000000000:conversations".into(),
            policy: policy.clone(),
            languages: languages.to_vec(),
        };
        let contact_id = subject.contact_id(&machine);
        Self { bot: Bot::new(config, ports), seen, chat, sessions, stubs, machine, contact_id }
    }

    /// The flow calls for the bot. Answers the greeting.
    ///
    /// # Errors
    /// The reason that the bot gives the flow.
    pub async fn start(&self, attributes: &[(String, String)]) -> Result<Vec<String>, String> {
        let attributes: BTreeMap<&str, &str> = attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let event = json!({"Name": "ContactFlowEvent", "Details": {"Parameters": {}, "ContactData": {
            "ContactId": self.contact_id, "InitialContactId": self.contact_id, "Attributes": attributes}}});
        let answer = self.bot.start(&event).await;
        if answer.get("status").and_then(Value::as_str) == Some("success") {
            return Ok(self.chat.take_said());
        }
        Err(answer.get("reason").and_then(Value::as_str).unwrap_or("no reason").to_owned())
    }

    /// The customer says something. Answers what happened.
    pub async fn say(&self, words: &str) -> Turn {
        self.machine.tick();
        let id = self.machine.next_id();
        let item = json!({
            "Id": id,
            "InitialContactId": self.contact_id,
            "ContactId": self.contact_id,
            "AbsoluteTime": iso(self.machine.now_ms()),
            "ParticipantRole": "CUSTOMER",
            "Type": "MESSAGE",
            "ContentType": "text/plain",
            "Content": words,
        });
        let received = self.bot.receive(&item.to_string()).await;
        let mut turn = self.seen.take();
        words.clone_into(&mut turn.customer);
        turn.said = self.chat.take_said();
        match received {
            Ok(Received::Answered | Received::HandedOff | Received::Ended) => {}
            Ok(Received::Closed) => turn.failures.push("the bot had left before".into()),
            Ok(other) => turn.failures.push(format!("the message was not answered: {other:?}")),
            Err(ReceiveError::Busy) => turn.failures.push("the bot was busy".into()),
            Err(ReceiveError::Unavailable(why)) => turn.failures.push(why),
        }
        for function in self.stubs.take_missing() {
            let hint = format!("`functions: {{{function}: {{returns: …}}}}`");
            turn.failures.push(format!("control was returned for {function}, which has no answer here ({hint})"));
        }
        turn.departed = self.departed();
        turn
    }

    fn departed(&self) -> Option<Departed> {
        let reason = self.sessions.get(&self.contact_id)?.session.closed?;
        Some(Departed {
            reason: reason.as_str().to_owned(),
            handoff: reason.is_handoff(),
            attributes: self.chat.attributes(),
        })
    }
}

/// As Connect writes times.
fn iso(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    format!("{time:.3}")
}
