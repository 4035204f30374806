//! Parts of a document, taken where they are of the right kind.

use serde_json::{Map, Value, json};

/// The key with its value, where that is one that there is.
pub(crate) fn one_of(document: &Value, key: &str, known: &[&str]) -> Option<(String, Value)> {
    let text = document.get(key).and_then(Value::as_str).filter(|text| known.contains(text))?;
    Some((key.to_owned(), json!(text)))
}

/// The keys whose values are texts, in this order.
pub(crate) fn texts(document: &Value, keys: &[&str]) -> Map<String, Value> {
    let text = |key: &&str| {
        document.get(*key).filter(|value| value.is_string()).map(|value| ((*key).to_owned(), value.clone()))
    };
    keys.iter().filter_map(text).collect()
}

/// The items below a key; none where there is no list.
pub(crate) fn list<'d>(document: &'d Value, key: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    document.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A name without its `${…}`, and without what joined them to it.
pub(crate) fn plain_name(text: &str) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default();
    let rest = parts.filter_map(|part| part.split_once('}').map(|(_, behind)| behind));
    let kept =
        [first].into_iter().chain(rest).map(|part| part.trim_matches(['-', '_'])).filter(|part| !part.is_empty());
    let kept: Vec<&str> = kept.collect();
    if kept.len() == 1 && !text.contains("${") { text.to_owned() } else { kept.join("-") }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_is_what_a_person_gave() {
        for (text, name) in [
            ("orders", "orders"),
            ("${AWS::StackName}-orders", "orders"),
            ("${Prefix}_orders-${Stage}", "orders"),
            ("app-${Stage}-orders", "app-orders"),
            ("${AWS::StackName}", ""),
            ("mac_escalation-2", "mac_escalation-2"),
        ] {
            assert_eq!(plain_name(text), name, "{text}");
        }
    }
}
