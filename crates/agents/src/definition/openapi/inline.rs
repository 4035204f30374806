//! A schema of the document as a JSON schema that stands alone.

use serde_json::{Map, Value, json};

use super::document::{At, Document};

/// A schema with more parts than this once its references are followed is nothing a model could fill.
const MOST_PARTS: usize = 2_000;

/// What goes over as it is.
const PLAIN: [&str; 19] = [
    "title",
    "description",
    "enum",
    "const",
    "default",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// The schema without references. What refers to itself is cut there: any value will do.
pub(super) fn schema(document: &Document<'_>, at: &At<'_>) -> Value {
    let mut inline = Inline { document, open: Vec::new(), parts: 0 };
    let schema = inline.schema(at);
    if inline.parts > MOST_PARTS {
        document.fault(&at.pointer, format!("the schema has more than {MOST_PARTS} parts with what it refers to"));
    }
    schema
}

struct Inline<'d, 'n> {
    document: &'d Document<'n>,
    /// The schemas that are being written.
    open: Vec<String>,
    parts: usize,
}

impl<'d> Inline<'d, '_> {
    fn schema(&mut self, at: &At<'d>) -> Value {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return json!({});
        }
        let Some(target) = self.document.resolved(at) else { return json!({}) };
        if self.open.contains(&target.pointer) {
            return json!({});
        }
        self.open.push(target.pointer.clone());
        let written = self.members(&target);
        self.open.pop();
        written
    }

    fn members(&mut self, at: &At<'d>) -> Value {
        let Value::Object(given) = at.value else {
            // `true` and `false` are schemas too.
            if !at.value.is_boolean() {
                self.document.fault(&at.pointer, "a schema must be a structure");
            }
            return if at.value.is_boolean() { at.value.clone() } else { json!({}) };
        };
        let mut out = Map::new();
        if let Some(r#type) = self.r#type(at, given) {
            out.insert("type".into(), r#type);
        }
        for name in PLAIN {
            if let Some(value) =
                given.get(name).filter(|value| !value.is_boolean() || name == "uniqueItems" || name == "const")
            {
                out.insert(name.into(), value.clone());
            }
        }
        exclusive(given, &mut out, "minimum", "exclusiveMinimum");
        exclusive(given, &mut out, "maximum", "exclusiveMaximum");
        self.structure(at, &mut out);
        for name in ["allOf", "anyOf", "oneOf"] {
            if let Some(list) = at.get(name) {
                out.insert(name.into(), list.items().iter().map(|item| self.schema(item)).collect());
            }
        }
        for name in ["items", "not"] {
            if let Some(inner) = at.get(name) {
                out.insert(name.into(), self.schema(&inner));
            }
        }
        if at.flag("nullable")
            && let Some(Value::Array(values)) = out.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        Value::Object(out)
    }

    /// OpenAPI 3.0 writes `nullable` where JSON schema has a second type.
    fn r#type(&self, at: &At<'d>, given: &Map<String, Value>) -> Option<Value> {
        const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];
        let r#type = given.get("type")?;
        let names: Vec<&str> = match r#type {
            Value::String(name) => vec![name.as_str()],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if names.is_empty() || names.iter().any(|name| !TYPES.contains(name)) {
            self.document.fault(&format!("{}/type", at.pointer), format!("{type} is not a type of JSON schema"));
            return None;
        }
        let mut names = names;
        if at.flag("nullable") && !names.contains(&"null") {
            names.push("null");
        }
        Some(match names.as_slice() {
            [one] => json!(one),
            many => json!(many),
        })
    }

    /// What only answers have (`readOnly`) is not for a request.
    fn structure(&mut self, at: &At<'d>, out: &mut Map<String, Value>) {
        let mut left_out = Vec::new();
        if let Some(properties) = at.get("properties") {
            let mut written = Map::new();
            for (name, property) in properties.members() {
                let read_only = self.document.resolved(&property).is_some_and(|property| property.flag("readOnly"));
                if read_only {
                    left_out.push(name);
                } else {
                    written.insert(name.to_owned(), self.schema(&property));
                }
            }
            out.insert("properties".into(), Value::Object(written));
        }
        if let Some(Value::Array(required)) = at.value.get("required") {
            let kept = required.iter().filter(|name| !name.as_str().is_some_and(|name| left_out.contains(&name)));
            out.insert("required".into(), kept.cloned().collect());
        }
        match at.get("additionalProperties") {
            Some(At { value: Value::Bool(allowed), .. }) => {
                drop(out.insert("additionalProperties".into(), (*allowed).into()));
            }
            Some(inner) => drop(out.insert("additionalProperties".into(), self.schema(&inner))),
            None => {}
        }
    }
}

/// OpenAPI 3.0 writes `exclusiveMinimum: true` beside `minimum`.
fn exclusive(given: &Map<String, Value>, out: &mut Map<String, Value>, bound: &str, exclusive: &str) {
    if given.get(exclusive) == Some(&Value::Bool(true))
        && let Some(limit) = out.remove(bound)
    {
        out.insert(exclusive.into(), limit);
    }
}
