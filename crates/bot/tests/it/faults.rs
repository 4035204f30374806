//! What can go wrong at a port, drawn from a seed.

use std::{
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::sleep};

/// A small deterministic generator (splitmix64).
pub(crate) struct Dice(Mutex<u64>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(7)))
    }

    /// A number below `sides`.
    pub(crate) fn roll(&self, sides: u64) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides.max(1)
    }
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Throttle,
    LostRequest,
    LostResponse,
    Late,
    HangBefore,
    HangAfter,
    CrashBefore,
    CrashAfter,
}

/// How a failed call looks to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Throttled,
    Unknown,
}

tokio::task_local! {
    /// Rung when the process that runs this task dies.
    pub(crate) static CRASH: Arc<Notify>;
}

/// A source of faults: so many out of a hundred calls, and no more than a number in all, so that every schedule comes to
/// rest.
pub(crate) struct Faults {
    dice: Arc<Dice>,
    percent: u64,
    left: Mutex<u32>,
    enabled: AtomicBool,
    /// Calls since one was refused for nothing.
    undenied: AtomicU32,
}

/// So many calls are not refused after one was: a service that refuses for nothing, whatever it is asked, is not to be told
/// from one that the bot is out of.
const UNDENIED: u32 = 8;

impl Faults {
    pub(crate) fn new(dice: Arc<Dice>, percent: u64, most: u32) -> Self {
        Self { dice, percent, left: Mutex::new(most), enabled: AtomicBool::new(true), undenied: AtomicU32::new(0) }
    }

    pub(crate) fn stop(&self) {
        self.enabled.store(false, Ordering::Relaxed);
    }

    /// Whether a call is refused although the caller may make it.
    pub(crate) fn denies(&self) -> bool {
        let calm = self.undenied.fetch_add(1, Ordering::Relaxed) < UNDENIED;
        if calm || !self.enabled.load(Ordering::Relaxed) || self.dice.roll(200) >= self.percent {
            return false;
        }
        self.undenied.store(0, Ordering::Relaxed);
        true
    }

    pub(crate) fn resume(&self) {
        self.enabled.store(true, Ordering::Relaxed);
    }

    fn draw(&self) -> Fault {
        if !self.enabled.load(Ordering::Relaxed) || self.dice.roll(100) >= self.percent {
            return Fault::None;
        }
        let mut left = self.left.lock().unwrap();
        if *left == 0 {
            return Fault::None;
        }
        *left -= 1;
        let faults = [
            Fault::Throttle,
            Fault::LostRequest,
            Fault::LostResponse,
            Fault::Late,
            Fault::HangBefore,
            Fault::HangAfter,
            Fault::CrashBefore,
            Fault::CrashAfter,
        ];
        faults[usize::try_from(self.dice.roll(8)).unwrap()]
    }

    /// One call of a port: `effect` is what it does to the world. `late` says whether an effect may still come after the
    /// caller has given the call up.
    pub(crate) async fn call<T>(&self, late: bool, effect: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure>
    where
        T: Send + 'static,
    {
        sleep(Duration::from_millis(1 + self.dice.roll(20))).await;
        match self.draw() {
            Fault::None => {
                let result = effect();
                sleep(Duration::from_millis(self.dice.roll(5))).await;
                Ok(result)
            }
            Fault::Throttle => Err(Failure::Throttled),
            Fault::LostRequest => Err(Failure::Unknown),
            Fault::LostResponse => {
                effect();
                Err(Failure::Unknown)
            }
            Fault::Late => {
                let wait = Duration::from_millis(100 + self.dice.roll(20_000));
                if late {
                    tokio::spawn(async move {
                        sleep(wait).await;
                        effect();
                    });
                }
                Err(Failure::Unknown)
            }
            Fault::HangBefore => hang().await,
            Fault::HangAfter => {
                effect();
                hang().await
            }
            Fault::CrashBefore => crash().await,
            Fault::CrashAfter => {
                effect();
                crash().await
            }
        }
    }

    /// A point where nothing but a crash can happen.
    pub(crate) async fn pass(&self) {
        let fault = self.draw();
        if matches!(fault, Fault::CrashBefore | Fault::CrashAfter) {
            crash::<()>().await;
        }
    }
}

async fn hang<T>() -> T {
    sleep(Duration::from_hours(1)).await;
    std::future::pending().await
}

async fn crash<T>() -> T {
    CRASH.with(|notify| notify.notify_one());
    std::future::pending().await
}

/// Runs a process until it ends or dies. `None`: it died.
pub(crate) async fn process<F: Future>(work: F) -> Option<F::Output> {
    let died = Arc::new(Notify::new());
    tokio::select! {
        biased;
        () = died.notified() => None,
        output = CRASH.scope(died.clone(), work) => Some(output),
    }
}
