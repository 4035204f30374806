//! A contact centre that behaves badly on request: rules that make calls slow, refuse them, let them hang or lose their
//! answers, so that a client's retries can be tried. The same seed and the same calls give the same faults.

mod read;
mod rule;

use std::sync::{Arc, Mutex, PoisonError};

use relevo_connect::item::Role;
use serde::Serialize;

pub use self::{
    read::Problem,
    rule::{Failure, Verdict},
};
use self::{
    read::RuleText,
    rule::{Harm, Rule},
};
use crate::exceptions::{self, Exception};

/// One call, as the service models name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called {
    /// `connect`, `connectparticipant`, `bedrock-agent-runtime`, `lambda` or `sns`.
    pub service: &'static str,
    /// `SendMessage`.
    pub operation: &'static str,
    /// The participant who calls; none: no participant's token came with it.
    pub role: Option<Role>,
}

/// Rules, read and checked.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    seed: u64,
    rules: Vec<(RuleText, Rule)>,
}

impl Rules {
    /// Reads YAML or JSON.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let (seed, rules) = read::read(text)?;
        Ok(Self { seed, rules })
    }
}

/// What a rule has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Calls that the rule is about.
    pub calls: u64,
    /// Calls that it did something to.
    pub injected: u64,
}

/// The rules that hold now, as [`Rules::parse`] reads them, with their counts in the same order.
#[derive(Debug, Serialize)]
pub struct Shown {
    seed: u64,
    rules: Vec<RuleText>,
    counts: Vec<Count>,
}

/// The rules at work, which may be replaced while they are. Cheap to clone; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    rules: Rules,
    counts: Vec<Count>,
}

impl Faults {
    /// These rules, with every count at nothing.
    pub fn new(rules: Rules) -> Self {
        let faults = Self::default();
        faults.replace(rules);
        faults
    }

    /// These rules from now on, with every count at nothing.
    pub fn replace(&self, rules: Rules) {
        let counts = vec![Count::default(); rules.rules.len()];
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State { rules, counts };
    }

    /// Whether these are the rules that hold.
    pub fn are(&self, rules: &Rules) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.rules.rules.iter().map(|(_, rule)| rule).eq(rules.rules.iter().map(|(_, rule)| rule))
    }

    /// Whether a rule asks whose a call is, which costs a look at the contact.
    pub(crate) fn ask_for_roles(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.rules.rules.iter().any(|(_, rule)| rule.target.role.is_some())
    }

    /// The rules, and what they have done.
    pub fn shown(&self) -> Shown {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = state.rules.rules.iter().map(|(text, _)| text.clone()).collect();
        Shown { seed: state.rules.seed, rules, counts: state.counts.clone() }
    }

    /// What becomes of the next call: the latencies of all rules that hit it together, and the first one's failure.
    pub fn next(&self, called: Called) -> Verdict {
        let mut verdict = Verdict::default();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let State { rules, counts } = &mut *state;
        for (index, ((_, rule), count)) in rules.rules.iter().zip(counts).enumerate() {
            if !is_about(rule, called) {
                continue;
            }
            count.calls += 1;
            let Some((latency, harm)) = rule.decide(count.calls, draws(rules.seed, index, count.calls)) else {
                continue;
            };
            count.injected += 1;
            verdict.latency += latency;
            if let (Some(harm), None) = (harm, verdict.failure) {
                verdict.failure = failure(harm, called);
            }
        }
        verdict
    }
}

/// A rule of an exception is about those operations alone that can answer it.
fn is_about(rule: &Rule, called: Called) -> bool {
    let Rule { target, harm, .. } = rule;
    target.names(called.service, called.operation)
        && target.role.is_none_or(|role| called.role == Some(role))
        && !matches!(harm, Some(Harm::Error(name)) if exception(called, name).is_none())
}

fn exception(called: Called, name: &str) -> Option<Exception> {
    exceptions::exceptions(called.service, called.operation).into_iter().find(|it| it.is_named(name))
}

fn failure(harm: &Harm, called: Called) -> Option<Failure> {
    match harm {
        Harm::Throttle => Some(Failure::Refused(exceptions::throttle(called.service, called.operation))),
        Harm::Error(name) => exception(called, name).map(Failure::Refused),
        Harm::Hang(longest) => Some(Failure::Hang(*longest)),
        Harm::Lost => Some(Failure::Lost),
    }
}

/// What the nth call of a rule draws: the same whatever other rules and operations do meanwhile.
fn draws(seed: u64, rule: usize, n: u64) -> (f64, f64) {
    let rule = u64::try_from(rule).unwrap_or(0);
    // Odd constants spread neighbours; the generator mixes the rest.
    let mixed = seed ^ rule.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ n.wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mut draws = fastrand::Rng::with_seed(mixed);
    (draws.f64(), draws.f64())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SEND: Called = Called { service: "connectparticipant", operation: "SendMessage", role: Some(Role::Customer) };
    const START: Called = Called { service: "connect", operation: "StartChatContact", role: None };

    fn faults(rules: &str) -> Faults {
        Faults::new(Rules::parse(&format!("seed: 3\nrules: {rules}")).unwrap())
    }

    fn refused(verdict: Verdict) -> Option<String> {
        match verdict.failure {
            Some(Failure::Refused(exception)) => Some(exception.name()),
            _ => None,
        }
    }

    #[test]
    fn each_service_is_throttled_in_its_own_words() {
        let faults = faults("[{throttle: true}]");
        assert_eq!(refused(faults.next(SEND)).as_deref(), Some("ThrottlingException"));
        assert_eq!(refused(faults.next(START)).as_deref(), Some("TooManyRequestsException"));
    }

    #[test]
    fn an_exception_hits_only_where_it_can_be_answered() {
        let faults = faults("[{error: LimitExceededException, first: 1}]");
        assert_eq!(faults.next(SEND), Verdict::default(), "not counted either");
        assert_eq!(refused(faults.next(START)).as_deref(), Some("LimitExceededException"));
        assert_eq!(faults.next(START), Verdict::default());
    }

    #[test]
    fn a_role_is_told_by_the_token() {
        let faults = faults("[{role: CUSTOM_BOT, lost: true}]");
        assert_eq!(faults.next(SEND), Verdict::default());
        assert_eq!(faults.next(Called { role: Some(Role::CustomBot), ..SEND }).failure, Some(Failure::Lost));
        assert_eq!(faults.next(START), Verdict::default());
    }

    #[test]
    fn latencies_add_up_and_the_first_failure_counts() {
        let faults = faults("[{latency: 100}, {latency: 50, hang: 9}, {lost: true}]");
        let expected =
            Verdict { latency: Duration::from_millis(150), failure: Some(Failure::Hang(Duration::from_millis(9))) };
        assert_eq!(faults.next(SEND), expected);
    }

    #[test]
    fn a_share_is_kept_and_the_seed_decides() {
        let hits = |seed: u64| -> Vec<bool> {
            let text = format!("seed: {seed}\nrules: [{{share: 0.2, lost: true}}]");
            let faults = Faults::new(Rules::parse(&text).unwrap());
            (0..2_000).map(|_| faults.next(SEND).failure.is_some()).collect()
        };
        let count = hits(1).iter().filter(|hit| **hit).count();
        assert!((330..470).contains(&count), "{count} of 2,000");
        assert_eq!(hits(1), hits(1));
        assert_ne!(hits(1), hits(2));
    }

    #[test]
    fn what_was_done_is_counted_and_replacing_begins_anew() {
        let faults = faults("[{operation: SendMessage, every: 2, lost: true}]");
        for _ in 0..5 {
            faults.next(SEND);
            faults.next(START);
        }
        assert_eq!(faults.shown().counts, [Count { calls: 5, injected: 2 }]);
        faults.clone().replace(Rules::default());
        assert_eq!(faults.next(SEND), Verdict::default());
        assert_eq!(faults.shown().counts, []);
    }
}
