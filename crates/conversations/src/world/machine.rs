//! Time, ids and randomness of a conversation: made from a seed, so that they are the same each time.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// When every conversation begins: 2026-01-05T09:00:00Z.
const BEGIN_MS: i64 = 1_767_603_600_000;
/// What passes before a customer says something.
const TICK_MS: i64 = 5_000;

/// A clock that goes on with each message, ids that count, and numbers from a seed.
#[derive(Debug)]
pub struct Machine {
    seed: u64,
    now_ms: AtomicI64,
    ids: AtomicU64,
    random: AtomicU64,
}

impl Machine {
    /// A machine whose ids and numbers come from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, now_ms: AtomicI64::new(BEGIN_MS), ids: AtomicU64::new(1), random: AtomicU64::new(seed) }
    }

    /// A moment passes.
    pub(crate) fn tick(&self) {
        self.now_ms.fetch_add(TICK_MS, Relaxed);
    }

    /// The contact of the conversation.
    pub fn contact_id(&self) -> String {
        format!("{:08x}-0000-4000-8000-000000000000", self.seed & 0xffff_ffff)
    }

    /// An id that was not there before, in the form of a UUID.
    pub(crate) fn next_id(&self) -> String {
        format!("{:08x}-0000-4000-8000-{:012x}", self.seed & 0xffff_ffff, self.ids.fetch_add(1, Relaxed))
    }

    fn now(&self) -> i64 {
        self.now_ms.load(Relaxed)
    }
}

impl relevo_bot::ports::Clock for Machine {
    fn now_ms(&self) -> i64 {
        self.now()
    }
}

impl relevo_agents::ports::Clock for Machine {
    fn now_ms(&self) -> i64 {
        self.now()
    }
}

impl relevo_agents::ports::Ids for Machine {
    fn new_id(&self) -> String {
        self.next_id()
    }
}

impl relevo_agents::ports::Random for Machine {
    /// `SplitMix64` (Steele, Lea, Flood 2014): any seed is a good one.
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            let mut z = self.random.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (z ^ (z >> 31)).to_le_bytes().first().copied().unwrap_or_default();
        }
    }
}
