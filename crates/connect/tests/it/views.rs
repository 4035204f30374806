//! Views that a flow shows, as a client asks about them.

use relevo_connect::{ErrorKind, api::StartChatContact, view::View};
use serde_json::Value;

use crate::world::{World, kind, start};

const FLOW: &str = include_str!("../flows/view.json");

#[tokio::test(start_paused = true)]
async fn a_view_is_described_by_the_token_of_its_message() {
    let world = World::with_flow(FLOW).await;
    let types = ["text/plain", "application/vnd.amazonaws.connect.message.interactive"];
    let supported_messaging_content_types = types.map(str::to_owned).to_vec();
    let request = StartChatContact { supported_messaging_content_types, ..start() };
    let customer = world.customer_with(request.clone()).await;
    let items = world.centre.transcript(&customer.contact_id).await.unwrap();
    let shown = items.iter().find(|item| item.content_type == types[1]).expect("the view is in the transcript");
    let content: Value = serde_json::from_str(shown.content.as_deref().unwrap()).unwrap();
    let token = content["data"]["content"]["viewToken"].as_str().unwrap();

    let view = world.centre.describe_view(&customer.token, token).await.unwrap();
    let expected = View {
        id: "form".into(),
        arn: "arn:aws:connect:eu-west-2:aws:view/form".into(),
        name: "Form".into(),
        version: Some(1),
        actions: vec!["Submit".into(), "Cancel".into()],
    };
    assert_eq!(view, expected);
    assert_eq!(kind(world.centre.describe_view(&customer.token, "another").await), ErrorKind::NotFound);
    // Another chat's token opens nothing here.
    let other = world.customer_with(request).await;
    assert_eq!(kind(world.centre.describe_view(&other.token, token).await), ErrorKind::NotFound);
}
