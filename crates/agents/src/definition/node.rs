//! A YAML document as a tree in which every key and value knows its place.
//!
//! The definition's own types stay free of positions: a check walks the typed value and this tree side by side.

use std::thread::{self, ScopedJoinHandle};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Error, Spanned, Tagged, budget::BudgetBreach};

use super::problem::{Problem, Spot};

/// How deep lists and mappings may lie in each other.
const LEVELS: usize = 64;
/// Enough for as many levels, unoptimised too. A page that is not touched costs nothing.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where.
    pub spot: Spot,
    /// What.
    pub value: Value,
    /// Its tag, such as `!Ref`. A bot's definition has none; other documents may.
    pub tag: Option<String>,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: an empty value or `~`.
    Null,
    /// Text, quoted or not.
    Text(String),
    /// A plain scalar that YAML reads as something else than text.
    Scalar {
        /// What it is read as.
        scalar: Scalar,
        /// As it is written, for who wants a text after all (`12.50`, `no`).
        written: String,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in its own order; repeated keys are still in it.
    Map(Vec<(Key, Node)>),
}

/// A plain scalar's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    /// true or false.
    Bool(bool),
    /// Whole, not negative.
    Unsigned(u64),
    /// Whole, negative.
    Signed(i64),
    /// With a fraction or an exponent.
    Float(f64),
}

/// A mapping's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Where.
    pub spot: Spot,
    /// Its text.
    pub name: String,
}

impl Node {
    /// Reads one document. `file` is for the problem.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problem> {
        // Lists and mappings nest, the text may come over the network, and a stack that is used up ends the whole program.
        thread::scope(|scope| {
            let reader = thread::Builder::new().stack_size(STACK_BYTES);
            let read = reader.spawn_scoped(scope, || Self::read(text, file)).map(ScopedJoinHandle::join);
            read.ok().and_then(Result::ok)
        })
        .unwrap_or_else(|| Err(Problem::new(file, Spot::START, "it cannot be read now")))
    }

    fn read(text: &str, file: &str) -> Result<Self, Problem> {
        let options = serde_saphyr::options! {
            duplicate_keys: DuplicateKeyPolicy::PassThrough,
            leading_zero_numbers_as_strings: true,
            underscored_numbers_as_strings: true,
            budget: serde_saphyr::budget! { max_depth: LEVELS },
        };
        match serde_saphyr::from_str_with_options::<Placed>(text, options) {
            Ok(raw) => Ok(place(raw, text)),
            Err(error) => {
                let error = error.without_snippet();
                let spot = error.location().map_or(Spot::START, |location| spot(&location));
                let message = match error {
                    Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => {
                        format!("lists and mappings lie more than {LEVELS} levels deep in each other")
                    }
                    Error::Budget { .. } => "it has more in it than is read, also by its aliases".to_owned(),
                    // The parser's first line says it, and then where; a second, if any, is a drawing.
                    error => error.to_string(),
                };
                let line = message.lines().next().unwrap_or("not YAML");
                Err(Problem::new(file, spot, line.split(" at line ").next().unwrap_or(line)))
            }
        }
    }

    /// What tells it from all other nodes of its tree, as long as the tree stands where it is.
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// A mapping's value by key; the last, when the key is repeated.
    pub fn get(&self, name: &str) -> Option<(&Key, &Self)> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().rev().find(|(key, _)| key.name == name).map(|(key, node)| (key, node))
            }
            _ => None,
        }
    }
}

/// A cursor over the tree that never fails: where a step leads nowhere it stays at the last known place.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    node: Option<&'a Node>,
    spot: Spot,
}

impl<'a> Place<'a> {
    /// The whole document.
    pub fn root(node: &'a Node) -> Self {
        Self { node: Some(node), spot: node.spot }
    }

    /// Where it is.
    pub fn spot(&self) -> Spot {
        self.spot
    }

    /// The value below a key.
    #[must_use]
    pub fn value(&self, name: &str) -> Self {
        match self.node.and_then(|node| node.get(name)) {
            Some((_, node)) => Self { node: Some(node), spot: node.spot },
            None => Self { node: None, spot: self.spot },
        }
    }

    /// The value below a key, placed at the key itself.
    #[must_use]
    pub fn entry(&self, name: &str) -> Self {
        match self.node.and_then(|node| node.get(name)) {
            Some((key, node)) => Self { node: Some(node), spot: key.spot },
            None => Self { node: None, spot: self.spot },
        }
    }

    /// One step of a JSON pointer: a key's entry, or a sequence's item.
    #[must_use]
    pub(super) fn below(&self, step: &str) -> Self {
        match (self.node.map(|node| &node.value), step.parse()) {
            (Some(Value::List(_)), Ok(index)) => self.item(index),
            _ => self.entry(step),
        }
    }

    /// A sequence's item.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        match self.node.map(|node| &node.value) {
            Some(Value::List(items)) => match items.get(index) {
                Some(node) => Self { node: Some(node), spot: node.spot },
                None => Self { node: None, spot: self.spot },
            },
            _ => Self { node: None, spot: self.spot },
        }
    }
}

/// The tree as the YAML reader gives it, before scalars are joined with how they are written.
enum Raw {
    Null,
    Text(String),
    Scalar(Scalar),
    List(Vec<Placed>),
    Map(Vec<(Spanned<KeyText>, Placed)>),
}

type Placed = Spanned<Tagged<Raw>>;

/// A key of any scalar type.
struct KeyText(Option<String>);

fn spot(location: &serde_saphyr::Location) -> Spot {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).max(1);
    Spot { line: number(location.line()), column: number(location.column()) }
}

fn written<T>(spanned: &Spanned<T>, source: &str) -> Option<String> {
    let span = spanned.defined.span();
    let begin = usize::try_from(span.byte_offset()?).ok()?;
    let end = begin.checked_add(usize::try_from(span.byte_len()?).ok()?)?;
    source.get(begin..end).map(|text| text.trim().to_owned())
}

fn place(raw: Placed, source: &str) -> Node {
    let at = spot(&raw.referenced);
    // A list's or a mapping's would be all that is in it, on every level again.
    let as_written = matches!(raw.value.0, Raw::Scalar(_)).then(|| written(&raw, source)).flatten();
    let Tagged(value, tag) = raw.value;
    let value = match value {
        Raw::Null => Value::Null,
        Raw::Text(text) => Value::Text(text),
        Raw::Scalar(scalar) => Value::Scalar {
            scalar,
            written: as_written.filter(|text| !text.is_empty()).unwrap_or_else(|| match scalar {
                Scalar::Bool(value) => value.to_string(),
                Scalar::Unsigned(value) => value.to_string(),
                Scalar::Signed(value) => value.to_string(),
                Scalar::Float(value) => value.to_string(),
            }),
        },
        Raw::List(items) => Value::List(items.into_iter().map(|item| place(item, source)).collect()),
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let key_spot = spot(&key.referenced);
                    let as_written = written(&key, source);
                    let name = key.value.0.or(as_written).unwrap_or_default();
                    (Key { spot: key_spot, name }, place(value, source))
                })
                .collect(),
        ),
    };
    Node { spot: at, value, tag }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a YAML value")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(Scalar::Bool(value)))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Scalar::Unsigned(value)))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(u64::try_from(value).map_or(Scalar::Signed(value), Scalar::Unsigned)))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Scalar::Float(value)))
    }
    // Numbers that fit no other type stay as they are written.
    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

impl<'de> Deserialize<'de> for KeyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Text(text) => Ok(Self(Some(text))),
            Raw::Scalar(_) | Raw::Null => Ok(Self(None)),
            Raw::List(_) | Raw::Map(_) => Err(serde::de::Error::custom("a key must be a text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a thread as small as any that reads: unoptimised, a level takes some 50 KB.
    #[test]
    fn as_deep_as_may_be_needs_no_stack_of_the_callers() {
        let read = |levels: usize, [open, close]: [&str; 2]| {
            let text = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            let read = move || Node::parse(&text, "f").map(drop).map_err(|problem| problem.message);
            thread::Builder::new().stack_size(512 * 1024).spawn(read).unwrap().join().unwrap()
        };
        for kind in [["[", "]"], ["{a: ", "}"]] {
            assert_eq!(read(64, kind), Ok(()), "{kind:?}");
            assert!(read(65, kind).unwrap_err().contains("64 levels"), "{kind:?}");
            assert!(read(100_000, kind).is_err(), "{kind:?}");
        }
    }

    #[test]
    fn every_key_and_value_knows_its_place() {
        let node = Node::parse("a: 1\nb:\n  - x: no\n    y: 0123\n  - 'z'\n", "f").unwrap();
        let root = Place::root(&node);
        assert_eq!(root.entry("b").spot(), Spot { line: 2, column: 1 });
        assert_eq!(root.value("b").item(0).entry("y").spot(), Spot { line: 4, column: 5 });
        assert_eq!(root.value("b").item(0).value("y").spot(), Spot { line: 4, column: 8 });
        assert_eq!(root.value("b").item(1).spot(), Spot { line: 5, column: 5 });
        assert_eq!(root.value("b").item(7).value("nothing").spot(), root.value("b").spot());
    }

    #[test]
    fn a_scalar_keeps_how_it_is_written() {
        let node = Node::parse("a: 12.50\nb: 0123\nc: \"7\"\nd: 1_000\n", "f").unwrap();
        let value = |name| node.get(name).unwrap().1.value.clone();
        assert_eq!(value("a"), Value::Scalar { scalar: Scalar::Float(12.5), written: "12.50".into() });
        assert_eq!(value("b"), Value::Text("0123".into()));
        assert_eq!(value("c"), Value::Text("7".into()));
        assert_eq!(value("d"), Value::Text("1_000".into()));
    }

    #[test]
    fn a_tag_is_kept_beside_the_value() {
        let node = Node::parse("a: !Ref B\nb: !GetAtt C.Arn\nc: !Ref 12\nd: !If [x, !Ref Y, z]\n", "f").unwrap();
        let tag = |name: &str| node.get(name).unwrap().1.tag.clone();
        assert_eq!(tag("a").as_deref(), Some("!Ref"));
        assert_eq!(tag("d").as_deref(), Some("!If"));
        assert_eq!(node.get("b").unwrap().1.value, Value::Text("C.Arn".into()));
        let Value::Scalar { written, .. } = &node.get("c").unwrap().1.value else { panic!("{node:?}") };
        assert_eq!(written, "12");
        let Value::List(items) = &node.get("d").unwrap().1.value else { panic!("{node:?}") };
        assert_eq!(items[1].tag.as_deref(), Some("!Ref"));
        assert_eq!(items[1].spot, Spot { line: 4, column: 17 });
    }

    #[test]
    fn what_is_not_yaml_says_where() {
        let problem = Node::parse("a: 1\nb: [1, 2\nc: 3\n", "bot.yaml").unwrap_err();
        assert!(problem.line >= 2, "{problem}");
        assert!(!problem.message.contains('\n'), "{problem}");
    }
}
