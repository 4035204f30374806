//! The items of the DynamoDB table that the bot's functions have, on disk: the pure decision, inside a write
//! transaction.

use async_trait::async_trait;
use relevo_host::dynamodb::{Attribute, Item, Items, ItemsError, Refusal, Request, Write, read_item, write_item};
use serde_json::Value;

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("dynamodb");
/// The attribute with the time, in seconds since the epoch, after which an item may go.
const TTL: &str = "ttl";

/// The table.
pub(crate) struct DynamoItems(Disk);

impl DynamoItems {
    /// Opens the table; what is past its time to live goes, as it does at AWS sooner or later.
    pub(crate) async fn open(disk: Disk, now_ms: i64) -> Result<Self, DiskError> {
        let mut over = Vec::new();
        for (key, value) in disk.scan(SPACE, "")? {
            if is_over(&read(&key, &value)?, now_ms) {
                over.push(key);
            }
        }
        if !over.is_empty() {
            disk.write(move |transaction| {
                for key in &over {
                    transaction.remove(SPACE, key)?;
                }
                Ok(())
            })
            .await?;
        }
        Ok(Self(disk))
    }
}

#[async_trait]
impl Items for DynamoItems {
    async fn get(&self, key: &str) -> Result<Option<Item>, ItemsError> {
        let value = self.0.get(SPACE, key).map_err(failed)?;
        value.map(|value| read(key, &value)).transpose().map_err(failed)
    }

    async fn apply(&self, request: Request) -> Result<Result<Value, Refusal>, ItemsError> {
        self.0
            .write(move |transaction| {
                let key = request.key();
                let old = transaction.get(SPACE, key)?.map(|value| read(key, &value)).transpose()?;
                let (answer, write) = match request.decide(old) {
                    Ok(decided) => decided,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                match write {
                    Write::Put(item) => {
                        transaction.put(SPACE, key, write_item(&item).to_string().as_bytes())?;
                    }
                    Write::Remove => transaction.remove(SPACE, key)?,
                }
                Ok(Ok(answer))
            })
            .await
            .map_err(failed)
    }
}

fn is_over(item: &Item, now_ms: i64) -> bool {
    let Some(Attribute::Number(ttl)) = item.get(TTL) else { return false };
    ttl.whole_value().is_some_and(|seconds| seconds > 0 && seconds < i128::from(now_ms / 1000))
}

fn read(key: &str, value: &[u8]) -> Result<Item, DiskError> {
    let unreadable = |why: String| DiskError::Value(format!("dynamodb/{key}"), why);
    let value: Value = serde_json::from_slice(value).map_err(|e| unreadable(e.to_string()))?;
    read_item(&value).map_err(|e| unreadable(e.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn failed(error: DiskError) -> ItemsError {
    ItemsError(error.to_string())
}

#[cfg(test)]
mod tests {
    use relevo_host::dynamodb::TableSpec;
    use serde_json::json;

    use super::*;

    fn put(key: &str, ttl: i64) -> Request {
        let table = TableSpec { name: "t".into(), arn: "a".into(), key: "id".into() };
        let body = json!({"TableName": "t", "Item": {"id": {"S": key}, "ttl": {"N": ttl.to_string()}},
            "ConditionExpression": "attribute_not_exists(id)"});
        Request::read(&table, "PutItem", &body).unwrap()
    }

    #[tokio::test]
    async fn items_outlive_the_process_but_not_their_time_to_live() {
        let folder = tempfile::tempdir().unwrap();
        {
            let items = DynamoItems::open(Disk::open(folder.path()).unwrap(), 0).await.unwrap();
            for (key, ttl) in [("short", 100), ("long", 200)] {
                assert!(items.apply(put(key, ttl)).await.unwrap().is_ok());
            }
            assert_eq!(items.apply(put("long", 9)).await.unwrap(), Err(Refusal::Condition(None)));
        }
        let items = DynamoItems::open(Disk::open(folder.path()).unwrap(), 150_000).await.unwrap();
        assert_eq!(items.get("short").await.unwrap(), None);
        assert_eq!(items.get("long").await.unwrap().unwrap()["id"], Attribute::Text("long".into()));
    }
}
