//! Chat timers: idle, returned, disconnected, and all of it after a restart.

use std::sync::Arc;

use relevo_connect::{
    ErrorKind,
    api::contacts::{ChatTimer, TimerKind, TimerRole},
};

use crate::world::{Customer, GREETING, INSTANCE, START_MS, World, accept, config, connect, kind, pass, queue_flow};

const MINUTE_S: u64 = 60;

fn timer(role: TimerRole, kind: TimerKind, minutes: u32) -> ChatTimer {
    ChatTimer { role, kind, minutes: Some(minutes) }
}

async fn set(world: &World, customer: &Customer, timers: Vec<ChatTimer>) {
    world.centre.update_chat_timers(INSTANCE, &customer.contact_id, timers).await.expect("the timers are set");
}

#[tokio::test(start_paused = true)]
async fn a_silent_customer_is_idle_returns_and_in_the_end_the_agent_leaves() {
    let world = World::with_flow(&queue_flow()).await;
    let mut customer = world.customer().await;
    let timers = vec![
        timer(TimerRole::Customer, TimerKind::Idle, 2),
        timer(TimerRole::Customer, TimerKind::DisconnectNonCustomer, 3),
    ];
    set(&world, &customer, timers).await;
    pass(10 * MINUTE_S).await;
    customer.heard();
    let agent = accept(&world.centre, &customer.contact_id).await;
    connect(&world.centre, &agent.participant_token).await;
    assert_eq!(customer.heard(), ["participant.joined AGENT"], "nobody is idle who waits alone");

    pass(2 * MINUTE_S - 1).await;
    assert!(customer.heard().is_empty());
    pass(2).await;
    assert_eq!(customer.heard(), ["participant.idle CUSTOMER"]);
    pass(2 * MINUTE_S).await;
    world.say(&customer.token, "I am here").await;
    assert_eq!(customer.heard(), ["I am here", "participant.returned CUSTOMER"]);

    // The second timer begins when the first is over.
    pass(2 * MINUTE_S + 1).await;
    assert_eq!(customer.heard(), ["participant.idle CUSTOMER"]);
    pass(3 * MINUTE_S - 2).await;
    assert!(customer.heard().is_empty());
    pass(2).await;
    assert_eq!(customer.heard(), ["participant.autodisconnection CUSTOMER", "participant.left AGENT", "chat.ended"]);
    let described = world.centre.describe_contact(INSTANCE, &customer.contact_id).await.unwrap();
    assert_eq!(described.disconnect_reason.as_deref(), Some("IDLE_DISCONNECT"));
    let kept = world.transcript(&customer.contact_id).await;
    assert!(!kept.iter().any(|line| line.contains("idle")), "in no transcript: {kept:?}");
}

#[tokio::test(start_paused = true)]
async fn an_agents_own_timer_needs_no_idle_one() {
    let world = World::with_flow(&queue_flow()).await;
    let mut customer = world.customer().await;
    set(&world, &customer, vec![timer(TimerRole::Agent, TimerKind::DisconnectNonCustomer, 2)]).await;
    let agent = accept(&world.centre, &customer.contact_id).await;
    let (token, _) = connect(&world.centre, &agent.participant_token).await;
    pass(MINUTE_S).await;
    world.say(&token, "Hello").await;
    customer.heard();
    pass(2 * MINUTE_S - 1).await;
    assert!(customer.heard().is_empty());
    pass(2).await;
    assert_eq!(customer.heard(), ["participant.autodisconnection AGENT", "participant.left AGENT", "chat.ended"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_set_while_an_agent_is_there_counts_for_the_next_one() {
    let world = World::with_flow(&queue_flow()).await;
    let mut customer = world.customer().await;
    let agent = accept(&world.centre, &customer.contact_id).await;
    connect(&world.centre, &agent.participant_token).await;
    set(&world, &customer, vec![timer(TimerRole::Customer, TimerKind::Idle, 2)]).await;
    pass(10 * MINUTE_S).await;
    assert!(!customer.heard().contains(&"participant.idle CUSTOMER".to_owned()));
    let to = relevo_connect::desk::TransferTo::Queue("People".into());
    world.centre.desk_transfer(&customer.contact_id, to, String::new()).await.unwrap();
    let agent = accept(&world.centre, &customer.contact_id).await;
    connect(&world.centre, &agent.participant_token).await;
    customer.heard();
    pass(2 * MINUTE_S + 1).await;
    assert_eq!(customer.heard(), ["participant.idle CUSTOMER"]);
}

#[tokio::test(start_paused = true)]
async fn a_bot_begins_the_customers_timers_and_leaves_by_them() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    set(&world, &customer, vec![timer(TimerRole::Customer, TimerKind::DisconnectNonCustomer, 5)]).await;
    world.bot(&customer.contact_id).await;
    customer.heard();
    pass(5 * MINUTE_S + 1).await;
    assert_eq!(customer.heard(), ["participant.autodisconnection CUSTOMER", "participant.left CUSTOM_BOT"]);
    assert_eq!(world.centre.inspect(&customer.contact_id).await.unwrap().state, "FLOW");
    pass(30 * MINUTE_S).await;
    assert!(customer.heard().is_empty(), "alone again, nobody is watched");
}

#[tokio::test(start_paused = true)]
async fn timers_survive_a_restart() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    set(&world, &customer, vec![timer(TimerRole::Customer, TimerKind::DisconnectNonCustomer, 2)]).await;
    let agent = accept(&world.centre, &customer.contact_id).await;
    connect(&world.centre, &agent.participant_token).await;
    let store = Arc::new(world.store.reopened());
    let later = START_MS + 60_000;
    let next = World::open(config(&[("main", &queue_flow())]), store, Arc::default(), later).await;
    pass(MINUTE_S - 1).await;
    assert_eq!(next.centre.inspect(&customer.contact_id).await.unwrap().state, "ACTIVE");
    pass(2).await;
    assert_eq!(next.centre.inspect(&customer.contact_id).await.unwrap().state, "ENDED");
}

#[tokio::test(start_paused = true)]
async fn what_is_unset_is_gone_and_what_is_wrong_is_refused() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let idle = timer(TimerRole::Customer, TimerKind::Idle, 2);
    set(&world, &customer, vec![idle]).await;
    set(&world, &customer, vec![ChatTimer { minutes: None, ..idle }]).await;
    world.bot(&customer.contact_id).await;
    pass(10 * MINUTE_S).await;
    assert!(!customer.heard().contains(&"participant.idle CUSTOMER".to_owned()));
    for wrong in
        [vec![ChatTimer { minutes: Some(1), ..idle }], vec![ChatTimer { minutes: Some(481), ..idle }], vec![idle, idle]]
    {
        let refused = world.centre.update_chat_timers(INSTANCE, &customer.contact_id, wrong).await;
        assert_eq!(kind(refused), ErrorKind::InvalidParameter);
    }
    let refused = world.centre.update_chat_timers(INSTANCE, "nobody", vec![idle]).await;
    assert_eq!(kind(refused), ErrorKind::NotFound);
}
