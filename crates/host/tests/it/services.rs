//! DynamoDB and SNS with AWS's own clients, and the contract of the bot's sessions over the table.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::{config::Credentials, error::ProvideErrorMetadata as _, types::AttributeValue};
use relevo_aws::{Clients, DynamoSessions, SnsMailbox};
use relevo_bot::{ports::Mailbox as _, sessions::contract};
use relevo_connect::stream::Notification;
use relevo_host::{
    Services,
    dynamodb::{Item, Items, ItemsError, Refusal, Request, TableSpec, Write},
    sns::{Topic, TopicError},
};
use serde_json::Value;

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:relevo";

#[derive(Default)]
struct Memory {
    items: Mutex<BTreeMap<String, Item>>,
    published: Mutex<Vec<Notification>>,
}

#[async_trait]
impl Items for Memory {
    async fn get(&self, key: &str) -> Result<Option<Item>, ItemsError> {
        Ok(self.items.lock().unwrap().get(key).cloned())
    }

    async fn apply(&self, request: Request) -> Result<Result<Value, Refusal>, ItemsError> {
        let mut items = self.items.lock().unwrap();
        let decided = request.decide(items.get(request.key()).cloned());
        Ok(decided.map(|(answer, write)| {
            match write {
                Write::Put(item) => drop(items.insert(request.key().to_owned(), item)),
                Write::Remove => drop(items.remove(request.key())),
            }
            answer
        }))
    }
}

#[async_trait]
impl Topic for Memory {
    fn arn(&self) -> &str {
        TOPIC
    }

    async fn publish(&self, notification: Notification) -> Result<String, TopicError> {
        self.published.lock().unwrap().push(notification);
        Ok("id-<1>".into())
    }
}

async fn served() -> (Arc<Memory>, SdkConfig) {
    let memory = Arc::new(Memory::default());
    let table = TableSpec {
        name: "sessions".into(),
        arn: "arn:aws:dynamodb:us-east-1:123456789012:table/sessions".into(),
        key: "contactId".into(),
    };
    let router = relevo_host::router(Services { table, items: memory.clone(), topic: memory.clone() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("any", "any", None, None, "test"))
        .endpoint_url(endpoint)
        .load()
        .await;
    (memory, config)
}

#[tokio::test]
async fn the_contract_of_the_bots_sessions_holds_over_this_table() {
    let (_, config) = served().await;
    let clients = Clients::new(&config, Duration::from_secs(1));
    let store = Arc::new(DynamoSessions::new(&clients, "sessions"));
    contract::check(store, "host").await.unwrap();
}

#[tokio::test]
async fn the_client_reads_every_refusal() {
    let (_, config) = served().await;
    let client = aws_sdk_dynamodb::Client::new(&config);
    let key = || AttributeValue::S("c".into());
    client
        .put_item()
        .table_name("sessions")
        .item("contactId", key())
        .item("n", AttributeValue::N("1".into()))
        .send()
        .await
        .unwrap();
    let update = |condition: &str| {
        let value = AttributeValue::N("2".into());
        let call = client.update_item().table_name("sessions").key("contactId", key()).update_expression("SET n = :n");
        call.condition_expression(condition).expression_attribute_values(":n", value)
    };
    let refused = update("n = :n").return_values_on_condition_check_failure("ALL_OLD".into()).send().await;
    let refused = refused.unwrap_err().into_service_error();
    assert!(refused.is_conditional_check_failed_exception(), "{refused:?}");
    let aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(it) = refused else {
        panic!()
    };
    assert_eq!(it.item().unwrap()["n"], AttributeValue::N("1".into()));
    let wrong = update("n =").send().await.unwrap_err();
    assert_eq!(wrong.code(), Some("ValidationException"));
    let absent = client.get_item().table_name("others").key("contactId", key()).send().await.unwrap_err();
    assert_eq!(absent.code(), Some("ResourceNotFoundException"));
    let unknown = client.scan().table_name("sessions").send().await.unwrap_err();
    assert_eq!(unknown.code(), Some("UnknownOperationException"));
    let table = client.describe_table().table_name("sessions").send().await.unwrap().table.unwrap();
    assert_eq!(table.key_schema()[0].attribute_name(), "contactId");
}

#[tokio::test]
async fn what_is_published_comes_with_its_attributes() {
    let (memory, config) = served().await;
    let clients = Clients::new(&config, Duration::from_secs(1));
    let words = "{\"Content\":\"¿a & b = c + d?\"}";
    SnsMailbox::new(&clients, TOPIC).deliver_later(words).await.unwrap();
    let published = memory.published.lock().unwrap().clone();
    let [one] = published.as_slice() else { panic!("{published:?}") };
    assert_eq!((one.message.as_str(), one.attributes["ParticipantRole"].as_str()), (words, "CUSTOMER"));
}

#[tokio::test]
async fn what_cannot_be_published_is_refused_as_sns_does() {
    let (memory, config) = served().await;
    let client = aws_sdk_sns::Client::new(&config);
    let id = client.publish().topic_arn(TOPIC).message("m").send().await.unwrap().message_id;
    assert_eq!(id.as_deref(), Some("id-<1>"));
    let cases = [
        ("arn:aws:sns:us-east-1:123456789012:other", "m".to_owned(), "NotFound"),
        (TOPIC, String::new(), "InvalidParameter"),
        (TOPIC, "x".repeat(256 * 1024 + 1), "InvalidParameter"),
    ];
    for (topic, message, code) in cases {
        let error = client.publish().topic_arn(topic).message(message).send().await.unwrap_err();
        assert_eq!(error.code(), Some(code));
    }
    let other = client.list_topics().send().await.unwrap_err();
    assert_eq!(other.code(), Some("InvalidAction"));
    assert_eq!(memory.published.lock().unwrap().len(), 1);
}
