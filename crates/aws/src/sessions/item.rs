//! A record as a table's item: the same names, as attributes; nothing is written where nothing is.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use relevo_bot::sessions::{Session, SessionRecord};
use serde_json::{Map, Number, Value};

/// The table's partition key.
pub(crate) const KEY: &str = "contactId";
/// Names the call that wrote the item last.
pub(super) const WRITE_ID: &str = "writeId";

/// An item.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A record as it stands in the table.
pub(super) struct Stored {
    pub(super) record: SessionRecord,
    pub(super) write_id: String,
}

/// The item of a record.
pub(super) fn write(record: &SessionRecord, write_id: &str) -> Result<Item, String> {
    match serde_json::to_value(record).map(attribute) {
        Ok(AttributeValue::M(mut item)) => {
            item.insert(WRITE_ID.to_owned(), AttributeValue::S(write_id.to_owned()));
            Ok(item)
        }
        _ => Err("a record that cannot be written".into()),
    }
}

/// The attribute of a session.
pub(super) fn session(session: &Session) -> Result<AttributeValue, String> {
    serde_json::to_value(session).map(attribute).map_err(|_| "a session that cannot be written".into())
}

/// The record of an item. The error names what is wrong and shows no value.
pub(super) fn read(mut item: Item) -> Result<Stored, String> {
    let write_id = match item.remove(WRITE_ID) {
        Some(AttributeValue::S(id)) => id,
        _ => String::new(),
    };
    let value = value(AttributeValue::M(item)).ok_or("an item with an attribute of an unknown type")?;
    let record = serde_json::from_value(value).map_err(|error| {
        // serde quotes the value it did not expect; what it expected, and where, is enough.
        let place = if error.is_data() { "of another shape" } else { "unreadable" };
        format!("an item {place}: not a session's record of this version")
    })?;
    Ok(Stored { record, write_id })
}

pub(super) fn attribute(value: Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(it) => AttributeValue::Bool(it),
        Value::Number(it) => AttributeValue::N(it.to_string()),
        Value::String(it) => AttributeValue::S(it),
        Value::Array(them) => AttributeValue::L(them.into_iter().map(attribute).collect()),
        Value::Object(members) => AttributeValue::M(
            members.into_iter().filter(|(_, it)| !it.is_null()).map(|(name, it)| (name, attribute(it))).collect(),
        ),
    }
}

fn value(attribute: AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::Bool(it) => Value::Bool(it),
        AttributeValue::N(it) => Value::Number(number(&it)?),
        AttributeValue::S(it) => Value::String(it),
        AttributeValue::L(them) => Value::Array(them.into_iter().map(value).collect::<Option<_>>()?),
        AttributeValue::M(members) => Value::Object(
            members.into_iter().map(|(name, it)| Some((name, value(it)?))).collect::<Option<Map<_, _>>>()?,
        ),
        _ => return None,
    })
}

fn number(text: &str) -> Option<Number> {
    let whole = text.parse::<u64>().map(Number::from).or_else(|_| text.parse::<i64>().map(Number::from));
    whole.ok().or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use relevo_bot::{
        ports::{FunctionResult, ResultState, Token},
        sessions::{CloseReason, Departure, Message, MessageKind, Outgoing, Status, Stay, Turn},
    };

    use super::*;

    fn record() -> SessionRecord {
        SessionRecord {
            contact_id: "contact".into(),
            status: Status::Leaving,
            version: u64::MAX,
            fence: 7,
            lease_until_ms: 1_700_000_000_123,
            attempts: 1,
            taken: vec![Message { id: "m1".into(), time_ms: -1, kind: MessageKind::Text(String::new()) }],
            inbox: vec![Message { id: "m2".into(), time_ms: 5, kind: MessageKind::Unsupported }],
            seen: vec!["m1".into(), "m2".into()],
            ttl: 1_700_000_000,
            session: Session {
                contact_id: "contact".into(),
                connection_token: Some(Token::new("secret")),
                part_bytes: Some(1_024),
                turn: Some(Turn {
                    id: "m1".into(),
                    outbox: vec![Outgoing { part: "0".into(), text: "¡Hola! 😉".into(), sent: true }],
                    results: Some((
                        "invocation".into(),
                        vec![FunctionResult {
                            action_group: "G".into(),
                            function: "f".into(),
                            agent_id: None,
                            body: "{\"a\":null}".into(),
                            state: ResultState::Reprompt,
                            confirmation: None,
                        }],
                    )),
                    ..Turn::default()
                }),
                departure: Some(Departure {
                    reason: CloseReason::CustomerRequest,
                    attributes: Some([("k".to_owned(), String::new())].into()),
                    words: None,
                    stop_streaming: true,
                    leave: true,
                }),
                previous: vec![Stay { reason: CloseReason::ChatEnded, closed_ms: 1, summary: "s".into() }],
                ..Session::default()
            },
        }
    }

    #[test]
    fn a_record_comes_back_whole() {
        let item = write(&record(), "w1").unwrap();
        assert_eq!(item.get(KEY), Some(&AttributeValue::S("contact".into())));
        assert_eq!(item.get("ttl"), Some(&AttributeValue::N("1700000000".into())));
        let stored = read(item).unwrap();
        assert_eq!((stored.record, stored.write_id.as_str()), (record(), "w1"));
    }

    #[test]
    fn an_item_of_another_shape_is_refused_without_its_values() {
        let mut item = write(&record(), "w1").unwrap();
        item.insert("status".into(), AttributeValue::S("mi secreto".into()));
        let error = read(item).err().unwrap();
        assert!(!error.contains("secreto"), "{error}");
        let sample = HashMap::from([(KEY.to_owned(), AttributeValue::S("c".into()))]);
        assert!(read(sample).is_err());
        let mut item = write(&record(), "w1").unwrap();
        item.insert("blob".into(), AttributeValue::Ss(vec!["x".into()]));
        assert!(read(item).is_err());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_comes_back(given in json()) {
            prop_assert_eq!(value(attribute(given.clone())), Some(given));
        }
    }
}
