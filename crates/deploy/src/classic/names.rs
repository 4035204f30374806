//! Names of resources, and the hash by which a change is seen.

use relevo_bot::fnv;
use serde_json::Value;

/// A logical id made of a name: letters and digits, parts in upper case, and what kind it is.
pub(super) fn logical_id(name: &str, kind: &str) -> String {
    let mut id = String::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        let mut letters = part.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id + kind
}

/// The id, or the next like it that is not taken.
pub(super) fn free(id: String, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&id) {
        return id;
    }
    (2..=u32::MAX).map(|number| format!("{id}{number}")).find(|id| !taken(id)).unwrap_or_default()
}

/// The same for the same value, in every version of the program.
pub(super) fn hash(value: &Value) -> String {
    format!("{:016x}", fnv(&value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_letters_and_digits() {
        for (name, id) in [
            ("orders", "OrdersAgent"),
            ("mac-escalation_2", "MacEscalation2Agent"),
            ("a--b", "ABAgent"),
            ("7up", "7upAgent"),
        ] {
            assert_eq!(logical_id(name, "Agent"), id);
        }
        assert_eq!(free("A".into(), |id| id == "A" || id == "A2"), "A3");
    }
}
