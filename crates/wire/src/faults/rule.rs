//! One rule, and the pure decision whether it hits a call.

use std::time::Duration;

use relevo_connect::item::Role;

use crate::exceptions::Exception;

/// Which operations a rule is about, as the service models name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// None: any.
    pub(super) service: Option<&'static str>,
    /// None: any.
    pub(super) operation: Option<&'static str>,
    /// None: anybody. A call that carries no participant's token is nobody's.
    pub(super) role: Option<Role>,
}

impl Target {
    pub(super) fn names(&self, service: &str, operation: &str) -> bool {
        self.service.is_none_or(|it| it == service) && self.operation.is_none_or(|it| it == operation)
    }
}

/// Which of the calls that a rule is about it hits, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum When {
    Always,
    /// So large a part of them, 0 to 1, by the draw.
    Share(f64),
    First(u64),
    /// The nth, the 2nth, …
    Every(u64),
    At(Vec<u64>),
}

impl When {
    /// Whether the nth call is hit; `draw` is from 0 to below 1.
    pub(super) fn hits(&self, n: u64, draw: f64) -> bool {
        match self {
            Self::Always => true,
            Self::Share(share) => draw < *share,
            Self::First(first) => n <= *first,
            Self::Every(every) => n.is_multiple_of(*every),
            Self::At(calls) => calls.contains(&n),
        }
    }
}

/// What a rule does to a call beside making it slow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Harm {
    /// The operation's own throttle.
    Throttle,
    /// An exception by its whole name, where the operation can answer it.
    Error(String),
    Hang(Duration),
    Lost,
}

/// How late an answer is, in ms: at least, at most.
pub(super) type Latency = (u64, u64);

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    pub(super) target: Target,
    pub(super) when: When,
    pub(super) latency: Option<Latency>,
    pub(super) harm: Option<Harm>,
}

/// What becomes of a call in place of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It is refused, and nothing is done.
    Refused(Exception),
    /// Nothing is done, and nobody answers for so long.
    Hang(Duration),
    /// It is done, and the answer does not arrive.
    Lost,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// How long it waits first.
    pub latency: Duration,
    /// What happens then; none: what would have happened anyway.
    pub failure: Option<Failure>,
}

impl Verdict {
    /// Whether the call is made as if there were no faults.
    pub fn is_harmless(&self) -> bool {
        *self == Self::default()
    }
}

impl Rule {
    /// What the rule does to the nth of its calls; `draws` are from 0 to below 1: whether, and how late.
    pub(super) fn decide(&self, n: u64, draws: (f64, f64)) -> Option<(Duration, Option<&Harm>)> {
        if !self.when.hits(n, draws.0) {
            return None;
        }
        let latency = self.latency.map_or(Duration::ZERO, |(least, most)| {
            let span = Duration::from_millis(most.saturating_sub(least)).mul_f64(draws.1);
            Duration::from_millis(least) + span
        });
        Some((latency, self.harm.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_hits_what_it_says() {
        let hit = |when: &When| (1..=12).filter(|n| when.hits(*n, 0.5)).collect::<Vec<u64>>();
        for (when, expected) in [
            (When::Always, (1..=12).collect()),
            (When::First(3), vec![1, 2, 3]),
            (When::Every(5), vec![5, 10]),
            (When::At(vec![2, 7]), vec![2, 7]),
            (When::Share(0.5), vec![]),
            (When::Share(0.51), (1..=12).collect()),
            (When::Share(0.0), vec![]),
        ] {
            assert_eq!(hit(&when), expected, "{when:?}");
        }
        assert!(When::Share(1.0).hits(1, 0.999_999), "all of them");
    }

    #[test]
    fn latency_is_drawn_from_its_range() {
        let target = Target { service: None, operation: None, role: None };
        let rule = Rule { target, when: When::Always, latency: Some((100, 300)), harm: None };
        let late = |draw| rule.decide(1, (0.0, draw)).map(|(latency, _)| latency.as_millis());
        assert_eq!((late(0.0), late(0.5), late(0.999)), (Some(100), Some(200), Some(299)));
    }
}
