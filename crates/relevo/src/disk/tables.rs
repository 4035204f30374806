//! The table tool's rows on disk. Keys: `{table}/row/{key}` and `{table}/done/{idempotency key}`.

use async_trait::async_trait;
use relevo_agents::{
    definition::Row,
    tools::{Inserted, NewRow, Tables, TablesError},
};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("tables");

/// Rows that were added, by table.
pub(crate) struct LocalTables(pub Disk);

#[async_trait]
impl Tables for LocalTables {
    async fn rows(&self, table: &str) -> Result<Vec<Row>, TablesError> {
        let found = self.0.scan(SPACE, &format!("{table}/row/")).map_err(refusal)?;
        found.iter().map(|(key, value)| read(key, value).map_err(refusal)).collect()
    }

    async fn insert_if_absent(&self, table: &str, new: NewRow) -> Result<Inserted, TablesError> {
        let row_key = format!("{table}/row/{}", new.key);
        let done_key = format!("{table}/done/{}", new.idempotency_key);
        self.0
            .write(move |transaction| {
                if let Some(row) = transaction.get(SPACE, &done_key)? {
                    return Ok(Inserted::Before(read(&done_key, &row)?));
                }
                if transaction.get(SPACE, &row_key)?.is_some() {
                    return Ok(Inserted::KeyTaken);
                }
                let value =
                    serde_json::to_vec(&new.row).map_err(|e| DiskError::Value(row_key.clone(), e.to_string()))?;
                transaction.put(SPACE, &done_key, &value)?;
                transaction.put(SPACE, &row_key, &value)?;
                Ok(Inserted::New)
            })
            .await
            .map_err(refusal)
    }
}

fn read(key: &str, value: &[u8]) -> Result<Row, DiskError> {
    serde_json::from_slice(value).map_err(|e| DiskError::Value(format!("tables/{key}"), e.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn refusal(error: DiskError) -> TablesError {
    TablesError(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use relevo_agents::tools::contract;

    use super::*;

    fn new(key: &str, idempotency_key: &str, text: &str) -> NewRow {
        let row = serde_json::from_value(serde_json::json!({ "text": text })).unwrap();
        NewRow { key: key.into(), row, idempotency_key: idempotency_key.into() }
    }

    #[tokio::test]
    async fn tables_keep_their_contract() {
        let tables: Arc<dyn Tables> = Arc::new(LocalTables(Disk::forgetful()));
        contract::check(&tables, "contract").await.unwrap();
    }

    #[tokio::test]
    async fn a_row_is_added_once_and_survives() {
        let folder = tempfile::tempdir().unwrap();
        {
            let tables = LocalTables(Disk::open(folder.path()).unwrap());
            assert_eq!(tables.insert_if_absent("t", new("1", "a", "x")).await.unwrap(), Inserted::New);
            assert_eq!(tables.insert_if_absent("t", new("1", "b", "y")).await.unwrap(), Inserted::KeyTaken);
            assert_eq!(tables.insert_if_absent("t2", new("1", "a", "z")).await.unwrap(), Inserted::New);
        }
        let tables = LocalTables(Disk::open(folder.path()).unwrap());
        let before = tables.insert_if_absent("t", new("2", "a", "other")).await.unwrap();
        assert_eq!(before, Inserted::Before(new("1", "a", "x").row));
        assert_eq!(tables.rows("t").await.unwrap(), [new("1", "a", "x").row]);
    }
}
