//! People at the desk of a `relevo up`: each takes what waits longest, says a word, and stays until the customer has left.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Semaphore, task::JoinHandle, time::sleep};

use crate::chat::{ChatError, Client, Socket, event};

/// How often the desk is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// So often in a row it may not be seen before that counts.
const BLIND: u32 = 25;

/// The people; they go when this is dropped.
pub(super) struct People {
    task: JoinHandle<()>,
    blind: Arc<AtomicU32>,
}

impl People {
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
    let task = tokio::spawn(watch(client.clone(), how_many, Arc::clone(&blind)));
    People { task, blind }
}

async fn watch(client: Client, how_many: u32, blind: Arc<AtomicU32>) {
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
                    let client = client.clone();
                    tokio::spawn(async move {
                        if let Err(error) = talk(&client, &contact).await {
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
async fn talk(client: &Client, contact: &str) -> Result<(), ChatError> {
    let token = client.accept(contact, "Load").await?;
    let connection = client.connection(&token).await?;
    let mut socket = Socket::open(&connection.websocket_url).await?;
    client.say(&connection.token, "Here I am.", &format!("{contact}-here")).await?;
    while let Some(item) = socket.item().await {
        if matches!(event(&item), Some("chat.ended")) {
            break;
        }
    }
    client.close(contact).await
}
