//! SNS subscription filter policies, over message attributes or over the message's body.
//!
//! The language is that of the SNS developer guide ("Amazon SNS subscription filter policies" and its pages). Connect sets
//! attributes of type `String` only; a condition that no string satisfies is accepted, as by SNS, and told by
//! [`FilterPolicy::notes`].

mod amount;
mod cidr;
mod condition;
mod leaves;
mod rules;
#[cfg(test)]
mod tests;
mod wildcard;

use serde::Deserialize;
use serde_json::Value;

use self::{
    leaves::Leaves,
    rules::{All, top_names},
};
use super::{ATTRIBUTES, Notification};

/// "A filter policy can have a maximum of five keys" ("Filter policy constraints"). Of nested policies the page has said at
/// times that the keys at the top count, at times those that have a list. Here it is those at the top, which are never more.
const MOST_KEYS: usize = 5;
/// "The total combination of values in a filter policy must not exceed 150" ("Filter policy constraints").
const MOST_COMBINATIONS: u64 = 150;
/// "The maximum size of a filter policy is 256 KB" ("Filter policy constraints").
const MOST_BYTES: usize = 256 * 1024;

/// A subscription's filter policy. The default lets everything through, like a subscription without a policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FilterPolicy {
    scope: FilterScope,
    rules: All,
}

/// A subscription's `FilterPolicyScope`: what its policy is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum FilterScope {
    /// The message attributes, without nesting.
    #[default]
    MessageAttributes,
    /// The message, which is JSON; policies are nested as it is.
    MessageBody,
}

/// Why a text is no filter policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("filter policy: {0}")]
pub struct FilterError(String);

impl FilterPolicy {
    /// Parses SNS's JSON over message attributes, for example `{"ParticipantRole":["CUSTOMER"],"Type":["MESSAGE"]}`.
    ///
    /// # Errors
    /// What SNS would refuse, with the key and what would be right.
    pub fn parse(json: &str) -> Result<Self, FilterError> {
        Self::parse_in(FilterScope::MessageAttributes, json)
    }

    /// Parses SNS's JSON in a scope, for example over `MessageBody` `{"Attachments":{"Status":["APPROVED"]}}`.
    ///
    /// # Errors
    /// What SNS would refuse, with the key and what would be right.
    pub fn parse_in(scope: FilterScope, json: &str) -> Result<Self, FilterError> {
        let refuse = |why: String| Err(FilterError(why));
        if json.len() > MOST_BYTES {
            return refuse(format!("it has {} bytes; {MOST_BYTES} are the most", json.len()));
        }
        let map = match serde_json::from_str(json) {
            Ok(Value::Object(map)) => map,
            Ok(_) => return refuse("a policy is a JSON object of names and lists of conditions".into()),
            Err(why) => return refuse(format!("not JSON: {why}")),
        };
        let rules = All::read(&map, scope, None, 1)?;
        let names = top_names(&map);
        if names.len() > MOST_KEYS {
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            return refuse(format!("five keys are the most, and there are {names}"));
        }
        match rules.combinations() {
            0..=MOST_COMBINATIONS => Ok(Self { scope, rules }),
            many => refuse(format!(
                "its conditions combine to {many}, and {MOST_COMBINATIONS} are the most: the product of each key's number \
                 of conditions and its level, and the sum over \"$or\""
            )),
        }
    }

    /// Whether a notification goes to the subscriber. A message that is no JSON object passes no policy over its body.
    pub fn matches(&self, notification: &Notification) -> bool {
        if self.rules.is_empty() {
            return true;
        }
        match self.scope {
            FilterScope::MessageAttributes => self.rules.hold(&Leaves::of_attributes(&notification.attributes)),
            FilterScope::MessageBody => serde_json::from_str(&notification.message)
                .is_ok_and(|body: Value| body.is_object() && self.rules.hold(&Leaves::of_body(&body))),
        }
    }

    /// What can match no notification of Connect's, a line each. SNS accepts it and is silent.
    pub fn notes(&self) -> Vec<String> {
        if self.scope == FilterScope::MessageBody {
            return Vec::new();
        }
        let mut notes = Vec::new();
        for (key, conditions) in self.rules.keys() {
            if !ATTRIBUTES.contains(&key) {
                notes.push(format!("\"{key}\" is no attribute that Connect sets; it sets {}", ATTRIBUTES.join(", ")));
            }
            for what in conditions.iter().filter_map(condition::Condition::beyond_text) {
                notes.push(format!("\"{key}\": {what} never matches, as Connect's attributes are of type String"));
            }
        }
        notes
    }
}
