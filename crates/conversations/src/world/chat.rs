//! The chat service in memory: one contact, one bot, and what it says.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use relevo_bot::ports::{Chat, ChatError, Clock as _, Connection, Participant, Token};
use serde_json::Value;

use super::machine::Machine;

/// A connection token of Connect lives for a day.
const DAY_MS: i64 = 86_400_000;

/// A chat with the bot as its participant.
pub(super) struct MemoryChat {
    machine: Arc<Machine>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    left: bool,
    said: Vec<String>,
    heard: BTreeSet<String>,
    attributes: BTreeMap<String, String>,
}

impl MemoryChat {
    pub(super) fn new(machine: Arc<Machine>) -> Self {
        Self { machine, state: Mutex::default() }
    }

    /// What the bot has said since this was last asked.
    pub(super) fn take_said(&self) -> Vec<String> {
        std::mem::take(&mut self.state().said)
    }

    /// The contact attributes that the bot has written.
    pub(super) fn attributes(&self) -> BTreeMap<String, String> {
        self.state().attributes.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn there(&self) -> Result<MutexGuard<'_, State>, ChatError> {
        let state = self.state();
        if state.left { Err(ChatError::AccessDenied) } else { Ok(state) }
    }
}

#[async_trait]
impl Chat for MemoryChat {
    async fn create_participant(&self, _: &str, _: &str, _: &str, _: &str) -> Result<Participant, ChatError> {
        drop(self.there()?);
        Ok(Participant { participant_id: "bot".into(), participant_token: Token::new("participant") })
    }

    async fn create_connection(&self, _: &Token) -> Result<Connection, ChatError> {
        drop(self.there()?);
        Ok(Connection { connection_token: Token::new("connection"), expiry_ms: self.machine.now_ms() + DAY_MS })
    }

    async fn start_streaming(&self, _: &str, _: &str, _: &str, _: &str) -> Result<String, ChatError> {
        Ok("stream".into())
    }

    async fn stop_streaming(&self, _: &str, _: &str, _: &str) -> Result<(), ChatError> {
        Ok(())
    }

    async fn send_message(&self, _: &Token, _: &str, content: &str, client_token: &str) -> Result<(), ChatError> {
        let mut state = self.there()?;
        if state.heard.insert(client_token.to_owned()) {
            state.said.push(content.to_owned());
        }
        Ok(())
    }

    async fn send_typing(&self, _: &Token) -> Result<(), ChatError> {
        self.there().map(drop)
    }

    async fn update_attributes(
        &self,
        _: &str,
        _: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        self.state().attributes.extend(attributes.clone());
        Ok(())
    }

    async fn transcript(&self, _: &Token) -> Result<Vec<Value>, ChatError> {
        Ok(Vec::new())
    }

    async fn disconnect(&self, _: &Token, _: &str) -> Result<(), ChatError> {
        self.there()?.left = true;
        Ok(())
    }
}
