//! The port of the local tables: rows that were added. What a definition's data files hold is not stored.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use crate::definition::Row;

/// A row to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRow {
    /// What identifies it in the table, already in the form that is compared.
    pub key: String,
    /// The row.
    pub row: Row,
    /// Who asks twice with the same gets the first row back.
    pub idempotency_key: String,
}

/// What came of adding a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Inserted {
    /// It is there now.
    New,
    /// It was added before with the same idempotency key: this one.
    Before(Row),
    /// Another row has the key; nothing was changed.
    KeyTaken,
}

/// The store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TablesError(pub String);

/// Rows that were added, by table.
#[async_trait]
pub trait Tables: Send + Sync {
    /// All rows of a table, in the order they were added or by key; none for a table that has none.
    async fn rows(&self, table: &str) -> Result<Vec<Row>, TablesError>;

    /// Adds a row in one step: looks for the idempotency key (per table), then for the key, then writes both.
    async fn insert_if_absent(&self, table: &str, new: NewRow) -> Result<Inserted, TablesError>;
}

/// Tables that live as long as the process.
#[derive(Debug, Default)]
pub struct MemoryTables {
    tables: Mutex<BTreeMap<String, MemoryTable>>,
}

#[derive(Debug, Default)]
struct MemoryTable {
    rows: Vec<(String, Row)>,
    done: BTreeMap<String, Row>,
}

#[async_trait]
impl Tables for MemoryTables {
    async fn rows(&self, table: &str) -> Result<Vec<Row>, TablesError> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(tables.get(table).map(|table| table.rows.iter().map(|(_, row)| row.clone()).collect()).unwrap_or_default())
    }

    async fn insert_if_absent(&self, table: &str, new: NewRow) -> Result<Inserted, TablesError> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let table = tables.entry(table.to_owned()).or_default();
        if let Some(row) = table.done.get(&new.idempotency_key) {
            return Ok(Inserted::Before(row.clone()));
        }
        if table.rows.iter().any(|(key, _)| *key == new.key) {
            return Ok(Inserted::KeyTaken);
        }
        table.done.insert(new.idempotency_key, new.row.clone());
        table.rows.push((new.key, new.row));
        Ok(Inserted::New)
    }
}
