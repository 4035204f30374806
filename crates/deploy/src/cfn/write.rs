//! Writes a value as YAML for people: block style, short tags, long texts folded, and in quotes what YAML 1.1 would take for
//! something else than text.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use serde_saphyr::{FlowSeq, Tagged};

use super::short;

/// What a function is given stands on one line when it is no longer than this, as JSON.
const ONE_LINE: usize = 90;
/// Longer texts are folded.
const WIDTH: usize = 110;

/// The text of a document. Keys keep their order.
pub fn write(value: &Value) -> String {
    text(&Node(value))
}

/// The same for a document that is no template: `Ref` is a key like any other.
pub fn plain(value: &Value) -> String {
    text(value)
}

fn text(value: &impl Serialize) -> String {
    let options = serde_saphyr::ser_options! {
        folded_wrap_chars: WIDTH,
        compact_list_indent: false,
    };
    // What JSON can hold can be written; the writer's errors are of cycles, and of the file below it.
    serde_saphyr::to_string_with_options(value, options).unwrap_or_default()
}

/// A value in the way it is written.
struct Node<'v>(&'v Value);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => match short::short(map) {
                Some((name, value)) => function(name, &value).serialize(serializer),
                None => serializer.collect_map(entries(map)),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(Node)),
            scalar => scalar.serialize(serializer),
        }
    }
}

fn entries(map: &Map<String, Value>) -> impl Iterator<Item = (&String, Node<'_>)> {
    map.iter().map(|(key, value)| (key, Node(value)))
}

/// A function behind its tag.
fn function<'v>(name: &str, value: &'v Value) -> Tagged<Arguments<'v>> {
    Tagged(Arguments(value), Some(format!("!{name}")))
}

/// What a function is given.
struct Arguments<'v>(&'v Value);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) if self.0.to_string().len() <= ONE_LINE => {
                FlowSeq(items.iter().map(Node).collect::<Vec<_>>()).serialize(serializer)
            }
            other => Node(other).serialize(serializer),
        }
    }
}
