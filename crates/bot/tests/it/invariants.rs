//! The invariants hold in every schedule; and where the world breaks a rule, the checks say so.

use std::sync::Mutex;

use crate::{
    checks::check,
    schedule::play,
    world::{Broken, CONTACT},
};

/// How many schedules are played: `RELEVO_BOT_SCHEDULES`, and the first seed: `RELEVO_BOT_SEED`.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn the_six_invariants_hold_in_every_schedule() {
    let first = setting("RELEVO_BOT_SEED", 0);
    let count = setting("RELEVO_BOT_SCHEDULES", 2_000);
    let broken = Mutex::new(Vec::new());
    // A schedule has a runtime of its own and shares nothing.
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get().min(8) as u64);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let broken = &broken;
            scope.spawn(move || {
                for seed in (first + worker..first + count).step_by(usize::try_from(workers).unwrap()) {
                    if let Some(why) = broken_by(seed, count == 1) {
                        broken.lock().unwrap().push(why);
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    assert!(broken.is_empty(), "{} of {count} schedules:\n{}", broken.len(), broken.join("\n"));
}

/// What a schedule broke, and all about it if it was asked for alone.
fn broken_by(seed: u64, alone: bool) -> Option<String> {
    let played = play(seed, Broken::No);
    let why = check(&played).err()?;
    if alone {
        let record = played.world.sessions.get(CONTACT);
        println!("{:#?}\n{record:#?}\n{:#?}\n{}", played.world.state(), played.received, played.logs);
    }
    Some(format!("seed {seed}: {why}"))
}

/// The proof that the checks can fail: a world in which one rule is broken is found out, by the right check.
#[test]
fn a_broken_rule_is_caught() {
    for (broken, invariants) in [
        (Broken::Lease, &["1", "2"][..]),
        (Broken::ClientTokens, &["2"]),
        (Broken::Closing, &["3", "4"]),
        (Broken::Leaving, &["3", "4", "the delivery"]),
        (Broken::FailureWords, &["5"]),
        (Broken::Transcript, &["1"]),
    ] {
        let found: Vec<String> = (0..80).filter_map(|seed| check(&play(seed, broken)).err()).collect();
        let right = |why: &String| invariants.iter().any(|invariant| why.starts_with(invariant));
        assert!(found.iter().any(right), "{broken:?} was not caught: {found:?}");
    }
}
