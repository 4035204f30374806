//! DynamoDB's attribute values: read from the wire's JSON, compared, measured, written back.

use std::{cmp::Ordering, collections::BTreeMap};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use super::Refusal;

/// An item: its attributes by name.
pub type Item = BTreeMap<String, Attribute>;

/// How deep lists and maps may stand in each other (DynamoDB: 32).
const DEEPEST: usize = 32;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    /// `S`.
    Text(String),
    /// `N`.
    Number(Number),
    /// `B`.
    Bytes(Vec<u8>),
    /// `BOOL`.
    Bool(bool),
    /// `NULL`.
    Null,
    /// `L`.
    List(Vec<Attribute>),
    /// `M`.
    Map(Item),
}

/// A number as it was written. Whole ones up to 38 digits can be compared and added to; others are kept as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// A whole one.
    pub fn whole(number: i128) -> Self {
        Self(number.to_string())
    }

    fn read(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse::<i128>() {
            let digits = whole.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
            return (digits <= 38).then(|| Self::whole(whole));
        }
        let plain = text.chars().all(|letter| letter.is_ascii_digit() || "+-.eE".contains(letter));
        (plain && text.parse::<f64>().is_ok_and(f64::is_finite)).then(|| Self(text.to_owned()))
    }

    /// The number, if it is a whole one.
    pub fn whole_value(&self) -> Option<i128> {
        self.0.parse().ok()
    }

    /// The number, for what is done with numbers here.
    pub(super) fn value(&self) -> Result<i128, Refusal> {
        self.whole_value().ok_or_else(|| Refusal::not_served("arithmetic and comparison of numbers that are not whole"))
    }
}

impl Attribute {
    /// Reads `{"S": "…"}` and its kin.
    pub fn read(value: &Value) -> Result<Self, Refusal> {
        read(value, 0)
    }

    /// As the wire has it.
    pub fn write(&self) -> Value {
        match self {
            Self::Text(text) => json!({ "S": text }),
            Self::Number(number) => json!({ "N": number.0 }),
            Self::Bytes(bytes) => json!({ "B": BASE64_STANDARD.encode(bytes) }),
            Self::Bool(it) => json!({ "BOOL": it }),
            Self::Null => json!({ "NULL": true }),
            Self::List(list) => json!({ "L": list.iter().map(Self::write).collect::<Vec<_>>() }),
            Self::Map(map) => json!({ "M": write_item(map) }),
        }
    }

    /// The type's name on the wire.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "S",
            Self::Number(_) => "N",
            Self::Bytes(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::List(_) => "L",
            Self::Map(_) => "M",
        }
    }

    /// `size`: characters of a text, bytes, or members. Numbers and the like have none.
    pub(super) fn size(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.chars().count()),
            Self::Bytes(bytes) => Some(bytes.len()),
            Self::List(list) => Some(list.len()),
            Self::Map(map) => Some(map.len()),
            Self::Number(_) | Self::Bool(_) | Self::Null => None,
        }
    }

    /// Their order; none between values of different types, or of types without one.
    pub(super) fn order(&self, other: &Self) -> Result<Option<Ordering>, Refusal> {
        Ok(match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => Some(a.value()?.cmp(&b.value()?)),
            _ => None,
        })
    }

    /// About the bytes that it counts for in an item.
    fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Number(number) => number.0.len() / 2 + 2,
            Self::Bytes(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::List(list) => 3 + list.iter().map(|it| 1 + it.weight()).sum::<usize>(),
            Self::Map(map) => 3 + map.iter().map(|(name, it)| 1 + name.len() + it.weight()).sum::<usize>(),
        }
    }
}

/// Reads an item, a key, or the values of expressions.
pub fn read_item(value: &Value) -> Result<Item, Refusal> {
    read_map(value, 0)
}

/// An item as the wire has it.
pub fn write_item(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, it)| (name.clone(), it.write())).collect::<Map<_, _>>())
}

/// About the bytes that an item counts for.
pub(super) fn weight(item: &Item) -> usize {
    item.iter().map(|(name, it)| name.len() + it.weight()).sum()
}

fn read(value: &Value, depth: usize) -> Result<Attribute, Refusal> {
    if depth > DEEPEST {
        return Err(Refusal::validation("Nesting Levels have exceeded supported limits"));
    }
    let mut members =
        value.as_object().ok_or_else(|| Refusal::serialization("an attribute value is a structure"))?.iter();
    let (Some((kind, content)), None) = (members.next(), members.next()) else {
        return Err(Refusal::validation(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        ));
    };
    let text = || content.as_str().ok_or_else(|| Refusal::serialization("a string is expected"));
    Ok(match kind.as_str() {
        "S" => Attribute::Text(text()?.to_owned()),
        "N" => Attribute::Number(Number::read(text()?).ok_or_else(|| {
            Refusal::validation("The parameter cannot be converted to a numeric value, or exceeds 38 digits")
        })?),
        "B" => {
            Attribute::Bytes(BASE64_STANDARD.decode(text()?).map_err(|_| Refusal::serialization("a blob is base64"))?)
        }
        "BOOL" => Attribute::Bool(content.as_bool().ok_or_else(|| Refusal::serialization("a boolean is expected"))?),
        "NULL" if content == &Value::Bool(true) => Attribute::Null,
        "NULL" => return Err(Refusal::validation("Null attribute value types must have the value of true")),
        "L" => {
            let list = content.as_array().ok_or_else(|| Refusal::serialization("a list is expected"))?;
            Attribute::List(list.iter().map(|it| read(it, depth + 1)).collect::<Result<_, _>>()?)
        }
        "M" => Attribute::Map(read_map(content, depth + 1)?),
        "SS" | "NS" | "BS" => return Err(Refusal::not_served("sets")),
        _ => return Err(Refusal::validation("Supplied AttributeValue has no supported datatype")),
    })
}

fn read_map(value: &Value, depth: usize) -> Result<Item, Refusal> {
    let members = value.as_object().ok_or_else(|| Refusal::serialization("a map is expected"))?;
    members.iter().map(|(name, it)| Ok((name.clone(), read(it, depth)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_goes_there_and_back() {
        let item = json!({"s": {"S": "ñ"}, "n": {"N": "-12"}, "f": {"N": "1.5"}, "b": {"B": "AAE="}, "t": {"BOOL": true},
            "z": {"NULL": true}, "l": {"L": [{"S": ""}, {"M": {"k": {"L": []}}}]}});
        assert_eq!(Value::Object(write_item(&read_item(&item).unwrap()).as_object().unwrap().clone()), item);
    }

    #[test]
    fn what_is_no_value_is_refused() {
        let mut deep = json!({"S": "x"});
        for _ in 0..40 {
            deep = json!({ "L": [deep] });
        }
        for wrong in [
            json!("x"),
            json!({}),
            json!({"S": "a", "N": "1"}),
            json!({"S": 1}),
            json!({"N": "one"}),
            json!({"N": "NaN"}),
            json!({"N": "123456789012345678901234567890123456789"}),
            json!({"B": "?"}),
            json!({"NULL": false}),
            json!({"SS": ["a"]}),
            json!({"X": "a"}),
            deep,
        ] {
            assert!(Attribute::read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers_and_other_types_not_at_all() {
        let number = |text: &str| Attribute::read(&json!({ "N": text })).unwrap();
        assert_eq!(number("10").order(&number("9")).unwrap(), Some(Ordering::Greater));
        assert_eq!(number("007"), number("7"));
        assert_eq!(number("1").order(&Attribute::Text("0".into())).unwrap(), None);
        assert!(number("1.5").order(&number("1")).is_err());
    }
}
