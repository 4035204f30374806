//! One adversarial schedule: a conversation, delivered out of order, more than once and at the same time, to processes
//! that die, over services that fail.

use std::{sync::Arc, time::Duration};

use relevo_bot::{ReceiveError, Received};
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    faults::process,
    logs::Logs,
    world::{Broken, CONTACT, World, event, item},
};

/// What the customer can say; the word tells the agent of the world what to do.
const WORDS: &[&str] = &[
    "answer",
    "answer",
    "answer",
    "long",
    "slow",
    "fail",
    "empty",
    "cut",
    "check",
    "unknown",
    "escalate",
    "promise",
    "puzzled",
    "pay",
    "yes",
    "hang",
    "hablar con una persona",
];
/// Ways to agree.
const YES: &[&str] = &["sí", "claro", "dale", "de acuerdo", "ok, confirmo"];
/// A word in every message that must not be in any log.
pub(crate) const PRIVATE: &str = "rut12345678";
/// How often a delivery is tried again. SNS tries far longer.
const RETRIES: u32 = 60;

/// A customer's message.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) time_ms: i64,
    pub(crate) item: String,
    /// It was said before the bot could hear it.
    pub(crate) early: bool,
}

/// What a schedule leaves for the checks.
pub(crate) struct Played {
    pub(crate) world: Arc<World>,
    /// What `start` answered in the end; nothing if it died.
    pub(crate) started: Option<bool>,
    pub(crate) sent: Vec<Sent>,
    /// Message id and what became of each delivery in the end.
    pub(crate) received: Vec<(String, Option<Result<Received, ReceiveError>>)>,
    pub(crate) logs: String,
}

/// Plays the schedule of a seed.
pub(crate) fn play(seed: u64, broken: Broken) -> Played {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let logs = Logs::default();
    let _guard = logs.catch();
    let mut played = runtime.block_on(conversation(seed, broken));
    drop(runtime);
    played.logs = logs.text();
    played
}

async fn conversation(seed: u64, broken: Broken) -> Played {
    let percent = [0, 3, 10, 30][usize::try_from(seed % 4).unwrap()];
    let world = World::new(seed, percent, 12, broken);
    let early: Vec<Sent> = (0..world.dice.roll(4)).map(|n| early(&world, n)).collect();
    let typing = tokio::spawn(type_early(world.clone(), early.clone()));
    let started = join(&world).await;
    let messages = 1 + world.dice.roll(5);
    let mut sent: Vec<Sent> = (0..messages).map(|n| message(&world, n)).collect();
    let mut received = Vec::new();
    if started == Some(true) {
        let mut deliveries = JoinSet::new();
        deliveries.spawn(postman(world.clone()));
        if world.dice.roll(4) == 0 {
            deliveries.spawn(answer_lost(world.clone()));
        }
        for message in &sent {
            for _ in 0..=world.dice.roll(3).saturating_sub(1) {
                let jitter = world.dice.roll(6_000);
                let at = u64::try_from(message.time_ms).unwrap() + jitter;
                deliveries.spawn(deliver(world.clone(), message.id.clone(), message.item.clone(), at));
            }
        }
        if world.dice.roll(6) == 0 {
            deliveries.spawn(end_chat(world.clone()));
        }
        while let Some(done) = deliveries.join_next().await {
            received.push(done.unwrap());
        }
        received.extend(typing.await.unwrap());
        // Whatever was lost in the last moment comes once more, when all is calm.
        world.faults.stop();
        sleep(Duration::from_mins(5)).await;
        for message in &sent {
            received.push(deliver(world.clone(), message.id.clone(), message.item.clone(), 0).await);
        }
        sleep(Duration::from_mins(5)).await;
    }
    sent.extend(early);
    Played { world, started, sent, received, logs: String::new() }
}

/// The flow calls `start`, and again when it crashes or fails, as Connect does.
async fn join(world: &Arc<World>) -> Option<bool> {
    let mut last = None;
    for _ in 0..3 {
        let bot = world.bot();
        last = process(bot.start(&event())).await.map(|answer| answer["status"] == "success");
        if last == Some(true) {
            break;
        }
        sleep(Duration::from_millis(300)).await;
    }
    last
}

/// What the customer says while the bot joins: some of it before its stream stands, which nobody delivers.
async fn type_early(world: Arc<World>, early: Vec<Sent>) -> Vec<(String, Option<Result<Received, ReceiveError>>)> {
    let mut streamed = JoinSet::new();
    for message in early {
        sleep(Duration::from_millis(world.dice.roll(3) * world.dice.roll(80))).await;
        let stands = {
            let mut state = world.state();
            state.transcript.push(serde_json::from_str(&message.item).unwrap());
            !state.streams.is_empty()
        };
        if stands {
            streamed.spawn(deliver(world.clone(), message.id, message.item, world.dice.roll(2_000)));
        }
    }
    streamed.join_all().await
}

/// Delivers what the bot has put into its mailbox, some of it twice.
async fn postman(world: Arc<World>) -> (String, Option<Result<Received, ReceiveError>>) {
    let mut last = Some(Ok(Received::Ignored));
    for _ in 0..60 {
        let mail = std::mem::take(&mut world.state().mail);
        for item in mail {
            for _ in 0..=world.dice.roll(2) {
                let wait = world.dice.roll(1_000);
                let (_, received) = deliver(world.clone(), "mail".into(), item.clone(), wait).await;
                last = if matches!(last, Some(Ok(_))) { received } else { last };
            }
        }
        sleep(Duration::from_millis(500)).await;
    }
    ("mail".into(), last)
}

/// A message of the time in which the bot joins.
fn early(world: &World, n: u64) -> Sent {
    let Sent { text, .. } = message(world, n);
    let id = format!("e{n}");
    // What is said before anything was asked is no answer to it.
    let text = format!("{id} {text}");
    let time_ms = i64::try_from(n).unwrap() - 3_000;
    let item = item(&id, &text, time_ms);
    Sent { id, text, time_ms, item, early: true }
}

fn message(world: &World, n: u64) -> Sent {
    let word = WORDS[usize::try_from(world.dice.roll(WORDS.len() as u64)).unwrap()];
    let id = format!("m{n}");
    // A yes is nothing but a yes; each of them is another.
    let text = match word {
        "yes" => YES[usize::try_from(n).unwrap() % YES.len()].to_owned(),
        word => format!("{id} {PRIVATE} {word}"),
    };
    // Some come at the same moment as others, some during a turn, some after.
    let time_ms = i64::try_from(n * world.dice.roll(25_000) + n).unwrap() + 8_000;
    let item = item(&id, &text, time_ms);
    Sent { id, text, time_ms, item, early: false }
}

/// One delivery with its retries: each attempt is a process of its own.
async fn deliver(
    world: Arc<World>,
    id: String,
    item: String,
    at_ms: u64,
) -> (String, Option<Result<Received, ReceiveError>>) {
    sleep(Duration::from_millis(at_ms)).await;
    let mut last = None;
    for _ in 0..RETRIES {
        let bot = world.bot();
        last = process(bot.receive(&item)).await;
        if matches!(last, Some(Ok(_))) {
            break;
        }
        sleep(Duration::from_millis(2_000 + world.dice.roll(20_000))).await;
    }
    (id, last)
}

/// The answer to `start` was lost: the flow calls again.
async fn answer_lost(world: Arc<World>) -> (String, Option<Result<Received, ReceiveError>>) {
    for _ in 0..=world.dice.roll(3) {
        sleep(Duration::from_millis(world.dice.roll(3_000))).await;
        let bot = world.bot();
        drop(process(bot.start(&event())).await);
    }
    ("start".into(), Some(Ok(Received::Ignored)))
}

async fn end_chat(world: Arc<World>) -> (String, Option<Result<Received, ReceiveError>>) {
    sleep(Duration::from_millis(10_000 + world.dice.roll(60_000))).await;
    world.state().ended = true;
    let item = json!({"Type": "EVENT", "ContentType": "application/vnd.amazonaws.connect.event.chat.ended",
        "InitialContactId": CONTACT, "Id": "end"});
    deliver(world, "end".into(), item.to_string(), 0).await
}
