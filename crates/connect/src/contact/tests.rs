//! Any order of what can happen to a contact, with its invariants after every step.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use proptest::prelude::*;

use super::*;
use crate::{
    api::{CreateConnection, CreateParticipant, MediaProcessing, Send, StartChatContact},
    centre::{Config, FlowEntry, QueueConfig},
    desk::{Outcome, TransferTo},
    directory::QueueFigures,
    flow::Flow,
    item::ProcessingStatus,
    ports::Ids,
    transcript::Log,
};

/// Waits for the bot, then queues; whatever goes wrong, it says so and hangs up.
const FLOW: &str = r#"{"Version":"2019-10-30","StartAction":"call","Actions":[
  {"Identifier":"call","Type":"InvokeLambdaFunction","Parameters":{"LambdaFunctionARN":"arn:start",
    "InvocationTimeLimitSeconds":"8","ResponseValidation":{"ResponseType":"STRING_MAP"}},
   "Transitions":{"NextAction":"wait","Errors":[{"NextAction":"target","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"wait","Type":"Wait","Parameters":{"TimeLimitSeconds":"600","Events":["BotParticipantDisconnected"]},
   "Transitions":{"NextAction":"target","Conditions":[
     {"NextAction":"target","Condition":{"Operator":"Equals","Operands":["BotParticipantDisconnected"]}},
     {"NextAction":"target","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
     "Errors":[{"NextAction":"target","ErrorType":"ParticipantNotFound"},
               {"NextAction":"target","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"target","Type":"UpdateContactTargetQueue","Parameters":{"QueueId":"queue"},
   "Transitions":{"NextAction":"queue","Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{},
   "Transitions":{"NextAction":"sorry","Errors":[{"NextAction":"sorry","ErrorType":"QueueAtCapacity"},
               {"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"sorry","Type":"MessageParticipant","Parameters":{"Text":"Sorry"},
   "Transitions":{"NextAction":"end","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

#[derive(Default)]
struct Counted(AtomicU64);

impl Ids for Counted {
    fn uuid(&self) -> String {
        format!("id-{}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn token(&self) -> String {
        format!("token-{}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

struct Room(Cell<bool>);

impl QueueBook for Room {
    fn figures(&self, _: &QueueConfig) -> QueueFigures {
        QueueFigures::default()
    }

    fn ahead(&self, _: &QueueConfig, _: (i64, i64)) -> u32 {
        0
    }

    fn take_place(&self, _: &QueueConfig) -> bool {
        self.0.get()
    }
}

#[derive(Debug, Clone)]
enum Happening {
    Later(i64),
    Room(bool),
    OpenSocket(usize),
    Connect(usize),
    CreateBot(Option<u8>),
    Stream(u8),
    StopStream,
    Say(usize, Option<u8>),
    Type(usize),
    Leave(usize),
    Answer(bool),
    /// Messages go through a processor, which lets pass what it fails at, or go by.
    Process(Option<bool>),
    /// A processor answers one of the calls.
    Judge(usize, &'static str),
    Accept,
    Offer,
    Reject,
    Transfer(bool),
    EndByAgent(bool),
    Stop,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    prop_oneof![
        2 => prop_oneof![0_i64..30_000, 0_i64..700_000, Just(90_000_000)].prop_map(Later),
        1 => any::<bool>().prop_map(Room),
        3 => (0_usize..4).prop_map(OpenSocket),
        4 => (0_usize..4).prop_map(Connect),
        4 => proptest::option::of(0_u8..2).prop_map(CreateBot),
        2 => (0_u8..4).prop_map(Stream),
        1 => Just(StopStream),
        6 => (0_usize..4, proptest::option::of(0_u8..3)).prop_map(|(who, token)| Say(who, token)),
        1 => (0_usize..4).prop_map(Type),
        2 => (0_usize..4).prop_map(Leave),
        3 => any::<bool>().prop_map(Answer),
        2 => proptest::option::weighted(0.8, any::<bool>()).prop_map(Process),
        4 => (0_usize..6, prop_oneof![Just("APPROVED"), Just("PROCESSED"), Just("REJECTED"), Just("FAILED")])
            .prop_map(|(call, status)| Judge(call, status)),
        3 => Just(Accept),
        3 => Just(Offer),
        1 => Just(Reject),
        2 => any::<bool>().prop_map(Transfer),
        1 => any::<bool>().prop_map(EndByAgent),
        1 => Just(Stop),
    ]
}

/// One contact, as the centre would keep it.
struct Kept {
    contact: Contact,
    log: Log,
    ids: Counted,
    config: Config,
    room: Room,
    now_ms: i64,
    items: Vec<Entry>,
    calls: Vec<u64>,
}

impl Kept {
    fn new(flow: &Arc<Flow>) -> Self {
        let config = Config {
            instance_id: "instance".into(),
            account_id: "123456789012".into(),
            region: "us-east-1".into(),
            flows: vec![FlowEntry { id: "main".into(), name: "Main".into(), flow: flow.clone() }],
            queue: QueueConfig { id: "queue".into(), name: "People".into(), staffed_agents: 1, capacity: None },
            message_limit_bytes: 1024.into(),
            desk: crate::desk::DeskConfig::default(),
            more_queues: Vec::new(),
            hours: Vec::new(),
        };
        let (ids, room, now_ms) = (Counted::default(), Room(Cell::new(true)), 1_000_000);
        let request = StartChatContact {
            contact_flow_id: "main".into(),
            display_name: "Ana".into(),
            initial_message: Some(("text/plain".into(), "Hi".into())),
            ..StartChatContact::default()
        };
        let mut fx = Effects::default();
        let here = Here { now_ms, ids: &ids, config: &config, queue: &room };
        let contact = Contact::start(request, None, &here, &mut fx).unwrap();
        let mut kept =
            Self { contact, log: Log::default(), ids, config, room, now_ms, items: Vec::new(), calls: Vec::new() };
        kept.deliver(&fx);
        kept
    }

    fn deliver(&mut self, fx: &Effects) {
        for effect in &fx.list {
            match effect {
                Effect::Item(entry) => {
                    self.items.push((**entry).clone());
                    self.log.append(entry.clone());
                }
                Effect::Renew(entry) => {
                    self.items[usize::try_from(entry.seq).unwrap()] = (**entry).clone();
                    self.log.renew(entry.clone());
                }
                Effect::Call(call) => self.calls.push(call.number),
                _ => {}
            }
        }
    }

    /// Lets it happen as the centre does: on a copy, which counts only when it was not refused.
    fn happens(&mut self, what: &Happening) -> Effects {
        match what {
            Happening::Later(ms) => self.now_ms += ms,
            Happening::Room(room) => self.room.0.set(*room),
            _ => {}
        }
        let mut next = self.contact.clone();
        let mut fx = Effects::after(self.log.end());
        let here = Here { now_ms: self.now_ms, ids: &self.ids, config: &self.config, queue: &self.room };
        let who = |n: usize| {
            let participants = &self.contact.participants;
            participants.get(n % participants.len()).map(|p| p.id.clone()).unwrap_or_default()
        };
        let send = |token: Option<u8>| Send {
            content_type: "text/plain".into(),
            content: Some("text".into()),
            client_token: token.map(|t| t.to_string()),
        };
        let both = CreateConnection { websocket: true, credentials: true, connect_participant: true };
        // The centre knows who speaks by the connection token, so nobody without one does.
        let mute = |n: &usize| {
            let id = who(*n);
            !self.contact.tokens().any(|(_, kind, holder, _)| kind == TokenKind::Connection && holder == id)
        };
        let done = match what {
            _ if next.is_ended() => return fx,
            Happening::Say(n, _) | Happening::Type(n) | Happening::Leave(n) if mute(n) => return fx,
            Happening::Later(_) => {
                next.timer_fired(&here, &mut fx);
                Ok(())
            }
            Happening::Room(_) => Ok(()),
            Happening::OpenSocket(n) => next.websocket_opened(&who(*n), &here, &mut fx),
            Happening::Connect(n) => next.create_connection(&who(*n), both, &here, &mut fx).map(drop),
            Happening::CreateBot(token) => {
                let request = CreateParticipant {
                    instance_id: String::new(),
                    contact_id: String::new(),
                    client_token: token.map(|t| t.to_string()),
                    role: Role::CustomBot,
                    display_name: "Bot".into(),
                };
                next.create_participant(request, &here, &mut fx).map(drop)
            }
            Happening::Stream(n) => {
                let topic = format!("arn:aws:sns:us-east-1:123456789012:topic{}", n % 3);
                next.start_streaming(&topic, &n.to_string(), &here).map(drop)
            }
            Happening::StopStream => {
                let id = serde_json::to_value(&next.streams).unwrap();
                let id = id.pointer("/0/id").and_then(|v| v.as_str()).unwrap_or_default().to_owned();
                next.stop_streaming(&id)
            }
            Happening::Say(n, token) => next.send_message(&who(*n), send(*token), &self.log, &here, &mut fx).map(drop),
            Happening::Type(n) => {
                let typing = Send { content_type: event_type::TYPING.into(), ..send(None) };
                next.send_event(&who(*n), &typing, &self.log, &here, &mut fx).map(drop)
            }
            Happening::Leave(n) => next.disconnect(&who(*n), &here, &mut fx),
            Happening::Answer(good) => {
                let number = self.calls.last().copied().unwrap_or_default();
                let answer = if *good { Ok(serde_json::json!({})) } else { Err("no".to_owned()) };
                next.function_answered(number, answer, &here, &mut fx);
                Ok(())
            }
            Happening::Process(mode) => {
                next.set_processor(
                    mode.map(|deliver| MediaProcessing { processor_arn: "arn:p".into(), deliver_unprocessed: deliver }),
                );
                Ok(())
            }
            Happening::Judge(call, status) => {
                let number = self.calls.iter().rev().nth(*call).copied().unwrap_or_default();
                let content = serde_json::json!({"content": "other", "contentType": "text/plain"});
                let answer = serde_json::json!({"status": status, "result": {"processedChatContent": content}});
                next.function_answered(number, Ok(answer), &here, &mut fx);
                Ok(())
            }
            Happening::Accept => next.accept("Eva", &here, &mut fx).map(drop),
            Happening::Offer => next.offer("Luis", &here, &mut fx),
            Happening::Reject => next.reject("Luis", &here, &mut fx),
            Happening::Transfer(queue) => {
                let to = if *queue { TransferTo::Queue("People".into()) } else { TransferTo::Agent("Luis".into()) };
                next.transfer(to, "note", &here, &mut fx)
            }
            Happening::EndByAgent(outcome) => {
                let outcome = outcome.then(|| Outcome { code: "resolved".into(), ..no_outcome() });
                next.end_by_agent(outcome, &here, &mut fx)
            }
            Happening::Stop => {
                next.stop(&here, &mut fx);
                Ok(())
            }
        };
        if done.is_err() {
            return Effects::default();
        }
        self.contact = next;
        self.deliver(&fx);
        fx
    }

    /// What holds whatever happened.
    fn check(&self, before: &Contact, fx: &Effects) -> Result<(), TestCaseError> {
        let contact = &self.contact;
        for (n, entry) in self.items.iter().enumerate() {
            prop_assert_eq!(entry.seq, n as u64);
            prop_assert!(n == 0 || self.items[n - 1].at_ms < entry.at_ms);
        }
        let expected = |role| contact.participants.iter().filter(|p| p.role == role && p.is_expected()).count();
        let (bots, agents) = (expected(Role::CustomBot), expected(Role::Agent));
        prop_assert!(bots + agents <= 1, "{bots} bots and {agents} agents");
        prop_assert_eq!(agents == 1, matches!(contact.stage, Stage::Active { .. }));
        let queued = matches!(contact.stage, Stage::Queued { .. });
        prop_assert!(queued || (contact.desk.offer.is_none() && contact.desk.passed.is_empty()), "offered to nobody");
        prop_assert!(contact.is_ended() || contact.desk.after_contact.is_none());
        let had_an_agent = matches!(contact.stage, Stage::Ended { accepted_ms: Some(_), .. });
        let asked = contact.desk.after_contact.is_some() || contact.desk.outcome.is_some();
        prop_assert!(!had_an_agent || asked, "nobody is asked how it came out");
        let topics = fx.list.iter().filter_map(|e| match e {
            Effect::Publish(out) => Some((out.seq, out.topic_arn.as_str())),
            _ => None,
        });
        let mut topics: Vec<_> = topics.collect();
        let published = topics.len();
        topics.sort_unstable();
        topics.dedup();
        prop_assert_eq!(published, topics.len(), "an item twice to one topic");
        // What is not through its processor is with nobody, and is asked for again by a process that has just begun.
        let with = |status| move |entry: &&Entry| entry.item.processing_status() == Some(status);
        let held: Vec<&Entry> = self.items.iter().filter(with(ProcessingStatus::Processing)).collect();
        prop_assert!(!contact.is_ended() || held.is_empty(), "held for ever");
        let here = Here { now_ms: self.now_ms, ids: &self.ids, config: &self.config, queue: &self.room };
        let asked_again = contact.pending_calls(&here).iter().filter(|call| call.arn == "arn:p").count();
        prop_assert!(held.is_empty() == (asked_again == 0) && asked_again <= held.len());
        for effect in &fx.list {
            if let Effect::Publish(out) = effect {
                let item = &self.items[usize::try_from(out.seq).unwrap()].item;
                prop_assert_eq!(item.processing_status(), None, "published");
            }
        }
        let ended = self.items.iter().filter(|e| e.item.content_type == event_type::CHAT_ENDED).count();
        prop_assert_eq!(ended, usize::from(contact.is_ended()));
        if contact.is_ended() {
            prop_assert_eq!(self.items.last().unwrap().item.content_type.as_str(), event_type::CHAT_ENDED);
            prop_assert_eq!(contact.tokens().count(), 0);
            prop_assert_eq!(contact.next_deadline(), None);
        } else {
            let deadline = contact.next_deadline().unwrap();
            prop_assert!(deadline > self.now_ms || !matches!(before.next_deadline(), Some(d) if d > self.now_ms));
        }
        // Nobody speaks who is not there: a bot or agent joins before and leaves after everything it says.
        let mut there: Vec<&str> = Vec::new();
        for item in self.items.iter().map(|e| &e.item) {
            let Some(id) = item.participant_id.as_deref() else { continue };
            match item.content_type.as_str() {
                event_type::JOINED => {
                    prop_assert!(!there.contains(&id), "joined twice");
                    there.push(id);
                }
                event_type::LEFT => {
                    prop_assert!(there.contains(&id), "left without joining");
                    there.retain(|other| *other != id);
                }
                // A customer may hold a connection token before the chat begins for it.
                _ => prop_assert!(
                    there.contains(&id) || item.participant_role == Some(Role::Customer),
                    "spoke from outside"
                ),
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_whatever_happens(story in proptest::collection::vec(happening(), 1..60)) {
        let flow = Arc::new(Flow::parse(FLOW).unwrap());
        let mut kept = Kept::new(&flow);
        for what in &story {
            let before = kept.contact.clone();
            let fx = kept.happens(what);
            kept.check(&before, &fx)?;
        }
    }

    /// A process that reads the contact and its transcript back between any two steps does just the same.
    #[test]
    fn a_contact_goes_on_from_its_stored_form(story in proptest::collection::vec(happening(), 1..60)) {
        let flow = Arc::new(Flow::parse(FLOW).unwrap());
        let (mut lives, mut dies) = (Kept::new(&flow), Kept::new(&flow));
        for what in &story {
            let stored = serde_json::to_vec(&dies.contact).unwrap();
            dies.contact = serde_json::from_slice(&stored).unwrap();
            dies.log = Log::from_entries(dies.items.clone());
            lives.happens(what);
            dies.happens(what);
            prop_assert_eq!(&lives.items, &dies.items);
            prop_assert_eq!(serde_json::to_value(&lives.contact).unwrap(), serde_json::to_value(&dies.contact).unwrap());
        }
    }

    /// Nobody is left alone: if only time passes, every contact comes to its end.
    #[test]
    fn every_contact_ends_at_last(story in proptest::collection::vec(happening(), 0..30)) {
        let flow = Arc::new(Flow::parse(FLOW).unwrap());
        let mut kept = Kept::new(&flow);
        for what in &story {
            kept.happens(what);
        }
        for _ in 0..20 {
            let Some(deadline) = kept.contact.next_deadline() else { break };
            kept.happens(&Happening::Later((deadline - kept.now_ms).max(0)));
        }
        prop_assert!(kept.contact.is_ended());
    }
}

fn no_outcome() -> Outcome {
    Outcome { code: String::new(), note: String::new(), by: String::new(), at_ms: 0 }
}

#[test]
fn secrets_are_not_printed() {
    let kept = Kept::new(&Arc::new(Flow::parse(FLOW).unwrap()));
    let (secret, ..) = kept.contact.tokens().next().unwrap();
    let printed = format!("{:?}", kept.contact);
    assert!(secret.starts_with("token-") && !printed.contains("token-"), "{printed}");
}

/// The documentation of `SendEvent`: no receipts with more than two active participants.
#[test]
fn a_third_participant_makes_a_receipt_a_conflict() {
    let mut kept = Kept::new(&Arc::new(Flow::parse(FLOW).unwrap()));
    let here = Here { now_ms: kept.now_ms, ids: &kept.ids, config: &kept.config, queue: &kept.room };
    for role in [Role::Agent, Role::Supervisor] {
        kept.contact.participants.push(Participant::invite(role, "Eva", None, here.now_ms, here.ids));
    }
    let (agent, supervisor) = (kept.contact.participants[1].id.clone(), kept.contact.participants[2].id.clone());
    let join = |contact: &mut Contact, n: usize| {
        contact.participants[n].presence = participant::Presence::Joined { at_ms: here.now_ms };
    };
    let hi = kept.items[0].item.id.clone();
    let content = Some(format!(r#"{{"messageId":"{hi}"}}"#));
    let read = Send { content_type: event_type::READ.into(), content, client_token: None };
    join(&mut kept.contact, 0);
    join(&mut kept.contact, 1);
    let mut fx = Effects::after(kept.log.end());
    kept.contact.send_event(&agent, &read, &kept.log, &here, &mut fx).unwrap();
    assert!(matches!(&fx.list[..], [Effect::Note(_), Effect::To { .. }]), "{:?}", fx.list);
    join(&mut kept.contact, 2);
    for who in [&agent, &supervisor] {
        let refused = kept.contact.send_event(who, &read, &kept.log, &here, &mut Effects::default());
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
    }
}

/// What came later has a default: a contact that was stored before goes on.
#[test]
fn a_contact_of_the_first_version_is_read() {
    let mut kept = Kept::new(&Arc::new(Flow::parse(FLOW).unwrap()));
    kept.contact.flow.has_target_queue = true;
    let mut stored = serde_json::to_value(&kept.contact).unwrap();
    let drop = |object: &mut serde_json::Value, keys: &[&str]| {
        for key in keys {
            object.as_object_mut().unwrap().remove(*key).unwrap_or_else(|| panic!("{key}"));
        }
    };
    drop(&mut stored["profile"], &["tags", "agent_leaves_first", "line"]);
    drop(&mut stored["flow"], &["later", "callers", "routing", "whispering", "whispers", "target_queue"]);
    let read: Contact = serde_json::from_value(stored).unwrap();
    assert_eq!(read.flow.queue(&kept.config).map(|queue| queue.id.as_str()), Some("queue"));
    assert_eq!(read.flow.routing.priority, 5);
}
