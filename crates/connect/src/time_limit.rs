//! A limit whose time begins when the work does.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::SetOnce,
    time::{Instant, sleep_until},
};

/// How long work may take, counted from when it begins. Clones are the same limit.
#[derive(Debug, Clone)]
pub struct TimeLimit {
    lasts: Duration,
    began: Arc<SetOnce<Instant>>,
}

impl TimeLimit {
    /// A limit that has not begun.
    pub fn new(lasts: Duration) -> Self {
        Self { lasts, began: Arc::default() }
    }

    /// How long it lasts.
    pub fn lasts(&self) -> Duration {
        self.lasts
    }

    /// Begins it now; one that has begun goes on.
    pub fn begin(&self) {
        // Whoever was first has begun it.
        drop(self.began.set(Instant::now()));
    }

    /// The work's outcome; none: the limit was over first, and the work is dropped.
    pub async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let over = async { sleep_until(*self.began.wait().await + self.lasts).await };
        tokio::select! {
            biased;
            outcome = work => Some(outcome),
            () = over => None,
        }
    }

    /// Whether there is time left after a pause from now on.
    pub(crate) fn outlasts(&self, pause: Duration) -> bool {
        self.began.get().is_none_or(|began| Instant::now() + pause < *began + self.lasts)
    }
}
