//! The figures of all contacts, out of what is stored: nothing is counted on the side.

use std::collections::BTreeMap;

use relevo_connect::{
    api::ContactRecord,
    item::{Item, ItemType, Role, event, parse_iso_time},
};
use serde::Serialize;

/// The figures.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figures {
    /// When they were taken, ms since the epoch.
    at_ms: i64,
    /// All contacts.
    contacts: usize,
    /// Going on, by where they are: `FLOW`, `QUEUED`, `ACTIVE`.
    now: BTreeMap<String, usize>,
    /// Who has answered: the bot alone, a person (after the bot or without it), or nobody.
    answered: Answered,
    /// Hand-offs by `escalationReason`.
    handoffs: BTreeMap<String, usize>,
    /// How contacts ended.
    ends: BTreeMap<String, usize>,
    /// What people said of how they came out.
    outcomes: BTreeMap<String, usize>,
    /// From the customer's joining to the bot's first words.
    first_words: Times,
    /// From a customer's message to the bot's next words.
    answers: Times,
    /// From the queue to a person.
    to_person: Times,
    /// Contacts that the bot gave up or that nobody answered.
    failures: usize,
    /// Messages of a bot after a person has joined: always 0.
    bot_after_handoff: usize,
    /// Contacts by the hour they began in, the last 24: oldest first.
    by_hour: Vec<usize>,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    bot: usize,
    person: usize,
    nobody: usize,
}

/// Times in ms. Both figures are absent without any.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    count: usize,
    median_ms: Option<i64>,
    p90_ms: Option<i64>,
}

impl Times {
    /// The nearest-rank percentiles.
    fn of(mut all: Vec<i64>) -> Self {
        all.sort_unstable();
        let rank = |percent: usize| all.get((all.len() * percent).div_ceil(100).max(1) - 1).copied();
        Self { count: all.len(), median_ms: rank(50), p90_ms: rank(90) }
    }
}

const HOUR_MS: i64 = 3_600_000;
const HOURS: usize = 24;

/// Takes the figures.
pub(crate) fn figures(records: &[ContactRecord], now_ms: i64) -> Figures {
    let mut figures = Figures { at_ms: now_ms, contacts: records.len(), by_hour: vec![0; HOURS], ..Figures::default() };
    let (mut first_words, mut answers, mut to_person) = (Vec::new(), Vec::new(), Vec::new());
    for record in records {
        let it = &record.inspection;
        if it.ended_at_ms.is_none() {
            *figures.now.entry(it.state.clone()).or_default() += 1;
        }
        if let Some(reason) = &it.disconnect_reason {
            *figures.ends.entry(reason.clone()).or_default() += 1;
        }
        if let Some(outcome) = &it.outcome {
            *figures.outcomes.entry(outcome.code.clone()).or_default() += 1;
        }
        let reason = it.attributes.get("escalationReason").filter(|reason| *reason != "customer_quit");
        if let Some(reason) = reason {
            *figures.handoffs.entry(reason.clone()).or_default() += 1;
        }
        let hours_ago = usize::try_from((now_ms - it.started_at_ms) / HOUR_MS).unwrap_or(usize::MAX);
        if let Some(count) = HOURS.checked_sub(1).and_then(|last| figures.by_hour.get_mut(last.checked_sub(hours_ago)?))
        {
            *count += 1;
        }
        let course = Course::of(&record.items);
        first_words.extend(course.first_words_ms);
        answers.extend(course.answers_ms);
        figures.bot_after_handoff += course.bot_after_handoff;
        if let (Some(enqueued), Some(accepted)) = (record.enqueued_ms, record.accepted_ms) {
            to_person.push((accepted - enqueued).max(0));
        }
        let gave_up = reason.is_some_and(|reason| reason == "agent_failure");
        let deaf = it.ended_at_ms.is_some() && course.asked && !course.by_bot && !course.by_person;
        figures.failures += usize::from(gave_up || deaf);
        let answered = &mut figures.answered;
        match (course.by_person, course.by_bot) {
            (true, _) => answered.person += 1,
            (false, true) => answered.bot += 1,
            (false, false) => answered.nobody += 1,
        }
    }
    figures.first_words = Times::of(first_words);
    figures.answers = Times::of(answers);
    figures.to_person = Times::of(to_person);
    figures
}

/// What a transcript tells.
#[derive(Default)]
struct Course {
    asked: bool,
    by_bot: bool,
    by_person: bool,
    first_words_ms: Option<i64>,
    answers_ms: Vec<i64>,
    bot_after_handoff: usize,
}

impl Course {
    fn of(items: &[Item]) -> Self {
        let mut course = Self::default();
        let (mut joined_ms, mut asked_ms, mut person) = (None, None, false);
        for item in items {
            let Some(at_ms) = parse_iso_time(&item.absolute_time) else { continue };
            let message = item.r#type != ItemType::Event;
            match item.participant_role {
                Some(Role::Customer) if item.content_type == event::JOINED => joined_ms = joined_ms.or(Some(at_ms)),
                Some(Role::Customer) if message => {
                    course.asked = true;
                    // The bot is not expected to answer once a person is there.
                    if !person {
                        asked_ms = asked_ms.or(Some(at_ms));
                    }
                }
                Some(Role::Agent) if item.content_type == event::JOINED => {
                    (person, asked_ms) = (true, None);
                }
                Some(Role::Agent) if message => course.by_person = true,
                Some(Role::CustomBot) if message => {
                    course.bot_after_handoff += usize::from(person);
                    if let (false, Some(joined)) = (course.by_bot, joined_ms) {
                        course.first_words_ms = Some((at_ms - joined).max(0));
                    }
                    if let Some(asked) = asked_ms.take().filter(|_| course.by_bot) {
                        course.answers_ms.push((at_ms - asked).max(0));
                    }
                    course.by_bot = true;
                }
                _ => {}
            }
        }
        course
    }
}

#[cfg(test)]
mod tests {
    use relevo_connect::item::iso_time;

    use super::*;

    fn item(at_ms: i64, role: Role, what: &str) -> Item {
        let (r#type, content_type, content) = match what {
            "joined" => (ItemType::Event, event::JOINED, None),
            text => (ItemType::Message, "text/plain", Some(text.to_owned())),
        };
        Item {
            absolute_time: iso_time(at_ms),
            content,
            content_type: content_type.into(),
            id: at_ms.to_string(),
            r#type,
            participant_id: None,
            display_name: None,
            participant_role: Some(role),
            attachments: Vec::new(),
            initial_contact_id: "c".into(),
            contact_id: "c".into(),
            related_contact_id: None,
            message_metadata: None,
        }
    }

    #[test]
    fn a_transcript_tells_who_answered_and_how_fast() {
        let mut items = vec![
            item(1_000, Role::Customer, "joined"),
            item(1_200, Role::CustomBot, "Hello"),
            item(2_000, Role::Customer, "where?"),
            item(2_001, Role::Customer, "hello?"),
            item(2_700, Role::CustomBot, "there"),
        ];
        let course = Course::of(&items);
        assert!(course.by_bot && !course.by_person && course.asked);
        assert_eq!((course.first_words_ms, course.answers_ms, course.bot_after_handoff), (Some(200), vec![700], 0));
        items.push(item(3_000, Role::Agent, "joined"));
        items.push(item(3_100, Role::Customer, "hi"));
        items.push(item(3_200, Role::Agent, "I am Eva"));
        items.push(item(3_300, Role::CustomBot, "and I am still here"));
        let course = Course::of(&items);
        assert!(course.by_person);
        assert_eq!((course.answers_ms.len(), course.bot_after_handoff), (1, 1));
    }

    #[test]
    fn percentiles_by_nearest_rank() {
        for (all, median, p90) in [
            (vec![], None, None),
            (vec![7], Some(7), Some(7)),
            (vec![2, 1], Some(1), Some(2)),
            ((1..=10).rev().collect(), Some(5), Some(9)),
        ] {
            let times = Times::of(all);
            assert_eq!((times.median_ms, times.p90_ms), (median, p90));
        }
    }
}
