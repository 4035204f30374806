//! The keys of a policy and how they go together: all of them, and `$or`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{FilterError, FilterScope, condition::Condition, leaves::Leaves};

/// Names that no object of an `$or` may have. SNS's guide says that there are such words, AWS's matcher which
/// (github.com/aws/event-ruler, `Constants.java`).
const RESERVED: [&str; 24] = [
    "exact",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// Rules that must all hold. None: everything passes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct All(Vec<Rule>);

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// Of a key's conditions, any.
    Key { path: String, level: u64, conditions: Vec<Condition> },
    /// `$or`.
    AnyOf(Vec<All>),
}

impl All {
    /// Reads an object of a policy: the outermost at level 1 without a parent.
    pub(super) fn read(
        map: &Map<String, Value>,
        scope: FilterScope,
        parent: Option<&str>,
        level: u64,
    ) -> Result<Self, FilterError> {
        let mut rules = Vec::new();
        for (name, value) in map {
            let path = parent.map_or_else(|| name.clone(), |parent| format!("{parent}.{name}"));
            let refuse = |why: &str| Err(FilterError(format!("\"{path}\" {why}")));
            if let Some(objects) = alternatives(name, value) {
                if objects.iter().any(|object| object.is_empty()) {
                    return refuse("has an empty object, which would hold always");
                }
                let any = objects.into_iter().map(|object| Self::read(object, scope, parent, level));
                rules.push(Rule::AnyOf(any.collect::<Result<_, _>>()?));
                continue;
            }
            match value {
                Value::Array(list) if list.is_empty() => {
                    return refuse("has an empty list, which would match nothing");
                }
                Value::Array(list) => {
                    let conditions = list.iter().map(Condition::read).collect::<Result<_, _>>();
                    let conditions =
                        conditions.map_err(|why| FilterError(format!("\"{path}\": {why}{}", hint(name))))?;
                    rules.push(Rule::Key { path, level, conditions });
                }
                Value::Object(_) if scope == FilterScope::MessageAttributes => {
                    return refuse("must be a list of conditions; nested policies go with the scope MessageBody");
                }
                Value::Object(nested) if nested.is_empty() => return refuse("is empty; it takes a list of conditions"),
                Value::Object(nested) => rules.extend(Self::read(nested, scope, Some(&path), level + 1)?.0),
                _ => return refuse("must be a list of conditions"),
            }
        }
        Ok(Self(rules))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn hold(&self, leaves: &Leaves<'_>) -> bool {
        self.0.iter().all(|rule| match rule {
            Rule::Key { path, conditions, .. } => conditions.iter().any(|condition| condition.holds(leaves, path)),
            Rule::AnyOf(any) => any.iter().any(|all| all.hold(leaves)),
        })
    }

    /// How complex it is: the product of each key's number of conditions and its level; over `$or` the sum (SNS developer
    /// guide, "Filter policy constraints", "AND/OR logic").
    pub(super) fn combinations(&self) -> u64 {
        let each = self.0.iter().map(|rule| match rule {
            Rule::Key { level, conditions, .. } => level.saturating_mul(conditions.len() as u64),
            Rule::AnyOf(any) => any.iter().map(Self::combinations).fold(0, u64::saturating_add),
        });
        each.fold(1, u64::saturating_mul)
    }

    /// Every key with its conditions.
    pub(super) fn keys(&self) -> Vec<(&str, &[Condition])> {
        let each = self.0.iter().map(|rule| match rule {
            Rule::Key { path, conditions, .. } => vec![(path.as_str(), conditions.as_slice())],
            Rule::AnyOf(any) => any.iter().flat_map(Self::keys).collect(),
        });
        each.flatten().collect()
    }
}

/// The names at the top of a policy, those in `$or` among them.
pub(super) fn top_names(map: &Map<String, Value>) -> BTreeSet<&str> {
    map.iter()
        .flat_map(|(name, value)| match alternatives(name, value) {
            Some(objects) => objects.into_iter().flat_map(top_names).collect(),
            None => BTreeSet::from([name.as_str()]),
        })
        .collect()
}

/// The objects of an `$or`, where it is one: a list of at least two objects without reserved names. Otherwise it "is
/// treated as a regular attribute name" (SNS developer guide, "AND/OR logic").
fn alternatives<'v>(name: &str, value: &'v Value) -> Option<Vec<&'v Map<String, Value>>> {
    let list = value.as_array().filter(|list| name == "$or" && list.len() >= 2)?;
    let plain = |object: &&Map<String, Value>| !object.keys().any(|name| RESERVED.contains(&name.as_str()));
    list.iter().map(|object| object.as_object().filter(plain)).collect()
}

fn hint(name: &str) -> &'static str {
    if name == "$or" {
        " (\"$or\" is an ordinary name here: as an operator it takes two objects or more, without operators' names in them)"
    } else {
        ""
    }
}
