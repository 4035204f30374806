//! `DisconnectOnCustomerExit`: the customer ends the chat, and what comes then.

use relevo_connect::api::StartChatContact;

use crate::world::{GREETING, INSTANCE, World, accept, config, connect, queue_flow, start};

/// Names the disconnect flow, and goes to the queue.
fn with_survey() -> String {
    let hook = r#"{"Identifier":"hook","Type":"UpdateContactEventHooks","Parameters":{"EventHooks":{"CustomerRemaining":"survey"}},
        "Transitions":{"NextAction":"target","Errors":[{"NextAction":"full","ErrorType":"NoMatchingError"}]}},"#;
    queue_flow().replace(r#""StartAction":"target","Actions":["#, &format!(r#""StartAction":"hook","Actions":[{hook}"#))
}

async fn world(flow: &str) -> World {
    let flows = config(&[("main", flow), ("survey", &GREETING.replace("Hello", "How was it?"))]);
    World::open(flows, std::sync::Arc::default(), std::sync::Arc::default(), crate::world::START_MS).await
}

#[tokio::test(start_paused = true)]
async fn the_agent_leaves_and_the_customer_is_asked() {
    let world = world(&with_survey()).await;
    let mut customer = world.customer_with(StartChatContact { agent_leaves_first: true, ..start() }).await;
    let agent = accept(&world.centre, &customer.contact_id).await;
    let (agent_token, secret) = connect(&world.centre, &agent.participant_token).await;
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    customer.heard();

    world.centre.disconnect_participant(&customer.token).await.unwrap();
    assert_eq!(customer.heard(), ["participant.left AGENT", "How was it?"]);
    let heard = crate::world::heard(&mut socket);
    assert_eq!(heard.last().unwrap(), "participant.left AGENT");
    assert!(socket.items.is_closed(), "the agent is out");
    assert!(world.centre.send_message(&agent_token, crate::world::text_message("x", None)).await.is_err());
    world.say(&customer.token, "good").await;

    world.centre.disconnect_participant(&customer.token).await.unwrap();
    assert_eq!(customer.heard(), ["good", "participant.left CUSTOMER", "chat.ended"]);
    let described = world.centre.describe_contact(INSTANCE, &customer.contact_id).await.unwrap();
    assert_eq!(described.disconnect_reason.as_deref(), Some("CUSTOMER_DISCONNECT"));
    // The agent who had it, and the queue it came from, are in the description; the agent has nothing left to do.
    assert_eq!(described.agent.unwrap().connected_ms, Some(crate::world::START_MS));
    assert_eq!(described.queue.unwrap().1, crate::world::START_MS);
    assert_eq!(described.chat_metrics.unwrap().agent.unwrap().participant_id, agent.participant_id);
    let agents = world.centre.agents();
    assert!(agents.iter().all(|view| view.after_contact == 0));
}

#[tokio::test(start_paused = true)]
async fn without_the_option_or_a_disconnect_flow_or_an_agent_the_chat_is_over() {
    let plain = queue_flow();
    let survey = with_survey();
    for (flow, agent_leaves_first, accepted) in [(&survey, false, true), (&plain, true, true), (&survey, true, false)] {
        let world = world(flow).await;
        let mut customer = world.customer_with(StartChatContact { agent_leaves_first, ..start() }).await;
        if accepted {
            let agent = accept(&world.centre, &customer.contact_id).await;
            connect(&world.centre, &agent.participant_token).await;
        }
        world.centre.disconnect_participant(&customer.token).await.unwrap();
        assert_eq!(customer.heard().last().unwrap(), "chat.ended");
    }
}
