//! What customers notice, in milliseconds.

use serde_json::{Value, json};

use super::customer::Heard;

/// The shares that are told, in per mille.
const SHARES: [(&str, usize); 4] = [("p50", 500), ("p90", 900), ("p99", 990), ("p999", 999)];

/// One thing that was measured, with its name.
#[derive(Debug, Default)]
pub(super) struct Figures {
    measured: [Vec<u32>; 6],
}

/// What each is, in words.
pub(super) const NAMES: [(&str, &str); 6] = [
    ("start", "StartChatContact"),
    ("greeting", "connected to the bot's first words"),
    ("send", "SendMessage"),
    ("echo", "SendMessage to the own websocket"),
    ("answer", "SendMessage to the first words of the answer"),
    ("person", "asking for a person to their joining"),
];

/// A line of the table.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) count: usize,
    /// In ms: the shares, and the longest.
    pub(super) shares: [u32; SHARES.len()],
    pub(super) longest: u32,
}

impl Figures {
    /// Adds what a customer noticed.
    pub(super) fn take(&mut self, heard: &Heard) {
        let times = &heard.times;
        let of = [&times.start, &times.greeting, &times.send, &times.echo, &times.answer, &times.person];
        for (all, some) in self.measured.iter_mut().zip(of) {
            all.extend_from_slice(some);
        }
    }

    /// The lines, without those that nothing was measured for.
    pub(super) fn lines(mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (values, (name, words)) in self.measured.iter_mut().zip(NAMES) {
            values.sort_unstable();
            if let Some(longest) = values.last() {
                let shares = SHARES.map(|(_, per_mille)| share(values, per_mille));
                lines.push(Line { name, words, count: values.len(), shares, longest: *longest });
            }
        }
        lines
    }
}

impl Line {
    /// As JSON: `{"count", "p50_ms", …, "longest_ms"}`.
    pub(super) fn json(&self) -> Value {
        let mut members = json!({ "count": self.count });
        for ((name, _), ms) in SHARES.iter().zip(self.shares) {
            if let Some(members) = members.as_object_mut() {
                members.insert(format!("{name}_ms"), ms.into());
            }
        }
        if let Some(members) = members.as_object_mut() {
            members.insert("longest_ms".into(), self.longest.into());
        }
        members
    }
}

/// The value below or at which so many of a thousand are: the nearest rank.
fn share(sorted: &[u32], per_mille: usize) -> u32 {
    let rank = (sorted.len() * per_mille).div_ceil(1_000).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_nearest_ranks() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(SHARES.map(|(_, per_mille)| share(&hundred, per_mille)), [50, 90, 99, 100]);
        assert_eq!(SHARES.map(|(_, per_mille)| share(&[7], per_mille)), [7; 4]);
    }
}
