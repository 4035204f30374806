//! [`RunStore`] over DynamoDB: one item a session of the agents, beside the bot's own, in the sample's table.
//!
//! The key is `run#` and the session's id, so that it meets no contact's. The JSON stands in it as one text: nobody looks
//! into it, and it is written whole after each step.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure},
};
use relevo_agents::{
    ports::Clock,
    runtime::{Kept, RunStore, RunStoreError},
};
use uuid::Uuid;

use crate::{SystemClock, clients::Clients, fault::Fault, sessions::KEY};

/// DynamoDB's limit of an item: its names and values in bytes.
const MOST_BYTES: usize = 400 * 1_024;
/// How long after its last step a session is kept. The runtime begins a session anew much earlier; this is for turns that
/// wait for somebody to go on with them.
const KEEP_SECONDS: i64 = 86_400;

const PREFIX: &str = "run#";
const JSON: &str = "json";
const REVISION: &str = "revision";
const TTL: &str = "ttl";
const WRITE_ID: &str = "writeId";

/// The sessions of the agents in the table.
#[derive(Clone)]
pub struct DynamoRuns {
    client: Client,
    table: String,
    clock: Arc<dyn Clock>,
}

impl DynamoRuns {
    /// In this table (its name or ARN).
    pub fn new(clients: &Clients, table: impl Into<String>) -> Self {
        Self { client: clients.dynamodb.clone(), table: table.into(), clock: Arc::new(SystemClock) }
    }

    fn item(&self, session_id: &str, session: Kept, write_id: &str) -> HashMap<String, AttributeValue> {
        let ttl = self.clock.now_ms() / 1_000 + KEEP_SECONDS;
        HashMap::from([
            (KEY.to_owned(), key(session_id)),
            (JSON.to_owned(), AttributeValue::S(session.json)),
            (REVISION.to_owned(), AttributeValue::N(session.revision.to_string())),
            (TTL.to_owned(), AttributeValue::N(ttl.to_string())),
            (WRITE_ID.to_owned(), AttributeValue::S(write_id.to_owned())),
        ])
    }
}

#[async_trait]
impl RunStore for DynamoRuns {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        let call = self.client.get_item().table_name(&self.table).consistent_read(true).key(KEY, key(session_id));
        let answer = call.send().await.map_err(|error| unavailable(&Fault::of(&error)))?;
        let Some(mut item) = answer.item.filter(|item| !item.is_empty()) else { return Ok(None) };
        let revision = item.get(REVISION).and_then(|it| it.as_n().ok()).and_then(|it| it.parse().ok());
        match (item.remove(JSON), revision) {
            (Some(AttributeValue::S(json)), Some(revision)) => Ok(Some(Kept { json, revision })),
            _ => Err(RunStoreError::Unavailable("an item of another shape: not a run's session".into())),
        }
    }

    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        let before = session.revision.saturating_sub(1);
        let write_id = Uuid::new_v4().to_string();
        let item = self.item(session_id, session, &write_id);
        let bytes = item.iter().map(|(name, value)| name.len() + length(value)).sum();
        if bytes > MOST_BYTES {
            return Err(RunStoreError::TooLarge { bytes, most_bytes: MOST_BYTES });
        }
        let call = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let call = if before == 0 {
            call.condition_expression("attribute_not_exists(#it)").expression_attribute_names("#it", KEY)
        } else {
            let number = AttributeValue::N(before.to_string());
            let call = call.condition_expression("#it = :before").expression_attribute_names("#it", REVISION);
            call.expression_attribute_values(":before", number)
        };
        match call.return_values_on_condition_check_failure(OnFailure::AllOld).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    // A write that was done, but whose answer was lost, is refused by its own effect when it is repeated.
                    let there = refused.item().and_then(|item| item.get(WRITE_ID)).and_then(|it| it.as_s().ok());
                    if there == Some(&write_id) { Ok(()) } else { Err(RunStoreError::Superseded) }
                }
                _ => Err(unavailable(&Fault::of(&error))),
            },
        }
    }

    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        let call = self.client.delete_item().table_name(&self.table).key(KEY, key(session_id));
        call.send().await.map_err(|error| unavailable(&Fault::of(&error)))?;
        Ok(())
    }
}

fn key(session_id: &str) -> AttributeValue {
    AttributeValue::S(format!("{PREFIX}{session_id}"))
}

fn length(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        _ => 0,
    }
}

fn unavailable(fault: &Fault) -> RunStoreError {
    RunStoreError::Unavailable(format!("table: {fault}"))
}
