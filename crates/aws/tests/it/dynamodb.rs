//! The contracts of sessions, runs and tables against a DynamoDB-compatible server.
//!
//! Runs where `RELEVO_TEST_DYNAMODB_ENDPOINT` names one (`acceptance/dynamodb` installs and starts one), and by name
//! only: `cargo test -p relevo-aws --test it -- --ignored dynamodb`.

use std::{sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{
    config::Credentials,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use relevo_agents::tools::{NewRow, Tables};
use relevo_aws::{Clients, DynamoRuns, DynamoSessions, DynamoTables};
use relevo_bot::sessions::{MemorySessions, Message, MessageKind, Op, Outcome, Session, Sessions, Status, contract};

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
async fn the_contracts_of_runs_and_tables_hold_on_dynamodb() {
    let (clients, table) = table().await;
    relevo_agents::runtime::contract::check(&DynamoRuns::new(&clients, &table), "contract").await.unwrap();
    let tables: Arc<dyn Tables> = Arc::new(DynamoTables::new(&clients, &table));
    relevo_agents::tools::contract::check(&tables, "contract").await.unwrap();
    // Until the item is full.
    let row = |n: u32| NewRow {
        key: n.to_string(),
        row: [("text".to_owned(), "x".repeat(50_000).into())].into_iter().collect(),
        idempotency_key: n.to_string(),
    };
    let mut n = 0;
    let error = loop {
        match tables.insert_if_absent("full", row(n)).await {
            Ok(_) => n += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((n, error.to_string().as_str()), (8, "full is full: its rows are one item of 400 KB at most"));
}

#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn a_chat_of_more_messages_than_are_remembered_goes_on_dynamodb() {
    let (clients, table) = table().await;
    let store = DynamoSessions::new(&clients, table);
    let apply = async |op: Op| store.apply("long", op).await.unwrap();
    let now_ms = 1_700_000_000_000;
    let reserved = apply(Op::Reserve { contact_id: "long".into(), call: 1, now_ms, keep_ms: 1_000 }).await;
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

/// What the contract's dice hardly ever throw: the same write again, and times and revisions that are just equal.
#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn borders_are_where_the_model_has_them_on_dynamodb() {
    let (clients, table) = table().await;
    let (store, model) = (DynamoSessions::new(&clients, table), MemorySessions::default());
    let now_ms = 1_700_000_000_000;
    let message = |id: &str| Message { id: id.into(), time_ms: now_ms, kind: MessageKind::Unsupported };
    let deliver = |id: &str, now_ms| Op::Deliver { message: message(id), now_ms, lease_ms: 1_000 };
    let session = |revision, language: &str| {
        Box::new(Session { revision, language: language.into(), contact_id: "c".into(), ..Session::default() })
    };
    let save = |revision, language, status| Op::Save {
        fence: 2,
        session: session(revision, language),
        status,
        now_ms,
        lease_ms: 1_000,
    };
    let finish =
        |turn: &str| Op::Finish { fence: 2, turn: turn.into(), session: session(9, "es"), now_ms, lease_ms: 1 };
    let ops = [
        Op::Reserve { contact_id: "c".into(), call: 1, now_ms, keep_ms: 1_000 },
        Op::Open { fence: 1, session: session(1, "es"), early: Vec::new() },
        Op::Open { fence: 1, session: session(1, "en"), early: vec![message("e")] },
        deliver("m1", now_ms),
        deliver("m1", now_ms),
        save(2, "es", Status::Open),
        save(2, "en", Status::Open),
        save(1, "en", Status::Open),
        finish("other"),
        deliver("m2", now_ms + 999),
        finish("m1"),
        finish("m1"),
        Op::Renew { fence: 2, now_ms, lease_ms: 500 },
        save(10, "es", Status::Leaving),
        save(10, "en", Status::Leaving),
        save(11, "en", Status::Open),
        Op::Renew { fence: 2, now_ms, lease_ms: 1_000 },
        deliver("m3", now_ms + 999),
        deliver("m3", now_ms + 1_000),
        Op::Release { fence: 2 },
        Op::Release { fence: 3 },
    ];
    for (step, op) in ops.into_iter().enumerate() {
        let ours = store.apply("borders", op.clone()).await.unwrap();
        assert_eq!(ours, model.apply("borders", op.clone()).await.unwrap(), "{step}: {op:?}");
        let read = store.apply("borders", Op::Read).await.unwrap();
        assert_eq!(read, model.apply("borders", Op::Read).await.unwrap(), "{step}: {op:?}");
    }
    // What was said before the start.
    let early = vec![message("e1"), message("e2"), message("e1")];
    for op in [
        Op::Reserve { contact_id: "c".into(), call: 1, now_ms, keep_ms: 1_000 },
        Op::Open { fence: 1, session: session(1, "es"), early },
        deliver("e1", now_ms),
    ] {
        let ours = store.apply("early", op.clone()).await.unwrap();
        assert_eq!(ours, model.apply("early", op).await.unwrap());
    }
}
