//! A flow's JSON with the line of every value, so that a problem can say where it is.
//!
//! `serde_json` judges the syntax; the scanner here then only walks text that is known to be good.

use serde_json::Value;

/// A value and the line it begins on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Json {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

/// What a value is. Numbers, booleans and `null` are right in a flow only in what is handed on to a view.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Object(Vec<Member>),
    Array(Vec<Json>),
    String(String),
    Other(&'static str, Value),
}

/// One member of an object, in the order of the text; a repeated key stands here twice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) value: Json,
}

/// Where the text stops being JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SyntaxError {
    pub(super) line: usize,
    pub(super) message: String,
}

impl Json {
    /// Reads a text.
    pub(super) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match serde_json::from_str::<Value>(text) {
            Ok(_) => Ok(Scanner { text, at: 0, line: 1 }.value()),
            Err(error) => {
                // An end that comes too early is told behind the last line.
                let line = error.line().clamp(1, text.lines().count().max(1));
                // The line is told beside it, and in a template it is another.
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
                Err(SyntaxError { line, message: message.to_owned() })
            }
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_object(&self) -> Option<&[Member]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Json]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// A member of an object; of a repeated key the last, as every JSON reader has it.
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        self.as_object()?.iter().rev().find(|member| member.key == key).map(|member| &member.value)
    }

    /// `a string`, `an object`, …
    pub(super) fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Object(_) => "an object",
            Kind::Array(_) => "a list",
            Kind::String(_) => "a string",
            Kind::Other(name, _) => name,
        }
    }
}

/// Walks text that `serde_json` has accepted (so its depth is bounded too).
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space, without taking it.
    fn next_token(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                other => return Some(other),
            }
            self.at += 1;
        }
        None
    }

    /// Goes past `,` or `:`; false at the end of the object or list.
    fn goes_on(&mut self, end: u8) -> bool {
        loop {
            match self.next_token() {
                Some(b',' | b':') => self.at += 1,
                Some(byte) if byte != end => return true,
                Some(_) => {
                    self.at += 1;
                    return false;
                }
                None => return false,
            }
        }
    }

    fn value(&mut self) -> Json {
        let first = self.next_token();
        let line = self.line;
        let kind = match first {
            Some(b'{') => {
                self.at += 1;
                let mut members = Vec::new();
                while self.goes_on(b'}') {
                    let line = self.line;
                    let key = self.string();
                    self.goes_on(b'}');
                    members.push(Member { key, line, value: self.value() });
                }
                Kind::Object(members)
            }
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                while self.goes_on(b']') {
                    items.push(self.value());
                }
                Kind::Array(items)
            }
            Some(b'"') => Kind::String(self.string()),
            Some(b't' | b'f') => self.word("a boolean"),
            Some(b'n') => self.word("null"),
            _ => self.word("a number"),
        };
        Json { line, kind }
    }

    fn word(&mut self, name: &'static str) -> Kind {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        Kind::Other(name, serde_json::from_str(raw).unwrap_or_default())
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(raw).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_those_of_keys_and_values() {
        let json =
            Json::parse("{\n \"a\":\n  [1,\n true, null, -1.5e+3],\n \"b\": {\"c\\\"\\u00e9\":\n \"x\"}}").unwrap();
        let members = json.as_object().unwrap();
        assert_eq!((members[0].line, members[0].value.line), (2, 3));
        let list = members[0].value.as_array().unwrap();
        assert_eq!(
            list.iter().map(|v| (v.line, v.type_name())).collect::<Vec<_>>(),
            [(3, "a number"), (4, "a boolean"), (4, "null"), (4, "a number")]
        );
        assert_eq!(json.get("b").unwrap().get("c\"é").unwrap(), &Json { line: 6, kind: Kind::String("x".into()) });
    }

    #[test]
    fn a_syntax_error_has_its_line() {
        assert_eq!(Json::parse("{\n\"a\": 1,\n}").unwrap_err().line, 3);
        assert_eq!(Json::parse("").unwrap_err().line, 1);
        assert_eq!(Json::parse("{\n\"a\":\n").unwrap_err().line, 2);
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
    }

    fn same(json: &Json, value: &Value) -> bool {
        match (&json.kind, value) {
            (Kind::Object(members), Value::Object(map)) => {
                members.len() == map.len()
                    && members.iter().all(|m| map.get(&m.key).is_some_and(|value| same(&m.value, value)))
            }
            (Kind::Array(items), Value::Array(values)) => {
                items.len() == values.len() && items.iter().zip(values).all(|(i, v)| same(i, v))
            }
            (Kind::String(text), Value::String(other)) => text == other,
            // A number goes through its text, which may cost its last digit.
            (Kind::Other("a number", read), Value::Number(_)) => read.is_number(),
            (Kind::Other("a boolean" | "null", read), value) => read == value,
            _ => false,
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6).prop_map(|m| m.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(value in any_value(), pretty in any::<bool>()) {
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert!(same(&Json::parse(&text).unwrap(), &value));
        }
    }
}
