//! The document as JSON, a cursor in it that knows its JSON pointer, and what was found wrong on the way.

use std::cell::RefCell;

use serde_json::{Map, Value as Json};

use super::{
    super::{
        node::{Node, Place, Scalar, Value},
        problem::suggest,
    },
    Fault,
};

/// So many references in a row lead in a circle.
const MOST_HOPS: usize = 16;

/// A document.
pub(super) struct Document<'n> {
    root: &'n Node,
    json: Json,
    faults: RefCell<Vec<Fault>>,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<'d> {
    pub(super) value: &'d Json,
    pub(super) pointer: String,
}

impl<'n> Document<'n> {
    pub(super) fn new(root: &'n Node) -> Self {
        Self { root, json: json(root), faults: RefCell::default() }
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    pub(super) fn top(&self) -> At<'_> {
        At { value: &self.json, pointer: "#".into() }
    }

    /// Something is wrong at a place.
    pub(super) fn fault(&self, pointer: &str, message: impl Into<String>) {
        let mut place = Place::root(self.root);
        for step in pointer.split('/').skip(1).map(unescaped) {
            place = place.below(&step);
        }
        let fault = Fault { spot: place.spot(), pointer: Some(pointer.to_owned()), message: message.into() };
        let mut faults = self.faults.borrow_mut();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// What a value stands for: itself, or what it refers to. Nothing when it leads nowhere, which is told.
    pub(super) fn resolved<'d>(&'d self, at: &At<'d>) -> Option<At<'d>> {
        let mut at = at.clone();
        for _ in 0..MOST_HOPS {
            let Some(reference) = at.value.get("$ref").and_then(Json::as_str) else { return Some(at) };
            let Some(path) = reference.strip_prefix('#') else {
                self.fault(
                    &at.pointer,
                    format!("`{reference}` is in another document; only `#/...` can be referred to"),
                );
                return None;
            };
            let Some(value) = self.json.pointer(path).filter(|_| path.starts_with('/')) else {
                let last = reference.rsplit('/').next().unwrap_or_default();
                let known = self.siblings(path);
                let hint = suggest(last, known.iter().map(String::as_str));
                let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
                self.fault(&at.pointer, format!("`{reference}` refers to nothing{hint}"));
                return None;
            };
            at = At { value, pointer: reference.to_owned() };
        }
        self.fault(&at.pointer, "the reference leads in a circle");
        None
    }

    fn siblings(&self, path: &str) -> Vec<String> {
        let above = path.rsplit_once('/').map(|(above, _)| above).unwrap_or_default();
        let members = self.json.pointer(above).and_then(Json::as_object);
        members.into_iter().flat_map(|members| members.keys().cloned()).collect()
    }
}

impl<'d> At<'d> {
    /// A member that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { value, pointer: format!("{}/{}", self.pointer, escaped(name)) })
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        self.value.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.value.get(name).and_then(Json::as_bool).unwrap_or(false)
    }

    /// All members, in the document's order.
    pub(super) fn members(&self) -> Vec<(&'d str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        let at = |(name, value): (&'d String, &'d Json)| {
            (name.as_str(), Self { value, pointer: format!("{}/{}", self.pointer, escaped(name)) })
        };
        members.map(at).collect()
    }

    /// All items.
    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { value, pointer: format!("{}/{index}", self.pointer) }).collect()
    }
}

fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Text(text) => Json::String(text.clone()),
        Value::Scalar { scalar, written } => match *scalar {
            Scalar::Bool(value) => value.into(),
            Scalar::Unsigned(value) => value.into(),
            Scalar::Signed(value) => value.into(),
            Scalar::Float(value) => {
                serde_json::Number::from_f64(value).map_or(Json::String(written.clone()), Json::Number)
            }
        },
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.name.clone(), json(value))).collect::<Map<_, _>>())
        }
    }
}
