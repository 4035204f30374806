//! SNS subscription filter policies over message attributes.
//!
//! What a policy may say here is what string attributes can match: exact strings, `prefix`, `suffix`,
//! `equals-ignore-case`, `anything-but` and `exists`. Connect sets string attributes only, so `numeric` is refused
//! rather than silently never matching.

use std::collections::BTreeMap;

use serde_json::Value;

/// A subscription's filter policy. The default lets everything through, like a subscription without a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterPolicy {
    /// All attributes must match; of one attribute's conditions, any.
    rules: BTreeMap<String, Vec<Condition>>,
}

/// Why a text is no filter policy that we can apply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("filter policy: {0}")]
pub struct FilterError(String);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Is(String),
    IsIgnoringCase(String),
    StartsWith(String),
    EndsWith(String),
    NoneOf(Vec<String>),
    NotStartingWith(Vec<String>),
    Exists(bool),
}

impl FilterPolicy {
    /// Parses SNS's JSON, for example `{"ParticipantRole":["CUSTOMER"],"Type":["MESSAGE"]}`.
    ///
    /// # Errors
    /// No JSON object, an empty list, or a condition that string attributes cannot match.
    pub fn parse(json: &str) -> Result<Self, FilterError> {
        let value: Value = serde_json::from_str(json).map_err(|e| FilterError(format!("not JSON: {e}")))?;
        let Value::Object(map) = value else {
            return Err(FilterError("a policy is a JSON object of attribute names".into()));
        };
        let mut rules = BTreeMap::new();
        for (name, conditions) in map {
            let Value::Array(list) = conditions else {
                return Err(FilterError(format!("\"{name}\" must be a list of conditions")));
            };
            if list.is_empty() {
                return Err(FilterError(format!("\"{name}\" has an empty list, which would match nothing")));
            }
            let parsed = list.iter().map(|c| condition(&name, c)).collect::<Result<Vec<_>, _>>()?;
            rules.insert(name, parsed);
        }
        Ok(Self { rules })
    }

    /// Whether a notification with these attributes goes to the subscriber.
    pub fn matches(&self, attributes: &BTreeMap<String, String>) -> bool {
        self.rules.iter().all(|(name, conditions)| {
            let value = attributes.get(name).map(String::as_str);
            conditions.iter().any(|c| c.holds(value))
        })
    }
}

impl Condition {
    fn holds(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(self, Self::Exists(false));
        };
        match self {
            Self::Is(wanted) => value == wanted,
            Self::IsIgnoringCase(wanted) => value.to_lowercase() == wanted.to_lowercase(),
            Self::StartsWith(prefix) => value.starts_with(prefix.as_str()),
            Self::EndsWith(suffix) => value.ends_with(suffix.as_str()),
            Self::NoneOf(refused) => refused.iter().all(|r| r != value),
            Self::NotStartingWith(refused) => refused.iter().all(|r| !value.starts_with(r.as_str())),
            Self::Exists(wanted) => *wanted,
        }
    }
}

fn condition(name: &str, value: &Value) -> Result<Condition, FilterError> {
    let refuse = |what: &str| Err(FilterError(format!("\"{name}\": {what}")));
    let entry = match value {
        Value::String(text) => return Ok(Condition::Is(text.clone())),
        Value::Object(map) if map.len() == 1 => map.iter().next(),
        _ => None,
    };
    let Some((operator, operand)) = entry else {
        return refuse("a condition is a string or an object with one operator");
    };
    match (operator.as_str(), operand) {
        ("prefix", Value::String(text)) => Ok(Condition::StartsWith(text.clone())),
        ("suffix", Value::String(text)) => Ok(Condition::EndsWith(text.clone())),
        ("equals-ignore-case", Value::String(text)) => Ok(Condition::IsIgnoringCase(text.clone())),
        ("exists", Value::Bool(wanted)) => Ok(Condition::Exists(*wanted)),
        ("anything-but", Value::Object(map)) if map.len() == 1 => match map.get("prefix").and_then(strings) {
            Some(prefixes) => Ok(Condition::NotStartingWith(prefixes)),
            None => refuse("\"anything-but\" takes strings or {\"prefix\": …}"),
        },
        ("anything-but", list) => match strings(list) {
            Some(refused) => Ok(Condition::NoneOf(refused)),
            None => refuse("\"anything-but\" takes strings or {\"prefix\": …}"),
        },
        ("prefix" | "suffix" | "equals-ignore-case", _) => refuse(&format!("\"{operator}\" takes a string")),
        ("exists", _) => refuse("\"exists\" takes true or false"),
        _ => refuse(&format!("the operator \"{operator}\" does not apply to string attributes")),
    }
}

/// One string, or a non-empty list of strings.
fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(list) if !list.is_empty() => list.iter().map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn matches_by_table() {
        let customer = attributes(&[("ParticipantRole", "CUSTOMER"), ("Type", "MESSAGE")]);
        let ended = attributes(&[("Type", "EVENT"), ("ContentType", "x.chat.ended")]);
        for (policy, on_customer, on_ended) in [
            ("{}", true, true),
            (r#"{"ParticipantRole":["CUSTOMER"],"Type":["MESSAGE"]}"#, true, false),
            (r#"{"ParticipantRole":["AGENT","CUSTOMER"]}"#, true, false),
            (r#"{"ParticipantRole":["customer"]}"#, false, false),
            (r#"{"ParticipantRole":[{"equals-ignore-case":"customer"}]}"#, true, false),
            (r#"{"ParticipantRole":[{"exists":false}]}"#, false, true),
            (r#"{"ParticipantRole":[{"exists":true}]}"#, true, false),
            (r#"{"ParticipantRole":["CUSTOMER",{"exists":false}]}"#, true, true),
            (r#"{"ContentType":[{"suffix":"chat.ended"}]}"#, false, true),
            (r#"{"ParticipantRole":[{"prefix":"CUST"}]}"#, true, false),
            (r#"{"Type":[{"anything-but":["MESSAGE","ATTACHMENT"]}]}"#, false, true),
            (r#"{"Type":[{"anything-but":"EVENT"}]}"#, true, false),
            (r#"{"Type":[{"anything-but":{"prefix":"EV"}}]}"#, true, false),
            // an absent attribute is not "anything but"
            (r#"{"ParticipantRole":[{"anything-but":["AGENT"]}]}"#, true, false),
        ] {
            let parsed = FilterPolicy::parse(policy).unwrap();
            assert_eq!(parsed.matches(&customer), on_customer, "{policy}");
            assert_eq!(parsed.matches(&ended), on_ended, "{policy}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_apply() {
        for policy in [
            "",
            "[]",
            r#"{"Type":"MESSAGE"}"#,
            r#"{"Type":[]}"#,
            r#"{"Type":[1]}"#,
            r#"{"Type":[{"numeric":["=",1]}]}"#,
            r#"{"Type":[{"prefix":"a","suffix":"b"}]}"#,
            r#"{"Type":[{"exists":"yes"}]}"#,
            r#"{"Type":[{"anything-but":[1]}]}"#,
            r#"{"$or":[{"Type":["MESSAGE"]}]}"#,
        ] {
            assert!(FilterPolicy::parse(policy).is_err(), "{policy}");
        }
    }
}
