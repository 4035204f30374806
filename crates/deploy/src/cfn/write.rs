//! Writes a value as YAML for people: block style, short tags, long texts folded, and in quotes what YAML 1.1 would take for
//! something else than text.

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_saphyr::{FlowSeq, Tagged};

use super::short;

/// What a function is given stands on one line when it is no longer than this, as JSON.
const ONE_LINE: usize = 90;
/// Longer texts are folded.
const WIDTH: usize = 110;

/// The text of a document. Keys keep their order.
pub fn write(value: &Value) -> String {
    text(value, true)
}

/// The same for a document that is no template: `Ref` is a key like any other.
pub fn plain(value: &Value) -> String {
    text(value, false)
}

fn text(value: &Value, tags: bool) -> String {
    let options = serde_saphyr::ser_options! {
        folded_wrap_chars: WIDTH,
        compact_list_indent: false,
    };
    // What JSON can hold can be written; the writer's errors are of cycles, and of the file below it.
    serde_saphyr::to_string_with_options(&Node { value, tags }, options).unwrap_or_default()
}

/// A value in the way it is written.
struct Node<'v> {
    value: &'v Value,
    /// Whether functions are written with their short tags.
    tags: bool,
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tags = self.tags;
        match self.value {
            Value::Object(map) => match short::short(map).filter(|_| tags) {
                Some((name, value)) => Tagged(Arguments(&value), Some(format!("!{name}"))).serialize(serializer),
                None => serializer.collect_map(map.iter().map(|(key, value)| (key, Node { value, tags }))),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(|value| Node { value, tags })),
            scalar => scalar.serialize(serializer),
        }
    }
}

/// What a function is given.
struct Arguments<'v>(&'v Value);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let node = |value| Node { value, tags: true };
        match self.0 {
            Value::Array(items) if self.0.to_string().len() <= ONE_LINE => {
                FlowSeq(items.iter().map(node).collect::<Vec<_>>()).serialize(serializer)
            }
            other => node(other).serialize(serializer),
        }
    }
}
