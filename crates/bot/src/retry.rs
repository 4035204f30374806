//! Trying again: bounded in time, slower each time, each attempt with its own limit.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use crate::{
    ports::{ChatError, Ports},
    sessions::{Op, Outcome, SessionsError},
};

const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// The first call to the chat service; after one that got no answer the next may take twice as long.
const CHAT_ATTEMPT: Duration = Duration::from_secs(5);
/// One call to the store.
const STORE_ATTEMPT: Duration = Duration::from_secs(3);

/// Calls the chat service until it answers something final or the time is over. `seed` spreads the waits of
/// conversations that began to wait together: the rates are the instance's.
pub(crate) async fn insist<T, F>(seed: u64, total: Duration, mut call: impl FnMut() -> F) -> Result<T, ChatError>
where
    F: Future<Output = Result<T, ChatError>>,
{
    let end = Instant::now() + total;
    // One hanging call must not use up the time for all. A service that is slow at every call is given longer each time,
    // else none of them would ever succeed.
    let mut longest = CHAT_ATTEMPT.min(total / 2);
    let mut attempt = 0_u32;
    loop {
        let left = end.saturating_duration_since(Instant::now()).min(longest);
        let result = timeout(left, call()).await.unwrap_or_else(|_| {
            longest *= 2;
            Err(ChatError::Unavailable("no answer in time".into()))
        });
        let wait = wait(attempt, seed);
        match result {
            Err(error) if error.is_passing() && Instant::now() + wait < end => sleep(wait).await,
            other => return other,
        }
        attempt += 1;
    }
}

/// Applies an operation to the store, a few times if it does not answer. Only for operations that may be done twice.
pub(crate) async fn apply(ports: &Ports, key: &str, op: Op, tries: u32) -> Result<Outcome, SessionsError> {
    let mut attempt = 0_u32;
    loop {
        let result = match timeout(STORE_ATTEMPT, ports.sessions.apply(key, op.clone())).await {
            Ok(result) => result,
            Err(_) => Err(SessionsError("no answer in time".into())),
        };
        attempt += 1;
        match result {
            Err(_) if attempt < tries => sleep(wait(attempt - 1, 0)).await,
            other => return other,
        }
    }
}

fn wait(attempt: u32, seed: u64) -> Duration {
    let wait = FIRST_WAIT.saturating_mul(1 << attempt.min(8)).min(LONGEST_WAIT);
    let spread = seed.rotate_left(attempt * 7) % 128;
    wait + wait.saturating_mul(u32::try_from(spread).unwrap_or(0)) / 256
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn passing_errors_are_tried_again_and_final_ones_are_not() {
        let calls = AtomicU32::new(0);
        let throttled_twice =
            || async { if calls.fetch_add(1, Ordering::Relaxed) < 2 { Err(ChatError::Throttled) } else { Ok(7) } };
        assert_eq!(insist(1, Duration::from_secs(10), throttled_twice).await, Ok(7));
        calls.store(0, Ordering::Relaxed);
        let denied = || async {
            calls.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(ChatError::AccessDenied)
        };
        assert_eq!(insist(1, Duration::from_secs(10), denied).await, Err(ChatError::AccessDenied));
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_is_slow_at_every_call_succeeds_at_last() {
        for (total_s, slow_s) in [(20, 6), (12, 6), (60, 19)] {
            let slow = || async move {
                sleep(Duration::from_secs(slow_s)).await;
                Ok(7)
            };
            assert_eq!(insist(1, Duration::from_secs(total_s), slow).await, Ok(7), "{slow_s} s of {total_s} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_hanging_service_is_given_up_in_time() {
        let begin = Instant::now();
        let result = insist(9, Duration::from_secs(12), std::future::pending::<Result<(), _>>).await;
        assert!(matches!(result, Err(ChatError::Unavailable(_))));
        assert!(begin.elapsed() <= Duration::from_secs(12));
    }
}
