//! The system's clock and random numbers, behind the rooms' ports.

use uuid::Uuid;

/// The time of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl relevo_bot::ports::Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

impl relevo_agents::ports::Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// Ids and random numbers that nobody can guess.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl relevo_agents::ports::Ids for SystemRandom {
    fn new_id(&self) -> String {
        Uuid::new_v4().to_string()
    }
}

impl relevo_agents::ports::Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        // UUIDs are the one source of randomness here; their first six bytes hold none of the fixed bits.
        for chunk in buffer.chunks_mut(6) {
            let random = Uuid::new_v4();
            for (byte, value) in chunk.iter_mut().zip(random.as_bytes()) {
                *byte = *value;
            }
        }
    }
}
