//! Names of arguments that a model can be given.

use std::collections::BTreeMap;

use crate::definition::operation::Argument;

/// What providers take of a property's name.
const LONGEST: usize = 64;

/// A name for the model, of letters, digits, `_`, `-` and `.`, that no other argument has.
pub(super) fn argument(name: &str, place: &str, taken: &BTreeMap<String, Argument>) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' };
    let plain: String = name.chars().map(letter).take(LONGEST).collect();
    let plain = if plain.is_empty() { place.to_owned() } else { plain };
    if !taken.contains_key(&plain) {
        return plain;
    }
    let head: String = plain.chars().take(LONGEST - 12).collect();
    let numbered =
        (2..).map(|number| if number == 2 { format!("{place}_{head}") } else { format!("{place}_{head}_{number}") });
    numbered.into_iter().find(|name| !taken.contains_key(name)).unwrap_or(plain)
}
