//! A whole conversation with the real binaries: start, turns, duplicates, hand-off; the sessions in DynamoDB.
//!
//! Runs where `RELEVO_TEST_DYNAMODB_ENDPOINT` names a DynamoDB-compatible server (`acceptance/dynamodb` starts one).

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use serde_json::{Value, json};

use crate::{
    function::Function,
    laptop::{INSTANCE, Laptop, TOPIC},
};

const ENDPOINT: &str = "RELEVO_TEST_DYNAMODB_ENDPOINT";

async fn table(endpoint: &str, name: &str) -> String {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("any", "any", None, None, "test"))
        .endpoint_url(endpoint)
        .build();
    let table = format!("{name}-{}", std::process::id());
    let key = AttributeDefinition::builder().attribute_name("contactId").attribute_type(ScalarAttributeType::S);
    let hash = KeySchemaElement::builder().attribute_name("contactId").key_type(KeyType::Hash);
    let create = Client::from_conf(config).create_table().table_name(&table);
    let create = create.attribute_definitions(key.build().unwrap()).key_schema(hash.build().unwrap());
    create.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
    table
}

fn sns(messages: &[Value]) -> String {
    let records: Vec<_> = messages
        .iter()
        .map(|it| json!({"EventSource": "aws:sns", "Sns": {"Type": "Notification", "MessageId": "n", "Message": it}}))
        .collect();
    json!({"Records": records}).to_string()
}

fn sqs(messages: &[Value]) -> String {
    let body = |message: &Value| json!({"Type": "Notification", "MessageId": "n", "Message": message}).to_string();
    let records: Vec<_> = messages
        .iter()
        .enumerate()
        .map(|(n, it)| json!({"messageId": format!("q{n}"), "eventSource": "aws:sqs", "body": body(it)}))
        .collect();
    json!({"Records": records}).to_string()
}

fn connect_event(contact_id: &str) -> String {
    let contact = json!({"Attributes": {}, "Channel": "CHAT", "ContactId": contact_id, "CustomerEndpoint": null,
        "InitialContactId": contact_id, "InitiationMethod": "API", "LanguageCode": "es-CL", "Queue": null,
        "InstanceARN": format!("arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE}"), "SystemEndpoint": null});
    json!({"Details": {"ContactData": contact, "Parameters": {}}, "Name": "ContactFlowEvent"}).to_string()
}

/// The laptop and the two functions, with a table of their own and a Bedrock agent.
async fn deployed(name: &str) -> (Laptop, Function, Function) {
    deployed_with(name, &[("AGENT_ID", "AAAA")]).await
}

async fn deployed_with(name: &str, more: &[(&str, &str)]) -> (Laptop, Function, Function) {
    let dynamodb = std::env::var(ENDPOINT).unwrap_or_else(|_| panic!("{ENDPOINT} is not set"));
    let table = table(&dynamodb, name).await;
    let laptop = Laptop::open().await;
    let variables = [
        ("AWS_ENDPOINT_URL", laptop.endpoint.as_str()),
        ("AWS_ENDPOINT_URL_DYNAMODB", &dynamodb),
        ("INSTANCE_ID", INSTANCE),
        ("TABLE_NAME", &table),
        ("TOPIC_ARN", TOPIC),
    ];
    let variables = [&variables, more].concat();
    let start_bot = Function::start(env!("CARGO_BIN_EXE_start-bot"), &variables).await;
    let chat_bot = Function::start(env!("CARGO_BIN_EXE_chat-bot"), &variables).await;
    (laptop, start_bot, chat_bot)
}

#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn what_was_said_before_the_start_is_answered_with_sessions_in_dynamodb() {
    let (laptop, start_bot, chat_bot) = deployed("early").await;
    let customer = laptop.chat().await;
    laptop.say(&customer, "Hola, ¿hay alguien?").await;
    laptop.say(&customer, "Busco mi paquete").await;
    let started = start_bot.invoke(connect_event(&customer.contact_id)).await.unwrap();
    assert_eq!(started["status"], "success", "{started}\n{}", start_bot.output());
    let published = laptop.streamed().await;
    assert_eq!(published.len(), 1, "{published:?}\n{}", start_bot.output());
    assert!(chat_bot.invoke(sns(&published)).await.is_ok(), "{}", chat_bot.output());
    let said = laptop.said(&customer).await;
    let heard = |words: &str| said.iter().skip(1).any(|it| it.contains(words));
    assert!(said[0] == "¡Hola!" && heard("¿hay alguien?") && heard("Busco mi paquete"), "{said:?}");
}

#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn a_conversation_with_sessions_in_dynamodb() {
    let (laptop, start_bot, chat_bot) = deployed("whole").await;
    let customer = laptop.chat().await;

    // Connect may call it again.
    for _ in 0..2 {
        let started = start_bot.invoke(connect_event(&customer.contact_id)).await.unwrap();
        assert_eq!(started["status"], "success", "{started}\n{}", start_bot.output());
    }
    assert_eq!(laptop.said(&customer).await, ["¡Hola!"]);

    laptop.say(&customer, "¿Dónde está mi pedido?").await;
    let messages = laptop.streamed().await;
    for event in [sns(&messages), sns(&messages), sqs(&messages)] {
        let answer = chat_bot.invoke(event).await;
        assert!(answer.is_ok(), "{answer:?}\n{}", chat_bot.output());
    }
    assert_eq!(laptop.said(&customer).await[1..], ["Eco: ¿Dónde está mi pedido?"], "answered once");
    assert_eq!(laptop.questions().len(), 1);

    // A duplicate and two new ones in one batch of a queue: all are answered, the duplicate is not.
    let mut batch = messages;
    for words in ["uno", "dos"] {
        laptop.say(&customer, words).await;
        batch.extend(laptop.streamed().await);
    }
    assert_eq!(chat_bot.invoke(sqs(&batch)).await, Ok(json!({"batchItemFailures": []})), "{}", chat_bot.output());
    let said = laptop.said(&customer).await;
    assert!(said.iter().any(|it| it.contains("uno")) && said.iter().any(|it| it.contains("dos")), "{said:?}");

    laptop.say(&customer, "Necesito la escritura").await;
    let last = laptop.streamed().await;
    assert!(chat_bot.invoke(sns(&last)).await.is_ok(), "{}", chat_bot.output());
    assert_eq!(laptop.said(&customer).await.last().unwrap(), "Le paso con una persona.");
    let attributes = laptop.attributes(&customer).await;
    assert_eq!((&attributes["functionName"], &attributes["order_number"]), (&json!("escalate"), &json!("10020030")));

    // After the hand-off the bot is silent, and the agent is asked nothing.
    let (said, asked) = (laptop.said(&customer).await, laptop.questions().len());
    let late = last[0].as_str().unwrap().replace("escritura", "otra cosa");
    let mut late: Value = serde_json::from_str(&late).unwrap();
    late["Id"] = json!("a-new-message");
    assert!(chat_bot.invoke(sns(&[Value::from(late.to_string())])).await.is_ok());
    assert_eq!(laptop.said(&customer).await, said);
    let texts = |questions: &[Value]| questions.iter().filter(|it| it["inputText"].is_string()).count();
    assert_eq!(texts(&laptop.questions()), texts(&laptop.questions()[..asked]));

    for output in [start_bot.output(), chat_bot.output()] {
        for secret in ["pedido", "escritura", "token-", "10020030"] {
            assert!(!output.contains(secret), "{secret}: {output}");
        }
    }
    assert!(chat_bot.output().contains("\"outcome\":\"handed_off\""), "{}", chat_bot.output());
}

#[tokio::test]
#[ignore = "needs a DynamoDB-compatible server"]
async fn the_definitions_own_agents_answer_with_everything_in_dynamodb() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/envios");
    let (laptop, start_bot, chat_bot) =
        deployed_with("own", &[("RELEVO_MODEL", "offline"), ("RELEVO_BOT", example)]).await;
    let customer = laptop.chat().await;
    let started = start_bot.invoke(connect_event(&customer.contact_id)).await.unwrap();
    assert_eq!(started["status"], "success", "{started}\n{}", start_bot.output());
    let turns = [
        ("¿dónde está mi encomienda?", ""),
        ("10020030, mi rut es 12345678-9", "Despacho Programado"),
        ("quiero hablar con una persona", ""),
    ];
    for (words, wanted) in turns {
        let before = laptop.said(&customer).await.len();
        laptop.say(&customer, words).await;
        assert!(chat_bot.invoke(sns(&laptop.streamed().await)).await.is_ok(), "{}", chat_bot.output());
        let said = laptop.said(&customer).await[before..].join("\n");
        assert!(!said.is_empty() && said.contains(wanted), "{said}\n{}", chat_bot.output());
    }
    let attributes = laptop.attributes(&customer).await;
    assert_eq!((&attributes["functionName"], &attributes["order_number"]), (&json!("escalate"), &json!("10020030")));
    assert!(laptop.questions().is_empty(), "no Bedrock agent was asked");
    assert!(!chat_bot.output().contains("encomienda") && !chat_bot.output().contains("12345678"));
}
