//! People at the desk of a `relevo up`: each takes what waits longest, answers whatever is said, and stays until the customer has
//! left.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::customer::come;
use crate::chat::{ChatError, Client, Socket, event, member};

/// How often the desk is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// So often in a row it may not be seen before that counts.
const BLIND: u32 = 25;
/// How long a person tries what may go better another time, and how long between tries.
const PATIENCE: Duration = Duration::from_mins(1);
const AGAIN: Duration = Duration::from_millis(300);

/// What the people were told is said: contact and message.
type Told = Arc<Mutex<Vec<(String, String)>>>;

/// The people; they go when this is dropped.
pub(super) struct People {
    task: JoinHandle<()>,
    blind: Arc<AtomicU32>,
    told: Told,
}

impl People {
    /// What each was told.
    pub(super) fn views(&self) -> Vec<Value> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter().map(|(contact, id)| json!({"role": "AGENT", "contactId": contact, "said": [id]})).collect()
    }

    /// Whether the desk could not be seen for a while.
    pub(super) fn failed(&self) -> bool {
        self.blind.load(Ordering::Relaxed) >= BLIND
    }
}

impl Drop for People {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// So many come.
pub(super) fn start(client: &Client, how_many: u32) -> People {
    let blind = Arc::new(AtomicU32::new(0));
    let told = Told::default();
    let task = tokio::spawn(watch(client.clone(), how_many, Arc::clone(&blind), Arc::clone(&told)));
    People { task, blind, told }
}

async fn watch(client: Client, how_many: u32, blind: Arc<AtomicU32>, told: Told) {
    let idle = Arc::new(Semaphore::new(usize::try_from(how_many).unwrap_or(Semaphore::MAX_PERMITS)));
    let mut taken: HashSet<String> = HashSet::new();
    loop {
        match client.waiting().await {
            Ok(waiting) => {
                blind.store(0, Ordering::Relaxed);
                taken.retain(|contact| waiting.contains(contact));
                for contact in waiting {
                    if taken.contains(&contact) {
                        continue;
                    }
                    let Ok(person) = Arc::clone(&idle).try_acquire_owned() else { break };
                    taken.insert(contact.clone());
                    let (client, told) = (client.clone(), Arc::clone(&told));
                    tokio::spawn(async move {
                        if let Err(error) = talk(&client, &contact, &told).await {
                            tracing::debug!(contact, %error, "a person could not stay");
                        }
                        drop(person);
                    });
                }
            }
            Err(error) => {
                tracing::debug!(%error, "the desk cannot be seen");
                if blind.load(Ordering::Relaxed) < BLIND {
                    blind.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        sleep(LOOK).await;
    }
}

/// From the accept to the customer's leaving.
async fn talk(client: &Client, contact: &str, told: &Told) -> Result<(), ChatError> {
    let participant = again(|| client.accept(contact, "Load")).await?;
    let (token, socket) = again(|| come(client, &participant)).await?;
    let said = again(|| client.transcript(&token)).await?;
    let answered = said.iter().filter(|item| by_the_customer(item)).map(|item| member(item, "Id").to_owned()).collect();
    let mut person = Person { client, contact, told, token, answered };
    match person.stay(&participant, socket).await {
        // The customer has left in the middle of a word.
        Err(error) if error.denied() => {}
        done => done?,
    }
    again(|| client.close(contact)).await
}

/// A person in a chat.
struct Person<'a> {
    client: &'a Client,
    contact: &'a str,
    told: &'a Told,
    token: SecretString,
    /// What the customer has said that needs no answer any more.
    answered: HashSet<String>,
}

impl Person<'_> {
    /// Until the chat has ended. A person who loses the connection comes back, and reads what was said meanwhile.
    async fn stay(&mut self, participant: &SecretString, mut socket: Socket) -> Result<(), ChatError> {
        self.say("Here I am.", "here").await?;
        loop {
            match socket.item().await {
                Some(item) if matches!(event(&item), Some("chat.ended")) => return Ok(()),
                Some(item) => self.answer(&item).await?,
                None => {
                    (self.token, socket) = again(|| come(self.client, participant)).await?;
                    for item in again(|| self.client.transcript(&self.token)).await? {
                        self.answer(&item).await?;
                    }
                }
            }
        }
    }

    /// A customer whose flow has handed over by itself talks on, and waits for an answer each time.
    async fn answer(&mut self, item: &Value) -> Result<(), ChatError> {
        let id = member(item, "Id");
        if !by_the_customer(item) || self.answered.contains(id) {
            return Ok(());
        }
        self.say("I see.", id).await?;
        self.answered.insert(id.to_owned());
        Ok(())
    }

    async fn say(&self, words: &str, name: &str) -> Result<(), ChatError> {
        let client_token = format!("{}-{name}", self.contact);
        let id = again(|| self.client.say(&self.token, words, &client_token)).await?;
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push((self.contact.to_owned(), id));
        Ok(())
    }
}

fn by_the_customer(item: &Value) -> bool {
    member(item, "Type") == "MESSAGE" && member(item, "ParticipantRole") == "CUSTOMER"
}

async fn again<T, F: Future<Output = Result<T, ChatError>>>(call: impl Fn() -> F) -> Result<T, ChatError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match call().await {
            Err(error) if error.passing() && Instant::now() < end => sleep(AGAIN).await,
            outcome => return outcome,
        }
    }
}
