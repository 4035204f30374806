//! The process dies at every commit, before and after it, and the next one goes on: nothing that somebody was told
//! is gone, and nothing is said twice.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use relevo_connect::{
    Centre, ErrorKind,
    api::{CreateConnection, StartChatContact},
    item::{Item, ItemType, Role, event, parse_iso_time},
    ports::FunctionError,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    fakes::{Body, Counted, Death, FakeFunctions, FakeTopic, MemoryStore},
    world::{
        INSTANCE, START_MS, TOPIC, World, bot, bot_flow, both, config, connect, insist, pass, secrets, start,
        text_message,
    },
};

/// What the people in the story remember over the death of the process.
#[derive(Default)]
pub(crate) struct Story {
    /// The bot's own record of its connection.
    bot_token: Mutex<Option<SecretString>>,
    /// Answers that somebody was given.
    pub(crate) told: Mutex<Vec<String>>,
}

fn start_bot(story: Arc<Story>) -> Body {
    Arc::new(move |centre: Centre, event: Value| {
        let story = story.clone();
        Box::pin(async move {
            let id = event["Details"]["ContactData"]["ContactId"].as_str().unwrap_or_default().to_owned();
            let failed = |e: relevo_connect::Error| FunctionError::Failed(e.message);
            let create = || centre.create_participant(bot(&id, Some("bot")));
            let created = insist(create).await.map_err(failed)?;
            let stream = || centre.start_contact_streaming(INSTANCE, &id, TOPIC, "bot");
            insist(stream).await.map_err(failed)?;
            let connect = || {
                let request = CreateConnection { websocket: false, credentials: true, connect_participant: true };
                centre.create_participant_connection(&created.participant_token, request)
            };
            let connection = insist(connect).await.map_err(failed)?;
            *story.bot_token.lock().unwrap() = connection.credentials.map(|(token, _)| token);
            Ok(json!({"status": "success"}))
        })
    })
}

/// The whole story, told again from the beginning by every process: whoever was answered goes on, whoever was not
/// asks again with the same client token.
pub(crate) async fn tell(world: &World, story: &Story) -> String {
    let centre = &world.centre;
    let request = StartChatContact { client_token: Some("start".into()), ..start() };
    let started = insist(|| centre.start_chat_contact(request.clone())).await.unwrap();
    let id = started.contact_id;
    let connected = insist(|| centre.create_participant_connection(&started.participant_token, both())).await;
    let (customer, secret) = match connected {
        Ok(connection) => secrets(connection),
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::AccessDenied);
            return id;
        }
    };
    let _socket = insist(|| centre.open_websocket(&secret)).await.unwrap();
    pass(2).await;
    for text in ["one", "two"] {
        let sent = insist(|| centre.send_message(&customer, text_message(text, Some(text)))).await.unwrap();
        story.told.lock().unwrap().push(sent.id);
    }
    let bot = story.bot_token.lock().unwrap().clone().unwrap();
    for reply in ["first", "second"] {
        match insist(|| centre.send_message(&bot, text_message(reply, Some(reply)))).await {
            Ok(sent) => story.told.lock().unwrap().push(sent.id),
            Err(error) => assert_eq!(error.kind, ErrorKind::AccessDenied, "{error}"),
        }
    }
    let _ = insist(|| centre.disconnect_participant(&bot)).await;
    assert_eq!(centre.desk_contacts().await.len(), 1);
    let agent = match insist(|| centre.desk_accept(&id, "Eva")).await {
        Ok(agent) => {
            let connection = insist(|| centre.create_participant_connection(&agent.participant_token, both())).await;
            Some(secrets(connection.unwrap()).0)
        }
        // Eva was connected when the process died, and holds her token.
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::Conflict);
            None
        }
    };
    if let Some(agent) = agent {
        let sent = insist(|| centre.send_message(&agent, text_message("I am Eva", Some("eva")))).await.unwrap();
        story.told.lock().unwrap().push(sent.id);
    }
    insist(|| centre.disconnect_participant(&customer)).await.unwrap();
    pass(60).await;
    id
}

/// How many messages a role has said.
fn transcript_of(items: &[Item], role: Role) -> usize {
    items.iter().filter(|it| it.r#type == ItemType::Message && it.participant_role == Some(role)).count()
}

/// What holds at the end of the story, whatever happened in it. `about`: what did.
pub(crate) async fn check(world: &World, story: &Story, topic: &FakeTopic, id: &str, about: &str) {
    let items = world.centre.transcript(id).await.unwrap();
    let transcript = world.transcript(id).await;
    for once in ["Hello", "one", "two", "transfer.succeeded SYSTEM", "participant.left CUSTOMER", "chat.ended"] {
        assert_eq!(transcript.iter().filter(|i| *i == once).count(), 1, "{about}: {once} in {transcript:?}");
    }
    for at_most_once in ["first", "second", "I am Eva"] {
        assert!(transcript.iter().filter(|i| *i == at_most_once).count() <= 1, "{about}: {transcript:?}");
    }
    for id in story.told.lock().unwrap().iter() {
        assert!(items.iter().any(|i| i.id == *id), "{about}: {id} was told and is not in {transcript:?}");
    }
    assert_eq!(transcript.last().unwrap(), "chat.ended", "{about}");
    let described = world.centre.describe_contact(INSTANCE, id).await.unwrap();
    assert_eq!(described.disconnect_reason.as_deref(), Some("CUSTOMER_DISCONNECT"), "{about}");
    let joined = items.iter().find(|it| it.content_type == event::JOINED && it.participant_role == Some(Role::Agent));
    let joined_ms = joined.and_then(|it| parse_iso_time(&it.absolute_time));
    let connected_ms = described.agent.unwrap().connected_ms;
    let apart_ms = joined_ms.zip(connected_ms).map(|(item, stored)| item - stored);
    assert!(apart_ms.is_some_and(|ms| (0..20).contains(&ms)), "{about}: {joined_ms:?}, {connected_ms:?}");
    let metrics = described.chat_metrics.unwrap();
    let by = |role: Role| transcript_of(&items, role);
    let told =
        (metrics.contact.total_messages, metrics.contact.total_bot_messages, metrics.agent.unwrap().messages_sent);
    let all = [Role::Customer, Role::Agent, Role::CustomBot, Role::System].map(by);
    assert_eq!(told, (all.iter().sum(), by(Role::CustomBot) + by(Role::System), by(Role::Agent)), "{about}");
    // Every item of the streamed part reached the topic, and the outbox is empty.
    let streamed: Vec<String> = topic.taken.lock().unwrap().iter().map(|(_, n)| n.message.clone()).collect();
    for item in items.iter().filter(|i| i.content.as_deref().is_some_and(|c| c != "Hello")) {
        assert!(streamed.iter().any(|m| m.contains(&item.id)), "{about}: {item:?} was not published");
    }
    assert!(world.store.keys("outbox/").is_empty(), "{about}");
    assert!(world.store.keys("contact/").is_empty(), "{about}");
}

pub(crate) fn process<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(work)
}

pub(crate) async fn open(
    store: Arc<MemoryStore>,
    ids: &Arc<Counted>,
    now_ms: i64,
    story: &Arc<Story>,
    topic: &Arc<FakeTopic>,
) -> World {
    let flow = bot_flow();
    let functions = Arc::new(FakeFunctions::default());
    *functions.body.lock().unwrap() = Some(start_bot(story.clone()));
    // the centre is known to the function before the first call can be made again
    World::open_with(config(&[("main", flow.as_str())]), store, ids.clone(), now_ms, functions, topic.clone()).await
}

#[test]
fn without_any_death() {
    let (story, ids, topic) = (Arc::default(), Arc::default(), Arc::default());
    process(async {
        let world = open(Arc::default(), &ids, START_MS, &story, &topic).await;
        let id = tell(&world, &story).await;
        assert_eq!(
            world.transcript(&id).await,
            [
                "participant.joined CUSTOMER",
                "Hello",
                "participant.joined CUSTOM_BOT",
                "one",
                "two",
                "first",
                "second",
                "participant.left CUSTOM_BOT",
                "transfer.succeeded SYSTEM",
                "participant.joined AGENT",
                "I am Eva",
                "participant.left CUSTOMER",
                "chat.ended",
            ]
        );
    });
}

#[test]
fn dying_at_every_commit() {
    for how in [Death::Before, Death::After] {
        let mut deaths = 0;
        for commit in 0.. {
            if !dies_and_goes_on(commit, how) {
                break;
            }
            deaths += 1;
        }
        assert!(deaths > 15, "only {deaths} deaths {how:?} a commit");
    }
}

/// Whether the first process died at this commit at all.
fn dies_and_goes_on(commit: i64, how: Death) -> bool {
    let about = format!("{how:?} commit {commit}");
    let story = Arc::<Story>::default();
    let (ids, topic) = (Arc::<Counted>::default(), Arc::<FakeTopic>::default());
    let store = Arc::<MemoryStore>::default();
    store.die_at(commit, how);
    let (died, lived_ms) = process(async {
        let since = tokio::time::Instant::now();
        let world = open(store.clone(), &ids, START_MS, &story, &topic).await;
        let told = tokio::time::timeout(Duration::from_secs(100), tell(&world, &story)).await;
        let number = world.store.commits.load(std::sync::atomic::Ordering::Relaxed);
        (told.is_err() || number > commit, i64::try_from(since.elapsed().as_millis()).unwrap())
    });
    if !died {
        return false;
    }
    process(async {
        let world = open(Arc::new(store.reopened()), &ids, START_MS + lived_ms, &story, &topic).await;
        let id = tell(&world, &story).await;
        check(&world, &story, &topic, &id, &about).await;
    });
    true
}

#[test]
fn a_wait_goes_on_and_ends_on_time() {
    let (ids, store) = (Arc::<Counted>::default(), Arc::<MemoryStore>::default());
    let flows = [("main", crate::world::GREETING)];
    let id = process(async {
        let world = World::open(config(&flows), store.clone(), ids.clone(), START_MS).await;
        world.customer().await.contact_id
    });
    // half an hour later; and once more after the time is out
    for (later_ms, wait_s) in [(1_800_000, 1_801), (5_000_000, 1)] {
        let store = Arc::new(store.reopened());
        process(async {
            let world = World::open(config(&flows), store, ids.clone(), START_MS + later_ms).await;
            if wait_s > 1 {
                pass(wait_s - 5).await;
                assert_eq!(world.transcript(&id).await.len(), 2);
                pass(5).await;
            }
            pass(1).await;
            assert_eq!(world.transcript(&id).await[2..], ["It is late", "chat.ended"]);
        });
    }
}

#[test]
fn queue_tokens_and_the_end_are_remembered() {
    let (ids, store) = (Arc::<Counted>::default(), Arc::<MemoryStore>::default());
    let flow = crate::world::queue_flow();
    let flows = [("main", flow.as_str())];
    let (id, token, websocket, over) = process(async {
        let world = World::open(config(&flows), store.clone(), ids.clone(), START_MS).await;
        let customer = world.customer().await;
        let (_, websocket) = connect(&world.centre, &customer.participant_token).await;
        let over = world.customer().await;
        world.say(&over.token, "bye").await;
        world.centre.stop_contact(INSTANCE, &over.contact_id).await.unwrap();
        (customer.contact_id, customer.token, websocket, over)
    });
    process(async {
        let world = World::open(config(&flows), Arc::new(store.reopened()), ids.clone(), START_MS + 5000).await;
        let desk = world.centre.desk_contacts().await;
        assert_eq!(desk.len(), 1);
        assert_eq!((desk[0].contact_id.as_str(), desk[0].waiting_ms), (id.as_str(), 5000));
        let mut socket = world.centre.open_websocket(&websocket).await.unwrap();
        world.say(&token, "I am back").await;
        assert_eq!(crate::world::heard(&mut socket), ["I am back"]);
        let late = world.centre.send_message(&over.token, text_message("x", None)).await;
        assert_eq!(crate::world::kind(late), ErrorKind::AccessDenied);
        assert_eq!(world.transcript(&over.contact_id).await[2..], ["bye", "chat.ended"]);
    });
}
