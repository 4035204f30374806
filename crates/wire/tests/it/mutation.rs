//! What can be wrong with a JSON body.

use proptest::{prelude::*, sample::Index};
use serde_json::{Map, Value, json};

use crate::support::INSTANCE;

/// One thing that is wrong, somewhere in the body.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    at: Index,
    harm: Harm,
}

#[derive(Debug, Clone)]
enum Harm {
    /// The value is gone.
    Missing,
    /// Another value stands there.
    Other(Value),
    /// The member stands there twice, with this value first.
    Twice(Value),
    /// A member that no model knows.
    Unknown(Value),
    /// The text or the list is this many times as long.
    Long(usize),
    /// The value lies this many lists deep.
    Deep(usize),
    /// Text of the whole body: a byte is another one, or it ends there.
    Byte(u8),
    Cut,
}

/// What has been made long already is not made so again without end: the body is to be read, not to fill the memory.
const LONGEST: usize = 4_000_000;

/// Marks a member that gets the name of another one as text: a map has each name once.
const DOUBLE: char = '\u{1}';

impl Mutation {
    /// The body with all of it.
    pub(crate) fn all(mutations: &[Self], mut body: Value) -> Vec<u8> {
        for Self { at, harm } in mutations {
            let place = place(&body, &mut at.index(count(&body))).unwrap_or_default();
            if let Some(found) = body.pointer_mut(&place) {
                spoil(found, harm);
            }
            if matches!(harm, Harm::Missing) {
                remove(&mut body, &place);
            }
        }
        let mut text = body.to_string().replace("\"\\u0001", "\"").into_bytes();
        for Self { at, harm } in mutations {
            let at = at.index(text.len().max(1));
            match harm {
                Harm::Byte(byte) => drop(text.get_mut(at).map(|it| *it = *byte)),
                Harm::Cut => text.truncate(at),
                _ => {}
            }
        }
        text
    }
}

/// Anything that may be wrong.
pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let harm = prop_oneof![
        3 => Just(Harm::Missing),
        6 => value().prop_map(Harm::Other),
        2 => value().prop_map(Harm::Twice),
        2 => value().prop_map(Harm::Unknown),
        2 => prop::sample::select(vec![2, 100, 3_000]).prop_map(Harm::Long),
        1 => prop::sample::select(vec![1, 20, 126]).prop_map(Harm::Deep),
        1 => any::<u8>().prop_map(Harm::Byte),
        1 => Just(Harm::Cut),
    ];
    (any::<Index>(), harm).prop_map(|(at, harm)| Mutation { at, harm })
}

/// Some JSON.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        any::<f64>().prop_map(Value::from),
        (-2_i64..70).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("")),
        Just(json!(INSTANCE)),
        Just(json!("\u{0}\u{202e}🙂")),
        Just(json!("text/plain")),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,10}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The values directly in this one, with their names in a path.
fn children(value: &Value) -> Box<dyn Iterator<Item = (String, &Value)> + '_> {
    match value {
        Value::Object(members) => {
            Box::new(members.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)))
        }
        Value::Array(values) => Box::new(values.iter().enumerate().map(|(n, value)| (n.to_string(), value))),
        _ => Box::new(std::iter::empty()),
    }
}

/// How many values there are.
fn count(body: &Value) -> usize {
    1 + children(body).map(|(_, value)| count(value)).sum::<usize>()
}

/// Where the value stands that has so many before it. Bodies can be long and deep: no path is made but the one.
fn place(body: &Value, before: &mut usize) -> Option<String> {
    if *before == 0 {
        return Some(String::new());
    }
    *before -= 1;
    children(body).find_map(|(key, value)| Some(format!("/{key}{}", place(value, before)?)))
}

fn spoil(found: &mut Value, harm: &Harm) {
    let bounded = |times: usize, length: usize| times.min(LONGEST / length.max(1)).max(1);
    match harm {
        Harm::Other(value) => *found = value.clone(),
        Harm::Deep(levels) => (0..*levels).for_each(|_| *found = Value::Array(vec![found.take()])),
        Harm::Long(times) => match found {
            Value::String(text) => *text = text.repeat(bounded(*times, text.len())),
            Value::Array(values) => {
                let times = bounded(*times, json!(values).to_string().len());
                *values = values.iter().cycle().take(values.len() * times).cloned().collect();
            }
            Value::Object(members) => members.extend((0..*times).map(|n| (format!("m{n}"), json!("v")))),
            Value::Number(_) => *found = json!(1e300),
            _ => {}
        },
        Harm::Unknown(value) => add(found, "Unknown", value),
        Harm::Twice(value) => {
            let twice = found.as_object().and_then(|members| members.keys().next_back()).cloned();
            add(found, &format!("{DOUBLE}{}", twice.unwrap_or_default()), value);
        }
        Harm::Missing | Harm::Byte(_) | Harm::Cut => {}
    }
}

fn add(found: &mut Value, name: &str, value: &Value) {
    if let Value::Object(members) = found {
        let rest = std::mem::take(members);
        *members = std::iter::once((name.to_owned(), value.clone())).chain(rest).collect::<Map<_, _>>();
    }
}

fn remove(body: &mut Value, place: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => drop(members.remove(&key.replace("~1", "/").replace("~0", "~"))),
        Some(Value::Array(values)) => drop(key.parse().map(|at: usize| values.remove(at))),
        _ => {}
    }
}
