//! A store that fails for a while: what the centre does of itself it does again, and no contact stands still for it.

use std::sync::Arc;

use relevo_connect::{
    api::DeskState,
    desk::{AgentSettings, AgentStatus},
};

use crate::{
    fakes::{Counted, FakeTopic},
    kills::{Story, check, open, process, tell},
    world::{GREETING, START_MS, World, pass, queue_flow},
};

/// So many commits fail one after the other.
const FAILURES: i64 = 3;

fn settings(status: AgentStatus) -> AgentSettings {
    AgentSettings { status, max_chats: 1, queues: None }
}

/// Whom the one contact at the desk is offered to.
async fn offered_to(world: &World) -> Option<String> {
    let [contact] = <[_; 1]>::try_from(world.centre.desk_contacts().await).unwrap();
    assert_eq!(contact.state, DeskState::Queued);
    contact.offer.map(|offer| offer.agent)
}

#[test]
fn the_whole_story_at_every_commit() {
    let mut stories = 0;
    for commit in 0.. {
        let (story, ids, topic) = (Arc::<Story>::default(), Arc::<Counted>::default(), Arc::<FakeTopic>::default());
        let failed = process(async {
            let world = open(Arc::default(), &ids, START_MS, &story, &topic).await;
            world.store.fail_after(commit, FAILURES);
            let id = tell(&world, &story).await;
            check(&world, &story, &topic, &id, &format!("from commit {commit} on")).await;
            world.store.has_failed()
        });
        if !failed {
            break;
        }
        stories += 1;
    }
    assert!(stories > 15, "the store failed in {stories} places only");
}

#[tokio::test(start_paused = true)]
async fn an_offer_is_made_again() {
    let world = World::with_flow(&queue_flow()).await;
    let _customer = world.customer().await;
    pass(1).await;
    // Her signing in is stored; what it leads to is not.
    world.store.fail_after(1, FAILURES);
    world.centre.set_agent("Eva", settings(AgentStatus::Available)).await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(offered_to(&world).await, None);
    pass(5).await;
    assert!(world.store.has_failed());
    assert_eq!(offered_to(&world).await.as_deref(), Some("Eva"));
}

#[tokio::test(start_paused = true)]
async fn an_offer_is_taken_back_again() {
    let world = World::with_flow(&queue_flow()).await;
    let _customer = world.customer().await;
    for name in ["Eva", "Luis"] {
        world.centre.set_agent(name, settings(AgentStatus::Available)).await.unwrap();
        pass(1).await;
    }
    assert_eq!(offered_to(&world).await.as_deref(), Some("Eva"));
    world.store.fail_after(1, FAILURES);
    world.centre.set_agent("Eva", settings(AgentStatus::Offline)).await.unwrap();
    // Well before the offer's own end.
    pass(6).await;
    assert!(world.store.has_failed());
    assert_eq!(offered_to(&world).await.as_deref(), Some("Luis"));
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_nobody_takes_ends_although_it_cannot_be_stored_at_once() {
    let world = World::with_flow(&queue_flow()).await;
    let _customer = world.customer().await;
    for name in ["Eva", "Luis"] {
        world.centre.set_agent(name, settings(AgentStatus::Available)).await.unwrap();
        pass(1).await;
    }
    world.store.fail_after(0, FAILURES);
    pass(25).await;
    assert!(world.store.has_failed());
    assert_eq!(offered_to(&world).await.as_deref(), Some("Luis"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_although_it_cannot_be_stored_at_once() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    pass(3_599).await;
    customer.heard();
    world.store.fail_after(0, FAILURES);
    pass(3).await;
    assert_eq!(customer.heard(), [""; 0]);
    pass(4).await;
    assert_eq!(customer.heard(), ["It is late", "chat.ended"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_published_leaves_the_outbox_although_nothing_more_is_said() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    world.stream(&customer.contact_id, "s").await;
    // The message is stored; that it was published is not.
    world.store.fail_after(1, FAILURES);
    world.say(&customer.token, "hello").await;
    pass(30).await;
    assert_eq!(world.topic.contents(), ["hello"], "once");
    assert!(world.store.has_failed());
    assert_eq!(world.store.keys("outbox/"), [""; 0]);
}
