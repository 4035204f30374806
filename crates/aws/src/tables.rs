//! [`Tables`] over DynamoDB: one item a table of added rows, beside the sessions, in the sample's table.
//!
//! The key is `table#` and the table's name. A row is an attribute `row:{key}` with its JSON, and an idempotency key an
//! attribute `done:{key}` with the row's: so a row is added by one conditional write that needs no read, and all rows
//! are one read. An item has 400 KB, some thousand rows; a bot that adds more has a function of its own for it.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata as _,
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure as OnFailure},
};
use relevo_agents::{
    definition::Row,
    tools::{Inserted, NewRow, Tables, TablesError},
};

use crate::{clients::Clients, fault::Fault, sessions::KEY};

const PREFIX: &str = "table#";
const ROW: &str = "row:";
const DONE: &str = "done:";

type Item = HashMap<String, AttributeValue>;

/// The added rows in the table.
#[derive(Debug, Clone)]
pub struct DynamoTables {
    client: Client,
    table: String,
}

impl DynamoTables {
    /// In this table (its name or ARN).
    pub fn new(clients: &Clients, table: impl Into<String>) -> Self {
        Self { client: clients.dynamodb.clone(), table: table.into() }
    }

    async fn item(&self, table: &str) -> Result<Item, TablesError> {
        let call = self.client.get_item().table_name(&self.table).consistent_read(true).key(KEY, key(table));
        let answer = call.send().await.map_err(|error| failed(table, &Fault::of(&error)))?;
        Ok(answer.item.unwrap_or_default())
    }
}

#[async_trait]
impl Tables for DynamoTables {
    async fn rows(&self, table: &str) -> Result<Vec<Row>, TablesError> {
        let item = self.item(table).await?;
        let mut rows: Vec<_> = item.iter().filter(|(name, _)| name.starts_with(ROW)).collect();
        rows.sort_by_key(|(name, _)| *name);
        rows.into_iter().map(|(_, value)| read(table, value)).collect()
    }

    async fn insert_if_absent(&self, table: &str, new: NewRow) -> Result<Inserted, TablesError> {
        let (row, done) = (format!("{ROW}{}", new.key), format!("{DONE}{}", new.idempotency_key));
        let json = serde_json::to_string(&new.row).map_err(|_| TablesError(format!("{table}: an unwritable row")))?;
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KEY, key(table))
            .update_expression("SET #row = :row, #done = :key")
            .condition_expression("attribute_not_exists(#done) AND attribute_not_exists(#row)")
            .expression_attribute_names("#row", row)
            .expression_attribute_names("#done", &done)
            .expression_attribute_values(":row", AttributeValue::S(json))
            .expression_attribute_values(":key", AttributeValue::S(new.key))
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        let Err(error) = call.send().await else { return Ok(Inserted::New) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                let item = match refused.item() {
                    Some(item) if !item.is_empty() => item.clone(),
                    _ => self.item(table).await?,
                };
                before(table, &item, &done)
            }
            // The text quotes nothing but the limit.
            Some(refused) if refused.message().is_some_and(|text| text.contains("Item size")) => {
                Err(TablesError(format!("{table} is full: its rows are one item of 400 KB at most")))
            }
            _ => Err(failed(table, &Fault::of(&error))),
        }
    }
}

/// The row that was added with this idempotency key, if one was.
fn before(table: &str, item: &Item, done: &str) -> Result<Inserted, TablesError> {
    let Some(AttributeValue::S(key)) = item.get(done) else { return Ok(Inserted::KeyTaken) };
    let row = item.get(&format!("{ROW}{key}"));
    let row = row.ok_or_else(|| TablesError(format!("{table}: an idempotency key without its row")))?;
    read(table, row).map(Inserted::Before)
}

fn read(table: &str, value: &AttributeValue) -> Result<Row, TablesError> {
    let row = value.as_s().ok().and_then(|json| serde_json::from_str(json).ok());
    row.ok_or_else(|| TablesError(format!("{table}: a row of another shape")))
}

fn key(table: &str) -> AttributeValue {
    AttributeValue::S(format!("{PREFIX}{table}"))
}

fn failed(table: &str, fault: &Fault) -> TablesError {
    TablesError(format!("{table}: {fault}"))
}
