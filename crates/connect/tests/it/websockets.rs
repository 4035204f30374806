//! Websockets: what they show, how many there may be, and when they close.

use relevo_connect::ErrorKind;

use crate::world::{GREETING, World, connect, heard, kind};

#[tokio::test(start_paused = true)]
async fn two_sockets_hear_the_same_and_closing_one_ends_nothing() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let (_, secret) = connect(&world.centre, &customer.participant_token).await;
    let mut second = world.centre.open_websocket(&secret).await.unwrap();
    customer.heard();
    let token = world.bot(&customer.contact_id).await;
    world.say(&customer.token, "mine").await;
    world.say(&token, "yours").await;
    let expected = ["participant.joined CUSTOM_BOT", "mine", "yours"];
    assert_eq!(customer.heard(), expected);
    assert_eq!(heard(&mut second), expected);

    drop(customer.socket);
    world.say(&token, "more").await;
    assert_eq!(heard(&mut second), ["more"]);
    drop(second);
    world.say(&token, "nobody listens").await;
    assert_eq!(world.centre.inspect(&customer.contact_id).await.unwrap().state, "FLOW");
}

#[tokio::test(start_paused = true)]
async fn five_sockets_a_participant() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let mut sockets = vec![customer.socket];
    for _ in 0..4 {
        let (_, secret) = connect(&world.centre, &customer.participant_token).await;
        sockets.push(world.centre.open_websocket(&secret).await.unwrap());
    }
    let (_, secret) = connect(&world.centre, &customer.participant_token).await;
    assert_eq!(kind(world.centre.check_websocket(&secret).await), ErrorKind::LimitExceeded);
    assert_eq!(kind(world.centre.open_websocket(&secret).await), ErrorKind::LimitExceeded);
    sockets.pop();
    world.centre.check_websocket(&secret).await.unwrap();
    world.centre.open_websocket(&secret).await.unwrap();
}

/// Many say something at once; every socket and the transcript agree on the order.
#[tokio::test(start_paused = true)]
async fn the_order_of_the_transcript_is_everybodys_order() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let token = world.bot(&customer.contact_id).await;
    let (_, secret) = connect(&world.centre, &customer.participant_token).await;
    let mut late = world.centre.open_websocket(&secret).await.unwrap();
    let sending = (0..40).map(|n| {
        let (centre, token) = (world.centre.clone(), if n % 2 == 0 { token.clone() } else { customer.token.clone() });
        tokio::spawn(async move { centre.send_message(&token, crate::world::text_message(&n.to_string(), None)).await })
    });
    for sent in sending.collect::<Vec<_>>() {
        sent.await.unwrap().unwrap();
    }
    let transcript = world.transcript(&customer.contact_id).await;
    assert_eq!(customer.heard(), transcript);
    let missed = transcript.len() - 40;
    assert_eq!(heard(&mut late), transcript[missed..]);
}

#[tokio::test(start_paused = true)]
async fn when_a_change_cannot_be_stored_nobody_hears_of_it() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    customer.heard();
    world.store.fails.store(1, std::sync::atomic::Ordering::Relaxed);
    let message = crate::world::text_message("lost", Some("t"));
    assert_eq!(kind(world.centre.send_message(&customer.token, message.clone()).await), ErrorKind::Internal);
    assert!(customer.heard().is_empty());
    world.centre.send_message(&customer.token, message).await.unwrap();
    assert_eq!(customer.heard(), ["lost"]);
    assert_eq!(world.transcript(&customer.contact_id).await.iter().filter(|i| *i == "lost").count(), 1);

    // nor is a socket open, or a token good, that was never stored
    world.store.fails.store(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(kind(world.centre.disconnect_participant(&customer.token).await), ErrorKind::Internal);
    world.say(&customer.token, "still here").await;
}
