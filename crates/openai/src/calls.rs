//! Tool calls in pieces, from servers that number them, name them, or do neither.

use relevo_agents::model::{Content, ToolUse, adapter};
use serde_json::Value;

/// The calls so far, in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Calls(Vec<Call>);

#[derive(Debug, Default)]
struct Call {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

impl Calls {
    /// Takes one element of `tool_calls`: a piece of a call, or a whole one.
    pub(crate) fn take(&mut self, piece: &Value) {
        let text = |value: &Value| value.as_str().map(str::trim).unwrap_or_default().to_owned();
        let function = piece.get("function").unwrap_or(piece);
        let field = |of: &Value, name: &str| of.get(name).map(text).unwrap_or_default();
        let (index, id) = (piece.get("index").and_then(Value::as_u64), field(piece, "id"));
        let name = field(function, "name");
        let arguments = match function.get("arguments") {
            Some(Value::String(text)) => text.clone(),
            // Some servers give the object itself.
            Some(object @ Value::Object(_)) => object.to_string(),
            _ => String::new(),
        };
        let known = self.known(index, &id).filter(|at| !self.begins_another(*at, index, &id, &name, &arguments));
        let at = known.unwrap_or_else(|| {
            self.0.push(Call { index, ..Call::default() });
            self.0.len() - 1
        });
        let Some(call) = self.0.get_mut(at) else { return };
        if call.id.is_empty() {
            call.id = id;
        }
        // A name comes whole, and is repeated by some; a few give it in pieces.
        if call.name != name {
            call.name.push_str(&name);
        }
        call.arguments.push_str(&arguments);
    }

    /// The last call that a piece may belong to.
    fn known(&self, index: Option<u64>, id: &str) -> Option<usize> {
        match (index, id) {
            (Some(_), _) => self.0.iter().rposition(|call| call.index == index),
            (None, "") => self.0.len().checked_sub(1),
            (None, _) => self.0.iter().rposition(|call| call.id == id),
        }
    }

    /// Some servers give every call the same index, or the same id, or neither. A call begins with its name.
    fn begins_another(&self, at: usize, index: Option<u64>, id: &str, name: &str, arguments: &str) -> bool {
        let Some(call) = self.0.get(at) else { return false };
        if name.is_empty() {
            return false;
        }
        let other_id = !id.is_empty() && !call.id.is_empty() && call.id != id;
        let other_name = index.is_none() && id.is_empty() && !call.name.is_empty() && call.name != name;
        let complete = || serde_json::from_str::<serde_json::Map<String, Value>>(&call.arguments).is_ok();
        other_id || other_name || (!arguments.trim().is_empty() && complete())
    }

    /// The calls as blocks. One without a name is none.
    pub(crate) fn into_content(self) -> impl Iterator<Item = Content> {
        self.0.into_iter().filter(|call| !call.name.is_empty()).map(|call| {
            let Call { id, name, arguments, .. } = call;
            Content::ToolUse(ToolUse { tool_use_id: id, name, input: adapter::arguments(&arguments) })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Id, name and input of each call.
    fn calls(pieces: &Value) -> Vec<(String, String, Value)> {
        let mut calls = Calls::default();
        pieces.as_array().unwrap().iter().for_each(|piece| calls.take(piece));
        let call =
            |content| if let Content::ToolUse(it) = content { (it.tool_use_id, it.name, it.input) } else { panic!() };
        calls.into_content().map(call).collect()
    }

    #[test]
    fn calls_of_servers_that_differ() {
        let function = |name: &str, arguments: &str| json!({"name": name, "arguments": arguments});
        let both = [("1", "f", json!({"a": 1})), ("2", "g", json!({"b": 2}))];
        let nameless = [("", "f", json!({"a": 1})), ("", "g", json!({"b": 2}))];
        let table = [
            // As documented: index, and the rest once; pieces of two calls in turn.
            (
                json!([
                    {"index": 0, "id": "1", "type": "function", "function": function("f", "")},
                    {"index": 1, "id": "2", "type": "function", "function": function("g", "{")},
                    {"index": 0, "function": {"arguments": "{\"a\":"}}, {"index": 1, "function": {"arguments": "\"b\":2}"}},
                    {"index": 0, "function": {"arguments": "1}"}},
                ]),
                &both,
            ),
            // Whole calls, all with the same index.
            (
                json!([
                    {"index": 0, "id": "1", "function": function("f", "{\"a\":1}")},
                    {"index": 0, "id": "2", "function": function("g", "{\"b\":2}")},
                ]),
                &both,
            ),
            // Without an index; the id in every piece, the name too.
            (
                json!([
                    {"id": "1", "function": function("f", "{\"a\"")}, {"id": "1", "function": function("f", ":1}")},
                    {"id": "2", "function": function("g", "{\"b\":2}")},
                ]),
                &both,
            ),
            // An index, the id anew and the name as nothing in each piece.
            (
                json!([
                    {"index": 0, "id": "1", "function": function("f", "{\"a\"")},
                    {"index": 0, "id": "x", "function": {"name": null, "arguments": ":1}"}},
                    {"index": 1, "id": "2", "function": function("g", "{\"b\":2}")},
                    {"index": 1, "id": "y", "function": {"name": "", "arguments": ""}},
                ]),
                &both,
            ),
            // Neither index nor id; arguments as an object.
            (
                json!([
                    {"function": {"name": "f", "arguments": {"a": 1}}}, {"function": {"name": "g", "arguments": {"b": 2}}},
                ]),
                &nameless,
            ),
            // The same id twice is two calls all the same.
            (
                json!([
                    {"index": 0, "id": "", "function": function("f", "{\"a\":1}")},
                    {"index": 0, "id": "", "function": function("g", "{\"b\":2}")},
                ]),
                &nameless,
            ),
        ];
        for (pieces, wanted) in table {
            let wanted: Vec<_> =
                wanted.iter().map(|(id, name, input)| ((*id).to_owned(), (*name).to_owned(), input.clone())).collect();
            assert_eq!(calls(&pieces), wanted, "{pieces}");
        }
        let twice = json!([{"id": "1", "function": function("f", "{}")}, {"id": "1", "function": function("f", "{}")}]);
        assert_eq!(calls(&twice).len(), 2);
    }

    #[test]
    fn odd_calls() {
        assert_eq!(calls(&json!([{"index": 0, "id": "1"}, {"index": 0}, 7, null])), []);
        let pieces = json!([
            {"index": 0, "function": {"name": "get"}}, {"index": 0, "function": {"name": "Order"}},
            {"index": 0, "function": {"arguments": "{\"n\": "}},
        ]);
        assert_eq!(calls(&pieces), [(String::new(), "getOrder".into(), json!("{\"n\": "))]);
        let same = json!([{"function": {"name": "f"}}, {"function": {"name": "f", "arguments": ""}}]);
        assert_eq!(calls(&same), [(String::new(), "f".into(), json!({}))]);
    }
}
