//! A contact that is going on, in memory: the contact, its transcript, its open websockets.

use tokio::sync::mpsc::UnboundedSender;

use super::keys;
use crate::{contact::Contact, error::Error, ports::Store, transcript::Log};

/// At most this many open websockets a participant (Connect's feature limits).
const SOCKETS: usize = 5;

pub(super) struct Live {
    pub(super) contact: Contact,
    /// The transcript, once it was read.
    pub(super) log: Log,
    log_is_read: bool,
    pub(super) sockets: Sockets,
}

impl Live {
    /// A contact whose transcript begins.
    pub(super) fn new(contact: Contact) -> Self {
        Self { contact, log: Log::default(), log_is_read: true, sockets: Sockets::default() }
    }

    /// One that goes on. Its transcript is read when it is needed: who only waits needs none.
    pub(super) fn stored(contact: Contact) -> Self {
        Self { log_is_read: false, ..Self::new(contact) }
    }

    /// Makes sure that `log` is the transcript.
    pub(super) async fn read_log(&mut self, store: &dyn Store) -> Result<(), Error> {
        if !self.log_is_read {
            self.log = Log::from_entries(keys::list(store, &keys::items(&self.contact.id)).await?);
            self.log_is_read = true;
        }
        Ok(())
    }
}

/// One open websocket.
pub(super) struct Socket {
    pub(super) participant_id: String,
    pub(super) items: UnboundedSender<String>,
}

/// The open websockets of a contact.
#[derive(Default)]
pub(super) struct Sockets(Vec<Socket>);

impl Sockets {
    pub(super) fn add(&mut self, socket: Socket) {
        self.0.push(socket);
    }

    pub(super) fn is_full(&self, participant_id: &str) -> bool {
        self.0.iter().filter(|s| s.participant_id == participant_id && !s.items.is_closed()).count() >= SOCKETS
    }

    /// Sends to every socket whose participant is meant; a socket that is gone is forgotten.
    pub(super) fn send(&mut self, json: &str, meant: impl Fn(&str) -> bool) {
        self.0.retain(|s| {
            if meant(&s.participant_id) { s.items.send(json.to_owned()).is_ok() } else { !s.items.is_closed() }
        });
    }

    /// Closes the sockets of one participant.
    pub(super) fn close(&mut self, participant_id: &str) {
        self.0.retain(|s| s.participant_id != participant_id);
    }

    pub(super) fn close_all(&mut self) {
        self.0.clear();
    }
}
