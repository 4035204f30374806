//! What a model says, while it says it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// The first text of an answer as it comes in. A model writes it, who asked reads it.
#[derive(Clone, Default)]
pub struct Speech(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    more: Notify,
}

#[derive(Default)]
struct State {
    text: String,
    /// The customer has read its beginning.
    told: bool,
}

impl Speech {
    /// A piece more. The answer that the model gives in the end must begin with all pieces.
    pub fn say(&self, piece: &str) {
        self.state().text.push_str(piece);
        self.0.more.notify_one();
    }

    /// The answer is asked for once more, of this model or another. Whether that may be: once the customer has read its
    /// beginning, nobody begins anew. What was written so far is forgotten.
    pub fn again(&self) -> bool {
        let mut state = self.state();
        if !state.told {
            state.text.clear();
        }
        !state.told
    }

    /// Whether the customer has read its beginning.
    pub fn is_told(&self) -> bool {
        self.state().told
    }

    /// What was written so far.
    pub fn text(&self) -> String {
        self.state().text.clone()
    }

    /// The customer reads its beginning.
    pub fn tell(&self) {
        self.state().told = true;
    }

    /// Waits for a piece that was not waited for before.
    pub async fn more(&self) {
        self.0.more.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Without what is said: it is a customer's.
impl fmt::Debug for Speech {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Speech").field("told", &self.is_told()).finish_non_exhaustive()
    }
}
