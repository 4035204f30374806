//! The clock and the randomness of this machine, as every room's port asks for them.

use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's clock and its random numbers.
pub(crate) struct System;

impl System {
    /// Milliseconds since the Unix epoch.
    fn millis() -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Microseconds since the Unix epoch.
    pub(crate) fn micros() -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }

    /// Two random UUIDs as url-safe text: 64 characters, 244 random bits.
    fn secret() -> String {
        let (a, b) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        format!("{}{}", a.simple(), b.simple())
    }
}

impl relevo_connect::ports::Clock for System {
    fn now_ms(&self) -> i64 {
        Self::millis()
    }
}

impl relevo_connect::ports::Ids for System {
    fn uuid(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }

    fn token(&self) -> String {
        Self::secret()
    }
}

impl relevo_bot::ports::Clock for System {
    fn now_ms(&self) -> i64 {
        Self::millis()
    }
}

impl relevo_agents::ports::Clock for System {
    fn now_ms(&self) -> i64 {
        Self::millis()
    }
}

impl relevo_agents::ports::Ids for System {
    fn new_id(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}

impl relevo_agents::ports::Random for System {
    fn fill(&self, buffer: &mut [u8]) {
        // UUIDs are the one source of randomness here; their first six bytes hold none of the fixed bits.
        for chunk in buffer.chunks_mut(6) {
            let random = uuid::Uuid::new_v4();
            for (byte, value) in chunk.iter_mut().zip(random.as_bytes()) {
                *byte = *value;
            }
        }
    }
}
