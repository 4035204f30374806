//! The sessions' table: items by `contactId`, written under conditions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    expression::{Expression, Item, Unknown},
    operation::Operation,
};

const KEY: &str = "contactId";

/// What a call of the table comes to.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// Done.
    Done(Value),
    /// The condition does not hold: the item as it is.
    Refused(Option<Item>),
}

/// The table.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<String, Item>);

impl Table {
    /// One call.
    pub(crate) fn call(&mut self, operation: Operation, request: &Value) -> Result<Answer, Unknown> {
        let holder = if operation == Operation::PutItem { &request["Item"] } else { &request["Key"] };
        let key =
            holder.pointer("/contactId/S").and_then(Value::as_str).ok_or_else(|| Unknown("no key".into()))?.to_owned();
        let none = Item::new();
        let stored = self.0.get(&key);
        let item = stored.unwrap_or(&none);
        if let Some(condition) = request["ConditionExpression"].as_str()
            && !Expression::new(condition, item, request).holds()?
        {
            return Ok(Answer::Refused(stored.cloned()));
        }
        Ok(Answer::Done(match operation {
            Operation::GetItem => stored.map_or_else(|| json!({}), |item| json!({"Item": item})),
            Operation::PutItem => {
                let item = request["Item"].as_object().cloned().unwrap_or_default();
                self.0.insert(key, item);
                json!({})
            }
            Operation::DeleteItem => {
                self.0.remove(&key);
                json!({})
            }
            Operation::UpdateItem => {
                let update = request["UpdateExpression"].as_str().unwrap_or_default();
                let sets = Expression::new(update, item, request).sets()?;
                let item = self.0.entry(key.clone()).or_default();
                item.insert(KEY.into(), json!({"S": key}));
                item.extend(sets);
                json!({"Attributes": item})
            }
            other => return Err(Unknown(format!("{other:?}"))),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_guards_what_is_written() {
        let mut table = Table::default();
        let put = json!({"Item": {"contactId": {"S": "c"}, "version": {"N": "1"}},
            "ConditionExpression": "attribute_not_exists(#it)", "ExpressionAttributeNames": {"#it": "contactId"}});
        assert_eq!(table.call(Operation::PutItem, &put), Ok(Answer::Done(json!({}))));
        assert!(matches!(table.call(Operation::PutItem, &put), Ok(Answer::Refused(Some(_)))));
        let update = json!({"Key": {"contactId": {"S": "c"}}, "UpdateExpression": "SET version = version + :one",
            "ConditionExpression": "version = :one", "ExpressionAttributeValues": {":one": {"N": "1"}}});
        let done = table.call(Operation::UpdateItem, &update);
        assert!(matches!(&done, Ok(Answer::Done(it)) if it["Attributes"]["version"] == json!({"N": "2"})), "{done:?}");
        assert!(matches!(table.call(Operation::UpdateItem, &update), Ok(Answer::Refused(Some(_)))));
    }
}
