//! What a document has more than another: a merge patch (RFC 7396) in which the items of a list are called by their names.
//!
//! It is small where the two differ little, and reads like the document itself.

use serde_json::{Map, Value};

/// The keys that name an item of a list, in the documents of agents.
const NAMES: [&str; 6] = ["actionGroupName", "agentName", "collaboratorName", "knowledgeBaseId", "promptType", "name"];

/// What makes `to` of `from`; nothing where they are the same. Neither may hold a null.
pub(crate) fn diff(from: &Value, to: &Value) -> Option<Value> {
    if from == to {
        return None;
    }
    match (from, to) {
        (Value::Object(old), Value::Object(new)) => {
            let mut patch: Map<String, Value> =
                old.keys().filter(|key| !new.contains_key(*key)).map(|key| (key.clone(), Value::Null)).collect();
            for (key, value) in new {
                match old.get(key) {
                    None => drop(patch.insert(key.clone(), value.clone())),
                    Some(before) => patch.extend(diff(before, value).map(|below| (key.clone(), below))),
                }
            }
            // The order of keys alone is no difference.
            (!patch.is_empty()).then_some(Value::Object(patch))
        }
        (Value::Array(old), Value::Array(new)) => Some(match (names(old), names(new)) {
            (Some(before), Some(after)) if before == after => {
                let items = before.iter().zip(old.iter().zip(new));
                let changed = items.filter_map(|(name, (old, new))| Some(((*name).to_owned(), diff(old, new)?)));
                Value::Object(changed.collect())
            }
            _ => to.clone(),
        }),
        _ => Some(to.clone()),
    }
}

/// Makes the change.
pub(crate) fn apply(from: &mut Value, patch: &Value) {
    match (from, patch) {
        (Value::Object(old), Value::Object(changes)) => {
            for (key, change) in changes {
                match (change, old.get_mut(key)) {
                    (Value::Null, _) => drop(old.shift_remove(key)),
                    (_, Some(before)) => apply(before, change),
                    (_, None) => drop(old.insert(key.clone(), change.clone())),
                }
            }
        }
        (Value::Array(items), Value::Object(changes)) => {
            for item in items {
                let change = name(item).and_then(|name| changes.get(name)).cloned();
                if let Some(change) = change {
                    apply(item, &change);
                }
            }
        }
        (from, patch) => patch.clone_into(from),
    }
}

/// Each item's name, where all have one and no two the same.
fn names(items: &[Value]) -> Option<Vec<&str>> {
    let names: Vec<&str> = items.iter().map(name).collect::<Option<_>>()?;
    let once = names.iter().enumerate().all(|(index, name)| !names.iter().skip(index + 1).any(|other| other == name));
    once.then_some(names)
}

fn name(item: &Value) -> Option<&str> {
    NAMES.iter().find_map(|key| item.get(key)).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_small_difference_is_small() {
        let from =
            json!({"agentName": "a", "ttl": 600, "groups": [{"name": "g", "executor": "R", "x": 1}, {"name": "h"}]});
        let to = json!({"agentName": "a", "groups": [{"name": "g", "x": 1}, {"name": "h", "y": {"z": []}}]});
        let patch = diff(&from, &to).unwrap();
        assert_eq!(patch, json!({"ttl": null, "groups": {"g": {"executor": null}, "h": {"y": {"z": []}}}}));
        let mut patched = from.clone();
        apply(&mut patched, &patch);
        assert_eq!(patched, to);
        assert_eq!(diff(&to, &to), None);
    }

    /// Documents without nulls, in which a key has always the same kind of value, as in those of agents.
    fn document() -> impl Strategy<Value = Value> {
        let agent = |below: BoxedStrategy<Value>| {
            ("[ab]{1,2}", any::<Option<u8>>(), collection::vec(below, 0..3), any::<Option<bool>>()).prop_map(
                |(name, ttl, below, on)| {
                    let mut agent = json!({"agentName": name, "list": below});
                    if let Some(ttl) = ttl {
                        agent["ttl"] = json!(ttl);
                    }
                    if let Some(on) = on {
                        agent["inner"] = json!({"on": on});
                    }
                    agent
                },
            )
        };
        let leaf = agent(Just(json!({"name": "x"})).boxed());
        agent(agent(leaf.boxed()).boxed())
    }

    proptest! {
        #[test]
        fn the_difference_makes_one_of_the_other(from in document(), to in document()) {
            let mut patched = from.clone();
            if let Some(patch) = diff(&from, &to) {
                apply(&mut patched, &patch);
            }
            prop_assert_eq!(patched, to);
        }
    }
}
