//! From the placed tree to a typed value, collecting every problem instead of stopping at the first.
//!
//! An unknown or repeated key is reported and skipped, a value that does not fit is reported and left out of the next
//! reading. Each problem is reported at the innermost place that knows.

use std::{
    cell::RefCell,
    collections::HashSet,
    fmt::{self, Display},
    marker::PhantomData,
};

use serde::{
    de::{
        self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
        VariantAccess, Visitor,
        value::{MapDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{
    expected,
    node::{Key, Node, Scalar, Value},
    problem::{Problem, Spot, closest, suggest},
};

/// What came of it.
pub(super) struct Decoded<T> {
    /// The value, if it could be made, and if it is as complete as the tree, so that both can be walked side by side.
    pub(super) value: Option<T>,
    /// Every problem found.
    pub(super) problems: Vec<Problem>,
    /// The addresses of plain scalars that were read as texts, whatever YAML takes them for.
    pub(super) texts: HashSet<usize>,
}

/// How many bad values are looked for at most.
const MAX_FAULTS: usize = 100;

/// Reads a value from the tree.
pub(super) fn decode<T: DeserializeOwned>(root: &Node, file: &str) -> Decoded<T> {
    let report = Report { file, problems: RefCell::default(), bad: RefCell::default(), texts: RefCell::default() };
    // serde stops at the first fault. The node that is at fault is left out, and the rest read again for its own.
    for _ in 0..MAX_FAULTS {
        let known = report.bad.borrow().len();
        let value = report.read(root, PhantomData::<T>).ok();
        let found = report.bad.borrow().len();
        if value.is_some() || found == known {
            return report.decoded(value.filter(|_| found == 0));
        }
    }
    report.decoded(None)
}

struct Report<'f> {
    file: &'f str,
    problems: RefCell<Vec<Problem>>,
    /// The addresses of the nodes at fault.
    bad: RefCell<HashSet<usize>>,
    /// [`Decoded::texts`].
    texts: RefCell<HashSet<usize>>,
}

impl Report<'_> {
    fn decoded<T>(self, value: Option<T>) -> Decoded<T> {
        Decoded { value, problems: self.problems.into_inner(), texts: self.texts.into_inner() }
    }

    fn read<'n, S: DeserializeSeed<'n>>(&self, node: &'n Node, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(Reader { node, report: self }).map_err(|fault| {
            if let Fault::Reported = self.settle(fault, node.spot) {
                self.bad.borrow_mut().insert(node.address());
            }
            Fault::LeftOut
        })
    }

    fn is_bad(&self, node: &Node) -> bool {
        self.bad.borrow().contains(&node.address())
    }

    /// Makes a problem of a fault that is not one yet.
    fn settle(&self, fault: Fault, spot: Spot) -> Fault {
        match fault {
            Fault::Open { message, hint } => {
                let problem = Problem::new(self.file, spot, message).with_hint(hint);
                let mut problems = self.problems.borrow_mut();
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
                Fault::Reported
            }
            Fault::Missing(_) | Fault::Reported => Fault::Reported,
            Fault::LeftOut => Fault::LeftOut,
        }
    }
}

/// serde's error on its way to the place that knows where it is.
#[derive(Debug)]
enum Fault {
    Open {
        message: String,
        hint: Option<String>,
    },
    Missing(&'static str),
    /// It is told; the node it is in is not left out yet.
    Reported,
    /// It is told, and the node at fault is left out from now on.
    LeftOut,
}

impl Fault {
    fn open(message: String) -> Self {
        Self::Open { message, hint: None }
    }

    fn hinted((message, hint): (String, Option<String>)) -> Self {
        Self::Open { message, hint }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { message, .. } => f.write_str(message),
            Self::Missing(field) => write!(f, "the key `{field}` is missing"),
            Self::Reported | Self::LeftOut => f.write_str("already reported"),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::open(message.to_string())
    }
    fn invalid_type(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::hinted(expected::instead(&wanted.to_string(), &expected::unexpected(&found)))
    }
    fn invalid_value(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::invalid_type(found, wanted)
    }
    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Open { message: format!("unknown key `{field}`"), hint: suggest(field, expected.iter().copied()) }
    }
    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::Open { message: format!("unknown value `{variant}`"), hint: suggest(variant, expected.iter().copied()) }
    }
    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

#[derive(Clone, Copy)]
struct Reader<'n, 'r> {
    node: &'n Node,
    report: &'r Report<'r>,
}

impl<'n> Reader<'n, '_> {
    fn map<V: Visitor<'n>>(
        self,
        entries: &'n [(Key, Node)],
        known: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let mut access =
            Entries { rest: entries, value: None, seen: Vec::new(), known, meant: Vec::new(), report: self.report };
        match visitor.visit_map(&mut access) {
            Err(Fault::Missing(field)) if access.meant.contains(&field) => Err(Fault::Reported),
            Err(Fault::Missing(field)) => Err(Fault::open(Fault::Missing(field).to_string())),
            other => other,
        }
    }

    fn list<V: Visitor<'n>>(self, items: &'n [Node], visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(Items { rest: items, report: self.report })
    }

    fn text(self) -> Option<&'n str> {
        match &self.node.value {
            Value::Text(text) => Some(text),
            Value::Scalar { written, .. } => {
                self.report.texts.borrow_mut().insert(self.node.address());
                Some(written)
            }
            _ => None,
        }
    }
}

impl<'n> Deserializer<'n> for Reader<'n, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Scalar { scalar, .. } => match *scalar {
                Scalar::Bool(value) => visitor.visit_bool(value),
                Scalar::Unsigned(value) => visitor.visit_u64(value),
                Scalar::Signed(value) => visitor.visit_i64(value),
                Scalar::Float(value) => visitor.visit_f64(value),
            },
            Value::List(items) => self.list(items, visitor),
            Value::Map(entries) => self.map(entries, None, visitor),
        }
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.text() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    // A key with nothing below it (`tools:`) is an empty mapping or sequence, not a mistake.
    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Null => self.list(&[], visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            Value::Null => self.map(&[], None, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Null => self.map(&[], Some(known), visitor),
            Value::Map(entries) => self.map(entries, Some(known), visitor),
            _ => Err(Fault::hinted(expected::no_mapping(self.node, known))),
        }
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Map(entries) => match entries.as_slice() {
                [(key, node)] => visitor
                    .visit_enum(Variant { name: &key.name, content: Some(node), report: self.report })
                    .map_err(|fault| self.report.settle(fault, key.spot)),
                _ => Err(Fault::hinted(expected::no_choice(self.node, known))),
            },
            _ => match self.text() {
                Some(name) => visitor.visit_enum(Variant { name, content: None, report: self.report }),
                None => Err(Fault::hinted(expected::no_choice(self.node, known))),
            },
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'n>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Entries<'n, 'r> {
    rest: &'n [(Key, Node)],
    value: Option<(&'n Key, &'n Node)>,
    seen: Vec<&'n str>,
    /// A struct's fields. serde tells them before the first key, and a key's seed can be used only once: so they are
    /// looked at here.
    known: Option<&'static [&'static str]>,
    /// Known keys that an unknown one was probably meant to be: that they are missing needs no second word.
    meant: Vec<&'static str>,
    report: &'r Report<'r>,
}

impl<'n> Entries<'n, '_> {
    /// Reports a key that is repeated, or that the struct does not have.
    fn refuses(&mut self, key: &'n Key) -> bool {
        let name = key.name.as_str();
        let fault = if self.seen.contains(&name) {
            Fault::open(format!("the key `{name}` is repeated"))
        } else {
            self.seen.push(name);
            match self.known {
                Some(known) if !known.contains(&name) => {
                    self.meant.extend(
                        closest(name, known.iter().copied()).and_then(|close| known.iter().find(|k| **k == close)),
                    );
                    de::Error::unknown_field(name, known)
                }
                _ => return false,
            }
        };
        // The problem is what counts here: the entry is skipped.
        let _told = self.report.settle(fault, key.spot);
        true
    }
}

impl<'n> MapAccess<'n> for Entries<'n, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'n>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        while let Some(((key, node), rest)) = self.rest.split_first() {
            self.rest = rest;
            if self.refuses(key) {
                continue;
            }
            if self.report.is_bad(node) {
                self.meant.extend(self.known.and_then(|known| known.iter().find(|k| **k == key.name)));
                continue;
            }
            self.value = Some((key, node));
            let name: StrDeserializer<'_, Fault> = key.name.as_str().into_deserializer();
            return seed.deserialize(name).map(Some).map_err(|fault| self.report.settle(fault, key.spot));
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value.take() {
            Some((_, node)) => self.report.read(node, seed),
            None => Err(Fault::open("a value without its key".into())),
        }
    }
}

struct Items<'n, 'r> {
    rest: &'n [Node],
    report: &'r Report<'r>,
}

impl<'n> SeqAccess<'n> for Items<'n, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        while let Some((node, rest)) = self.rest.split_first() {
            self.rest = rest;
            if !self.report.is_bad(node) {
                return self.report.read(node, seed).map(Some);
            }
        }
        Ok(None)
    }
}

struct Variant<'n, 'r> {
    name: &'n str,
    content: Option<&'n Node>,
    report: &'r Report<'r>,
}

impl<'n> EnumAccess<'n> for Variant<'n, '_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'n>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'n> VariantAccess<'n> for Variant<'n, '_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Fault::open(format!("`{}` takes nothing below it", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<T::Value, Fault> {
        match self.content {
            Some(node) => self.report.read(node, seed),
            // The name alone is enough where nothing below it must be set.
            None => seed
                .deserialize(MapDeserializer::<_, Fault>::new(std::iter::empty::<(&str, &str)>()))
                .map_err(|_| Fault::open(format!("`{}` needs a value: `{}: ...`", self.name, self.name))),
        }
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(Fault::open(format!("`{}` cannot be written here", self.name)))
    }

    fn struct_variant<V: Visitor<'n>>(self, known: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        match self.content {
            Some(node) => Reader { node, report: self.report }
                .deserialize_struct("", known, visitor)
                .map_err(|fault| self.report.settle(fault, node.spot)),
            None => Err(Fault::open(format!("`{}` needs a value: `{}: {{}}`", self.name, self.name))),
        }
    }
}
