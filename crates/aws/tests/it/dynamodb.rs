//! The sessions' contract against a DynamoDB-compatible server.
//!
//! Runs where `RELEVO_TEST_DYNAMODB_ENDPOINT` names one (`acceptance/dynamodb` installs and starts one), and by name
//! only: `cargo test -p relevo-aws --test it -- --ignored dynamodb`.

use std::{sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{
    config::Credentials,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use relevo_aws::{Clients, DynamoSessions};
use relevo_bot::sessions::{Message, MessageKind, Op, Outcome, Sessions, contract};

const ENDPOINT: &str = "RELEVO_TEST_DYNAMODB_ENDPOINT";

async fn table() -> (Clients, String) {
    let endpoint = std::env::var(ENDPOINT).unwrap_or_else(|_| panic!("{ENDPOINT} is not set"));
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("any", "any", None, None, "test"))
        .endpoint_url(endpoint)
        .load()
        .await;
    let clients = Clients::new(&config, Duration::from_secs(1));
    let table = format!("sessions-{}", uuid::Uuid::new_v4());
    let key = AttributeDefinition::builder().attribute_name("contactId").attribute_type(ScalarAttributeType::S);
    let hash = KeySchemaElement::builder().attribute_name("contactId").key_type(KeyType::Hash);
    clients
        .dynamodb
        .create_table()
        .table_name(&table)
        .attribute_definitions(key.build().unwrap())
        .key_schema(hash.build().unwrap())
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
    (clients, table)
}

#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn the_contract_of_sessions_holds_on_dynamodb() {
    let (clients, table) = table().await;
    let store = Arc::new(DynamoSessions::new(&clients, table));
    contract::check(store, "contract").await.unwrap();
}

#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn a_chat_of_more_messages_than_are_remembered_goes_on_dynamodb() {
    let (clients, table) = table().await;
    let store = DynamoSessions::new(&clients, table);
    let apply = async |op: Op| store.apply("long", op).await.unwrap();
    let now_ms = 1_700_000_000_000;
    let reserved = apply(Op::Reserve { contact_id: "long".into(), now_ms, keep_ms: 1_000 }).await;
    let Outcome::Reserved(record) = reserved else { panic!("{reserved:?}") };
    apply(Op::Open { fence: record.fence, session: Box::new(record.session), early: Vec::new() }).await;
    for n in 0..260 {
        let message = Message { id: format!("m{n}"), time_ms: now_ms, kind: MessageKind::Text("hola".into()) };
        let delivered = apply(Op::Deliver { message: message.clone(), now_ms, lease_ms: 1_000 }).await;
        let Outcome::Turn(record) = delivered else { panic!("{n}: {delivered:?}") };
        let (fence, turn, session) = (record.fence, message.id.clone(), Box::new(record.session));
        let finished = apply(Op::Finish { fence, turn, session, now_ms, lease_ms: 1_000 }).await;
        assert_eq!(finished, Outcome::Released, "{n}");
        let again = apply(Op::Deliver { message, now_ms, lease_ms: 1_000 }).await;
        assert_eq!(again, Outcome::Duplicate, "{n}");
    }
}
