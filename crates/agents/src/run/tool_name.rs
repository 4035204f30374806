//! What a function is called for the model.

use super::hash::stable_hash;
use crate::definition::agent::Function;

/// Converse's limit of a tool's name.
const LONGEST: usize = 64;
/// Of the hash that takes the place of a name's end.
const HASH: usize = 8;

/// `{actionGroup}__{function}`, or `{VERB}__{actionGroup}__{path}` for an operation, of letters, digits, `_` and `-`. Where
/// that is too long or taken, its end is a hash of the whole.
pub(super) fn tool_name(group: &str, function: &Function, taken: impl Fn(&str) -> bool) -> String {
    let whole = match &function.operation {
        // The root of an API has no words.
        Some(operation) => {
            format!("{}__{group}__{}", operation.method, words(&operation.path)).trim_end_matches('_').to_owned()
        }
        None => format!("{group}__{}", letters(&function.name)),
    };
    if whole.len() <= LONGEST && !taken(&whole) {
        return whole;
    }
    let head: String = whole.chars().take(LONGEST - HASH - 1).collect();
    let hashed = (0_u32..).map(|salt| {
        let hash = stable_hash([group, &function.name, &salt.to_string()]) & 0xffff_ffff;
        format!("{head}_{hash:08x}")
    });
    hashed.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

/// A path's words, joined: `/orders/{orderId}/items` is `orders_orderId_items`.
fn words(path: &str) -> String {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    path.split(|c: char| !letter(c)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

fn letters(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::definition::{agent::RequireConfirmation, operation::Operation};

    fn function(name: &str) -> Function {
        let operation = name.split_once(' ').map(|(method, path)| Operation {
            method: method.into(),
            path: path.into(),
            id: None,
            server: None,
            arguments: std::collections::BTreeMap::new(),
            body: None,
        });
        let require_confirmation = RequireConfirmation::Disabled;
        Function { name: name.into(), description: None, parameters: IndexMap::new(), require_confirmation, operation }
    }

    #[test]
    fn names_are_bedrocks_and_fit() {
        let free = |_: &str| false;
        assert_eq!(tool_name("Orders", &function("getOrder"), free), "Orders__getOrder");
        assert_eq!(tool_name("Orders", &function("get.order"), free), "Orders__get_order");
        assert_eq!(tool_name("Orders", &function("GET /orders/{orderId}"), free), "GET__Orders__orders_orderId");
        assert_eq!(tool_name("Orders", &function("GET /"), free), "GET__Orders");
        let long = tool_name("Orders", &function(&format!("POST /{}", "a/".repeat(60))), free);
        assert_eq!(long.len(), 64);
        let other = tool_name("Orders", &function(&format!("POST /{}", "a/".repeat(61))), free);
        assert!(other.len() == 64 && other != long, "{other}");
    }

    #[test]
    fn names_are_unique() {
        let first = tool_name("Orders", &function("GET /a/b"), |_| false);
        let second = tool_name("Orders", &function("GET /a_b"), |name| name == first);
        assert!(second.starts_with("GET__Orders__a_b_") && second != first, "{second}");
    }
}
