//! A topic as bad as SNS may be: notifications come twice, late and in another order. That is what a bot must stand, and what a
//! quiet laptop never shows it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Of a hundred notifications: so many come twice, and so many three times.
const TWICE: u8 = 25;
const THRICE: u8 = 10;
/// Of a hundred deliveries: so many are late, and so many very late.
const LATE: u8 = 40;
const VERY_LATE: u8 = 10;
/// Up to how late, in ms.
const AT_ONCE_MS: u64 = 40;
const LATE_MS: u64 = 500;
const VERY_LATE_MS: u64 = 3_000;

/// Whether the topic is chaotic, which may change while it runs, and what it draws. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Chaos {
    on: Arc<AtomicBool>,
    draws: Arc<Mutex<fastrand::Rng>>,
}

impl Chaos {
    /// The same seed draws the same for the same notifications one after the other.
    pub(crate) fn new(on: bool, seed: u64) -> Self {
        Self { on: Arc::new(AtomicBool::new(on)), draws: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))) }
    }

    /// Whether it is on.
    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// From now on.
    pub(crate) fn set(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }

    /// After how long a notification is delivered, and how long after that again: at least once.
    pub(super) fn deliveries(&self) -> (Duration, Vec<Duration>) {
        if !self.is_on() {
            return (Duration::ZERO, Vec::new());
        }
        let mut draws = self.draws.lock().unwrap_or_else(PoisonError::into_inner);
        let more = match draws.u8(0..100) {
            drawn if drawn < THRICE => 2,
            drawn if drawn < THRICE + TWICE => 1,
            _ => 0,
        };
        let mut late = || {
            let longest_ms = match draws.u8(0..100) {
                drawn if drawn < VERY_LATE => VERY_LATE_MS,
                drawn if drawn < VERY_LATE + LATE => LATE_MS,
                _ => AT_ONCE_MS,
            };
            Duration::from_millis(draws.u64(0..=longest_ms))
        };
        (late(), (0..more).map(|_| late()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(chaos: &Chaos) -> Vec<(Duration, Vec<Duration>)> {
        (0..1_000).map(|_| chaos.deliveries()).collect()
    }

    #[test]
    fn off_everything_comes_once_and_at_once() {
        assert!(drawn(&Chaos::new(false, 1)).iter().all(|it| *it == (Duration::ZERO, Vec::new())));
    }

    #[test]
    fn on_some_come_again_some_late_and_some_overtake() {
        let all = drawn(&Chaos::new(true, 1));
        let times = |n: usize| all.iter().filter(|(_, more)| more.len() == n).count();
        assert!(times(0) > 500 && times(1) > 150 && times(2) > 50, "{} {} {}", times(0), times(1), times(2));
        assert!(all.iter().filter(|(first, _)| first.as_millis() > 500).count() > 40);
        assert!(all.iter().flat_map(|(first, more)| more.iter().chain([first])).all(|it| it.as_millis() <= 3_000));
        assert!(all.windows(2).filter(|pair| pair[1].0 < pair[0].0).count() > 300, "a later one may come before");
    }

    #[test]
    fn the_seed_decides_and_it_can_be_switched() {
        assert_eq!(drawn(&Chaos::new(true, 7)), drawn(&Chaos::new(true, 7)));
        assert_ne!(drawn(&Chaos::new(true, 7)), drawn(&Chaos::new(true, 8)));
        let chaos = Chaos::new(false, 7);
        chaos.clone().set(true);
        assert!(chaos.is_on());
    }
}
