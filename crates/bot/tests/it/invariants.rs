//! The invariants hold in every schedule; and where the world breaks a rule, the checks say so.

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
    let count = setting("RELEVO_BOT_SCHEDULES", 400);
    let mut broken = Vec::new();
    for seed in first..first + count {
        let played = play(seed, Broken::No);
        if let Err(why) = check(&played) {
            if count == 1 {
                println!(
                    "{:#?}\n{:#?}\n{:#?}\n{}",
                    played.world.state(),
                    played.world.sessions.get(CONTACT),
                    played.received,
                    played.logs
                );
            }
            broken.push(format!("seed {seed}: {why}"));
        }
    }
    assert!(broken.is_empty(), "{} of {count} schedules:\n{}", broken.len(), broken.join("\n"));
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
