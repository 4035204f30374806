//! The service's documented rates, enforced when asked: a bucket of tokens for each operation, as the gateways of AWS have it.
//!
//! The figures are the defaults of a new account, from "Amazon Connect service quotas" of the administrator guide: Connect's
//! for an account and Region, the participant service's for an instance; here both are the one instance.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use relevo_connect::ports::Clock;

/// Chats that may be going on in an instance at once, waiting ones included.
pub const CONCURRENT_CHATS: usize = 500;

/// A rate a second, and how many calls may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Calls a second in the long run.
    pub per_second: u32,
    /// Calls at once after a pause.
    pub burst: u32,
}

const fn rate(per_second: u32, burst: u32) -> Rate {
    Rate { per_second, burst }
}

/// The rate of an operation, and the name of the bucket that it has, which some share. None: no rate is documented.
pub fn rate_of(service: &str, operation: &'static str) -> Option<(&'static str, Rate)> {
    let own = |rate| Some((operation, rate));
    match (service, operation) {
        ("connectparticipant", "SendMessage" | "SendEvent") => Some(("SendMessage and SendEvent", rate(10, 15))),
        ("connectparticipant", "CreateParticipantConnection") => own(rate(6, 9)),
        ("connectparticipant", "GetTranscript" | "GetAttachment") => own(rate(8, 12)),
        ("connectparticipant", "DisconnectParticipant") => own(rate(3, 5)),
        (
            "connect",
            "StartChatContact"
            | "StartContactStreaming"
            | "StopContactStreaming"
            | "CreateParticipant"
            | "UpdateParticipantRoleConfig",
        ) => own(rate(5, 8)),
        ("connect", "GetContactAttributes" | "UpdateContactAttributes" | "DescribeContact" | "StopContact") => {
            own(rate(10, 15))
        }
        ("connect", "SendChatIntegrationEvent") => own(rate(17, 26)),
        ("connectparticipant", "StartAttachmentUpload" | "CompleteAttachmentUpload") | ("connect", _) => {
            own(rate(2, 5))
        }
        _ => None,
    }
}

/// A bucket, in thousandths of a call: so many come in a millisecond as the rate has calls a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bucket {
    thousandths: u64,
    at_ms: i64,
}

impl Bucket {
    /// A full one.
    fn full(rate: Rate, now_ms: i64) -> Self {
        Self { thousandths: u64::from(rate.burst) * 1_000, at_ms: now_ms }
    }

    /// Takes a call out, if there is one. A clock that goes back fills nothing.
    fn take(&mut self, rate: Rate, now_ms: i64) -> bool {
        let passed_ms = u64::try_from(now_ms.saturating_sub(self.at_ms)).unwrap_or(0);
        let come = passed_ms.saturating_mul(rate.per_second.into());
        self.thousandths = self.thousandths.saturating_add(come).min(u64::from(rate.burst) * 1_000);
        self.at_ms = now_ms;
        let enough = self.thousandths >= 1_000;
        if enough {
            self.thousandths -= 1_000;
        }
        enough
    }
}

/// Every operation's bucket. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Quotas {
    clock: Arc<dyn Clock>,
    buckets: Arc<Mutex<HashMap<&'static str, Bucket>>>,
}

impl Quotas {
    /// All of them full.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, buckets: Arc::default() }
    }

    /// Whether the call is within its rate; it is counted when it is.
    pub fn admit(&self, service: &str, operation: &'static str) -> bool {
        let Some((name, rate)) = rate_of(service, operation) else { return true };
        let now_ms = self.clock.now_ms();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.entry(name).or_insert_with(|| Bucket::full(rate, now_ms)).take(rate, now_ms)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    struct At(AtomicI64);

    impl Clock for At {
        fn now_ms(&self) -> i64 {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        // At these times, so many of ten calls are let in.
        for (rate, table) in [
            (rate(2, 5), &[(0, 5), (0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 1), (60_000, 5)][..]),
            (rate(10, 15), &[(0, 10), (0, 5), (99, 0), (100, 1), (1_100, 10), (9_000, 10), (9_000, 5)][..]),
            (rate(3, 5), &[(0, 5), (333, 0), (334, 1), (-5_000, 0), (-4_000, 3)][..]),
        ] {
            let mut bucket = Bucket::full(rate, 0);
            for (now_ms, expected) in table {
                let let_in = (0..10).filter(|_| bucket.take(rate, *now_ms)).count();
                assert_eq!(let_in, *expected, "{rate:?} at {now_ms}");
            }
        }
    }

    #[test]
    fn each_operation_has_its_own_bucket_but_messages_share_theirs_with_events() {
        let clock = Arc::new(At(AtomicI64::new(0)));
        let quotas = Quotas::new(clock.clone());
        let let_in = |service: &str, operation| (0..100).filter(|_| quotas.admit(service, operation)).count();
        for (service, operation, expected) in [
            ("connectparticipant", "SendEvent", 15),
            ("connectparticipant", "SendMessage", 0),
            ("connectparticipant", "GetTranscript", 12),
            ("connectparticipant", "DisconnectParticipant", 5),
            ("connectparticipant", "CreateParticipantConnection", 9),
            ("connect", "StartChatContact", 8),
            ("connect", "CreateParticipant", 8),
            ("connect", "UpdateContactAttributes", 15),
            ("connect", "ListQueues", 5),
            ("connectparticipant", "Websocket", 100),
            ("bedrock-agent-runtime", "InvokeAgent", 100),
        ] {
            assert_eq!(let_in(service, operation), expected, "{operation}");
        }
        clock.0.store(1_000, Ordering::Relaxed);
        assert_eq!(let_in("connectparticipant", "SendMessage"), 10);
    }
}
