//! Time, ids and randomness: what the room does not take from the machine by itself.

/// The time.
pub trait Clock: Send + Sync {
    /// Since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
}

/// New ids.
pub trait Ids: Send + Sync {
    /// A UUID, version 4.
    fn new_id(&self) -> String;
}

/// Randomness that nobody can guess.
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// ISO-8601 in UTC with nine fractional digits, as Bedrock writes times.
pub(crate) fn iso(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    format!("{time:.9}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_bedrocks() {
        assert_eq!(super::iso(1_761_172_505_103), "2025-10-22T22:35:05.103000000Z");
    }
}
