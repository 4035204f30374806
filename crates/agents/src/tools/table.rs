//! The table tools: look-up and insert as `definition::tool` describes them.
//!
//! A table is what the definition's data file holds, as it is now, and the rows that were added since: so a changed
//! file counts at the next start, and what was added is never lost.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use serde_json::Value as Json;
use tokio::sync::Mutex;

use super::{
    Arguments, Inserted, NewRow, Tables, ToolCall, ToolError, ToolOutput, Tools,
    compare::{cell_text, normalized},
};
use crate::{
    definition::{
        AgentsDefinition, Row,
        tool::{Insert, Lookup, Tool, Value},
    },
    ports::{Clock, Random, iso},
};

/// How often other random digits are tried. Of 10^6 or more values only a crowded table needs a second.
const MAX_DRAWS: u32 = 50;

/// What the table tools need of the world.
#[derive(Clone)]
pub struct TableToolsPorts {
    /// The added rows.
    pub tables: Arc<dyn Tables>,
    /// For `now`.
    pub clock: Arc<dyn Clock>,
    /// For `randomDigits`.
    pub random: Arc<dyn Random>,
}

/// Executes the functions that stand in the definition's `tools`.
pub struct TableTools {
    definition: Arc<AgentsDefinition>,
    ports: TableToolsPorts,
    /// Random digits must be unique in columns that the store does not know to be: one insert looks and writes at a time.
    inserting: Mutex<()>,
}

impl TableTools {
    /// The tools of a definition.
    pub fn new(definition: Arc<AgentsDefinition>, ports: TableToolsPorts) -> Self {
        Self { definition, ports, inserting: Mutex::default() }
    }

    /// Whether a function is executed here.
    pub fn executes(&self, action_group: &str, function: &str) -> bool {
        matches!(self.tool(action_group, function), Some(Tool::Lookup(_) | Tool::Insert(_)))
    }

    fn tool(&self, action_group: &str, function: &str) -> Option<&Tool> {
        self.definition.tools.get(action_group)?.get(function)
    }

    async fn rows(&self, table: &str) -> Result<Vec<Row>, ToolError> {
        let mut rows = self.definition.rows.get(table).cloned().unwrap_or_default();
        let added = self.ports.tables.rows(table).await.map_err(|error| ToolError::Failed(error.to_string()))?;
        rows.extend(added);
        Ok(rows)
    }

    async fn find(
        &self,
        table: &str,
        matching: &BTreeMap<String, String>,
        arguments: &Arguments,
    ) -> Result<Option<Row>, ToolError> {
        let rows = self.rows(table).await?;
        Ok(rows.into_iter().find(|row| matches(row, matching, arguments)))
    }

    async fn look_up(&self, lookup: &Lookup, call: &ToolCall) -> Result<ToolOutput, ToolError> {
        let row = self.find(&lookup.table, &lookup.r#match, &call.arguments).await?;
        let text = answer("found", row.as_ref(), &lookup.r#return).to_string();
        Ok(if row.is_none() && lookup.must_find { ToolOutput::refused(text) } else { text.into() })
    }

    async fn insert(&self, insert: &Insert, call: &ToolCall) -> Result<Json, ToolError> {
        if let Some(requires) = &insert.requires
            && self.find(&requires.table, &requires.r#match, &call.arguments).await?.is_none()
        {
            return Ok(answer("inserted", None, &insert.r#return));
        }
        let key_column = self.definition.tables.get(&insert.table).map(|table| table.key.as_str()).unwrap_or_default();
        let random = insert.row.values().any(|value| matches!(value, Value::RandomDigits(_)));
        let _one_at_a_time = self.inserting.lock().await;
        for _ in 0..MAX_DRAWS {
            let row = self.new_row(insert, call);
            let existing = self.rows(&insert.table).await?;
            let taken = |column: &str| {
                let value = row.get(column).and_then(cell_text).map(|text| normalized(&text));
                existing
                    .iter()
                    .any(|other| other.get(column).and_then(cell_text).map(|text| normalized(&text)) == value)
            };
            let clash = insert.row.iter().any(|(column, value)| {
                matches!(value, Value::RandomDigits(_)) && column != key_column && taken(column)
            });
            if clash {
                continue;
            }
            let Some(key) =
                row.get(key_column).and_then(cell_text).map(|text| normalized(&text)).filter(|k| !k.is_empty())
            else {
                return Ok(answer("inserted", None, &insert.r#return));
            };
            let in_file = self.definition.rows.get(&insert.table).is_some_and(|rows| {
                rows.iter()
                    .any(|row| row.get(key_column).and_then(cell_text).is_some_and(|text| normalized(&text) == key))
            });
            let new = NewRow { key, row: row.clone(), idempotency_key: call.idempotency_key.clone() };
            let inserted = if in_file {
                Inserted::KeyTaken
            } else {
                let outcome = self.ports.tables.insert_if_absent(&insert.table, new).await;
                outcome.map_err(|error| ToolError::Failed(error.to_string()))?
            };
            match inserted {
                Inserted::New => return Ok(answer("inserted", Some(&row), &insert.r#return)),
                Inserted::Before(row) => return Ok(answer("inserted", Some(&row), &insert.r#return)),
                Inserted::KeyTaken if random => {}
                Inserted::KeyTaken => return Ok(answer("inserted", None, &insert.r#return)),
            }
        }
        Err(ToolError::Failed(format!("no free random digits in table {}", insert.table)))
    }

    fn new_row(&self, insert: &Insert, call: &ToolCall) -> Row {
        let value = |value: &Value| match value {
            Value::Parameter(name) => call.arguments.get(name).map(Json::from),
            Value::Constant(text) => Some(Json::String(text.clone())),
            Value::SessionAttribute(name) => call.session_attributes.get(name).cloned().map(Json::String),
            Value::RandomDigits(count) => Some(Json::String(self.digits(*count))),
            Value::Now {} => Some(Json::String(iso(self.ports.clock.now_ms()))),
        };
        insert.row.iter().map(|(column, what)| (column.clone(), value(what).unwrap_or(Json::Null))).collect()
    }

    fn digits(&self, count: u8) -> String {
        let mut digits = String::with_capacity(usize::from(count));
        while digits.len() < usize::from(count) {
            let mut byte = [0_u8];
            self.ports.random.fill(&mut byte);
            let [byte] = byte;
            // The rest above 249 would make the low digits likelier.
            if byte < 250 {
                digits.push(char::from(b'0' + byte % 10));
            }
        }
        digits
    }
}

#[async_trait]
impl Tools for TableTools {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        match self.tool(&call.action_group, &call.function) {
            Some(Tool::Lookup(lookup)) => self.look_up(lookup, &call).await,
            Some(Tool::Insert(insert)) => Ok(self.insert(insert, &call).await?.to_string().into()),
            _ => Err(ToolError::Unknown { action_group: call.action_group, function: call.function }),
        }
    }
}

/// All columns match. A parameter that was not given, or that has nothing left to compare, matches no row.
fn matches(row: &Row, matching: &BTreeMap<String, String>, arguments: &Arguments) -> bool {
    !matching.is_empty()
        && matching.iter().all(|(column, parameter)| {
            let wanted = arguments.get(parameter).map(normalized).filter(|text| !text.is_empty());
            let found = row.get(column).and_then(cell_text).map(|text| normalized(&text));
            wanted.is_some() && wanted == found
        })
}

fn answer(flag: &str, row: Option<&Row>, columns: &[String]) -> Json {
    let mut answer = Row::new();
    answer.insert(flag.to_owned(), Json::Bool(row.is_some()));
    if let Some(row) = row {
        for column in columns {
            answer.insert(column.clone(), row.get(column).cloned().unwrap_or(Json::Null));
        }
    }
    Json::Object(answer)
}
