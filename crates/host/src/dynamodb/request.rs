//! A request to write an item: read from its JSON, and decided.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};

use super::{
    Attribute, Item, Refusal, TableSpec,
    attribute::{read_item, weight, write_item},
    expression::{self, Action, Condition},
    parser::{self, Placeholders},
};

/// The longest item (DynamoDB quotas: 400 KB).
const LONGEST_ITEM_BYTES: usize = 400 * 1024;
/// Members from before expressions, and others that are right at AWS and not known here.
const NOT_SERVED: [&str; 6] =
    ["Expected", "AttributeUpdates", "AttributesToGet", "ConditionalOperator", "ProjectionExpression", "KeyConditions"];

/// What to do with an item, and when.
#[derive(Debug, Clone)]
pub struct Request {
    table_key: String,
    key: String,
    change: Change,
    condition: Option<Condition>,
    returns: Returns,
    old_on_failure: bool,
}

/// What a store has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Put this item.
    Put(Item),
    /// Remove the item.
    Remove,
}

#[derive(Debug, Clone)]
enum Change {
    Put(Item),
    Update(Vec<Action>),
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returns {
    Nothing,
    Old,
    New,
}

/// The key that `GetItem` asks for.
pub(super) fn get(table: &TableSpec, body: &Value) -> Result<String, Refusal> {
    check(table, body)?;
    key(table, body)
}

impl Request {
    /// Reads `PutItem`, `UpdateItem` or `DeleteItem`.
    pub fn read(table: &TableSpec, operation: &str, body: &Value) -> Result<Self, Refusal> {
        check(table, body)?;
        let placeholders = placeholders(body)?;
        let text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(Refusal::serialization(format!("{name} is a string"))),
        };
        let condition = text("ConditionExpression")?.map(|it| parser::condition(it, &placeholders)).transpose()?;
        let (key, change) = match operation {
            "PutItem" => {
                let item = read_item(body.get("Item").ok_or_else(|| missing("item"))?)?;
                (key_of(table, &item)?, Change::Put(item))
            }
            "UpdateItem" => {
                let update = text("UpdateExpression")?.map(|it| parser::update(it, &placeholders)).transpose()?;
                let actions = update.unwrap_or_default();
                if expression::changes(&actions, &table.key) {
                    return Err(Refusal::Validation(format!(
                        "One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of the key",
                        table.key
                    )));
                }
                (key(table, body)?, Change::Update(actions))
            }
            _ => (key(table, body)?, Change::Delete),
        };
        placeholders.check_all_used()?;
        let returns = match (text("ReturnValues")?.unwrap_or("NONE"), &change) {
            ("NONE", _) => Returns::Nothing,
            ("ALL_OLD", _) => Returns::Old,
            ("ALL_NEW", Change::Update(_)) => Returns::New,
            ("UPDATED_OLD" | "UPDATED_NEW", Change::Update(_)) => {
                return Err(Refusal::not_served("UPDATED_OLD and UPDATED_NEW"));
            }
            _ => return Err(Refusal::validation("Return values set to invalid value")),
        };
        let old_on_failure = match text("ReturnValuesOnConditionCheckFailure")?.unwrap_or("NONE") {
            "NONE" => false,
            "ALL_OLD" => true,
            _ => return Err(Refusal::validation("ReturnValuesOnConditionCheckFailure set to invalid value")),
        };
        Ok(Self { table_key: table.key.clone(), key, change, condition, returns, old_on_failure })
    }

    /// The item's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Decides on the item as it is: the answer, and what to write.
    pub fn decide(&self, old: Option<Item>) -> Result<(Value, Write), Refusal> {
        let before = old.unwrap_or_default();
        if let Some(condition) = &self.condition
            && !condition.holds(&before)?
        {
            let shown = self.old_on_failure && !before.is_empty();
            return Err(Refusal::Condition(shown.then_some(before)));
        }
        let write = match &self.change {
            Change::Put(item) => Write::Put(item.clone()),
            Change::Delete => Write::Remove,
            Change::Update(actions) => {
                let mut after = expression::apply(actions, &before)?;
                after.insert(self.table_key.clone(), Attribute::Text(self.key.clone()));
                Write::Put(after)
            }
        };
        if let Write::Put(item) = &write
            && weight(item) > LONGEST_ITEM_BYTES
        {
            return Err(Refusal::validation("Item size has exceeded the maximum allowed size"));
        }
        let shown = match (self.returns, &write) {
            (Returns::Old, _) if !before.is_empty() => Some(&before),
            (Returns::New, Write::Put(item)) => Some(item),
            _ => None,
        };
        Ok((shown.map_or_else(|| json!({}), |item| json!({ "Attributes": write_item(item) })), write))
    }
}

/// The table, and that nothing is asked for that would be passed over.
fn check(table: &TableSpec, body: &Value) -> Result<(), Refusal> {
    check_table(table, body)?;
    if let Some(name) = NOT_SERVED.iter().find(|name| body.get(**name).is_some_and(|it| !it.is_null())) {
        return Err(Refusal::not_served(name));
    }
    for name in ["ReturnConsumedCapacity", "ReturnItemCollectionMetrics"] {
        if body.get(name).and_then(Value::as_str).is_some_and(|it| it != "NONE") {
            return Err(Refusal::not_served(name));
        }
    }
    Ok(())
}

pub(super) fn check_table(table: &TableSpec, body: &Value) -> Result<(), Refusal> {
    match body.get("TableName").and_then(Value::as_str) {
        Some(name) if name == table.name || name == table.arn => Ok(()),
        Some(_) => Err(Refusal::NotFound),
        None => Err(missing("tableName")),
    }
}

fn missing(what: &str) -> Refusal {
    Refusal::Validation(format!(
        "1 validation error detected: Value null at '{what}' failed to satisfy constraint: Member must not be null"
    ))
}

fn placeholders(body: &Value) -> Result<Placeholders, Refusal> {
    let mut names = BTreeMap::new();
    if let Some(given) = body.get("ExpressionAttributeNames").filter(|it| !it.is_null()) {
        let members = given.as_object().ok_or_else(|| Refusal::serialization("ExpressionAttributeNames is a map"))?;
        for (mark, name) in members {
            let name = name.as_str().ok_or_else(|| Refusal::serialization("an attribute's name is a string"))?;
            names.insert(mark.clone(), name.to_owned());
        }
    }
    let values = match body.get("ExpressionAttributeValues").filter(|it| !it.is_null()) {
        Some(given) => read_item(given)?,
        None => Item::new(),
    };
    Ok(Placeholders { names, values, used: RefCell::default() })
}

fn key(table: &TableSpec, body: &Value) -> Result<String, Refusal> {
    let key = read_item(body.get("Key").ok_or_else(|| missing("key"))?)?;
    if key.len() != 1 {
        return Err(Refusal::validation("The provided key element does not match the schema"));
    }
    key_of(table, &key)
}

fn key_of(table: &TableSpec, item: &Item) -> Result<String, Refusal> {
    match item.get(&table.key) {
        Some(Attribute::Text(key)) if !key.is_empty() => Ok(key.clone()),
        Some(Attribute::Text(_)) => Err(Refusal::validation(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value",
        )),
        _ => Err(Refusal::validation("The provided key element does not match the schema")),
    }
}

#[cfg(test)]
mod tests;
