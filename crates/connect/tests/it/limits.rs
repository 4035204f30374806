//! How many chats may be going on at once.

use relevo_connect::{ErrorKind, api::StartChatContact};

use crate::world::{World, kind, queue_flow, start};

#[tokio::test(start_paused = true)]
async fn one_chat_too_many_is_refused_until_one_has_ended() {
    let world = World::with_flow(&queue_flow()).await;
    world.centre.limit_chats(2);
    let named = || StartChatContact { client_token: Some("first".into()), ..start() };
    let first = world.centre.start_chat_contact(named()).await.unwrap();
    let together = [0; 4].map(|_| world.centre.start_chat_contact(start()));
    let started = futures_util::future::join_all(together).await;
    assert_eq!(started.iter().filter(|one| one.is_ok()).count(), 1, "counted one after the other");
    assert_eq!(kind(world.centre.start_chat_contact(start()).await), ErrorKind::LimitExceeded);

    // Who asks again for a chat that there is gets it.
    assert_eq!(world.centre.start_chat_contact(named()).await.unwrap().contact_id, first.contact_id);
    world.centre.stop_contact(&world.centre.config().instance_id, &first.contact_id).await.unwrap();
    assert!(world.centre.start_chat_contact(start()).await.is_ok());
}
