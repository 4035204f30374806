//! [`RunStore`] over DynamoDB: one item a session of the agents, beside the bot's own, in the sample's table.
//!
//! The key is `run#` and the session's id, so that it meets no contact's. The JSON stands in it as one text, or as two: nobody
//! looks into them. What a step changes is written after it; the settled part of a long session only when it is another.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure},
};
use relevo_agents::{
    ports::Clock,
    runtime::{Kept, RunStore, RunStoreError, Settled},
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
const SETTLED: &str = "settled";
const SETTLED_REVISION: &str = "settledRevision";

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

    /// What a step changes.
    fn item(&self, session: Kept, write_id: &str) -> Item {
        let ttl = self.clock.now_ms() / 1_000 + KEEP_SECONDS;
        HashMap::from([
            (JSON.to_owned(), AttributeValue::S(session.json)),
            (REVISION.to_owned(), AttributeValue::N(session.revision.to_string())),
            (TTL.to_owned(), AttributeValue::N(ttl.to_string())),
            (WRITE_ID.to_owned(), AttributeValue::S(write_id.to_owned())),
        ])
    }

    /// Writes a whole item in place of the one of the revision `before`.
    async fn put(&self, item: Item, before: u64) -> Result<(), Refused> {
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
            Err(error) => Err(match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refused)) => Refused::by(refused.item()),
                _ => Refused::Otherwise(unavailable(&Fault::of(&error))),
            }),
        }
    }

    /// Writes these attributes of the item of the revision `before`; the others stay as they are.
    async fn update(&self, session_id: &str, item: Item, before: u64) -> Result<(), Refused> {
        let mut call = self.client.update_item().table_name(&self.table).key(KEY, key(session_id));
        let mut assigned = Vec::new();
        for (name, value) in item {
            assigned.push(format!("#{name} = :{name}"));
            call = call.expression_attribute_values(format!(":{name}"), value);
            call = call.expression_attribute_names(format!("#{name}"), name);
        }
        assigned.sort_unstable();
        let call = call
            .update_expression(format!("SET {}", assigned.join(", ")))
            .condition_expression(format!("#{REVISION} = :before"))
            .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
        match call.return_values_on_condition_check_failure(OnFailure::AllOld).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Refused::by(refused.item()),
                _ => Refused::Otherwise(unavailable(&Fault::of(&error))),
            }),
        }
    }
}

type Item = HashMap<String, AttributeValue>;

/// Why an item was not written.
enum Refused {
    /// By the one that is there, which was written with this id.
    ByAnother(Option<String>),
    Otherwise(RunStoreError),
}

impl Refused {
    fn by(there: Option<&Item>) -> Self {
        Self::ByAnother(there.and_then(|item| item.get(WRITE_ID)?.as_s().ok()).cloned())
    }
}

#[async_trait]
impl RunStore for DynamoRuns {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        let call = self.client.get_item().table_name(&self.table).consistent_read(true).key(KEY, key(session_id));
        let answer = call.send().await.map_err(|error| unavailable(&Fault::of(&error)))?;
        let Some(mut item) = answer.item.filter(|item| !item.is_empty()) else { return Ok(None) };
        let revision = number(&item, REVISION);
        match (item.remove(JSON), revision) {
            (Some(AttributeValue::S(json)), Some(revision)) => {
                Ok(Some(Kept { json, settled: settled(&mut item), revision }))
            }
            _ => Err(RunStoreError::Unavailable("an item of another shape: not a run's session".into())),
        }
    }

    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        let write_id = Uuid::new_v4().to_string();
        let (before, has_settled_before) = (session.revision.saturating_sub(1), session.has_settled_before());
        let settled = session.settled.clone();
        let mut item = self.item(session, &write_id);
        let rest = settled.iter().flat_map(settled_item).chain([(KEY.to_owned(), key(session_id))]);
        let rest: Item = rest.collect();
        let bytes = item.iter().chain(&rest).map(|(name, value)| name.len() + length(value)).sum();
        if bytes > MOST_BYTES {
            return Err(RunStoreError::TooLarge { bytes, most_bytes: MOST_BYTES });
        }
        let written = if has_settled_before {
            self.update(session_id, item, before).await
        } else {
            item.extend(rest);
            self.put(item, before).await
        };
        match written {
            // A write that was done, but whose answer was lost, is refused by its own effect when it is repeated.
            Err(Refused::ByAnother(Some(there))) if there == write_id => Ok(()),
            Err(Refused::ByAnother(_)) => Err(RunStoreError::Superseded),
            Err(Refused::Otherwise(error)) => Err(error),
            Ok(()) => Ok(()),
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

fn number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

fn settled(item: &mut Item) -> Option<Settled> {
    let revision = number(item, SETTLED_REVISION)?;
    let Some(AttributeValue::S(json)) = item.remove(SETTLED) else { return None };
    Some(Settled { json: json.into(), revision })
}

fn settled_item(settled: &Settled) -> [(String, AttributeValue); 2] {
    [
        (SETTLED.to_owned(), AttributeValue::S(settled.json.to_string())),
        (SETTLED_REVISION.to_owned(), AttributeValue::N(settled.revision.to_string())),
    ]
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
