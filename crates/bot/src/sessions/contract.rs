//! What every store of sessions must do, as a check that any of them can run in its tests.
//!
//! The model is [`MemorySessions`]: the same operations must have the same outcomes.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{CloseReason, MemorySessions, Message, MessageKind, Op, Outcome, Session, Sessions, Status, Turn};
use crate::ports::Token;

/// Runs the whole contract against a store. `keys` makes the records' keys distinct where the store is shared.
/// Answers what differed, if something did.
pub async fn check(store: Arc<dyn Sessions>, keys: &str) -> Result<(), String> {
    for seed in 0..30 {
        same_as_the_model(&*store, &format!("{keys}-model-{seed}"), seed).await?;
    }
    one_turn_among_many(&store, &format!("{keys}-many")).await
}

/// Plays one pseudo-random sequence of operations on the store and on the model.
async fn same_as_the_model(store: &dyn Sessions, key: &str, seed: u64) -> Result<(), String> {
    let model = MemorySessions::default();
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut now_ms = 1_700_000_000_000;
    let mut fence = 0;
    for step in 0..60 {
        now_ms += i64::from(dice.roll(4)) * 4_000;
        let op = dice.op(fence, now_ms);
        let ours = store.apply(key, op.clone()).await.map_err(|error| error.to_string())?;
        let theirs = model.apply(key, op.clone()).await.map_err(|error| error.to_string())?;
        if ours != theirs {
            return Err(format!("seed {seed}, step {step}: {op:?}\nstore: {ours:?}\nmodel: {theirs:?}"));
        }
        if let Outcome::Reserved(record) | Outcome::Turn(record) | Outcome::Next(record) = theirs {
            fence = record.fence;
        }
        let stored = store.apply(key, Op::Read).await.map_err(|error| error.to_string())?;
        let wanted = model.get(key).map_or(Outcome::Unknown, |record| Outcome::Record(Box::new(record)));
        if stored != wanted {
            return Err(format!("seed {seed}, step {step}, after {op:?}\nstored: {stored:?}\nmodel: {wanted:?}"));
        }
    }
    Ok(())
}

/// Many deliveries at once: one has the turn, no message is lost.
async fn one_turn_among_many(store: &Arc<dyn Sessions>, key: &str) -> Result<(), String> {
    let now_ms = 1_700_000_000_000;
    let reserve = Op::Reserve { contact_id: key.into(), call: 1, now_ms, keep_ms: 1_000_000 };
    let Outcome::Reserved(record) = store.apply(key, reserve).await.map_err(|error| error.to_string())? else {
        return Err("a fresh key was not reserved".into());
    };
    let open = Op::Open { fence: record.fence, session: Box::new(record.session), early: Vec::new() };
    store.apply(key, open).await.map_err(|error| error.to_string())?;
    let deliveries = (0..8_u32).map(|n| {
        let message = Message { id: format!("m{n}"), time_ms: now_ms, kind: MessageKind::Unsupported };
        store.apply(key, Op::Deliver { message, now_ms, lease_ms: 10_000 })
    });
    let outcomes = join_all(deliveries).await;
    let turns = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Turn(_)))).count();
    let waiting = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Waiting))).count();
    if turns != 1 || waiting != 7 {
        return Err(format!("eight deliveries at once: {turns} have the turn, {waiting} wait"));
    }
    match store.apply(key, Op::Read).await.map_err(|error| error.to_string())? {
        Outcome::Record(record) if record.taken.len() == 1 && record.inbox.len() == 7 => Ok(()),
        other => Err(format!("eight deliveries at once left {other:?}")),
    }
}

/// A small deterministic generator (xorshift): the contract needs variety, not randomness.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 33) % u64::from(sides.max(1))).unwrap_or(0)
    }

    fn op(&mut self, fence: u64, now_ms: i64) -> Op {
        // Now and then a holder that has lost its lease tries to write.
        let fence = if self.roll(6) == 0 { fence.saturating_sub(1) } else { fence };
        let session = Box::new(self.session());
        match self.roll(20) {
            0..=2 => {
                let call = u64::from(self.roll(3));
                Op::Reserve { contact_id: format!("c{}", self.roll(3)), call, now_ms, keep_ms: 86_400_000 }
            }
            3 | 4 => {
                let early = (0..self.roll(4)).map(|_| self.message(now_ms)).collect();
                Op::Open { fence, session, early }
            }
            5 => Op::Abandon { fence },
            6..=11 => Op::Deliver { message: self.message(now_ms), now_ms, lease_ms: 10_000 },
            12 | 13 => {
                let status = match self.roll(12) {
                    0 => Status::Leaving,
                    1 => Status::Closed,
                    _ => Status::Open,
                };
                Op::Save { fence, session, status, now_ms, lease_ms: 10_000 }
            }
            14..=16 => Op::Finish { fence, turn: format!("m{}", self.roll(12)), session, now_ms, lease_ms: 10_000 },
            17 if self.roll(2) == 0 => Op::Renew { fence, now_ms, lease_ms: 10_000 },
            17 if self.roll(3) == 0 => Op::Rest { fence, session },
            17 => Op::Release { fence },
            18 if self.roll(4) == 0 => {
                Op::Dismiss { contact_id: format!("c{}", self.roll(3)), now_ms, keep_ms: 86_400_000 }
            }
            18 => Op::StreamStopped { streaming_id: format!("stream{}", self.roll(2)) },
            _ if self.roll(3) == 0 => Op::Close { stay: 1 + self.roll(2), reason: CloseReason::ChatEnded, now_ms },
            _ => Op::Read,
        }
    }

    fn message(&mut self, now_ms: i64) -> Message {
        let kind = match self.roll(8) {
            0 => MessageKind::Unsupported,
            1 => MessageKind::Greeting,
            _ => MessageKind::Text("¿Dónde está mi pedido? 😉".repeat(1 + self.roll(3) as usize)),
        };
        Message { id: format!("m{}", self.roll(12)), time_ms: now_ms - i64::from(self.roll(5_000)), kind }
    }

    fn session(&mut self) -> Session {
        Session {
            revision: u64::from(self.roll(40)),
            contact_id: "c".into(),
            stay: 1 + self.roll(2),
            call: (self.roll(2) == 0).then(|| u64::from(self.roll(3))),
            opened_ms: 1_700_000_000_000,
            participant_token: Some(Token::new("participant")),
            connection_token: Some(Token::new(format!("connection{}", self.roll(9)))),
            connection_expiry_ms: 1_700_086_400_000,
            streaming_id: (self.roll(2) == 0).then(|| format!("stream{}", self.roll(2))),
            language: "es".into(),
            part_bytes: (self.roll(2) == 0).then_some(1_024),
            failures: self.roll(3),
            turn: (self.roll(2) == 0).then(|| Turn { id: "m1".into(), ..Turn::default() }),
            ..Session::default()
        }
    }
}
