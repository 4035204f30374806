//! The invariants of the conversation, checked after a schedule. Each answers what is broken.

use std::collections::{BTreeMap, BTreeSet};

use relevo_bot::{
    ports::Input,
    sessions::{CloseReason, SessionRecord, Status},
};

use crate::{
    schedule::{PRIVATE, Played},
    world::{Asked, CONTACT, SECRET, Said, State},
};

/// All six, in their order.
pub(crate) fn check(played: &Played) -> Result<(), String> {
    match played.started {
        Some(true) => {}
        Some(false) => return nothing_half_made(played),
        // It died, and nobody called it again.
        None => return Ok(()),
    }
    let record = played.world.sessions.get(CONTACT).ok_or("the session is gone")?;
    // A call of `start` that comes after a hand-off is a return to the bot: the scenarios tell of it.
    let own = usize::from(record.status == Status::Closed);
    if record.session.previous.iter().rev().skip(own).any(|stay| stay.reason.is_handoff()) {
        return Ok(());
    }
    let state = played.world.state();
    deliveries_end(played)?;
    greeted_first(&state, &record)?;
    each_message_once_in_order(played, &state, &record).map_err(|why| format!("1: {why}"))?;
    each_part_once(&state).map_err(|why| format!("2: {why}"))?;
    silence_after_the_end(&state, &record).map_err(|why| format!("3: {why}"))?;
    hand_off(&state, &record).map_err(|why| format!("4: {why}"))?;
    every_turn_ends_in_words(&state, &record).map_err(|why| format!("5: {why}"))?;
    nothing_private_in_logs(&played.logs).map_err(|why| format!("6: {why}"))
}

fn nothing_half_made(played: &Played) -> Result<(), String> {
    let state = played.world.state();
    let inside = state.connected.difference(&state.left).count();
    let record = played.world.sessions.get(CONTACT);
    // A stream that the record knows is stopped by the first message that comes of it.
    let known = record.as_ref().and_then(|record| record.session.streaming_id.clone());
    let running = |id: &&String| !state.stopped.contains(*id) && known.as_ref() != Some(*id);
    let streaming = state.streams.values().filter(running).count();
    // Where the store did not say that a former call had succeeded, the bot is in the chat, and whole.
    let on_its_way = record.is_some_and(|record| record.status != Status::Closed);
    if (inside > 0 || streaming > 0) && !on_its_way {
        return Err(format!("start failed and left {inside} participants and {streaming} streams"));
    }
    Ok(())
}

fn deliveries_end(played: &Played) -> Result<(), String> {
    match played.received.iter().find(|(_, last)| !matches!(last, Some(Ok(_)))) {
        Some((id, last)) => Err(format!("the delivery of {id} never ends: {last:?}")),
        None => Ok(()),
    }
}

/// Whoever the bot has joined was greeted, before anything else was said.
fn greeted_first(state: &State, record: &SessionRecord) -> Result<(), String> {
    if record.status != Status::Open {
        return Ok(());
    }
    match state.said.first() {
        Some(said) if said.text.starts_with("[greeting") => Ok(()),
        first => Err(format!("not greeted first, but {first:?}")),
    }
}

/// 1. Each customer message reaches the agent once in effect, in the order it was sent; one turn at a time.
fn each_message_once_in_order(played: &Played, state: &State, record: &SessionRecord) -> Result<(), String> {
    let mut inputs: BTreeMap<&str, &str> = BTreeMap::new();
    for asked in &state.asked {
        if let Some(other) = asked.beside.first() {
            return Err(format!("{} is asked while {other} is at work", asked.turn_id));
        }
        if let Input::Text(text) = &asked.question.input {
            let before = inputs.insert(&asked.turn_id, text);
            if before.is_some_and(|before| before != text) {
                return Err(format!("{} was asked with {before:?} and with {text:?}", asked.turn_id));
            }
        }
    }
    for sent in &played.sent {
        let turns: Vec<&str> =
            inputs.iter().filter(|(_, text)| text.lines().any(|line| line == sent.text)).map(|(id, _)| *id).collect();
        // A turn that was begun too often without ever getting to the agent is given up, in words.
        // Its id is that of its first message, which may be the greeting that could not be said.
        let failure = |turn: &str| format!("{CONTACT}:{turn}:failure");
        let given_up = |said: &Said| said.token == failure(&sent.id) || sent.early && said.token == failure("stay1");
        let given_up = state.said.iter().any(given_up);
        if turns.len() > 1 {
            return Err(format!("{} was asked in the turns {turns:?}", sent.id));
        }
        // A transcript that does not come keeps nobody from joining: then this is not known.
        let unheard = sent.early && !state.transcript_read;
        // A yes goes to the agent as the result of what it was asked for.
        let as_result =
            |asked: &Asked| asked.turn_id == sent.id && matches!(asked.question.input, Input::Results { .. });
        let answered = state.asked.iter().any(as_result);
        if turns.is_empty() && record.status == Status::Open && !given_up && !unheard && !answered {
            return Err(format!("{} was never asked", sent.id));
        }
    }
    let time = |line: &str| played.sent.iter().find(|sent| sent.text == line).map(|sent| sent.time_ms);
    for text in inputs.values() {
        let times: Vec<_> = text.lines().map(time).collect();
        if !times.is_sorted() {
            return Err(format!("asked in another order than sent: {text:?}"));
        }
    }
    let sent = |turn: &str| played.sent.iter().find(|sent| sent.id == turn);
    for (turn, function) in &state.handled {
        if function == "pay" && sent(turn).is_none_or(|sent| sent.text.contains(PRIVATE)) {
            return Err(format!("{turn}: paid without a yes"));
        }
    }
    if record.status == Status::Open && !(record.taken.is_empty() && record.inbox.is_empty()) {
        return Err("messages wait for nobody".into());
    }
    Ok(())
}

/// 2. Each part of a reply is delivered once, the parts of an answer in their order.
fn each_part_once(state: &State) -> Result<(), String> {
    let mut texts = BTreeSet::new();
    let mut next: BTreeMap<&str, usize> = BTreeMap::new();
    for said in &state.said {
        // Texts with the turn's id in them are unique; the bot's own are so by their token.
        let unique = if said.text.starts_with('[') { &said.token } else { &said.text };
        if !texts.insert(unique) {
            return Err(format!("said twice: {:?}", said.text));
        }
        if let Some((turn, rest)) = said.text.split_once(" paragraph ") {
            let turn = turn.lines().last().unwrap_or(turn).trim();
            let number: usize = rest.chars().next().and_then(|digit| digit.to_digit(10)).unwrap_or(0) as usize;
            let expected = next.entry(turn).or_insert(number);
            if number < *expected {
                return Err(format!("{turn}: paragraph {number} after {expected}"));
            }
            *expected = number;
        }
    }
    for own in ["[handoff", "[failure handoff"] {
        if state.said.iter().filter(|said| said.text.starts_with(own)).count() > 1 {
            return Err(format!("{own} twice"));
        }
    }
    Ok(())
}

/// 3. After the hand-off or the end: nothing asked, nothing said, the stream stopped, the reason recorded.
fn silence_after_the_end(state: &State, record: &SessionRecord) -> Result<(), String> {
    let handed = state
        .said
        .iter()
        .position(|said| said.text.starts_with("[handoff") || said.text.starts_with("[failure handoff"));
    if let Some(at) = handed {
        if let Some(after) = state.said.get(at + 1) {
            return Err(format!("said after the hand-off: {:?}", after.text));
        }
        let at_ms = state.said[at].at_ms;
        if let Some(asked) = state.asked.iter().find(|asked| asked.at_ms > at_ms) {
            return Err(format!("{} asked after the hand-off", asked.turn_id));
        }
    }
    if let (Some(asked), false) = (state.asked.iter().find(|asked| asked.too_late), state.ended) {
        return Err(format!("{} asked after the bot had left", asked.turn_id));
    }
    if handed.is_some() && record.status != Status::Closed {
        return Err(format!("the session is {:?} after the hand-off", record.status));
    }
    if record.status != Status::Closed {
        return Ok(());
    }
    if record.session.closed.is_none() || record.session.connection_token.is_some() {
        return Err("closed without a reason, or with its token".into());
    }
    match state.streams.values().find(|id| !state.stopped.contains(*id)) {
        Some(id) => Err(format!("{id} still streams")),
        None => Ok(()),
    }
}

/// 4. The hand-off never waits for a model and happens once; the customer reaches a person.
fn hand_off(state: &State, record: &SessionRecord) -> Result<(), String> {
    if record.status == Status::Leaving {
        return Err("the bot never left".into());
    }
    let reason = record.session.closed.filter(|reason| reason.is_handoff());
    let wanted = state.asked.iter().any(|asked| match &asked.question.input {
        Input::Text(text) => text.contains("persona") || state.escalated.contains(&asked.turn_id),
        Input::Results { .. } => false,
    });
    // `NotOurs`: the note that the bot had left was lost, and was found out afterwards.
    let left = !state.participants.is_empty() && state.participants.values().all(|name| state.left.contains(name));
    if (wanted || reason.is_some()) && !left && !state.ended {
        return Err("the customer reaches no person".into());
    }
    // A call of `start` that gave up may leave late, when another one has found the bot in the chat: it leaves without a
    // word, and a flow sends whoever's bot does so to a person.
    let gave_up = record.session.closed == Some(CloseReason::StartFailed);
    if left && !state.ended && !gave_up && state.attributes.get("functionName").map(String::as_str) != Some("escalate")
    {
        return Err("the flow does not know where the customer goes".into());
    }
    if record.session.closed == Some(CloseReason::NotOurs) && !left && !state.ended {
        return Err("closed although it was ours".into());
    }
    Ok(())
}

/// 5. Every failure ends in words, and at the configured count at a person.
fn every_turn_ends_in_words(state: &State, record: &SessionRecord) -> Result<(), String> {
    if record.status == Status::Closed {
        return Ok(());
    }
    for asked in &state.asked {
        let prefix = format!("{CONTACT}:{}:", asked.turn_id);
        let words = state.said.iter().filter(|said| said.token.starts_with(&prefix) && !said.token.contains("still-"));
        if words.count() == 0 {
            return Err(format!("{} ended without a word", asked.turn_id));
        }
    }
    if record.session.failures >= 2 {
        return Err("failures without end".into());
    }
    Ok(())
}

/// 6. No content and no token in logs.
fn nothing_private_in_logs(logs: &str) -> Result<(), String> {
    match [PRIVATE, SECRET, "paragraph", "señora"].iter().find(|word| logs.contains(**word)) {
        Some(word) => Err(format!("{word} is in the logs")),
        None => Ok(()),
    }
}
