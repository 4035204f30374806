//! What every store of added rows must do, as a check that any of them can run in its tests.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::Value;

use super::{Inserted, NewRow, Tables};
use crate::definition::Row;

/// Runs the whole contract against a store. `names` makes the tables distinct where the store is shared. Answers what
/// differed, if something did.
pub async fn check(tables: &Arc<dyn Tables>, names: &str) -> Result<(), String> {
    let (one, other) = (format!("{names}-1"), format!("{names}-2"));
    holds(tables, &one, &[]).await?;
    let insert = |table: &str, key: &str, idempotency_key: &str, text: &str| {
        let (tables, table, new) = (Arc::clone(tables), table.to_owned(), new(key, idempotency_key, text));
        async move { tables.insert_if_absent(&table, new).await.map_err(|error| error.to_string()) }
    };
    let steps = [
        ("a new row", insert(&one, "k 1", "turn:1", "¿Qué? 😉").await?, Inserted::New),
        ("the same call again", insert(&one, "k 1", "turn:1", "x").await?, Inserted::Before(row("¿Qué? 😉"))),
        (
            "the same call with another key",
            insert(&one, "k 2", "turn:1", "x").await?,
            Inserted::Before(row("¿Qué? 😉")),
        ),
        ("another call for a key that is taken", insert(&one, "k 1", "turn:2", "x").await?, Inserted::KeyTaken),
        ("that call for a key that is free", insert(&one, "k 2", "turn:2", "dos").await?, Inserted::New),
        ("a key with odd letters", insert(&one, "ñ/#:.$ \"", "turn:3", "tres").await?, Inserted::New),
        ("another table", insert(&other, "k 1", "turn:1", "otra").await?, Inserted::New),
    ];
    for (what, found, wanted) in steps {
        if found != wanted {
            return Err(format!("{what}: {found:?} instead of {wanted:?}"));
        }
    }
    holds(tables, &one, &["dos", "tres", "¿Qué? 😉"]).await?;
    holds(tables, &other, &["otra"]).await?;
    one_row_among_many(tables, &other).await
}

/// Many at once: one adds the row, whoever asks.
async fn one_row_among_many(tables: &Arc<dyn Tables>, table: &str) -> Result<(), String> {
    let inserts = (0..8_u32).map(|n| tables.insert_if_absent(table, new("many", &format!("many:{n}"), "m")));
    let outcomes = join_all(inserts).await;
    let added = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Inserted::New))).count();
    let taken = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Inserted::KeyTaken))).count();
    if (added, taken) != (1, 7) {
        return Err(format!("eight inserts of a key at once: {added} added it, {taken} found it taken"));
    }
    holds(tables, table, &["m", "otra"]).await
}

fn row(text: &str) -> Row {
    let mut row = Row::new();
    row.insert("text".into(), Value::from(text));
    row.insert("none".into(), Value::Null);
    row
}

fn new(key: &str, idempotency_key: &str, text: &str) -> NewRow {
    NewRow { key: key.into(), row: row(text), idempotency_key: idempotency_key.into() }
}

async fn holds(tables: &Arc<dyn Tables>, table: &str, texts: &[&str]) -> Result<(), String> {
    let rows = tables.rows(table).await.map_err(|error| error.to_string())?;
    let mut found: Vec<&str> = rows.iter().filter_map(|row| row.get("text")?.as_str()).collect();
    found.sort_unstable();
    if found == texts && rows.iter().all(|row| row.len() == 2) {
        return Ok(());
    }
    Err(format!("the table {table} holds {rows:?} instead of {texts:?}"))
}
