//! Metrics of transcripts, by table and by property.

use proptest::prelude::*;

use super::*;
use crate::item::{Item, MessageMetadata, ProcessingStatus, iso_time};

/// Each said by the letter's participant: Customer, Agent, an Earlier agent, Bot, the flow (`S`). Its time, its text.
type Said<'a> = (char, i64, &'a str);

fn entry((by, at_ms, text): Said<'_>) -> Entry {
    let role = match by {
        'C' => Role::Customer,
        'A' | 'E' => Role::Agent,
        'B' => Role::CustomBot,
        _ => Role::System,
    };
    let item = Item {
        absolute_time: iso_time(at_ms),
        content: Some(text.into()),
        content_type: "text/plain".into(),
        id: format!("i{at_ms}"),
        r#type: ItemType::Message,
        participant_id: (by != 'S').then(|| by.to_string()),
        display_name: None,
        participant_role: Some(role),
        attachments: Vec::new(),
        message_metadata: None,
        initial_contact_id: "c".into(),
        contact_id: "c".into(),
        related_contact_id: None,
    };
    Entry { seq: 0, at_ms, client_token: None, item }
}

const COURSE: Course<'_> =
    Course { customer: Some("C"), agent: Some("A"), agent_connected_ms: Some(1_000), ended_ms: Some(9_000) };

fn measured(said: &[Said<'_>], course: Course<'_>) -> ChatMetrics {
    let entries: Vec<Entry> = said.iter().map(|said| entry(*said)).collect();
    of(&entries, course)
}

/// Messages, characters, responses, their time together, the longest, the last message.
type Participant = (usize, usize, usize, i64, Option<i64>, Option<i64>);

fn participant(metrics: &ParticipantMetrics) -> Participant {
    let it = metrics;
    let (total, max) = (it.total_response_time_ms, it.max_response_time_ms);
    (it.messages_sent, it.message_length, it.responses, total, max, it.last_message_ms)
}

const SILENT: Participant = (0, 0, 0, 0, None, None);

#[test]
fn participants_by_table() {
    let cases: &[(&str, &[Said<'_>], usize, Participant, Participant)] = &[
        ("nobody", &[], 0, SILENT, SILENT),
        ("nobody answers", &[('C', 10, "hello"), ('C', 20, "?")], 0, (2, 6, 0, 0, None, Some(20)), SILENT),
        (
            "an answer is the first message after the other's first",
            &[('C', 10, "a"), ('C', 20, "b"), ('A', 50, "c"), ('A', 60, "d"), ('C', 90, "e"), ('A', 100, "f")],
            2,
            (3, 3, 1, 40, Some(40), Some(90)),
            (3, 3, 2, 50, Some(40), Some(100)),
        ),
        (
            "a greeting answers nobody, and is answered",
            &[('A', 10, "Hi"), ('C', 40, "hello")],
            0,
            (1, 5, 1, 30, Some(30), Some(40)),
            (1, 2, 0, 0, None, Some(10)),
        ),
        (
            "what the bot has answered does not wait for the agent",
            &[('C', 10, "where?"), ('B', 20, "there"), ('A', 300, "Hi")],
            1,
            (1, 6, 0, 0, None, Some(10)),
            (1, 2, 0, 0, None, Some(300)),
        ),
        (
            "an answer to the bot is no response to the agent",
            &[('B', 10, "Hello"), ('C', 20, "a"), ('B', 30, "b"), ('C', 40, "c")],
            1,
            (2, 2, 0, 0, None, Some(40)),
            SILENT,
        ),
        (
            "whoever is told to wait still waits",
            &[
                ('C', 10, "a person"),
                ('S', 20, "One moment"),
                ('A', 500, "Hi"),
                ('S', 510, "Eva is here"),
                ('C', 600, "ah"),
            ],
            1,
            (2, 10, 1, 100, Some(100), Some(600)),
            (1, 2, 1, 490, Some(490), Some(500)),
        ),
        (
            "what an earlier agent has said is not the agent's",
            &[('C', 10, "a"), ('E', 20, "b"), ('C', 30, "c"), ('A', 70, "d")],
            2,
            (2, 2, 0, 0, None, Some(30)),
            (1, 1, 1, 40, Some(40), Some(70)),
        ),
        (
            "characters, not bytes",
            &[('C', 10, "¿dónde?"), ('A', 20, "👋")],
            1,
            (1, 7, 0, 0, None, Some(10)),
            (1, 1, 1, 10, Some(10), Some(20)),
        ),
    ];
    for (about, said, turns, customer, agent) in cases {
        let metrics = measured(said, COURSE);
        assert_eq!(metrics.contact.conversation_turns, *turns, "{about}");
        assert_eq!(participant(metrics.customer.as_ref().unwrap()), *customer, "{about}: customer");
        assert_eq!(participant(metrics.agent.as_ref().unwrap()), *agent, "{about}: agent");
    }
}

#[test]
fn the_contact_by_table() {
    let said: &[Said<'_>] =
        &[('B', 10, "Hello"), ('C', 20, "ñ"), ('S', 30, "Wait"), ('A', 1_500, "Hi"), ('A', 1_600, "!")];
    let whole = measured(said, COURSE).contact;
    assert_eq!(
        whole,
        ContactMetrics {
            total_messages: 5,
            total_bot_messages: 2,
            total_bot_message_length: 9,
            conversation_close_time_ms: Some(8_980),
            conversation_turns: 1,
            agent_first_response_ms: Some(1_500),
            agent_first_response_time_ms: Some(500),
        }
    );
    // one that goes on has no end, and nobody has given it up
    let going_on = measured(said, Course { ended_ms: None, ..COURSE });
    assert_eq!(going_on.contact, ContactMetrics { conversation_close_time_ms: None, ..whole });
    assert_eq!(going_on.customer.unwrap().conversation_abandon, None);
    // a customer who never spoke
    let silent = measured(&[('A', 1_500, "Hi")], COURSE);
    assert_eq!(silent.contact.conversation_close_time_ms, None);
    let abandoned = (silent.customer.unwrap().conversation_abandon, silent.agent.unwrap().conversation_abandon);
    assert_eq!(abandoned, (Some(true), Some(false)));
    // times that are made distinct may lie behind the end
    assert_eq!(measured(&[('C', 9_001, "a")], COURSE).contact.conversation_close_time_ms, Some(0));
    // without agent
    let nobody = measured(said, Course { agent: None, agent_connected_ms: None, ..COURSE });
    assert_eq!((nobody.agent, nobody.contact.agent_first_response_ms), (None, None));
    assert_eq!(nobody.contact.total_messages, 5);
}

#[test]
fn what_is_no_message_of_this_contact_does_not_count() {
    let past = |mut it: Entry| {
        it.item.related_contact_id = Some("before".into());
        it
    };
    let file = |mut it: Entry| {
        it.item.r#type = ItemType::Attachment;
        it
    };
    let event = |mut it: Entry| {
        it.item.r#type = ItemType::Event;
        it
    };
    let held = |mut it: Entry| {
        let message_processing_status = Some(ProcessingStatus::Rejected);
        it.item.message_metadata =
            Some(MessageMetadata { message_id: it.item.id.clone(), receipts: Vec::new(), message_processing_status });
        it
    };
    for change in [past as fn(Entry) -> Entry, file, event, held] {
        let entries = [change(entry(('C', 10, "x"))), entry(('A', 20, "y"))];
        let metrics = of(&entries, COURSE);
        assert_eq!((metrics.contact.total_messages, metrics.contact.conversation_turns), (1, 0));
        assert_eq!(participant(&metrics.customer.unwrap()), SILENT);
    }
}

proptest! {
    /// The parts are the whole, and what is derived fits what it is derived from.
    #[test]
    fn sums_fit(said in prop::collection::vec((prop::sample::select(vec!['C', 'A', 'B', 'S']), 1..500_i64, ".{0,5}"), 0..40)) {
        let mut at_ms = 0;
        let entries: Vec<Entry> = said.iter().map(|(by, later_ms, text)| {
            at_ms += later_ms;
            entry((*by, at_ms, text))
        }).collect();
        let ChatMetrics { contact, customer, agent } = of(&entries, Course { ended_ms: Some(at_ms), ..COURSE });
        let both = [customer.unwrap(), agent.unwrap()];
        let sent: usize = both.iter().map(|it| it.messages_sent).sum();
        prop_assert_eq!(contact.total_messages, sent + contact.total_bot_messages);
        let length: usize = both.iter().map(|it| it.message_length).sum();
        let all: usize = said.iter().map(|(_, _, text)| text.chars().count()).sum();
        prop_assert_eq!(all, length + contact.total_bot_message_length);
        let [customer, agent] = both;
        prop_assert!(contact.conversation_turns <= customer.messages_sent);
        prop_assert!(agent.responses <= contact.conversation_turns, "a response of the agent ends a turn");
        for it in [&customer, &agent] {
            prop_assert!(it.responses <= it.messages_sent);
            prop_assert_eq!(it.max_response_time_ms.is_some(), it.responses > 0);
            let max = it.max_response_time_ms.unwrap_or_default();
            let most = max * i64::try_from(it.responses).unwrap();
            prop_assert!((max..=most.max(max)).contains(&it.total_response_time_ms));
            prop_assert_eq!(it.last_message_ms.is_some(), it.messages_sent > 0);
            prop_assert_eq!(it.conversation_abandon, Some(it.messages_sent == 0));
        }
        let waits = customer.total_response_time_ms + agent.total_response_time_ms;
        prop_assert!(waits <= at_ms, "never do both wait for each other");
        let first = contact.agent_first_response_ms;
        prop_assert!(first <= agent.last_message_ms && first.is_some() == (agent.messages_sent > 0));
    }
}
