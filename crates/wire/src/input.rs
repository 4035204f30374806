//! Reads a JSON body member by member against the constraints of the service model, and collects what is wrong.
//!
//! Members are read with [`Members`]; a wrong one gives a placeholder and a note in [`Faults`], so that an operation
//! reads its whole request first and then asks once, with [`Faults::check`], whether it may go on. The words are those
//! of AWS: `1 validation error detected: Value at 'content' failed to satisfy constraint: …`. Values are not repeated,
//! because they may be a customer's words or a token. JSON `null` counts as absent.

mod faults;

use std::{collections::BTreeMap, fmt::Write as _, ops::RangeInclusive, time::Duration};

use serde_json::{Map, Value};

pub(crate) use self::faults::Faults;

/// A length or a value between two bounds.
pub(crate) type Bounds = RangeInclusive<u64>;

/// The path of the member `name` of the structure at `parent`.
pub(crate) fn path_of(parent: &str, name: &str) -> String {
    let mut path = parent.to_owned();
    if !path.is_empty() {
        path.push('.');
    }
    let mut letters = name.chars();
    path.extend(letters.next().map(|first| first.to_ascii_lowercase()));
    path.push_str(letters.as_str());
    path
}

fn wide(bounds: &Bounds) -> (i128, i128) {
    (i128::from(*bounds.start()), i128::from(*bounds.end()))
}

fn count(things: usize) -> i128 {
    i128::try_from(things).unwrap_or(i128::MAX)
}

/// One structure of the request.
#[derive(Clone)]
pub(crate) struct Members<'a> {
    map: &'a Map<String, Value>,
    path: String,
    faults: &'a Faults,
}

impl<'a> Members<'a> {
    /// The whole body.
    pub(crate) fn of(map: &'a Map<String, Value>, faults: &'a Faults) -> Self {
        Self { map, path: String::new(), faults }
    }

    /// The path of a member, as AWS writes it: `participantDetails.displayName`.
    pub(crate) fn path_of(&self, name: &str) -> String {
        path_of(&self.path, name)
    }

    /// Where faults of this structure are noted.
    pub(crate) fn faults(&self) -> &'a Faults {
        self.faults
    }

    /// The names of the members that are there.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.map.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str())
    }

    /// A member as it is.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A string, its length counted in characters.
    pub(crate) fn text(&self, name: &str, length: &Bounds) -> Option<String> {
        let value = self.value(name)?;
        checked_text(self.faults, &self.path_of(name), value, length)
    }

    /// A string that must be there.
    pub(crate) fn required_text(&self, name: &str, length: &Bounds) -> String {
        self.require(name);
        self.text(name, length).unwrap_or_default()
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str, bounds: &Bounds) -> Option<u32> {
        let number = self.whole(name, (i128::from(*bounds.start()), i128::from(*bounds.end())))?;
        u32::try_from(number).ok()
    }

    /// A whole number that may be large, or less than zero.
    pub(crate) fn number(&self, name: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let number = self.whole(name, (i128::from(*bounds.start()), i128::from(*bounds.end())))?;
        i64::try_from(number).ok()
    }

    fn whole(&self, name: &str, bounds: (i128, i128)) -> Option<i128> {
        let value = self.value(name)?;
        let path = self.path_of(name);
        let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        let Some(number) = number else {
            self.faults.wrong_type(&path, "an integer", value);
            return None;
        };
        self.faults.bounds(&path, number, bounds, "value");
        Some(number)
    }

    /// A time: seconds since the epoch, with or without a fraction. In ms.
    pub(crate) fn time(&self, name: &str) -> Option<i64> {
        let value = self.value(name)?;
        let seconds = value.as_f64().map(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)));
        let Some(Ok(since)) = seconds else {
            self.faults.wrong_type(&self.path_of(name), "a timestamp", value);
            return None;
        };
        Some(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// A boolean; absent is false.
    pub(crate) fn boolean(&self, name: &str) -> bool {
        match self.value(name) {
            None => false,
            Some(Value::Bool(value)) => *value,
            Some(other) => {
                self.faults.wrong_type(&self.path_of(name), "a boolean", other);
                false
            }
        }
    }

    /// One of a set of words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let value = self.value(name)?;
        checked_word(self.faults, &self.path_of(name), value, words)
    }

    /// One of a set of words; it must be there.
    pub(crate) fn required_word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.require(name);
        self.word(name, words)
    }

    /// A structure.
    pub(crate) fn structure(&self, name: &str) -> Option<Members<'a>> {
        let value = self.value(name)?;
        self.nested(self.path_of(name), value)
    }

    /// A structure that must be there.
    pub(crate) fn required_structure(&self, name: &str) -> Option<Members<'a>> {
        self.require(name);
        self.structure(name)
    }

    /// A map of strings. Members that are null are dropped.
    pub(crate) fn texts(&self, name: &str, keys: &Bounds, values: &Bounds) -> BTreeMap<String, String> {
        let Some(map) = self.structure(name) else { return BTreeMap::new() };
        let path = self.path_of(name);
        let mut texts = BTreeMap::new();
        for (key, value) in map.map.iter().filter(|(_, value)| !value.is_null()) {
            self.faults.length(&format!("{path}.key"), key, keys);
            if let Some(text) = checked_text(self.faults, &format!("{path}.member"), value, values) {
                texts.insert(key.clone(), text);
            }
        }
        texts
    }

    /// A map of structures.
    pub(crate) fn structures(&self, name: &str) -> Vec<(String, Members<'a>)> {
        let Some(map) = self.structure(name) else { return Vec::new() };
        let path = format!("{}.member", self.path_of(name));
        map.map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .filter_map(|(key, value)| Some((key.clone(), self.nested(path.clone(), value)?)))
            .collect()
    }

    /// A list, with the paths of its members.
    pub(crate) fn list(&self, name: &str, length: &Bounds) -> Vec<(String, &'a Value)> {
        let path = self.path_of(name);
        match self.value(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => {
                self.faults.bounds(&path, count(values.len()), wide(length), "length");
                let member = |(index, value)| (format!("{path}.{}.member", index + 1), value);
                values.iter().enumerate().map(member).collect()
            }
            Some(other) => {
                self.faults.wrong_type(&path, "a list", other);
                Vec::new()
            }
        }
    }

    /// A list of structures.
    pub(crate) fn list_of_structures(&self, name: &str, length: &Bounds) -> Vec<Members<'a>> {
        self.list(name, length).into_iter().filter_map(|(path, value)| self.nested(path, value)).collect()
    }

    /// A list of strings.
    pub(crate) fn list_of_texts(&self, name: &str, length: &Bounds, each: &Bounds) -> Vec<String> {
        let texts = self.list(name, length).into_iter();
        texts.filter_map(|(path, value)| checked_text(self.faults, &path, value, each)).collect()
    }

    /// A list of words of a set.
    pub(crate) fn list_of_words<T: Copy>(&self, name: &str, length: &Bounds, words: &[(&str, T)]) -> Vec<T> {
        let values = self.list(name, length).into_iter();
        values.filter_map(|(path, value)| checked_word(self.faults, &path, value, words)).collect()
    }

    /// Notes a fault unless the member is there.
    pub(crate) fn require(&self, name: &str) {
        if self.value(name).is_none() {
            self.faults.missing(&self.path_of(name));
        }
    }

    fn nested(&self, path: String, value: &'a Value) -> Option<Members<'a>> {
        if let Value::Object(map) = value {
            return Some(Members { map, path, faults: self.faults });
        }
        self.faults.wrong_type(&path, "a structure", value);
        None
    }
}

fn checked_text(faults: &Faults, path: &str, value: &Value, length: &Bounds) -> Option<String> {
    let Value::String(text) = value else {
        faults.wrong_type(path, "a string", value);
        return None;
    };
    faults.length(path, text, length);
    Some(text.clone())
}

fn checked_word<T: Copy>(faults: &Faults, path: &str, value: &Value, words: &[(&str, T)]) -> Option<T> {
    let Value::String(text) = value else {
        faults.wrong_type(path, "a string", value);
        return None;
    };
    let found = words.iter().find(|(word, _)| word == text).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let mut set = String::new();
        for (word, _) in words {
            let _ = write!(set, "{}{word}", if set.is_empty() { "" } else { ", " });
        }
        faults.constraint(path, &format!("Member must satisfy enum value set: [{set}]"));
    }
    found
}

#[cfg(test)]
mod tests;
