//! One table of DynamoDB: the operations on single items that the bot's sessions use, with DynamoDB's expressions.
//!
//! Served: `GetItem`, `PutItem`, `UpdateItem`, `DeleteItem`, `DescribeTable`; the key is one string. What is right at AWS
//! and not known here (sets, projections, the members from before expressions) is refused by name and never passed over.
//! Whether and what to write is decided by [`Request::decide`], which a store runs atomically.

mod attribute;
mod expression;
mod lexer;
mod parser;
mod path;
mod refusal;
mod request;

use async_trait::async_trait;
use serde_json::{Value, json};

pub use self::{
    attribute::{Attribute, Item, Number, read_item, write_item},
    refusal::Refusal,
    request::{Request, Write},
};

/// Which table there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its partition key, a string.
    pub key: String,
}

/// Why the store could not do it. For the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("items: {0}")]
pub struct ItemsError(pub String);

/// Where the items are.
#[async_trait]
pub trait Items: Send + Sync {
    /// The item under this key.
    async fn get(&self, key: &str) -> Result<Option<Item>, ItemsError>;
    /// Gives the item to [`Request::decide`] and writes what it says, atomically; answers when that is on disk.
    async fn apply(&self, request: Request) -> Result<Result<Value, Refusal>, ItemsError>;
}

/// Serves one operation by its name; `body` is the request's JSON.
pub(crate) async fn serve(
    table: &TableSpec,
    items: &dyn Items,
    operation: &str,
    body: &[u8],
) -> Result<Value, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Refusal::serialization("the body is not JSON"))?;
    let internal = |error: ItemsError| Refusal::Internal(error.to_string());
    match operation {
        "GetItem" => {
            let key = request::get(table, &body)?;
            let item = items.get(&key).await.map_err(internal)?;
            Ok(item.map_or_else(|| json!({}), |item| json!({ "Item": write_item(&item) })))
        }
        "PutItem" | "UpdateItem" | "DeleteItem" => {
            items.apply(Request::read(table, operation, &body)?).await.map_err(internal)?
        }
        "DescribeTable" => {
            request::check_table(table, &body)?;
            Ok(json!({ "Table": {
                "TableName": table.name, "TableArn": table.arn, "TableStatus": "ACTIVE",
                "KeySchema": [{ "AttributeName": table.key, "KeyType": "HASH" }],
                "AttributeDefinitions": [{ "AttributeName": table.key, "AttributeType": "S" }],
                "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
            } }))
        }
        other => Err(Refusal::UnknownOperation(format!("Operation {other} is not implemented by Relevo"))),
    }
}
